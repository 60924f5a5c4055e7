"""What a decision becomes in another room: told through one register, so that a room that is added takes its kind over.

A room takes a kind with `take(kind, way)`. Until one does, the decision is followed here, by its owner and its day.
A referral is written by a person, on the floor above, and is found again by the decision it names.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Way:
    """How a room follows a decision. `begin(decision, *, by, now)` returns the key of what it made, such as "task:12",
    or "" where it can make nothing (no plan yet); it raises `Refused` where it must not. `ended(keys)` returns
    {key: day} of what is done; one query."""

    begin: Callable[..., str]
    ended: Callable[[Iterable[str]], dict[str, date]]


_ways: dict[str, Way] = {}


def take(kind: str, way: Way) -> Way:
    """Let a room follow decisions of a kind from now on; the last word counts."""
    _ways[kind] = way
    return way


def follow(decision: Any, *, by: Any, now: datetime) -> str:
    """Begin what follows from a decision; return the key of what another room made of it, or ""."""
    way = _ways.get(decision.kind)
    return way.begin(decision, by=by, now=now) if way else ""


def ended(decisions: Iterable[Any]) -> dict[str, date]:
    """Return {key: day} of what other rooms made of `decisions` and is done; a query for each kind that is there."""
    keys: dict[str, list[str]] = {}
    for one in decisions:
        if one.led_to:
            keys.setdefault(one.kind, []).append(one.led_to)
    found: dict[str, date] = {}
    for kind, wanted in keys.items():
        if way := _ways.get(kind):
            found |= way.ended(wanted)
    return found
