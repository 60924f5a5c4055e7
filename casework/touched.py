"""Which household changed: an append-only queue that risk reads (design §5).

No uniqueness and no foreign key on purpose: a unique mark per household blocked writers and swallowed changes.
Triggers are statement-level with transition tables, so that COPY counts too.
"""

import logging

import pgtrigger
from celery import current_app
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


class Touched(models.Model):
    """One statement changed what is known of one household; taken away when a sweep claims it."""

    household_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "casework"
        db_table = "touched"


class TouchedLease(models.Model):
    """Households that a sweep has claimed and not yet finished; an expired lease is taken up again."""

    household_ids = ArrayField(models.BigIntegerField())
    claimed_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        app_label = "casework"
        db_table = "touched_lease"


def touches(households_sql):
    """Return a trigger that queues the households of the inserted rows.

    `households_sql` selects `household_id` from the transition table `new_rows`.
    """
    return pgtrigger.Trigger(
        name="touch",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=f"""
            INSERT INTO touched (household_id)
            SELECT DISTINCT touching.household_id FROM ({households_sql}) touching
            WHERE touching.household_id IS NOT NULL;
            RETURN NULL;
        """,
    )


OF_HOUSEHOLD = "SELECT household_id FROM new_rows"
OF_PERSON = """
    SELECT membership.household_id FROM new_rows
    JOIN households_membership membership ON membership.person_id = new_rows.person_id
    WHERE membership.superseded_at IS NULL
"""


def is_waiting(household):
    """Tell whether a change of the household (its row, or anything with `pk`) still waits for its sweep."""
    claimed = TouchedLease.objects.filter(household_ids__contains=[household.pk])
    return Touched.objects.filter(household_id=household.pk).exists() or claimed.exists()


def ring():
    """Ring the doorbell once the transaction has committed: something was touched, look soon.

    The queue stands in PostgreSQL and a tick finds it within a minute, so an absent broker is no error. The task is
    named in the settings, because this floor knows nothing of those above.
    """
    if not any(function is _ring for _ids, function, *_ in transaction.get_connection().run_on_commit):
        transaction.on_commit(_ring)


def _ring():
    try:
        current_app.send_task(settings.CASEWORK_DOORBELL, retry=False, expires=60)
    except (OperationalError, OSError):
        log.info("doorbell_not_heard")
