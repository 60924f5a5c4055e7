"""A sweep: judge all households, or those that changed, and keep what changed (design §5).

One sweep at a time, held by one advisory lock; it reads one snapshot and writes in the same transaction, so that a
sweep which is killed half-way has done nothing, and a second one changes nothing.
"""

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from risk.bands import Band
from risk.facts.gathering import Facts, statements
from risk.judge import in_force, judge
from risk.models import Sweep

LOCK = 0x5357454550  # "SWEEP": one key for the whole database


class Busy(Exception):
    """Another sweep is running and the caller did not want to wait."""


@dataclass
class Result:
    """What a sweep found. `bands` and `rules` count households and hits; `households` is filled on request."""

    on: date
    known_by: datetime
    persons: int
    households: int
    seconds: float
    opened: int
    cleared: int
    bands: dict
    rules: dict
    judged: list = field(default_factory=list)

    def as_json(self):
        """Return the object that `manage.py sweep --json` prints."""
        return {
            "on": self.on.isoformat(),
            "known_by": self.known_by.isoformat(),
            "persons": self.persons,
            "households": self.households,
            "seconds": round(self.seconds, 3),
            "opened": self.opened,
            "cleared": self.cleared,
            "bands": self.bands,
            "rules": self.rules,
        }


def sweep(as_of, *, households=None, live=True, wait=True):
    """Judge as of `as_of` and return a Result.

    `households`: ids, or None for all. Live: reconciles flags, appends assessments, brings standings up to date.
    Not live: computes the same, keeps one record of having looked, and touches nothing else.
    Raises Busy when another live sweep runs and `wait` is False.
    """
    begun = time.monotonic()
    with one_snapshot(live=live, wait=wait):
        facts, rules = judged(as_of, households=households, live=live)
        record = _record(as_of, facts, rules, households, live)
        if live:
            _reconcile(record, facts, as_of.known_by)
        return _finish(record, rules, begun)


def judged(as_of, *, households=None, live=False, standing=None):
    """Gather and judge inside the caller's transaction; return (facts, rules). Nothing is written that lasts.

    `standing`: (criteria, rules) to judge by, as `in_force()` returns them; None for those of the day asked about.
    """
    criteria, rules = standing or in_force(as_of.on)
    facts = Facts(as_of, criteria, households=households, live=live)
    facts.gather()
    judge(facts, rules)
    return facts, rules


@contextmanager
def one_snapshot(*, live, wait=True):
    """Open a transaction that reads one snapshot; a live sweep also holds the lock, taken before the snapshot.

    Inside somebody else's transaction (a test) the lock is the transaction's and its isolation stands.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            if live:
                _lock("pg_advisory_xact_lock", "pg_try_advisory_xact_lock", wait)
            yield
            forget()
        return
    if live:
        _lock("pg_advisory_lock", "pg_try_advisory_lock", wait)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if live:
            _unlock()


def _lock(waiting, trying, wait):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {waiting if wait else trying}(%s)", [LOCK])
        if not wait and not cursor.fetchone()[0]:
            raise Busy


def _unlock():
    """Give the lock back; a connection that was lost has given it back itself."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def forget():
    """Drop the temporary tables before their transaction ends, for a second sweep in the same one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class "
            "WHERE relnamespace = pg_my_temp_schema() AND relname LIKE 'sweep\\_%' AND relkind = 'r'"
        )
        names = cursor.fetchone()[0]
        if names:
            cursor.execute(f"DROP TABLE {names}")


def _record(as_of, facts, rules, households, live):
    """Begin the record of the sweep: who was judged, as of when, by which versions, reading which snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT household_id), pg_current_snapshot()::text, now() FROM sweep_person"
        )
        persons, homes, snapshot, began_at = cursor.fetchone()
        cursor.execute("SELECT rule, count(*) FROM sweep_hit GROUP BY rule")
        hits = dict(cursor.fetchall())
        cursor.execute("SELECT band, count(*) FROM sweep_judged GROUP BY band")
        bands = dict(cursor.fetchall())
    kind = Sweep.Kind.PAST if not live else Sweep.Kind.FULL if households is None else Sweep.Kind.TOUCHED
    return Sweep.objects.create(
        kind=kind,
        on=as_of.on,
        known_by=max(as_of.known_by, began_at) if live else as_of.known_by,
        persons=persons,
        households=homes,
        snapshot=snapshot,
        bands={band.code: bands.get(band.value, 0) for band in sorted(Band, reverse=True)},
        rules={r.rule.code: {"version": r.version, "hits": hits.get(r.rule.code, 0)} for r in rules},
    )


def _reconcile(record, facts, now):
    """Bring flags, assessments and standings to what was found, as of the moment `now`; counts go into the record."""
    params = {**facts.scope, "sweep": record.pk, "known_by": record.known_by, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(statements("flags"), params)
        cursor.execute("SELECT (SELECT count(*) FROM sweep_opened), (SELECT count(*) FROM sweep_cleared)")
        record.opened, record.cleared = cursor.fetchone()
        cursor.execute(statements("keep"), params)


def _finish(record, rules, begun):
    record.seconds = time.monotonic() - begun
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE risk_sweep SET finished_at = clock_timestamp(), seconds = %s, opened = %s, cleared = %s "
            "WHERE id = %s",
            [record.seconds, record.opened, record.cleared, record.pk],
        )
    return Result(
        on=record.on,
        known_by=record.known_by,
        persons=record.persons,
        households=record.households,
        seconds=record.seconds,
        opened=record.opened,
        cleared=record.cleared,
        bands=record.bands,
        rules={code: found["hits"] for code, found in record.rules.items()},
    )
