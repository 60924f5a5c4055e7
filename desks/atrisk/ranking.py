"""The at-risk list as one question to the database: who is seen, how many of each, and the rows of one page.

Written in SQL, because a list that people open all day may cost a few milliseconds and no more. Who is seen comes
from `Household.objects.visible_to` and from nowhere else; the order is `RANKED` of the standing.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from casework.agencies.models import User, WorkCalendar
from desks.atrisk.filters import Filters
from desks.atrisk.question import found, neighbours_text, order_text, page_text, values_of
from households.models import Household

PAGE_SIZE = 50


@dataclass
class Page:
    """One page of the list and the counts around it: `rows` by column name, `total` and `bands_filtered` of what the
    filters leave, `bands` and `chips` of what each would leave beside the others, `workers` with their counts."""

    rows: list[dict[str, Any]]
    number: int
    total: int = 0
    bands: dict[int, int] = field(default_factory=dict)
    bands_filtered: dict[int, int] = field(default_factory=dict)
    chips: dict[str, int] = field(default_factory=dict)
    workers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def page_of(
    user: User,
    filters: Filters,
    *,
    now: datetime,
    size: int = PAGE_SIZE,
    number: int = 1,
    latin: bool = False,
    seen: list[int] | None = None,
) -> Page:
    """Return page `number` (from 1) of the list of `user`; one query. `latin` prefers Latin spellings of names.

    `seen`: the households that the user may see, where that was asked before (the list of a past day, a file).
    """
    values = values_of(user, filters, now) | {
        "kind": "latin" if latin else "hangul",
        "size": size,
        "skipped": (number - 1) * size,
    }
    return _page(found(page_text, filters, values, seen), number)


def order_of(user: User, filters: Filters, *, now: datetime) -> list[int]:
    """Return the households of the whole list of `user` in its order, of one moment, for a file: without those in
    which somebody had sharing with others stopped. One query."""
    return [row["household_id"] for row in found(order_text, filters, values_of(user, filters, now))]


def _page(found: list[dict[str, Any]], number: int) -> Page:
    counts = json.loads(found[0]["counts"])
    return Page(
        rows=[row for row in found if row["household_id"] is not None],
        number=number,
        total=counts["total"],
        bands={int(band): n for band, n in counts["bands"].items()},
        bands_filtered={int(band): n for band, n in counts["bands_filtered"].items()},
        chips=counts["chips"],
        workers=counts["workers"],
    )


@dataclass(frozen=True)
class Neighbours:
    """Where a household stands in a list: its place in its band, and the numbers before and after it."""

    place: int
    of: int
    before: str | None
    after: str | None


def neighbours_of(user: User, household: Household, filters: Filters, *, now: datetime) -> Neighbours | None:
    """Return the neighbours of `household` in the list that `user` came from; None when it is not on it. One query."""
    values = values_of(user, filters, now) | {"household": household.pk}
    rows = found(neighbours_text, filters, values)
    return Neighbours(**rows[0]) if rows else None


def work_calendar(now: datetime) -> WorkCalendar:
    """Return the holidays and the closures of agencies, read once an hour and process: what desks say of a deadline
    follows a new closure within the hour. The inbox, the referral itself, alarms and sweeps follow at once."""
    return _calendar_of(now.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=2)
def _calendar_of(hour: datetime) -> WorkCalendar:
    return WorkCalendar.load()
