"""Who at the receiving agency takes a referral: claimed by oneself, or given to a colleague."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.audit.record import record
from casework.workflow import NotNow, NotYours
from households.models.conflict import barred_pairs
from referrals import telling
from referrals.states import RECEIVERS_TURN
from referrals.taking import locked
from referrals.workflow import is_receiver


class TakenBefore(NotNow):
    """Somebody else's hand was quicker: it has another handler than the page showed."""


def handlers(referral):
    """Return the users of the receiving agency who may take the referral, by name."""
    return workers_of(referral.to_agency_id)


def workers_of(agency):
    """Return the users of an agency (its row, its id or an OuterRef) who may take referrals, by name."""
    return User.objects.who_may(May.RECEIVE).filter(agency=agency).order_by("name", "id")


def people_of(agency):
    """Return those of `workers_of` who are people: whom a page offers. A system takes only what it asks for itself."""
    return workers_of(agency).people()


@transaction.atomic
def assign(referral, *, by, handler, was=None):
    """Give the referral to `handler`; `was` is the id of who had it when the page was made, None for nobody.

    Raises `NotYours` for whoever does not receive there, `NotNow` when it is with the receiver no longer, `TakenBefore`
    when it changed hands since, `ValidationError` when the handler cannot receive. The same once more changes nothing.
    """
    held = locked(referral)
    check_with_receiver(held, by)
    if held.handler_id == handler.pk:
        return held
    if held.handler_id != was:
        raise TakenBefore(held.status)
    check_may_handle(held, handler)
    held.handler = handler
    held.save(update_fields=["handler"])
    given = record("assigned", held, by=by, data={"handler": str(handler)})
    telling.of_assignment(held, by=by, now=given.at)
    return held


def check_with_receiver(referral, user):
    """Raise `NotYours` for whoever does not receive there, `NotNow` when it is with the receiver no longer."""
    if not is_receiver(referral, user):
        raise NotYours("receiver")
    if referral.status not in RECEIVERS_TURN:
        raise NotNow(referral.status)


def check_may_handle(referral, handler):
    """Raise `ValidationError` for somebody who cannot receive at the agency of the referral, or whom a conflict of
    interest bars from the household."""
    if not handlers(referral).filter(pk=handler.pk).exists():
        raise ValidationError(_("Whoever takes it must be able to receive referrals at your agency."))
    if barred_pairs([handler.pk], [referral.household_id]):
        raise ValidationError(
            _("A conflict of interest with this household is on record. Please choose somebody else.")
        )
