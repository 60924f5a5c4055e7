"""By when a centre looks at a concern: one of its working days (자체 기준), computed, never stored."""

from datetime import timedelta

from django.db.models import DateTimeField, F, Q, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.clock import add_working_days, day_begins, seoul_day
from referrals.clocks import due_by
from referrals.concerns.workflow import ConcernStatus
from referrals.lateness import Elapsed

LOOK_DAYS = 1  # working days of the covering centre
USUAL_DAYS = 3  # working days until they are contacted, unless the supervisor says another day
SOON = timedelta(hours=4)


def due(concern, now, calendar):
    """Return the Due of a concern that nobody has looked at, or of one whose contact is owed; None where no clock runs.

    `calendar` is a WorkCalendar; `concern` a row of `ConcernQuerySet.with_followed`.
    """
    if concern.status == ConcernStatus.WAITING:
        return due_by(_("First look"), look_by(concern, calendar), now, soon=now + SOON)
    if concern.status == ConcernStatus.CONTACT and concern.followed_at is None:
        ends = day_begins(concern.due_on + timedelta(days=1))
        return due_by(pgettext_lazy("what is owed", "Contact"), ends, now, soon=now + SOON)
    return None


def look_by(concern, calendar):
    """Return the moment by which somebody of the centre has looked at it."""
    return add_working_days(concern.waits_since, LOOK_DAYS, calendar.closed(concern.centre_id))


def usual_day(concern, now, calendar):
    """Return the day that is proposed for the contact: today where it is urgent, else three working days on."""
    if concern.urgent:
        return seoul_day(now)
    return seoul_day(add_working_days(now, USUAL_DAYS, calendar.closed(concern.centre_id)))


def overdue(now):
    """Return the condition on Concern rows that nobody looked at them in time; as `due` says it."""
    elapsed = Elapsed(F("waits_since"), Value(now, output_field=DateTimeField()), F("centre_id"))
    return Q(status=ConcernStatus.WAITING) & Q(GreaterThanOrEqual(elapsed, LOOK_DAYS))
