"""Counting a back-test: which recorded crises the rules would have warned of, how early, and at what price.

In plain words, as the page says them:

* A crisis is *warned of* when its household was flagged at the last month end before it.
* *Days of warning* run to the crisis from the first of the month ends at which it was flagged without a break.
* An *alarm* is such an unbroken run of month ends. It is a true one when a recorded crisis followed it before the next
  month end; every other one is false, also where help came in time and so nothing happened.

"Flagged" means High or above for the whole set of rules, and any hit for a single rule.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from statistics import quantiles
from typing import Any

SET = "ALL"
"""The whole set of rules: a household at High or above."""
Z = 1.96
"""For intervals of 95%."""


@dataclass(frozen=True)
class Crisis:
    """A recorded crisis: whose, of which kind (a word of Incident.Kind), on which day."""

    household: int
    kind: str
    on: date


@dataclass
class Seen:
    """What was flagged at the month ends, as bits: bit n of a household's number is set when it was so at `ends[n]`."""

    ends: Sequence[date]
    on_file: dict[int, int] = field(default_factory=dict)
    flagged: dict[str, dict[int, int]] = field(default_factory=lambda: {SET: {}})

    def add(self, number: int, on_file: Iterable[int], flagged: dict[str, Iterable[int]]) -> None:
        """Note who was on file and who was flagged, by rule, at the month end `number`."""
        bit = 1 << number
        for marks, households in [
            (self.on_file, on_file),
            *((self._marks(what), who) for what, who in flagged.items()),
        ]:
            for household in households:
                marks[household] = marks.get(household, 0) | bit

    def _marks(self, what: str) -> dict[int, int]:
        return self.flagged.setdefault(what, {})

    def before(self, day: date) -> int:
        """Return the number of the last month end before the day, -1 where none of them is."""
        return sum(end < day for end in self.ends) - 1


def tally(seen: Seen, crises: Iterable[Crisis]) -> dict[str, Any]:
    """Return the counts as the object that a run keeps.

    {"ends": [days], "crises": n, "unknown": n (not on file at the month end before), "kinds": {kind: {"warned",
    "missed"}}, "what": {SET or a rule: {"warned", "missed", "days": [lower quartile, median, upper quartile] or None,
    "mean": days per crisis with 0 for a missed one, "at_least": of how many the first month end asked about was flagged
    already, "alarms", "true", "standing": false so far and still there}}}.
    """
    known, unknown = _known(seen, crises)
    kinds: dict[str, Counter] = {}
    for crisis in known:
        flagged = _bit(seen.flagged[SET], crisis.household, seen.before(crisis.on))
        kinds.setdefault(crisis.kind, Counter(warned=0, missed=0))["warned" if flagged else "missed"] += 1
    return {
        "ends": [end.isoformat() for end in seen.ends],
        "crises": len(known),
        "unknown": unknown,
        "kinds": {kind: dict(counted) for kind, counted in sorted(kinds.items())},
        "what": {what: _of(marks, known, seen) for what, marks in seen.flagged.items()},
    }


def _known(seen: Seen, crises: Iterable[Crisis]) -> tuple[list[Crisis], int]:
    """Return the crises whose household was on file at the month end before, once a day each, and how many were not."""
    asked = {(crisis.household, crisis.on): crisis for crisis in crises if seen.before(crisis.on) >= 0}
    known = [c for c in asked.values() if _bit(seen.on_file, c.household, seen.before(c.on))]
    return known, len(asked) - len(known)


def _of(marks: dict[int, int], crises: list[Crisis], seen: Seen) -> dict[str, Any]:
    days, at_least, met = [], 0, set()
    for crisis in crises:
        last = seen.before(crisis.on)
        if not _bit(marks, crisis.household, last):
            continue
        first = _first(marks[crisis.household], last)
        days.append((crisis.on - seen.ends[first]).days)
        at_least += first == 0
        met.add((crisis.household, first))
    alarms = [(household, *run) for household, mark in marks.items() for run in runs(mark)]
    newest = len(seen.ends) - 1
    return {
        "warned": len(days),
        "missed": len(crises) - len(days),
        "days": _quartiles(days),
        "mean": round(sum(days) / len(crises), 1) if crises else None,
        "at_least": at_least,
        "alarms": len(alarms),
        "true": len(met),
        "standing": sum(last == newest and (household, first) not in met for household, first, last in alarms),
    }


def runs(mark: int) -> list[tuple[int, int]]:
    """Return (first, last) of every unbroken run of bits."""
    found, place = [], 0
    while mark >> place:
        if mark >> place & 1:
            first = place
            while mark >> place & 1:
                place += 1
            found.append((first, place - 1))
        place += 1
    return found


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """Return the 95% interval of a share by Wilson's score, as shares from 0 to 1; None of nothing.

    It is right for small numbers, where the usual interval runs below 0 (E. B. Wilson, 1927).
    """
    if not whole:
        return None
    share, square = part / whole, Z * Z
    middle = share + square / (2 * whole)
    reach = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    below = 1 + square / whole
    return max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below)


def _bit(marks: dict[int, int], household: int, place: int) -> bool:
    return bool(marks.get(household, 0) >> place & 1)


def _first(mark: int, last: int) -> int:
    while last and mark >> (last - 1) & 1:
        last -= 1
    return last


def _quartiles(days: list[int]) -> list[int] | None:
    if not days:
        return None
    return [round(day) for day in quantiles(days, n=4, method="inclusive")] if len(days) > 1 else days * 3
