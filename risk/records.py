"""Every version of every fact of some households, with both dates and with the transaction that wrote it.

For what asks how something came to be known: lists of a past day and inquiries. Of somebody who lives in another
household since, only what had happened and was known here by the day of leaving.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from casework.facts import Fact
from risk.past import DAYS, MOMENT


@dataclass(frozen=True)
class Record:
    """One version of a fact. `day`: when it was so (None: always); `late`: written by a transaction that the asked
    snapshot could not see, though it had begun before; `data`: the row by column name."""

    household_id: int
    model: type[models.Model]
    fact_id: int
    day: date | None
    known_at: datetime
    recorded_at: datetime
    superseded_at: datetime | None
    unseen: bool
    by: str
    agency_id: int | None
    file: str
    data: dict[str, Any]

    def stood_at(self, moment: datetime) -> bool:
        """Say whether somebody who knew what was known by `moment` held this version to be true."""
        return self.known_at <= moment and (self.superseded_at is None or self.superseded_at > moment)


def records_of(households: Iterable[int], *, snapshot: str = "") -> list[Record]:
    """Return the records of the households, by day and by when they were learned; one query.

    `snapshot`: text of pg_current_snapshot() of the reading in question; without it nothing counts as unseen.
    """
    with connection.cursor() as cursor:
        cursor.execute(_all(), {"ids": sorted(households), "snapshot": snapshot or None})
        rows = cursor.fetchall()
    tables = {model._meta.db_table: model for model in facts()}
    return [_record(tables, *row) for row in rows]


def _record(tables: dict[str, type[models.Model]], household: int, table: str, *row: Any) -> Record:
    *told, data = row
    return Record(*(household, tables[table], *told, json.loads(data)))


@cache
def facts() -> tuple[type[models.Model], ...]:
    """Return the tables of facts that hang on a household or on a person."""
    hung = ("household", "person")
    return tuple(
        model
        for model in apps.get_models()
        if issubclass(model, Fact) and any(field.name in hung for field in model._meta.concrete_fields)
    )


@cache
def _all() -> str:
    return _RECORDS % " UNION ALL ".join(_of(model) for model in facts())


def _of(model: type[models.Model]) -> str:
    """Return the question for one table; a table that names a household goes by it, else by the person."""
    names = {field.name for field in model._meta.concrete_fields}
    day = next((name for name in DAYS if name in names), "")
    day = day or (f"{MOMENT}::date" if MOMENT in names else "lower(during)" if "during" in names else "NULL::date")
    own = "household" in names
    stayed = f"fact.known_at < person.until AND COALESCE({day}, '-infinity') < person.until"
    whose = "fact.household_id = ANY(%(ids)s)" if own else f"person.person_id = fact.person_id AND {stayed}"
    return f"""
        SELECT {"fact.household_id" if own else "person.household_id"} AS household_id,
            '{model._meta.db_table}' AS name, fact_id, {day} AS day, fact.known_at, fact.recorded_at,
            fact.superseded_at, fact.tx, fact.recorded_by_id, fact.batch_id, to_jsonb(fact) AS data
        FROM {model._meta.db_table} fact{"" if own else ", person"} WHERE {whose}
    """


_RECORDS = """
SELECT * FROM (WITH stay AS (
    SELECT household_id, person_id, kind, max(coalesce(upper(during), 'infinity')) AS ended FROM households_membership
    WHERE household_id = ANY(%%(ids)s) AND superseded_at IS NULL AND NOT isempty(during)
    GROUP BY household_id, person_id, kind
),
person AS MATERIALIZED (
    SELECT household_id, person_id, max(CASE WHEN EXISTS (
        SELECT FROM households_membership elsewhere
        WHERE elsewhere.person_id = stay.person_id AND elsewhere.kind = stay.kind AND superseded_at IS NULL
            AND household_id <> stay.household_id AND lower(during) >= ended
    ) THEN ended ELSE 'infinity' END) AS until
    FROM stay GROUP BY household_id, person_id
),
record AS (%s)
SELECT household_id, record.name, fact_id, day, record.known_at, record.recorded_at, superseded_at,
    COALESCE(NOT pg_visible_in_snapshot(tx, %%(snapshot)s::pg_snapshot), FALSE) AS unseen,
    COALESCE(author.name, ''), author.agency_id, COALESCE(batch.filename, ''), data::text
FROM record
LEFT JOIN agencies_user author ON author.id = recorded_by_id
LEFT JOIN imports_batch batch ON batch.id = batch_id
ORDER BY day NULLS FIRST, record.known_at, fact_id, record.recorded_at) records
"""
