"""The back-test: what the rules of today would have said at each of the last twelve month ends, against what happened.

Each month end is judged with what was known by the end of that day; nothing it writes lasts. A run is a row: a worker
that is killed leaves it running with the lock free, and the next tick takes it up again from its first month.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import AsOf, day_ends, seoul_day
from casework.landing import landed
from risk.actions import Refused
from risk.backtest.warned import SET, Crisis, Seen, tally
from risk.bands import Band
from risk.changes.actions import proposed_version
from risk.judge import standing_of
from risk.models import BacktestRun, Incident, RuleVersion
from risk.models.backtest import MONTHS
from risk.rights import check_can_set_criteria
from risk.sweeps import judged, one_snapshot

LOCK = 0x4241434B54455354  # "BACKTEST": one runs at a time in the whole database
TRIES = 3
"""After so many times that a worker was lost with it, a run is given up."""


@transaction.atomic
def request(*, by, now, change=None, client_key=None):
    """Ask for a back-test up to the day of `now`, by today's rules or with those of `change`; return the BacktestRun.

    The same `client_key` of the same author, and the same question while one waits or runs, give the first run. Raises
    PermissionDenied unless `by` may change criteria.
    """
    check_can_set_criteria(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK + 1])
    first = landed(BacktestRun.objects, by=by, client_key=client_key, author="requested_by")
    numbers = change.numbers if change else ""
    first = first or BacktestRun.objects.open().filter(change=change, numbers=numbers).first()
    if first:
        return first
    made = BacktestRun.objects.create(
        on=seoul_day(now), known_by=now, change=change, numbers=numbers, requested_by=by, client_key=client_key
    )
    record("back-test requested", made, by=by, data={"change": change.pk if change else None})
    transaction.on_commit(ring)
    return made


@transaction.atomic
def cancel(run, *, by):
    """Stop a run that waits or runs: its worker finds out at the next month end. Raises Refused when it has ended, and
    PermissionDenied unless `by` may change criteria."""
    check_can_set_criteria(by)
    if not BacktestRun.objects.open().filter(pk=run.pk).update(state=BacktestRun.State.CANCELLED, finished_at=Now()):
        raise Refused(_("This back-test has ended already. Nothing was changed."))
    record("back-test cancelled", run, by=by)


def latest(change=None):
    """Return the last back-test that was done: of the rules in force, or of exactly what `change` proposes; or None."""
    numbers = change.numbers if change else ""
    return BacktestRun.objects.filter(state="done", change=change, numbers=numbers).order_by("-id").first()


def earlier(change):
    """Compare the last back-test of `change` with that of the rules in force over the same month ends.

    Return {"days": how many days earlier per crisis (negative: later; "later": the other way round), "warned": more
    crises warned of, "alarms": (alarms of the rules in force, alarms of the change), "before", "after": the runs}, or
    None as long as one of the two is missing.
    """
    after = latest(change)
    before = after and BacktestRun.objects.filter(state="done", change=None, on=after.on).order_by("-id").first()
    if not before or _result(before)["ends"] != _result(after)["ends"]:
        return None
    was, became = _result(before)["what"][SET], _result(after)["what"][SET]
    if was["mean"] is None or became["mean"] is None:
        return None
    days, warned = round(became["mean"] - was["mean"]), became["warned"] - was["warned"]
    alarms = (was["alarms"], became["alarms"])
    return {"days": days, "later": -days, "warned": warned, "alarms": alarms, "before": before, "after": after}


def _result(run) -> dict[str, Any]:
    return run.result or {}


def ring():
    """Ask a worker; without a broker the tick finds the run within a minute."""
    from risk.tasks import ring_for_backtests

    ring_for_backtests()


def waiting():
    """Tell whether a run waits, or was left behind by a worker that was lost."""
    return BacktestRun.objects.open().exists()


def work_off(now):
    """Run what waits, one after another, and return how many; nothing while another worker does so.

    `now` is a function that returns the present moment.
    """
    ran = 0
    with _alone() as mine:
        while mine and (run := BacktestRun.objects.open().first()):
            perform(run, now)
            ran += 1
    return ran


def perform(run, now: Callable[[], datetime]):
    """Judge the twelve month ends and keep the result; stop after the month in which somebody cancelled."""
    began = time.monotonic()
    if not _take_up(run, now()):
        return
    try:
        criteria, standing = standing_for(run)
        seen = Seen(month_ends(run.on))
        for number in look_back(seen, (criteria, standing)):
            if not _still(run, done_months=number + 1):
                return
        found = tally(seen, crises(run, since=seen.ends[0]))
    except OperationalError:
        raise  # the server went away: the run stays as it is and is taken up again
    except Exception:
        _still(run, state=BacktestRun.State.FAILED, finished_at=now())
        raise
    versions = {known.rule.code: known.version for known in standing}
    done = {"state": BacktestRun.State.DONE, "finished_at": now(), "result": found, "versions": versions}
    _still(run, seconds=time.monotonic() - began, **done)


def month_ends(on: date) -> list[date]:
    """Return the last MONTHS month ends before the day, the earliest first."""
    ends, day = [], on
    for _month in range(MONTHS):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]


def standing_for(run):
    """Return (criteria, rules) of a run: those in force on its day, with what its change proposes in their place."""
    versions = list(RuleVersion.objects.in_force(on=run.on).order_by("id"))
    if run.change:
        versions = [version for version in versions if version.code != run.change.code]
        versions.append(proposed_version(run.change))
    return standing_of(versions)


def look_back(seen: Seen, standing) -> Iterator[int]:
    """Judge everybody at each month end with what was known by its evening; yield the number of each that is done."""
    for number, end in enumerate(seen.ends):
        with one_snapshot(live=False):
            judged(AsOf(on=end, known_by=day_ends(end) - datetime.resolution), standing=standing)
            seen.add(number, *_flagged())
        yield number


def crises(run, *, since: date) -> list[Crisis]:
    """Return the crises recorded by the time of the run that happened after the day `since`."""
    rows = Incident.objects.known_by(run.known_by).filter(occurred_on__gt=since, occurred_on__lte=run.on)
    told = rows.order_by("occurred_on", "fact_id").values_list("household", "kind", "occurred_on")
    return [Crisis(*row) for row in told]


def _flagged() -> tuple[list[int], dict[str, Any]]:
    """Return the households that were judged, and those flagged: by rule, and under SET those at High or above."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT household_id, band FROM sweep_judged")
        bands = cursor.fetchall()
        cursor.execute("SELECT rule, array_agg(DISTINCT household_id) FROM sweep_hit GROUP BY rule")
        by_rule = dict(cursor.fetchall())
        cursor.execute("SELECT code FROM sweep_rule")
        rules = [row[0] for row in cursor.fetchall()]
    high = [household for household, band in bands if band >= Band.HIGH]
    return [row[0] for row in bands], {SET: high, **{code: by_rule.get(code, []) for code in rules}}


def _take_up(run, moment) -> bool:
    """Begin, or begin again; False when it was cancelled meanwhile or was given up."""
    run.refresh_from_db()
    if run.tries >= TRIES:
        _still(run, state=BacktestRun.State.FAILED, finished_at=moment)
        return False
    begun = {"state": BacktestRun.State.RUNNING, "began_at": moment, "done_months": 0, "tries": run.tries + 1}
    return _still(run, **begun)


def _still(run, **values) -> bool:
    """Write down how far the run is, unless somebody cancelled it: then False."""
    return bool(BacktestRun.objects.open().filter(pk=run.pk).order_by().update(**values))


@contextmanager
def _alone():
    """Hold the lock of the session; yields whether it was free. A connection that was lost has given it back itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            _unlock()


def _unlock():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    except DatabaseError:
        connection.close()  # a session that cannot give it back gives it back by ending
