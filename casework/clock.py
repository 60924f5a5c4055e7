"""Days, hours and what was known: the lowest module of the house, which imports only the numbered days.

Days are Seoul days. No function here reads the clock: `now` is passed in from the edge (views, commands).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import get_language

from casework.workdays import numbers_the_days

SEOUL = ZoneInfo("Asia/Seoul")
# Office hours of a Hana Center, 09:00 to 18:00: a call inside them misses whoever works (risk.md, R-CON-FAIL).
WORK_BEGINS, WORK_ENDS = time(9), time(18)
SATURDAY = 5
PROTECTION_YEARS = 5


@dataclass(frozen=True)
class AsOf:
    """A question put to the facts: `on` is the day asked about, `known_by` what we had been told by then.

    Raises `ValueError` when `known_by` is missing or has no time zone.
    """

    on: date
    known_by: datetime

    def __post_init__(self):
        if isinstance(self.on, datetime):
            raise ValueError("`on` is a day, not a moment")
        _aware(self.known_by)

    @classmethod
    def live(cls, now):
        """Return the question of this moment: today in Seoul, with all that is known by `now`."""
        return cls(on=seoul_day(now), known_by=now)

    def is_past(self, now):
        """Say whether an earlier day, or less than what is known by `now`, is asked about."""
        return self.on < seoul_day(now) or self.known_by < now

    def is_live(self, now):
        """Say whether the answer is about today with all that is known; only then may live flags change."""
        return self.on == seoul_day(now) and self.known_by >= now


class HolidayQuerySet(models.QuerySet):
    def days(self):
        """Return the days as a frozenset of dates, one query, for the working-day functions of this module."""
        return frozenset(self.order_by().values_list("day", flat=True))


class Holiday(models.Model):
    """A public holiday of Korea, substitute holidays (대체공휴일) included. Reference data."""

    day = models.DateField(unique=True)
    name_ko = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        app_label = "casework"
        ordering = ["day"]
        triggers = [numbers_the_days()]

    def __str__(self):
        return self.name_ko if get_language() != "en" else self.name_en or self.name_ko


def seoul_day(moment):
    """Return the Seoul date of an aware datetime. Raises `ValueError` for one without a time zone."""
    return _aware(moment).astimezone(SEOUL).date()


def day_begins(day):
    """Return the first moment of a Seoul day."""
    return datetime.combine(day, time.min, tzinfo=SEOUL)


def day_ends(day):
    """Return the first moment after a Seoul day: an exclusive end, for half-open ranges."""
    return day_begins(day + timedelta(days=1))


def is_working_day(day, holidays):
    """Say whether `day` is neither a Saturday, a Sunday nor in `holidays` (a set of dates)."""
    return day.weekday() < SATURDAY and day not in holidays


def in_working_hours(moment, holidays):
    """Say whether an aware datetime falls on a working day from 09:00 up to, not including, 18:00 in Seoul."""
    local = _aware(moment).astimezone(SEOUL)
    return is_working_day(local.date(), holidays) and WORK_BEGINS <= local.time() < WORK_ENDS


def add_working_days(start, days, holidays):
    """Return the moment or day that lies `days` working days after `start`.

    The first day is not counted (Civil Act 157), so 1 after a Friday is the Monday, and so it is after the
    Saturday. A datetime keeps its time of day in Seoul; 0 gives `start`, or the next working day when it is none.
    Raises `ValueError` for a negative number.
    """
    if days < 0:
        raise ValueError("working days are counted forwards")
    if isinstance(start, datetime):
        local = _aware(start).astimezone(SEOUL)
        day = add_working_days(local.date(), days, holidays)
        return datetime.combine(day, local.time(), tzinfo=SEOUL)
    day = start
    for _step in range(days):
        day = _working_day_from(day + timedelta(days=1), holidays)
    return _working_day_from(day, holidays)


def working_days_between(first, last, holidays):
    """Count the working days after `first` up to and including `last`; 0 when `last` is not later."""
    span = (last - first).days
    return sum(is_working_day(first + timedelta(days=n), holidays) for n in range(1, span + 1))


def five_years_from(day):
    """Return the first and the last day of the five years that begin on `day`; both days count.

    From 2022-03-15 to 2027-03-14; from 29 February to 28 February. 계산 기준: 자체 해석 (our own reading).
    """
    return day, last_of_years(day, PROTECTION_YEARS)


def last_of_years(day, years):
    """Return the last day of the `years` that begin on `day`; from 29 February to 28 February."""
    return _anniversary(day, years) - timedelta(days=1)


def add_months(day, months):
    """Return the same day of the month `months` later (earlier when negative), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, length))


def age_on(born, day):
    """Return the age in full years (만 나이) on `day`; one born on 29 February turns on 1 March in a common year.

    Raises `ValueError` when `day` is before the birth.
    """
    if day < born:
        raise ValueError("no age before birth")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _anniversary(day, years):
    """Return the day on which `years` have passed: 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _working_day_from(day, holidays):
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def _aware(moment):
    if moment is None or moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment
