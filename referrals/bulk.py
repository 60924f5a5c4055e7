"""One step on many referrals of the inbox: each for itself, so that one that came too late holds nobody up."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from casework.workflow import NotNow
from referrals import handing
from referrals.actions import accept, acknowledge, too_late
from referrals.models import Referral

MOST = 100
VERBS = ("acknowledge", "accept", "assign")


@dataclass(frozen=True)
class Done:
    """What came of one referral: `why` is empty when the step was taken, else the sentence why not."""

    referral: Referral
    why: str = ""


def act_on_each(referrals, verb, *, by, now, handler=None, seen=None):
    """Take `verb` (one of VERBS) on each of the receiver's `referrals`; return a Done for each, in their order.

    Each is its own transaction. `handler` is who gets them ("assign"); `seen` maps a referral's id to the handler's id
    that the page showed. Raises `NotYours` for whoever does not receive there.
    """
    return [_one(referral, verb, by, now, handler, (seen or {}).get(referral.pk)) for referral in referrals]


def _one(referral, verb, by, now, handler, was):
    try:
        if verb == "acknowledge":
            return Done(acknowledge(referral, by=by, now=now))
        if verb == "accept":
            return Done(accept(referral, by=by, now=now))
        return Done(handing.assign(referral, by=by, handler=handler or by, was=was))
    except NotNow:
        return Done(referral, too_late(Referral.objects.select_related("handler").get(pk=referral.pk), verb, by=by))
    except ValidationError as refused:
        return Done(referral, " ".join(refused.messages))
