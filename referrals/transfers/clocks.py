"""By when a transfer is answered and the household met: computed from its moments, never stored (자체 기준)."""

from datetime import timedelta

from django.db.models import DateTimeField, F, Q, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from casework.clock import add_working_days
from referrals.clocks import due_by
from referrals.lateness import Elapsed
from referrals.transfers.workflow import TransferStatus

ACCEPT_DAYS = 3  # working days of the receiving centre
CONTACT_DAYS = timedelta(days=7)  # by the calendar: who moved needs somebody, holidays or not
SOON = timedelta(days=1)


def deadline(transfer, calendar):
    """Return the moment by which the receiving centre takes its next step, or None where no clock runs."""
    if transfer.status == TransferStatus.PROPOSED:
        return add_working_days(transfer.proposed_at, ACCEPT_DAYS, calendar.closed(transfer.to_agency_id))
    return transfer.answered_at + CONTACT_DAYS if transfer.status == TransferStatus.ACCEPTED else None


def due(transfer, now, calendar):
    """Return the Due of a transfer, or None where no clock runs."""
    at = deadline(transfer, calendar)
    if at is None:
        return None
    label = _("Acceptance") if transfer.status == TransferStatus.PROPOSED else _("First contact")
    return due_by(label, at, now, soon=now + SOON)


def overdue(now):
    """Return the condition on Transfer rows that the clock that counts has run out by `now`; as `due` says it."""
    elapsed = Elapsed(F("proposed_at"), Value(now, output_field=DateTimeField()), F("to_agency_id"))
    unanswered = Q(status=TransferStatus.PROPOSED) & Q(GreaterThanOrEqual(elapsed, ACCEPT_DAYS))
    return unanswered | Q(status=TransferStatus.ACCEPTED, answered_at__lt=now - CONTACT_DAYS)
