"""Which kind of agency a need goes to first, and how long each side has: data with dates of validity (domain §3.6).

All of it is our own criterion; only the decision on a benefit has a statutory date, which is not counted here.
"""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import ngettext

from casework.clock import add_working_days

TABLE = Path(__file__).parent / "data" / "routing.csv"
STATIONS = ("acknowledge", "answer", "outcome", "confirm")


@dataclass(frozen=True)
class Limit:
    """How long one side has: working days ("2wd") or hours by the clock ("24h")."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, text):
        """Read "2wd" or "24h"; raises `ValueError` for anything else."""
        amount, unit = text[:-2] if text.endswith("wd") else text[:-1], "wd" if text.endswith("wd") else text[-1:]
        if unit not in ("wd", "h"):
            raise ValueError(f"a limit is written as 2wd or 24h, not {text!r}")
        return cls(int(amount), unit)

    def after(self, start, holidays):
        """Return the moment until which the side has time; `start` is an aware datetime, `holidays` a set of dates."""
        if self.unit == "h":
            return start + timedelta(hours=self.amount)
        return add_working_days(start, self.amount, holidays)

    def __str__(self):
        if self.unit == "h":
            return ngettext("%(n)s hour", "%(n)s hours", self.amount) % {"n": self.amount}
        return ngettext("%(n)s working day", "%(n)s working days", self.amount) % {"n": self.amount}


@dataclass(frozen=True)
class Route:
    """One line of the table, in force from `since` until `until` (exclusive; None while it stands)."""

    since: date
    until: date | None
    need: str
    first: tuple[str, ...]
    also: tuple[str, ...]
    limits: dict[str, Limit]

    @property
    def same_day(self):
        """Say whether the first answer is counted by the clock and not in working days."""
        return self.limits["acknowledge"].unit == "h"


@cache
def routes():
    """Return every Route, oldest first within a need."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (row["need"], row["since"]))
    return tuple(_route(row, later) for row, later in zip(rows, [*rows[1:], None], strict=True))


def route(need, moment):
    """Return the Route of `need` in force at a day or a moment. Raises `LookupError` for a need without one."""
    day = moment.date() if isinstance(moment, datetime) else moment
    for line in routes():
        if line.need == need and line.since <= day and (line.until is None or day < line.until):
            return line
    raise LookupError(f"no route for {need} on {day}")


def _route(row, later):
    until = date.fromisoformat(later["since"]) if later and later["need"] == row["need"] else None
    return Route(
        since=date.fromisoformat(row["since"]),
        until=until,
        need=row["need"],
        first=tuple(row["first"].split()),
        also=tuple(row["also"].split()),
        limits={name: Limit.parse(row[name]) for name in STATIONS},
    )
