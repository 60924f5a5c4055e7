"""The past in the place of the present: for one question, the tables hold what was known then.

A page about a past day asks exactly what the page of today asks; only the tables answer differently. Within the block
each table of facts is covered by a temporary view of the same name, and standings and flags are those that a sweep of
that day and that knowledge would have kept. Everything is taken back at the end: nothing lasts, nothing is written.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction

from casework.audit.models import Entry
from casework.clock import AsOf, day_ends
from casework.facts import Fact
from households.models import Assignment
from referrals.models import Referral
from risk.facts.gathering import statements
from risk.models import Flag
from risk.sweeps import judged, one_snapshot

# When something was so, by the names under which facts tell it: days up to the day asked about, moments before its end.
DAYS = ("observed_on", "occurred_on", "stated_on", "decided_on", "done_on", "sent_on")
MOMENT = "occurred_at"
# What a live sweep writes, written to tables of this transaction instead.
KEPT = {"risk_standing": "sweep_kept_standing", "risk_flag": "sweep_kept_flag", "risk_assessment": "sweep_kept_shown"}

# Rights are today's, and so is the protection of an address: who is in danger now is not named on a page about then.
_PROTECTED = """
    UPDATE sweep_kept_standing kept SET address_protected = TRUE FROM public.risk_standing today
    WHERE today.household_id = kept.household_id AND today.address_protected
