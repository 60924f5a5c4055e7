"""All protection periods of a member, in order of time, as part of the one question that the household page asks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from households.models import ProtectionPeriod

PERIODS = """(SELECT jsonb_agg(jsonb_build_object('lower', lower(during), 'upper', upper(during), 'basis', basis)
            ORDER BY during)
            FROM households_protectionperiod
            WHERE person_id = person.id AND superseded_at IS NULL AND NOT isempty(during))"""


@dataclass(frozen=True)
class Held:
    """One period as the bar draws it."""

    during: DateRange
    basis: str

    def get_basis_display(self) -> str:
        """What the period rests on."""
        return str(ProtectionPeriod.Basis(self.basis).label)


def periods_of(rows: list[dict[str, Any]] | None) -> list[Held]:
    """Return the periods of the rows that the database gave."""
    return [Held(DateRange(_day(row["lower"]), _day(row["upper"])), row["basis"]) for row in rows or ()]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
