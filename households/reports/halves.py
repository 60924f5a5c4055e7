"""Half-years: when each begins and ends, what it is called, and until when its report is due."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from casework.clock import add_months

HALF = 6


def half_of(day):
    """Return the first day of the half-year that holds a day: 1 January or 1 July."""
    return date(day.year, 1 if day.month <= HALF else HALF + 1, 1)


def last_day(begins):
    """Return the last day of the half-year that begins on a day."""
    return add_months(begins, HALF) - timedelta(days=1)


def ended_before(day):
    """Return the first day of the half-year that ended last before a day."""
    return add_months(half_of(day), -HALF)


def name_of(begins):
    """Return "2026년 상반기" or "First half of 2026"."""
    words = _("First half of %(year)s") if begins.month == 1 else _("Second half of %(year)s")
    return words % {"year": begins.year}


def due_on(begins, form):
    """Return the day until which the report is due by the ReportForm in force: the 20th of the month after the
    half-year (시행규칙 제7조제2항). Whether a holiday puts it off is not said there, so none does here."""
    after = add_months(begins, HALF - 1 + form.due_months)
    return after.replace(day=form.due_day)
