"""How every step of a referral is taken: locked, checked, saved, recorded, and the household looked at again."""

from django.db import transaction

from casework import touched
from casework.touched import Touched
from referrals import pauses, telling
from referrals.models import Referral
from referrals.webhooks import outbox
from referrals.workflow import REFERRAL


def locked(referral):
    """Return the referral as it stands now, held until the transaction ends."""
    return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)


@transaction.atomic
def take(referral, verb, *, by, now, reason="", data=None, **changes):
    """Take the step `verb`, save `changes` with it and return the fresh row; `data` is kept with the Event.

    Whoever takes a step waits no longer: a pause that runs ends with it. The sweep looks at the household afterwards,
    whose open referrals have changed.
    """
    fresh = REFERRAL.perform(referral, verb, by=by, reason=reason, data=data, **changes)
    if reason:
        fresh.reason = reason
        fresh.save(update_fields=["reason"])
    pauses.run_on(fresh, by=by, now=now)
    look_again(fresh)
    outbox.queue(fresh, verb, now=now)
    telling.of_step(fresh, verb, by=by, now=now)
    return fresh


def look_again(referral):
    """Let the sweep look at the household of a referral."""
    Touched.objects.create(household_id=referral.household_id)
    transaction.on_commit(_ring)


def _ring():
    # The queue is in the database; the bell only saves the minute until the next tick.
    ring = getattr(touched, "ring", None)
    if ring:
        ring()
