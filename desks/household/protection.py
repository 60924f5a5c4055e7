"""Everybody's residence protection as bars on one scale, and the written notice that is the Minister's duty.

Three calendar months before the last day, in force since 7 August 2024 (북한이탈주민법 제5조제5항); the centre checks
ten days earlier, by its own criterion, whether the notice has come.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from casework.clock import add_months
from desks.household.file import File

NOTICE_MONTHS = 3
NOTICE_SINCE = date(2024, 8, 7)
CHECK = timedelta(days=10)
LOOK_AHEAD = timedelta(days=180)
DAY = timedelta(days=1)
SCALE = 10
"""Years that fit on the scale; what ended before them is drawn at its edge."""


@dataclass(frozen=True)
class Bar:
    """One member's period; `left` days to the last day (negative once ended), `notice_by` the day of the notice."""

    name: str
    during: DateRange | None
    left: int | None
    notice_by: date | None


@dataclass(frozen=True)
class Notice:
    """Who has to be told in writing by when, and by when the centre checks."""

    names: str
    by: date
    left: int
    check_by: date


@dataclass(frozen=True)
class Protection:
    """The bars, the years of their scale (both included), and the notices coming up."""

    bars: list[Bar]
    first: int
    last: int
    notices: list[Notice]
    next_end: date | None
    days_left: int | None

    @property
    def any(self) -> bool:
        return any(bar.during for bar in self.bars)


def protection_of(file: File, *, on: date, kind: str = "hangul") -> Protection:
    """Return the protection of the household's members as of the day `on`."""
    bars = [_bar(member.name(kind), member.period, on) for member in file.members]
    periods = [bar.during for bar in bars if bar.during]
    years = [
        day.year for during in periods for day in (during.lower, during.upper - DAY if during.upper else None) if day
    ]
    last_year = max([*years, on.year])
    ends = sorted(
        bar.during.upper - DAY
        for bar in bars
        if bar.during and bar.during.upper and bar.left is not None and bar.left >= 0
    )
    return Protection(
        bars=bars,
        first=max(min([*years, on.year]), last_year - SCALE + 1),
        last=last_year,
        notices=_notices(bars, on),
        next_end=ends[0] if ends else None,
        days_left=(ends[0] - on).days if ends else None,
    )


def _bar(name: str, during: DateRange | None, on: date) -> Bar:
    if during is None or during.upper is None:
        return Bar(name, during, None, None)
    last = during.upper - DAY
    notice = add_months(last, -NOTICE_MONTHS)
    return Bar(name, during, (last - on).days, notice if notice >= NOTICE_SINCE else None)


def _notices(bars: list[Bar], on: date) -> list[Notice]:
    coming: dict[date, list[str]] = {}
    for bar in bars:
        if bar.notice_by and bar.left is not None and 0 <= bar.left <= LOOK_AHEAD.days:
            coming.setdefault(bar.notice_by, []).append(bar.name)
    return [Notice(" · ".join(names), by, (by - on).days, by - CHECK) for by, names in sorted(coming.items())]
