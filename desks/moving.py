"""Moves and transfers on a desk: what lives in another centre's area by now, and what is on its way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.agencies.models import User
from casework.clock import seoul_day
from desks.titles import Title
from referrals.transfers.outside import Outside, outside_of
from referrals.transfers.shown import moved_rows, under_way

SHOWN = 10


@dataclass(frozen=True)
class Moving:
    """`outside`: households that moved away with no transfer under way; `going`: rows of the transfers under way."""

    outside: list[Outside]
    going: list[dict[str, Any]]

    @property
    def households(self) -> set[int]:
        """The ids of the households that the desk names."""
        return {one.home.household_id for one in self.outside[:SHOWN]}

    def shown(self, titles: dict[int, Title]) -> dict[str, Any]:
        """Return what the two sheets of a desk need."""
        return {
            "moved": moved_rows(self.outside[:SHOWN], titles),
            "moved_count": len(self.outside),
            "transfers": self.going[:SHOWN],
            "transfers_count": len(self.going),
            "on_desk": True,
        }


def moving_of(user: User, now: datetime) -> Moving:
    """Return what moves of the user's households and towards the user's centre; two queries while nothing does."""
    return Moving(outside_of(user, on=seoul_day(now)), under_way(user, now))
