"""Putting a referral on hold for a stated reason, and taking it up again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from referrals import pauses
from referrals.states import Waits
from referrals.taking import take

HELD_FOR = (Waits.CLIENT, Waits.OTHER)  # for the sender's answer one asks, see `thread.ask`


@transaction.atomic
def hold(referral, *, by, now, waits_for, reason):
    """Put on hold while it waits for the person or for another body; the clock of working days stands still.

    Raises `ValidationError` for any other wait. Hours and the law's days run on.
    """
    if waits_for not in HELD_FOR:
        raise ValidationError(_("Please say for whom it waits."))
    if referral.contacted_at is None:  # else a hold would be the way round the clock of the first contact
        raise ValidationError(_("Record the first contact first: until then nothing is put on hold."))
    held = take(referral, "hold", by=by, now=now, reason=reason, data={"waits_for": str(waits_for)})
    pauses.stand_still(held, Waits(waits_for), by=by, now=now)
    return held


def resume(referral, *, by, now):
    """Take it up again: what it waited for has come, or what did not arrive is being put right."""
    return take(referral, "resume", by=by, now=now)
