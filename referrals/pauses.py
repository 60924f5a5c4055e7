"""When the receiver's clock stands still: the open Pause, and the columns that say for whom a referral waits."""

from datetime import timedelta

from referrals.models import Pause

MOMENT = timedelta(microseconds=1)  # a range without a moment in it would be empty


def stand_still(referral, waits_for, *, by, now):
    """Begin a pause; `referral` is the locked row, `waits_for` one of `Waits`."""
    Pause.objects.create(referral=referral, waits_for=waits_for, during=(now, None), begun_by=by)
    referral.waits_for, referral.waits_since = waits_for, now
    referral.save(update_fields=["waits_for", "waits_since"])


def run_on(referral, *, by, now):
    """End the pause that runs, if there is one; `referral` is the locked row."""
    if not referral.waits_for:
        return
    for pause in referral.pauses.running():
        begun = pause.during.lower
        pause.during, pause.ended_by = (begun, max(now, begun + MOMENT)), by
        pause.save(update_fields=["during", "ended_by"])
    referral.waits_for, referral.waits_since = "", None
    referral.save(update_fields=["waits_for", "waits_since"])
