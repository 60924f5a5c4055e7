"""Who may be entitled to what nobody there has applied for, and for whom what is received ends soon: the answers of
`households.entitlements` in a sweep."""

from pathlib import Path
from typing import Any, ClassVar

from django.db import models
from django.db.models import Value
from django.db.models.functions import JSONObject

from casework.clock import AsOf
from households.entitlements import compiled
from households.entitlements.catalogue import Catalogue, catalogue_of
from risk.facts.homes import SWEEP
from risk.facts.stated import StatedFact
from risk.facts.tables import Counting

SQL = Path(__file__).parents[1] / "sql"
LONGEST = 180
"""Days ahead for which ends are gathered; no version of the rule can ask for more."""
# Those whom the rule asks about: with a low income on record, and no benefit that comes in.
ASKED = """
    SELECT COALESCE(array_agg(DISTINCT told.household_id), '{}')
    FROM sweep_circumstance told
    JOIN sweep_house house ON house.household_id = told.household_id AND NOT house.receiving
    WHERE told.kind = 'income' AND told.value = 'below_line'
"""
# Into which homes a benefit comes that an entry of the catalogue describes.
RECEIVING = """
    SELECT COALESCE(array_agg(DISTINCT told.household_id), '{}')
    FROM sweep_circumstance told
    WHERE told.kind = 'benefit' AND told.value = 'receiving' AND told.detail = ANY(%(benefits)s::text[])
"""
NOBODY = """
    SELECT NULL::bigint AS household_id, NULL::bigint AS person_id, NULL::bigint AS version, FALSE AS state,
        NULL::date AS until
"""


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


class EndingFact(models.Model):
    """Something granted or received that ends soon; `why` is "grant" (`fact_id` is the step) or "benefit" (the last
    day by its criteria; `fact_id` is what is stated of the benefit)."""

    household_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    fact_id = models.BigIntegerField(primary_key=True)
    known_at = models.DateTimeField()
    why = models.CharField(max_length=8)
    code = models.CharField(max_length=24)
    name_ko = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    ends_on = models.DateField()
    days_left = models.IntegerField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_ending"

    @staticmethod
    def evidence() -> Any:
        """The names go along, so that the sentence needs no look-up and says later what it said then."""
        return JSONObject(
            fact_id="fact_id",
            kind=Value("ending"),
            code="code",
            why="why",
            ko="name_ko",
            en="name_en",
            observed="ends_on",
            known="known_at",
        )


def gather(cursor: Any, scope: dict[str, Any], as_of: AsOf, *, live: bool) -> None:
    """Make the tables sweep_entitled and sweep_ending; built on what `people.sql`, `homes.sql` and `stated.sql`
    gathered. Six statements."""
    catalogue = catalogue_of(on=as_of.on, known_by=None if live else as_of.known_by)
    cursor.execute(ASKED)
    _answer(cursor, "entitled", catalogue.counting(), scope, as_of)
    received = Catalogue(tuple(one for one in catalogue.versions if one.entitlement.benefit), catalogue.medians)
    cursor.execute(RECEIVING, {"benefits": [one.entitlement.benefit for one in received.versions]})
    _answer(cursor, "ending", received, {**scope, "longest": LONGEST}, as_of)


def _answer(cursor: Any, name: str, catalogue: Catalogue, scope: dict[str, Any], as_of: AsOf) -> None:
    """Make the table of risk/sql/<name>.sql from what the catalogue answers for the households just asked for."""
    households = cursor.fetchone()[0]
    sql, params = NOBODY, {}
    if households and catalogue.versions:
        sql, params = compiled.statement(catalogue, on=as_of.on, households=households, known=scope["known"])
    text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    cursor.execute(text.replace("ANSWERS", sql), {**scope, **params})
