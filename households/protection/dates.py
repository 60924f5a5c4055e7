"""The days before the last day of protection: pure arithmetic on one date, no clock, no database.

The written notice is the Minister's duty, three calendar months before the last day (북한이탈주민법 제5조제5항; the
same day of the month, or the month's last), in force for notices due since 7 August 2024. All other days are our own
criterion. Holidays move none of them: the law says no such thing, and a day that comes earlier harms nobody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.clock import add_months

REVIEW, NOTICE, SECOND, SUPERVISOR, AFTERCARE = "review", "notice", "second", "supervisor", "aftercare"


@dataclass(frozen=True)
class Criterion:
    """What holds for last days of which the step falls due `since` a day: so many days before the last day, or so many
    calendar `months`; on record late after `grace` days. `law`: fixed by law, else our own criterion."""

    step: str
    since: date
    days: int = 0
    months: int = 0
    grace: int = 0
    law: bool = False


CRITERIA = (
    Criterion(REVIEW, date.min, days=180, grace=14),
    Criterion(NOTICE, date(2024, 8, 7), months=3, law=True),
    Criterion(SECOND, date.min, days=60, grace=7),
    Criterion(SUPERVISOR, date.min, days=30),
    Criterion(AFTERCARE, date.min),
)
CENTRE_STEPS = (REVIEW, SECOND, SUPERVISOR, AFTERCARE)
CHECK = timedelta(days=10)
"""The centre checks ten days before the Minister's day whether the notice has come."""
LOOK_AHEAD = timedelta(days=180)
LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Due:
    """One step before a last day: due on `on`; without a record it is late after `late_after`."""

    step: str
    on: date
    late_after: date
    law: bool

    def is_late(self, day: date) -> bool:
        """Say whether the step should be on record by `day`."""
        return day > self.late_after


def steps_before(last: date) -> list[Due]:
    """Return the steps before a last day, the earliest first; no notice where the duty was not yet in force."""
    return [
        Due(one.step, on, on + timedelta(days=one.grace), one.law)
        for one in CRITERIA
        if (on := _day_of(one, last)) >= one.since
    ]


def notice_by(last: date) -> date | None:
    """Return the last day on which the Minister's notice is in time, or None for one due before the duty was in
    force."""
    return next((due.on for due in steps_before(last) if due.step == NOTICE), None)


def check_by(last: date) -> date | None:
    """Return the day on which the centre looks whether the notice has come."""
    by = notice_by(last)
    return by and by - CHECK


def last_of(lower_upper: list[tuple[date | None, date | None]]) -> date | None:
    """Return the last day of periods given as (first day, first day after), in any order; None where one is open."""
    uppers = [upper for _lower, upper in lower_upper]
    known = [upper for upper in uppers if upper is not None]
    return max(known) - timedelta(days=1) if known and len(known) == len(uppers) else None


def gaps_of(lower_upper: list[tuple[date | None, date | None]]) -> list[tuple[date, date]]:
    """Return the first and last day of each gap between periods that do not overlap, in order of time."""
    found, ended = [], None
    for lower, upper in sorted(lower_upper, key=lambda pair: pair[0] or date.min):
        if ended is not None and lower is not None and lower > ended:
            found.append((ended, lower - timedelta(days=1)))
        ended = upper
    return found


def _day_of(one: Criterion, last: date) -> date:
    return add_months(last, -one.months) if one.months else last - timedelta(days=one.days)
