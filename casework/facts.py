"""A fact: when it was true, and when we learned it (design §3).

Top of the ground floor, because a fact names who recorded it (agencies) and which file brought it (imports).
"""

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest, Least, Now
from django.utils import timezone

CLOCK = pgtrigger.Trigger(
    name="fact_clock",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        NEW.recorded_at := statement_timestamp();
        NEW.tx := pg_current_xact_id();
        NEW.known_at := LEAST(COALESCE(NEW.known_at, statement_timestamp()), statement_timestamp());
        RETURN NEW;
    """,
)
SUPERSEDE_ONCE = pgtrigger.Trigger(
    name="supersede_once",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
        IF OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL
           OR to_jsonb(NEW) - 'superseded_at' <> to_jsonb(OLD) - 'superseded_at' THEN
            RAISE EXCEPTION 'A fact is never changed; append a version.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class TransactionIdField(models.Field):
    """xid8: the transaction that wrote a row, so that what was committed late can be told apart."""

    def db_type(self, connection):
        return "xid8"


class FactQuerySet(models.QuerySet):
    """Time travel words shared by every fact."""

    def current(self):
        """Return the versions that stand today."""
        return self.filter(superseded_at=None)

    def known_by(self, moment):
        """Return the versions that stood for somebody who knew what was known by `moment`."""
        return self.filter(Q(superseded_at=None) | Q(superseded_at__gt=moment), known_at__lte=moment)

    def during(self, day):
        """Return facts whose `during` range contains `day`."""
        return self.filter(during__contains=day)


class Fact(models.Model):
    """Base of every appended fact; a version row under a stable `fact_id`."""

    append_only = True

    fact_id = models.BigIntegerField(db_default=Func(Value("fact_id_seq"), function="nextval"), editable=False)
    known_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    tx = TransactionIdField(db_default=Func(function="pg_current_xact_id"), editable=False)
    superseded_at = models.DateTimeField(null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    batch = models.ForeignKey("imports.Batch", models.PROTECT, null=True, related_name="+", db_index=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = [CLOCK, SUPERSEDE_ONCE]


def one_version(name):
    """Return the constraint that a fact has one version that stands; `name` is the table's short name."""
    return models.UniqueConstraint(fields=["fact_id"], condition=Q(superseded_at=None), name=f"{name}_one_version")


@transaction.atomic
def supersede(fact, *, by, now=None, **changes):
    """Append a version of `fact` with `changes` and return it; the old version stands until `now`.

    The old version ends at the very moment the new one is known from, by the database's clock, so that no day has
    two. `known_at` never goes backwards within a chain. Raises `Stale` when somebody superseded it first.
    """
    model = type(fact)
    known = Least(Value(now or timezone.now()), Now(), output_field=models.DateTimeField())
    standing = model._base_manager.filter(pk=fact.pk, superseded_at=None)
    if not standing.update(superseded_at=Greatest(known, F("known_at"))):
        raise Stale(fact)
    skip = {"id", "recorded_at", "tx", "superseded_at", "known_at", "recorded_by"}
    values = {f.attname: getattr(fact, f.attname) for f in model._meta.concrete_fields if f.name not in skip}
    ended = model._base_manager.values_list("superseded_at", flat=True).get(pk=fact.pk)
    version = model(**{**values, "known_at": ended, "recorded_by": by})
    for name, value in changes.items():
        setattr(version, name, value)
    version.save(force_insert=True)
    return version


class Stale(Exception):
    """Somebody wrote a newer version of this fact first."""
