"""Who may be entitled to what nobody there has applied for: the answers of `households.entitlements` in a sweep."""

from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import JSONObject

from casework.clock import AsOf
from households.entitlements import compiled
from households.entitlements.catalogue import catalogue_of
from risk.facts.stated import StatedFact
from risk.facts.tables import Counting

SQL = Path(__file__).parents[1] / "sql" / "entitled.sql"
# Those whom the rule asks about: with a low income on record, and no benefit that comes in.
ASKED = """
    SELECT COALESCE(array_agg(DISTINCT told.household_id), '{}')
    FROM sweep_circumstance told
    JOIN sweep_house house ON house.household_id = told.household_id AND NOT house.receiving
    WHERE told.kind = 'income' AND told.value = 'below_line'
"""
NOBODY = "SELECT NULL::bigint AS household_id, NULL::bigint AS person_id, NULL::bigint AS version, FALSE AS state"


class EntitledFact(StatedFact):
    """Something that a household may be entitled to and that is not on record as applied for; `fact_id` and the days
    are those of the income on record, by which it counts."""

    code = models.CharField(max_length=24)

    objects = Counting.as_manager()

    class Meta(StatedFact.Meta):
        abstract = False
        db_table = "sweep_entitled"

    @staticmethod
    def evidence() -> Any:
        return JSONObject(
            fact_id="fact_id", kind=Value("entitled"), code="code", observed="observed_on", known="known_at"
        )


def gather(cursor: Any, scope: dict[str, Any], as_of: AsOf, *, live: bool) -> None:
    """Make the table sweep_entitled; built on what `people.sql` and `stated.sql` gathered. Three statements."""
    catalogue = catalogue_of(on=as_of.on, known_by=None if live else as_of.known_by).counting()
    cursor.execute(ASKED)
    households = cursor.fetchone()[0]
    sql, params = NOBODY, {}
    if households and catalogue.versions:
        sql, params = compiled.statement(catalogue, on=as_of.on, households=households, known=scope["known"])
    cursor.execute(SQL.read_text(encoding="utf-8").replace("ANSWERS", sql), {**scope, **params})
