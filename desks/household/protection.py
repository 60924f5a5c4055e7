"""Everybody's residence protection as bars on one scale, and the written notice that is the Minister's duty.

Three calendar months before the last day, in force since 7 August 2024 (북한이탈주민법 제5조제5항); the centre checks
ten days earlier, by its own criterion, whether the notice has come.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from desks.household.file import File, Member
from households.protection.bar import RESIDENCE, Drawing, Scale, draw, words_of
from households.protection.dates import CHECK, LOOK_AHEAD, notice_by

DAY = timedelta(days=1)
SCALE = 10
"""Years that fit on the scale; what ended before them is drawn at its edge."""


@dataclass(frozen=True)
class Bar:
    """One member's periods: all `drawn`, and in `words`; `during` the running or latest; `left` days to the last day,
    extensions counted in (negative once ended), `notice_by` the day of the notice. `case_number`: whose page."""

    name: str
    during: DateRange | None
    left: int | None
    notice_by: date | None
    last: date | None = None
    drawn: Drawing | None = None
    words: str = ""
    case_number: str = ""


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
    days = [day for member in file.members for one in member.periods for day in _ends(one.during)]
    last_year = max([day.year for day in days] + [on.year])
    scale = Scale(max(min([day.year for day in days] + [on.year]), last_year - SCALE + 1), last_year)
    bars = [_bar(member, member.name(kind), on, scale) for member in file.members]
    ends = sorted(bar.last for bar in bars if bar.last and bar.last >= on)
    return Protection(
        bars=bars,
        first=scale.first,
        last=scale.last,
        notices=_notices(bars, on),
        next_end=ends[0] if ends else None,
        days_left=(ends[0] - on).days if ends else None,
    )


def _ends(during: DateRange) -> list[date]:
    return [day for day in (during.lower, during.upper - DAY if during.upper else None) if day]


def _bar(member: Member, name: str, on: date, scale: Scale) -> Bar:
    uppers = [one.during.upper for one in member.periods if one.basis in RESIDENCE]
    last = max(uppers) - DAY if uppers and None not in uppers else None
    if not member.periods:
        return Bar(name, None, None, None)
    due = last and notice_by(last)
    return Bar(
        name,
        member.period,
        (last - on).days if last else None,
        due,
        last,
        draw(member.periods, on=on, scale=scale, marks=[(due, "")] if due else []),
        words_of(member.periods, on),
        member.case_number,
    )


def _notices(bars: list[Bar], on: date) -> list[Notice]:
    coming: dict[date, list[str]] = {}
    for bar in bars:
        if bar.notice_by and bar.left is not None and 0 <= bar.left <= LOOK_AHEAD.days:
            coming.setdefault(bar.notice_by, []).append(bar.name)
    return [Notice(" · ".join(names), by, (by - on).days, by - CHECK) for by, names in sorted(coming.items())]
