"""What people do with a referral once it is sent; what comes before is in `drafts`, the outcome in `outcomes`.

Every step goes through `taking.take`: lock, check, save, record.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.audit.models import Event
from casework.clock import seoul_day
from referrals.deaths import end
from referrals.drafts import PacketChanged, change_draft, edit_draft, repacked, save_draft, send
from referrals.handing import TakenBefore, check_may_handle, handlers
from referrals.holding import hold, resume
from referrals.models import Referral
from referrals.outcomes import provide
from referrals.rerouting import next_receivers, reroute
from referrals.taking import locked, take
from referrals.workflow import REFERRAL

__all__ = [
    "VERBS",
    "PacketChanged",
    "TakenBefore",
    "change_draft",
    "edit_draft",
    "handlers",
    "repacked",
    "save_draft",
    "too_late",
]


def acknowledge(referral, *, by, now):
    """Say that the referral has arrived and is being read."""
    return take(referral, "acknowledge", by=by, now=now, acknowledged_at=now)


@transaction.atomic
def accept(referral, *, by, now, handler=None):
    """Accept; `handler` (default: who took it before, else who accepts) has it from now on.

    Raises `ValidationError` for somebody of another agency.
    """
    REFERRAL.check(referral, "accept", by)
    held = locked(referral)
    handler = handler or held.handler or by
    check_may_handle(held, handler)
    moments = {"answered_at": now, "acknowledged_at": held.acknowledged_at or now}
    return take(held, "accept", by=by, now=now, data={"handler": str(handler)}, handler=handler, **moments)


@transaction.atomic
def decline(referral, *, by, now, reason, proposes=None):
    """Decline with a reason; the turn goes back to the sender. `proposes` is an Agency that might be asked instead."""
    held = locked(referral)
    if proposes is not None and proposes not in next_receivers(held, on=seoul_day(now)):
        raise ValidationError(_("This agency cannot get it: it does not cover the place, or had it before."))
    data = {"proposes": {"ko": proposes.name_ko, "en": proposes.name_en}} if proposes else {}
    moments = {"answered_at": now, "acknowledged_at": held.acknowledged_at or now}
    return take(held, "decline", by=by, now=now, reason=reason, data=data, **moments)


def confirm(referral, *, by, now):
    """Confirm, after asking the person, that the outcome is as reported."""
    return take(referral, "confirm", by=by, now=now, confirmed_at=now)


def begin(referral, *, by, now):
    """Record the first contact with the person: the work has begun."""
    return take(referral, "begin", by=by, now=now, contacted_at=now)


def fail(referral, *, by, now, reason):
    """Say with the reason that it cannot be carried out; the turn goes back to the sender."""
    return take(referral, "fail", by=by, now=now, reason=reason, failed_at=now)


def give_back(referral, *, by, now, reason):
    """Say that the help did not arrive. The outcome's clock runs on from the day of acceptance; who was told that it
    ran out is told anew."""
    return take(referral, "return", by=by, now=now, reason=reason, provided_at=None, disputed_at=now)


def close(referral, *, by, now):
    """Close what was confirmed."""
    return take(referral, "close", by=by, now=now, closed_at=now)


def cancel(referral, *, by, now, reason):
    """Take the request back before it was accepted, or end it after it came back."""
    return take(referral, "cancel", by=by, now=now, reason=reason, closed_at=now)


VERBS: dict[str, Callable[..., Referral]] = {
    "send": send,
    "acknowledge": acknowledge,
    "accept": accept,
    "decline": decline,
    "reroute": reroute,
    "begin": begin,
    "hold": hold,
    "resume": resume,
    "provide": provide,
    "fail": fail,
    "confirm": confirm,
    "return": give_back,
    "close": close,
    "cancel": cancel,
    "end": end,
}


def too_late(referral, verb, *, by):
    """Return the sentence for somebody whose step came after another's; `referral` is the row as it stands now."""
    if verb in ("accept", "assign") and referral.handler_id and referral.handler_id != by.pk:
        return _("%(name)s took it just before you.") % {"name": referral.handler}
    if verb in REFERRAL.steps and referral.status == REFERRAL.steps[verb].target:
        return _already(referral, REFERRAL.steps[verb].recorded_as, by)
    said = _("This step is no longer open: the referral stands at “%(status)s”.")
    return said % {"status": referral.get_status_display()}


def _already(referral, recorded_as, by):
    done = Event.objects.about(referral).filter(verb=recorded_as).order_by("-id").first()
    if done is None or done.actor_id == by.pk:
        return _("This was already done. Nothing was changed.")
    return _("%(name)s did this just before you. Nothing was changed.") % {"name": done.actor_label}
