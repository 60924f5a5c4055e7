"""How the members of a household stand, and what their screenings gave, as the household page shows them.

Two parts of the one query of `desks.household.file`: what everybody reads who sees the household, and what only its
workers and the supervisors of its centre read.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.prepared import ME, named
from households.models.circumstance import Aspect, Benefit, label_of
from households.models.screening import Instrument, keepers_of
from households.readings import reading_of

_NOBODY = -1
# Of the person `person.id`, as of `on`.
STANDS = """(SELECT jsonb_agg(jsonb_build_object('fact_id', fact_id, 'kind', kind, 'value', value, 'detail', detail,
        'since', lower(during), 'source', source))
    FROM households_circumstance
    WHERE person_id = person.id AND superseded_at IS NULL AND during @> %(on)s::date)"""
# Whether the viewer works for the household or supervises it: a common table expression of the query.
KEEPS = "keeps (household) AS MATERIALIZED (SELECT (SELECT id FROM opened) IN (KEEPERS))"
KEEPS_GIVEN = "keeps (household) AS (SELECT %(keeps)s::bool)"
# The latest of each instrument; nothing for whom the screenings are not.
SCREENS = """(SELECT jsonb_agg(to_jsonb(latest) ORDER BY observed_on DESC, fact_id DESC) FROM (
        SELECT DISTINCT ON (instrument) fact_id, instrument, score, item9, observed_on FROM households_screening
        WHERE person_id = person.id AND superseded_at IS NULL AND observed_on <= %(on)s::date
            AND (SELECT household FROM keeps)
        ORDER BY instrument, observed_on DESC, id DESC) latest)"""


@dataclass(frozen=True)
class Stand:
    """One circumstance of a member as a line: what about, what is so, since when (None: from ever on), from whom."""

    fact_id: int
    label: str
    words: str
    since: date | None
    source: str


@dataclass(frozen=True)
class Screen:
    """The latest result of one instrument of a member: its name, the score, the day, how to read it."""

    fact_id: int
    label: str
    score: int
    observed_on: date
    words: str
    look: bool
    item9: bool


@lru_cache(maxsize=1)
def keeping() -> tuple[str, dict[str, Any]]:
    """Return KEEPS for the value `viewer` (a user's id), and its other values by name. Kept, because rights are read
    when it is asked."""
    rows = keepers_of(User(pk=ME), household=_NOBODY).order_by()
    sql, values = named(rows.query.sql_with_params(), {"viewer": ME, "opened": _NOBODY}, "keep_")
    return KEEPS.replace("KEEPERS", sql.replace("%(opened)s", "(SELECT id FROM opened)")), values


def stands_of(rows: list[dict[str, Any]] | None) -> list[Stand]:
    """Return the circumstances in the order of Aspect, benefits in that of Benefit."""
    kinds, details = list(Aspect.values), ["", *Benefit.values]
    ordered = sorted(rows or (), key=lambda row: (kinds.index(row["kind"]), details.index(row["detail"])))
    return [
        Stand(
            fact_id=row["fact_id"],
            label=str(Aspect(row["kind"]).label),
            words=label_of(row["kind"], row["value"], row["detail"]),
            since=date.fromisoformat(row["since"]) if row["since"] else None,
            source=row["source"],
        )
        for row in ordered
    ]


def screens_of(rows: list[dict[str, Any]] | None) -> list[Screen]:
    """Return the results, the latest first."""
    return [
        Screen(
            fact_id=row["fact_id"],
            label=str(Instrument(row["instrument"]).label),
            score=row["score"],
            observed_on=date.fromisoformat(row["observed_on"]),
            words=str(reading_of(row["instrument"], row["score"]).words),
            look=reading_of(row["instrument"], row["score"]).look,
            item9=bool(row["item9"]),
        )
        for row in rows or ()
    ]


def stated_shown(file: Any, user: User, kind: str) -> dict[str, Any]:
    """Return the two sections of the page: circumstances of every member, and the results of those who have any.

    `screens` is None for whom the screenings are not. `may_state`: whether the user records both here.
    """
    own = bool(file.centre and file.centre["id"] == user.agency_id)
    people = [{"name": member.name(kind), "number": member.case_number, "member": member} for member in file.members]
    screens = [{**row, "lines": row["member"].screens} for row in people if row["member"].screens]
    return {
        "stands": [{**row, "lines": row["member"].stands} for row in people],
        "screens": screens if file.keeps else None,
        "may_state": own and can(user, May.RECORD_CONTACT),
    }
