"""Figures of a past day for those who see figures and nobody: the ends of months, and counts in tens.

Whoever may ask for any two moments asks for the two around one event, and what is between is one household. The ends of
two months have a month between them, and counts in tens do not tell whether one household came or went in it.
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import AsOf, add_months
from casework.templatetags.format import fullday
from desks.asof import Asked, Unanswerable, begins, end_of

OFFERED = 24
DAY = timedelta(days=1)


def is_coarse(user: User) -> bool:
    """Tell whether the user sees figures alone; the head of a centre sees its households anyway."""
    return not can(user, May.SEE_CENTRE)


def at_month_end(asked: Asked, today: date) -> Asked:
    """Return the question about the last end of a month up to the day asked about, as known at its end.

    Raises Unanswerable where none lies between the beginning of the register and that day.
    """
    on = last_end(min(asked.on, today - DAY))
    first = begins()
    if first is None or on < first:
        words = _("No month has ended between %(first)s, when the register begins, and %(day)s.")
        raise Unanswerable(words % {"first": fullday(first) if first else _("no day"), "day": fullday(asked.on)})
    return Asked(AsOf(on, end_of(on)), (("as_of", on.isoformat()),), other=False)


def month_ends(today: date) -> list[date]:
    """Return the last ends of months that can be asked for, the latest first."""
    latest = last_end(today - DAY).replace(day=1)
    return [_end(add_months(latest, -n)) for n in range(OFFERED)]


def last_end(day: date) -> date:
    """Return the day itself where a month ends on it, else the end of the month before."""
    return day if (day + DAY).day == 1 else day.replace(day=1) - DAY


def _end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - DAY
