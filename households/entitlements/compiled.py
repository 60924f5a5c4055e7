"""The criteria of the catalogue as one statement: for one household, for everybody, and for what is only assumed.

Whoever is asked about, and however many they are, the same pieces answer. What differs is where the facts come from:
from the register, or from rows that somebody thought of (`rows_of` changed by hand), and whether each criterion is
told.
"""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection

from households.entitlements.catalogue import Catalogue
from households.entitlements.pieces import pieces, together
from households.models.entitlement import EntitlementVersion, Whom

FACTS = Path(__file__).parents[1] / "sql" / "entitlement_facts.sql"
EVIDENCE = """,
        jsonb_object_agg(stated.kind || ':' || stated.detail, jsonb_build_object('value', stated.value, 'since',
            lower(stated.during), 'known', stated.known_at::date, 'fact', stated.fact_id)) AS told"""
# The relation of the facts, as rows that are not read from the register are given.
COLUMNS = {
    "person_id": "bigint",
    "household_id": "bigint",
    "role": "text",
    "asks": "boolean",
    "defector": "boolean",
    "born_first": "date",
    "born_last": "date",
    "entered_on": "date",
    "moved_in_on": "date",
    "decision": "text",
    "decided_on": "date",
    "protected_until": "date",
    "last_protected_on": "date",
    "facility_until": "date",
    "income": "text",
    "income_krw": "bigint",
    "median_krw": "bigint",
    "employment": "text",
    "employed_since": "date",
    "benefits": "jsonb",
    "disability": "text",
    "illness": "text",
    "marital": "text",
    "size": "int",
    "with_defector": "boolean",
    "parent_defector": "boolean",
    "children": "int",
    "child_born": "date",
    "child_born_last": "date",
    "other_child": "boolean",
    "has_spouse": "boolean",
    "home_moved_in_on": "date",
    "sido": "text",
    "sido_since": "date",
}
EVERYBODY = None
FOREVER = "infinity"


def rows_of(households: Any, *, on: date, medians: tuple[int, ...], known: Any = FOREVER) -> list[dict[str, Any]]:
    """Return the facts of each person of the households (ids) as dicts of COLUMNS, with `told`: what was stated."""
    sql = f"SELECT COALESCE(jsonb_agg(to_jsonb(p)), '[]') FROM ({_facts(evidence=True)}) AS p"
    with connection.cursor() as cursor:
        cursor.execute(sql, _params(on, households, medians, known))
        return json.loads(cursor.fetchone()[0])


def answered(rows: list[dict[str, Any]], catalogue: Catalogue, *, on: date) -> list[tuple[Any, ...]]:
    """Return (person, version, state, until, told) for rows of facts; `told` is a list of [state, first, last day]."""
    if not rows or not catalogue.versions:
        return []
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    source = f"SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row({columns})"
    sql = f"{_question(source, catalogue, told=True)} ORDER BY p.person_id, a.place"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on, "rows": json.dumps(rows, ensure_ascii=False, default=str)})
        found = cursor.fetchall()
    by_pk = {version.pk: version for version in catalogue.versions}
    return [(row[1], by_pk[row[2]], row[3], row[4], json.loads(row[5])) for row in found]


def statement(catalogue: Catalogue, *, on: date, households: Any = EVERYBODY, known: Any = FOREVER) -> tuple[str, dict]:
    """Return (SQL, parameters) of a SELECT of (household_id, person_id, version, state, until) of everybody, or of some
    households (ids); answers that are "no" are left out."""
    params = _params(on, households, catalogue.medians, known)
    return f"{_question(_facts(), catalogue)} AND a.state IS NOT FALSE", params


def _params(on: date, households: Any, medians: tuple[int, ...], known: Any) -> dict[str, Any]:
    ids = None if households is None else sorted(households)
    return {"on": on, "known": known, "ids": ids, "medians": list(medians)}


@lru_cache(maxsize=2)
def _facts(*, evidence: bool = False) -> str:
    text = FACTS.read_text(encoding="utf-8")
    return text.replace("{evidence}", EVIDENCE if evidence else "").replace(
        "{told}", ", stated.told" if evidence else ""
    )


def _question(source: str, catalogue: Catalogue, *, told: bool = False) -> str:
    """Return the SELECT over the facts of `source`: one line for each person and entitlement that concerns them.

    The answers of one person are one array, which is opened afterwards: a list of VALUES for each person is prepared
    anew for each of them and took ten times as long.
    """
    found = [_line(version, told=told) for version in catalogue.versions]
    states, ends, evidence = (", ".join(column) for column in zip(*found, strict=True))
    keys = ", ".join(str(version.pk) for version in catalogue.versions)
    once = ", ".join(str(version.entitlement.whom == Whom.HOUSEHOLD) for version in catalogue.versions)
    columns = (
        "p.household_id, p.person_id, (p.versions)[a.place] AS version, a.state, NULLIF(a.until, 'infinity') AS until"
    )
    more = (f", ARRAY[{evidence}]::jsonb[]", ", told", ", a.told") if told else ("", "", "")
    return (
        f"WITH p AS MATERIALIZED ({source}), answered AS MATERIALIZED ("
        f"SELECT p.*, ARRAY[{states}]::boolean[] AS states, "
        f"ARRAY[{keys}]::bigint[] AS versions, ARRAY[{once}]::boolean[] AS once FROM p) "
        f"SELECT {columns}{more[2]} FROM answered AS p CROSS JOIN LATERAL "
        f"unnest(p.states, ARRAY[{_numbered(ends)}]::date[]{more[0]}) "
        f"WITH ORDINALITY AS a (state, until{more[1]}, place) WHERE (p.asks OR NOT (p.once)[a.place])"
    )


def _line(version: EntitlementVersion, *, told: bool) -> tuple[str, str, str]:
    """Return the SQL of the state, of the last day while it holds, and of each criterion."""
    return _compiled(json.dumps(version.criteria), told)


@lru_cache(maxsize=1024)
def _compiled(criteria: str, told: bool) -> tuple[str, str, str]:
    read = json.loads(criteria)
    found = pieces(read)
    whole = together(read, found)
    each = [f"jsonb_build_array({piece.state}, {piece.starts}, {piece.until})" for piece in found] if told else []
    return (
        f"({whole.state})",
        f"CASE WHEN (p.states)[#] THEN {whole.until} END",
        f"jsonb_build_array({', '.join(each)})",
    )


def _numbered(ends: str) -> str:
    """Return the last days, each with the place of its state."""
    head, *rest = ends.split("[#]")
    return head + "".join(f"[{place}]{text}" for place, text in enumerate(rest, 1))