"""


@contextmanager
def as_it_was(as_of: AsOf, *, households: Iterable[int] | None) -> Iterator[None]:
    """Cover the tables for the length of the block; `households`: ids, or None for all.

    Rights are today's: whoever may see what is asked for before the block begins, never inside it.
    """
    with one_snapshot(live=False), transaction.atomic():
        facts, _rules = judged(as_of, households=households)
        moment = {"on": as_of.on, "known": as_of.known_by, "ends": day_ends(as_of.on), "then": _heard_by(as_of)}
        with connection.cursor() as cursor:
            cursor.execute(statements("past"), {**facts.scope, **moment})
            for model in _covered():
                cursor.execute(_view(model), moment)
            cursor.execute(_assignments(), {**facts.scope, **moment})
            cursor.execute(_referrals(), moment)
            kept = {**facts.scope, "sweep": None, "known_by": as_of.known_by, "now": then_of(as_of)}
            for name in ("flags", "keep"):
                cursor.execute(_written_here(statements(name)), kept)
            cursor.execute(_PROTECTED)
            for table in ("risk_standing", "risk_flag"):
                cursor.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {KEPT[table]}")
        yield
        transaction.set_rollback(True)


def flags_as_shown(as_of: AsOf) -> None:
    """Within the block: let the flags be those that were raised and cleared by then, as people were shown them."""
    names = _columns(Flag, cleared_at="CASE WHEN cleared_at <= %(then)s THEN cleared_at END")
    with connection.cursor() as cursor:
        cursor.execute("DROP VIEW risk_flag")
        cursor.execute(
            f"CREATE TEMP VIEW risk_flag AS SELECT {names} FROM public.risk_flag WHERE raised_at <= %(then)s",
            {"then": _heard_by(as_of)},
        )


def then_of(as_of: AsOf) -> datetime:
    """Return the moment that a page about the past takes for now: what was shown or done later is not in it."""
    end = day_ends(as_of.on) - datetime.resolution
    return as_of.known_by if as_of.known_by.astimezone(end.tzinfo).date() == as_of.on else end


def _heard_by(as_of: AsOf) -> datetime:
    """Return up to when what was decided, shown and done counts: nobody who knows less than the day has heard of it."""
    return min(then_of(as_of), as_of.known_by)


def _covered() -> list[type[models.Model]]:
    """Return every table whose rows were learned or done at a moment: facts, what was decided, logs."""
    return [
        model
        for model in apps.get_models()
        if (issubclass(model, Fact) and model is not Assignment) or _appended_at(model)
    ]


def _appended_at(model: type[models.Model]) -> str:
    """Return the column of the moment at which a row that is no fact was appended, or "" for what has none."""
    if not getattr(model, "append_only", False) or issubclass(model, Fact):
        return ""
    if issubclass(model, Entry):
        return "at"
    return "recorded_at" if any(field.name == "recorded_at" for field in model._meta.concrete_fields) else ""


def _assignments() -> str:
    """Return the statements that cover the assignments by a table with an index. Their own indexes hold what stands
    today: a view would be read whole for each household of a list."""
    table = Assignment._meta.db_table
    rows = _view(Assignment).split(" AS ", 1)[1]
    return f"""
        CREATE TEMP TABLE {table} ON COMMIT DROP AS {rows}
            AND (%(ids)s::bigint[] IS NULL OR household_id = ANY(%(ids)s::bigint[]));
        CREATE INDEX ON {table} (household_id);
        ANALYZE {table};
    """


def _view(model: type[models.Model]) -> str:
    """Return the statement that covers the table of `model`; it takes the values of `as_it_was` by name."""
    names = {field.name for field in model._meta.concrete_fields}
    if issubclass(model, Fact):
        tests = ["known_at <= %(known)s", "(superseded_at IS NULL OR superseded_at > %(known)s)"]
        columns = _columns(model, superseded_at="NULL::timestamptz")
    else:
        tests, columns = [f"{_appended_at(model)} <= %(then)s"], _columns(model)
    tests += [f"{name} <= %(on)s" for name in DAYS if name in names]
    tests += [f"{MOMENT} < %(ends)s"] if MOMENT in names else []
    table = model._meta.db_table
    return f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM public.{table} WHERE {' AND '.join(tests)}"


def _columns(model: type[models.Model], **instead: str) -> str:
    """Return the columns of a model for a SELECT, with other expressions for those named."""
    names = [str(field.column) for field in model._meta.concrete_fields]
    return ", ".join(f'{instead[name]} AS "{name}"' if name in instead else f'"{name}"' for name in names)


# The moments of a referral with the status that each of them brings, the last one first.
STEPS = (
    ("closed_at", "status"),
    ("confirmed_at", "'confirmed'"),
    ("failed_at", "'failed'"),
    ("provided_at", "'provided'"),
    ("contacted_at", "'in_progress'"),
    ("answered_at", "CASE status WHEN 'declined' THEN 'declined' ELSE 'accepted' END"),
    ("acknowledged_at", "'received'"),
)


def _referrals() -> str:
    """Return the statement that covers the referrals: as their history tells them, and one that came from elsewhere,
    whose history begins later, by the moments it carries itself."""
    status = " ".join(f"WHEN {at} <= %(then)s THEN {status}" for at, status in STEPS)
    moments = {at: f"CASE WHEN {at} <= %(then)s THEN {at} END" for at, _status in STEPS}
    return f"""
        CREATE TEMP VIEW referrals_referral AS
        SELECT {_columns(Referral)} FROM (
            SELECT DISTINCT ON (pgh_obj_id) * FROM referrals_referralevent WHERE pgh_created_at <= %(then)s
            ORDER BY pgh_obj_id, pgh_created_at DESC, pgh_id DESC
        ) told
        UNION ALL
        SELECT {_columns(Referral, status=f"CASE {status} ELSE 'sent' END", **moments)}
        FROM public.referrals_referral referral
        WHERE sent_at <= %(then)s AND NOT EXISTS (
            SELECT FROM referrals_referralevent told
            WHERE told.pgh_obj_id = referral.id AND told.pgh_created_at <= %(then)s
        )
    """


def _written_here(sql: str) -> str:
    """Return the statements of a live sweep so that they write to the tables of this transaction."""
    for table, here in KEPT.items():
        sql = sql.replace(table, here)
    return sql


def covered_tables() -> dict[str, type[models.Model]]:
    """Return the tables that are covered, by name, for the test that none was forgotten."""
    covered: list[type[models.Model]] = [*_covered(), Assignment, Referral]
    return {model._meta.db_table: model for model in covered}
