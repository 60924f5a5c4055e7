"""Entering and taking back shifts and closed days. Every clock is computed, so each follows at once."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from casework.agencies.models import Closure, DutyShift, User
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import Holiday, is_working_day, seoul_day

LONGEST_SHIFT = timedelta(days=14)
MOST_DAYS = 31
FARTHEST = timedelta(days=400)


def check_keeps_roster(user):
    """Raise PermissionDenied unless the user receives referrals for an agency: its supervisor, head or receivers."""
    if not can(user, May.RECEIVE) or user.agency_id is None:
        raise PermissionDenied(
            _("The duty roster and the closed days are kept by supervisors, heads and receiving workers.")
        )


def may_be_on_duty(agency_id):
    """Return the users who can act on a referral for the agency, by name."""
    people = User.objects.who_may(May.RECEIVE, May.REFER).people().filter(agency=agency_id)
    return people.order_by("name", "id")


@transaction.atomic
def enter_shift(user, *, begins, ends, by, now):
    """Put `user` on duty for the agency of `by`; return the DutyShift.

    Raises `ValidationError` with the sentence when the times do not fit, somebody else is on duty in them, or the user
    is not of the agency.
    """
    check_keeps_roster(by)
    if not may_be_on_duty(by.agency_id).filter(pk=user.pk).exists():
        raise ValidationError({"user": _("Please choose somebody of your agency who works with referrals.")})
    if ends <= begins or ends - begins > LONGEST_SHIFT:
        raise ValidationError({"ends": _("A shift ends after it begins, within 14 days.")})
    if ends <= now or begins > now + FARTHEST:
        raise ValidationError({"ends": _("Please enter a shift that is not over yet, at most a year ahead.")})
    shift = DutyShift(agency_id=by.agency_id, user=user, during=DateTimeTZRange(begins, ends), recorded_by=by)
    _refuse_twice(shift, DutyShift)
    record("duty entered", shift, by=by, data={"begins": begins.isoformat(), "ends": ends.isoformat()})
    return shift


@transaction.atomic
def end_shift(shift, *, by, now):
    """Take a shift off the roster: one to come goes, one that runs ends now, one that is over stays as it was."""
    _check_own(shift, by)
    fresh = DutyShift.objects.select_for_update(of=("self",)).filter(pk=shift.pk).first()
    if fresh is None or fresh.during.upper <= now:
        return
    record("duty ended", fresh, by=by, data={"user": fresh.user_id, "ends": now.isoformat()})
    if fresh.during.lower >= now:
        fresh.delete()
        return
    fresh.during = DateTimeTZRange(fresh.during.lower, now)
    fresh.save(update_fields=["during"])


@transaction.atomic
def close_days(*, first, last, why, by, now):
    """Say that the agency of `by` is closed from `first` up to and including `last`; return the new Closure rows.

    Weekends and holidays among them need no row, days recorded before stay as they are. Days before today change
    deadlines that have passed: they need a reason. Raises `ValidationError` with the sentence.
    """
    check_keeps_roster(by)
    today = seoul_day(now)
    if last < first or (last - first).days >= MOST_DAYS or last > today + FARTHEST:
        raise ValidationError(
            {"last": _("The last day lies after the first, within 31 days and at most a year ahead.")}
        )
    if first < today and not why:
        raise ValidationError({"why": _("Days that have passed need a reason.")})
    holidays = Holiday.objects.days()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if is_working_day(day, holidays)]
    if not working:
        raise ValidationError({"first": _("No clock runs on these days: they are weekends or holidays.")})
    known = set(Closure.objects.filter(agency=by.agency_id, day__in=working).values_list("day", flat=True))
    rows = [Closure(agency_id=by.agency_id, day=day, why=why, recorded_by=by) for day in working if day not in known]
    made = Closure.objects.bulk_create(rows, ignore_conflicts=True)
    if made:
        told = {"days": [row.day.isoformat() for row in made]}
        record("closed days entered", by.agency, by=by, reason=why, data=told)
    return made


@transaction.atomic
def open_again(closure, *, by, now):
    """Take back a closed day that has not passed. Raises `ValidationError` for one that has."""
    _check_own(closure, by)
    if closure.day < seoul_day(now):
        raise ValidationError(_("A closed day that has passed stays as it was."))
    gone, _rows = Closure.objects.filter(pk=closure.pk).delete()
    if gone:
        record("closed day taken back", by.agency, by=by, data={"day": closure.day.isoformat()})


def _check_own(row, by):
    check_keeps_roster(by)
    if row.agency_id != by.agency_id:
        raise PermissionDenied(_("Each agency keeps its own roster."))


def _refuse_twice(row, model):
    """Save; what the constraint refuses becomes its sentence, also where two people enter it at once."""
    row.validate_constraints()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        sentences = [constraint.violation_error_message for constraint in model._meta.constraints]
        raise ValidationError(str(sentences[0])) from error
