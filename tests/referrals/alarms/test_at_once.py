"""Runs that meet, that die half-way, or that come rarely: the ledger is the same."""

from datetime import date, timedelta

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.agencies.models import Closure, DutyShift
from referrals.alarms.raising import LOCK, raise_alarms
from referrals.alarms.sql import RAISE, parameters
from referrals.models import Alarm, Pause
from tests.factories.referrals import ReferralFactory
from tests.harness.racing import at_once
from tests.referrals.alarms.conftest import FRIDAY, make_people

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LATER = FRIDAY + 12 * DAY


def keys():
    rows = Alarm.objects.order_by("id")
    names = ("referral_id", "station", "begins_at", "rung", "to_user_id", "to_agency_id", "ran_out_at", "due_at")
    return set(rows.values_list(*names))


def some_referrals(people):
    words = {"sender": people.sender, "receiver": people.receiver, "sent_at": FRIDAY}
    stands = ("sent", "received", "accepted", "in_progress", "provided", "declined")
    return [
        ReferralFactory(stands=where, need=need, **words) for where in stands for need in ("livelihood", "utilities")
    ]


def test_two_runs_at_once_write_each_alarm_once(committed_db):
    some_referrals(make_people())
    written, _refused = at_once(*[lambda: raise_alarms(LATER)] * 2)
    assert sum(written) == Alarm.objects.count() == len(keys()) > 0
    assert raise_alarms(LATER) == 0


def test_while_one_run_is_at_work_another_does_nothing(committed_db):
    some_referrals(make_people())
    other = psycopg2.connect(committed_db.environment["DATABASE_URL"])
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        assert raise_alarms(LATER) == 0
    other.rollback()
    other.close()
    assert raise_alarms(LATER) > 0


def test_a_run_killed_half_way_has_done_nothing_and_the_next_does_it_all(committed_db):
    some_referrals(make_people())
    other = psycopg2.connect(committed_db.environment["DATABASE_URL"])
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s), pg_backend_pid()", [LOCK])
        process = cursor.fetchone()[1]
        cursor.execute(RAISE, parameters(LATER))
        assert cursor.rowcount > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    assert Alarm.objects.count() == 0
    written = raise_alarms(LATER)
    assert written == Alarm.objects.count() > 0


class Undone(Exception):
    pass


def ledger_of(happenings, moments):
    """Return the ledger after `happenings` [(moment, act)] with a run at each of `moments`, and take it all back."""
    try:
        with transaction.atomic():
            left = sorted(happenings, key=lambda item: item[0])
            for moment in sorted(moments):
                while left and left[0][0] <= moment:
                    left.pop(0)[1]()
                raise_alarms(moment)
            found = keys()
            raise Undone
    except Undone:
        return found


def pausing(referral, by, begins, ends):
    made = []

    def begin():
        during = DateTimeTZRange(begins, None)
        made.append(Pause.objects.create(referral=referral, waits_for="client", begun_by=by, during=during))

    def end():
        made[-1].during = DateTimeTZRange(begins, ends)
        made[-1].save(update_fields=["during"])

    return [(begins, begin), (ends, end)]


spans = st.tuples(st.integers(5 * 60, 16 * 24 * 60), st.integers(1, 4 * 24 * 60))


@pytest.mark.django_db
@given(
    often=st.lists(st.integers(0, 18 * 24 * 60), max_size=40),
    pauses=st.lists(spans, max_size=2),
    shut=st.sets(st.integers(0, 14), max_size=3),
    shifts=st.lists(spans, max_size=3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_raising_often_writes_what_raising_once_at_the_end_writes(people, often, pauses, shut, shifts):
    with_rollback = transaction.atomic()
    with_rollback.__enter__()
    try:
        referrals, end = some_referrals(people), FRIDAY + 18 * DAY
        for far in shut:
            Closure.objects.create(agency=people.receiver.agency, day=date(2026, 11, 14) + far * DAY, why="공사")
        till = FRIDAY
        for begins, length in sorted(shifts):
            first = max(till, FRIDAY + begins * MINUTE)
            till = first + length * MINUTE
            during = DateTimeTZRange(first, till)
            DutyShift.objects.create(agency=people.receiver.agency, user=people.other, during=during)
        happenings, till = [], FRIDAY
        for begins, length in sorted(pauses):
            first = max(till, FRIDAY + begins * MINUTE)
            till = first + length * MINUTE
            for referral in (referrals[4], referrals[6]):
                happenings += pausing(referral, people.receiver, first, till)
        often = [FRIDAY + minutes * MINUTE for minutes in often]
        assert ledger_of(happenings, [*often, end]) == ledger_of(happenings, [end])
    finally:
        transaction.set_rollback(True)
        with_rollback.__exit__(None, None, None)


@pytest.mark.django_db
def test_minute_by_minute_over_a_night_is_the_same_as_once(people):
    some_referrals(people)
    minutes = [FRIDAY + DAY + n * MINUTE for n in range(-5, 13 * 60, 4)]
    assert ledger_of([], minutes) == ledger_of([], minutes[-1:])
