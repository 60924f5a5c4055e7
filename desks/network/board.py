"""The board: the open referrals of one side in columns, in each the late first, then those of the same day, the oldest.

Nothing is dragged: a referral moves by a step on its own page, where the one who takes it says what belongs to it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.agencies.models import User
from desks.network.asked import SENT, Asked, open_ones
from desks.network.columns import COLUMNS, TO_SEND, Stand
from desks.network.rows import looked_at, rows_of
from desks.network.standing import asked as ask

AT_ONCE = 6  # cards of a column; the rest stands in its list

RANKED = """
SELECT id, state, total, total_late FROM (
    SELECT id, state, count(*) OVER (PARTITION BY state) AS total,
        count(*) FILTER (WHERE late) OVER (PARTITION BY state) AS total_late,
        row_number() OVER (PARTITION BY state ORDER BY late DESC, same_day DESC, begins_at, id) AS place
    FROM standing
) ranked
WHERE place <= %(at_once)s ORDER BY state, place
"""


@dataclass(frozen=True)
class Column:
    """One column: its name and words, how many are in it, how many of them late, its first cards, where all stand."""

    name: str
    label: Any
    count: int
    late: int
    cards: list[dict[str, Any]]
    query: str

    @property
    def more(self) -> int:
        """How many have no card."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Board:
    """The columns of a side, how many stand on it, how many of those are late, and whose data it shows."""

    columns: list[Column]
    count: int
    late: int
    looked_at: dict[str, list[int]]


def board_of(user: User, side: str, now: datetime) -> Board:
    """Return the Board of the user's agency; four queries however many referrals there are."""
    ranked = ask(open_ones(user, side), RANKED, now, at_once=AT_ONCE)
    rows = rows_of([row["id"] for row in ranked], user, now)
    stands = (TO_SEND, *COLUMNS) if side == SENT else COLUMNS
    columns = [_column(stand, [row for row in ranked if row["state"] == stand.name], rows, side) for stand in stands]
    count, late = (sum(getattr(column, name) for column in columns) for name in ("count", "late"))
    return Board(columns, count, late, looked_at(rows.values()))


def _column(stand: Stand, ranked: list[dict[str, Any]], rows: dict[int, dict[str, Any]], side: str) -> Column:
    count, late = (ranked[0]["total"], ranked[0]["total_late"]) if ranked else (0, 0)
    cards = [rows[row["id"]] for row in ranked if row["id"] in rows]
    return Column(stand.name, stand.label, count, late, cards, Asked(side).part("state", stand.name).query)
