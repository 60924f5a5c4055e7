"""Lines of the table of routes: a later one, one for a district, the end of one. None is ever changed or deleted."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.audit.record import record
from referrals.clocks import NAMES
from referrals.models import Route

DAY = timedelta(days=1)
MOST = {"wd": 60, "h": 24 * 60}


def check_limits(limits):
    """Raise `ValidationError` with the sentence unless `limits` names every station with an amount and a unit."""
    if not isinstance(limits, dict) or set(limits) != set(NAMES):
        raise ValidationError(_("Please give exactly these stations: %(names)s.") % {"names": ", ".join(NAMES)})
    for name, limit in limits.items():
        fits = isinstance(limit, list) and len(limit) == 2 and limit[1] in MOST
        if not fits or type(limit[0]) is not int or not 0 < limit[0] <= MOST[limit[1]]:
            sentence = _('“%(name)s” is written as [2, "wd"] in working days (at most 60) or [24, "h"] in hours.')
            raise ValidationError(sentence % {"name": name})


def check_new(line, *, since, last, today):
    """Raise `ValidationError` with the sentence unless `line` (unsaved) can stand from `since` until `last`."""
    if since < today:
        raise ValidationError(_("A line begins today or later: what was sent keeps its clocks."))
    if last and line.district_id is None:
        raise ValidationError(_("A line for everywhere has no last day: a later line ends it."))
    if last and last < since:
        raise ValidationError(_("The last day lies before the first."))
    before = before_it(line, since)
    later = _same(line).filter(during__overlap=DateRange(since, last and last + DAY)).exclude(pk=before and before.pk)
    if later.exists():
        raise ValidationError(_("Another line for this need and district is in force on some of these days."))


def before_it(line, since):
    """Return the line that a new one ends on the day it begins, or None."""
    return _same(line).filter(during__contains=since).exclude(during__startswith=since).first()


@transaction.atomic
def add(line, *, since, last=None, by, today):
    """Put a line in force from `since`; the one that stood for the same need and place ends on the day before.

    Raises `ValidationError` with the sentence.
    """
    check_limits(line.limits)
    check_new(line, since=since, last=last, today=today)
    if before := before_it(line, since):
        before.during = DateRange(before.during.lower, since)
        before.save(update_fields=["during"])
        record("route ended", before, by=by, data={"last": (since - DAY).isoformat()})
    line.during = DateRange(since, last + DAY if last else None)
    line.save()
    told = {"since": since.isoformat(), "limits": line.limits, "first": line.first, "also": line.also}
    record("route entered", line, by=by, data=told)
    return line


def check_end(line, *, last, today):
    """Raise `ValidationError` with the sentence unless a line can end with the day `last`."""
    if line.district_id is None:
        raise ValidationError(_("The line for everywhere is ended by a later one, so that no day is without."))
    if last < today - DAY or last < line.during.lower:
        raise ValidationError(_("A line ends yesterday at the earliest, and not before its first day."))
    if line.during.upper and last >= line.during.upper:
        raise ValidationError(_("This line ends earlier already."))


@transaction.atomic
def end(line, *, last, by, today):
    """Let a line for a district end with the day `last`; the line for everywhere stands behind it."""
    check_end(line, last=last, today=today)
    line.during = DateRange(line.during.lower, last + DAY)
    line.save(update_fields=["during"])
    record("route ended", line, by=by, data={"last": last.isoformat()})
    return line


def _same(line):
    return Route.objects.filter(need=line.need, urgency=line.urgency, district=line.district_id)
