"""Asking another agency when a referral came back: the new one names the old, and its sending ends the old one."""

from referrals.states import CAME_BACK
from referrals.taking import locked, take


def end_what_came_back(sent, *, by, now):
    """End the referral that `sent` asks anew of another agency; return it, or None where `sent` follows none.

    What was ended by hand before stays as it is.
    """
    if sent.follows_id is None:
        return None
    before = locked(sent.follows)
    if before.status not in CAME_BACK:
        return before
    return take(before, "cancel", by=by, now=now, data={"again": sent.number}, closed_at=now)
