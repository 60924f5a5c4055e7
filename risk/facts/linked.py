"""Facts of linked records: while a sweep gathers, what is kept about a second record is read as of the person.

Nothing is moved. For the length of the gathering each table named here is covered by a temporary view of the same name
(as `risk.past` does for a past day), in which the rows of a linked record carry the person whose record is kept. Where
nobody is linked, nothing is covered and no plan changes. What follows a link and what does not: docs/adr/0025.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from households.models import (
    Circumstance,
    Contact,
    ContactPreference,
    EndNotice,
    EndStep,
    EntitlementStep,
    ExtensionRequest,
    Membership,
    Participant,
    ProtectionPeriod,
    Restriction,
    Screening,
    Whereabouts,
)
from referrals.models import Referral
from risk.models import Signal

# Told of a person: read as of the person whose record is kept. A condition on the row, where not every row follows.
OF_PERSON: dict[type[models.Model], str] = {
    Circumstance: "",
    ContactPreference: "",
    EndNotice: "",
    EndStep: "",
    EntitlementStep: "",
    ExtensionRequest: "",
    # Somebody spoken with under both records in one contact was spoken with once.
    Participant: """NOT EXISTS (SELECT FROM public.households_participant both_named
        WHERE both_named.contact_id = told.contact_id AND both_named.person_id = link.person_id)""",
    # Two periods are two decisions, and the wrong one must not hide that the right one ends.
    ProtectionPeriod: """NOT EXISTS (SELECT FROM public.households_protectionperiod own
        WHERE own.person_id = link.person_id AND own.superseded_at IS NULL AND NOT isempty(own.during))""",
    Restriction: "",
    Screening: "",
    Signal: "",
    Whereabouts: "",
}
# Told of a home: read as of the home of the kept record, where the other home holds nobody else.
OF_HOME: tuple[type[models.Model], ...] = (Contact, Referral)

_ADDED = """
    SELECT DISTINCT kept.household_id
    FROM households_personlink link
    JOIN households_membership lived ON lived.person_id = link.duplicate_id AND lived.superseded_at IS NULL
    JOIN households_membership kept ON kept.person_id = link.person_id AND kept.superseded_at IS NULL
    WHERE link.linked_at IS NOT NULL AND kept.kind = 'living' AND lived.household_id = ANY(%s)
"""


def with_kept_homes(households: Iterable[int]) -> list[int]:
    """Return the ids of `households` and of the homes in which people live whose second record lives in one of them:
    what is told of the record is judged there. One query."""
    ids = sorted(set(households))
    with connection.cursor() as cursor:
        cursor.execute(_ADDED, [ids])
        return sorted({*ids, *(row[0] for row in cursor.fetchall())})


def covered_models() -> list[type[models.Model]]:
    """Return the models whose tables are covered, for the test that none was forgotten."""
    return [*OF_PERSON, *OF_HOME, Membership]


@contextmanager
def covered(cursor: Any, scope: dict[str, Any]) -> Iterator[None]:
    """Cover the tables for the length of the block, where `links.sql` found somebody linked."""
    cursor.execute("SELECT record_id, person_id FROM sweep_link ORDER BY record_id")
    records = dict(cursor.fetchall())
    if not records:
        yield
        return
    cursor.execute("SELECT from_id, household_id FROM sweep_link_home ORDER BY from_id")
    views = dict(_views(records, dict(cursor.fetchall())))
    for statement in views.values():
        cursor.execute(statement, scope)
    yield
    cursor.execute(f"DROP VIEW {', '.join(f'pg_temp.{table}' for table in views)}")


def _views(records: dict[int, int], homes: dict[int, int]) -> Iterator[tuple[str, str]]:
    for model, condition in OF_PERSON.items():
        yield _of(model, "person_id", records, condition or "TRUE")
    for home in OF_HOME if homes else ():
        yield _of(home, "household_id", homes, "TRUE")
    yield _memberships(records)


def _of(model: type[models.Model], column: str, links: dict[int, int], condition: str) -> tuple[str, str]:
    """Return the table and the view in which `column` of the linked rows is that of the link. Two parts, so that a
    condition on the column is still answered by the table's index; and the ids written out, because a plan over a
    million rows that has to ask a temporary table for each takes half as long again."""
    table = model._meta.db_table
    others = f"told.{column} <> ALL(ARRAY[{_ids(links)}]::bigint[])"
    if model._meta.get_field(column.removesuffix("_id")).null:
        others = f"(told.{column} IS NULL OR {others})"
    statement = f"""
        CREATE TEMP VIEW {table} AS
        SELECT {_columns(model)} FROM public.{table} told WHERE {others}
        UNION ALL
        SELECT {_columns(model, **{column: f"link.{column}"})} FROM public.{table} told
        JOIN (VALUES {_pairs(links)}) AS link (record_id, {column}) ON link.record_id = told.{column}
        WHERE {condition}
    """
    return table, statement


def _memberships(records: dict[int, int]) -> tuple[str, str]:
    """A linked record lived where it lived, up to the day asked about; from that day on the person lives at home."""
    table = Membership._meta.db_table
    until = """CASE WHEN told.during @> %(on)s::date AND told.kind = 'living'
        THEN told.during * daterange(NULL, %(on)s::date) ELSE told.during END"""
    changed = {"person_id": "link.person_id", "household_id": "COALESCE(home.household_id, told.household_id)"}
    statement = f"""
        CREATE TEMP VIEW {table} AS
        SELECT {_columns(Membership)} FROM public.{table} told
        WHERE told.person_id <> ALL(ARRAY[{_ids(records)}]::bigint[])
        UNION ALL
        SELECT {_columns(Membership, during=until, **changed)} FROM public.{table} told
        JOIN (VALUES {_pairs(records)}) AS link (record_id, person_id) ON link.record_id = told.person_id
        LEFT JOIN sweep_link_home home ON home.from_id = told.household_id
    """
    return table, statement


def _ids(links: dict[int, int]) -> str:
    return ", ".join(str(int(record)) for record in links)


def _pairs(links: dict[int, int]) -> str:
    return ", ".join(f"({int(record)}, {int(kept)})" for record, kept in links.items())


def _columns(model: type[models.Model], **instead: str) -> str:
    names = [str(field.column) for field in model._meta.concrete_fields]
    return ", ".join(f'{instead.get(name, f"told.{chr(34)}{name}{chr(34)}")} AS "{name}"' for name in names)
