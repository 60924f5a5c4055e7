"""The rows that board, figures and lists read choose the clock and count the days as the page of a referral does."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from casework.agencies.models import Closure, WorkCalendar
from casework.clock import seoul_day
from desks.network.standing import asked
from referrals import clocks, thread
from referrals.models import Pause, Referral
from referrals.states import FINISHED
from tests.factories.referrals import REACHED_BY

pytestmark = pytest.mark.django_db
ROWS = "SELECT id, late, wait, open, turn, age FROM standing"


def standing(now):
    return {row["id"]: row for row in asked(Referral.objects.all(), ROWS, now)}


def in_python(now):
    """The same of each referral, one by one."""
    calendar = WorkCalendar.load()
    late, waits = {}, {}
    for row in Referral.objects.order_by("id").select_related("route"):
        due = clocks.due(row, now, calendar) if row.route else None
        late[row.pk] = bool(due and due.late)
        station = clocks.running(row) if row.route else None
        waits[row.pk] = station.name if station and row.clock_from else "close" if row.status == "confirmed" else None
    return late, waits


@pytest.mark.parametrize("days", [0, 1, 2, 3, 5, 8, 13, 40])
def test_late_and_waiting_are_what_the_clocks_say(refer, receiver, days):
    sent = timezone.now() - timedelta(days=days, hours=8)
    made = [refer(stands, sent_at=sent, need=need) for stands in REACHED_BY for need in ("livelihood", "utilities")]
    asking = refer("received", sent_at=sent)
    thread.ask(asking, by=receiver, now=sent + timedelta(hours=2), text="-")
    now = timezone.now()
    late, waits = in_python(now)
    rows = standing(now)
    assert len(rows) == len(made) + 1
    assert {pk: row["late"] for pk, row in rows.items()} == late
    assert {pk: row["wait"] for pk, row in rows.items()} == waits


@pytest.mark.parametrize("days", [1, 2, 3, 4, 6, 9])
def test_a_closed_office_and_a_pause_give_more_time(refer, receiver, days):
    sent = timezone.now() - timedelta(days=days, hours=8)
    for n in range(1, days):
        Closure.objects.create(agency=receiver.agency, day=seoul_day(sent) + timedelta(days=n), why="이전")
    for stands in ("sent", "received", "accepted", "in_progress"):
        refer(stands, sent_at=sent)
    paused = refer("received", sent_at=sent)
    during = DateTimeTZRange(sent + timedelta(hours=2), sent + timedelta(hours=2, days=1))
    Pause.objects.create(referral=paused, waits_for="client", during=during, begun_by=receiver, ended_by=receiver)
    now = timezone.now()
    assert {pk: row["late"] for pk, row in standing(now).items()} == in_python(now)[0]


def test_whose_turn_and_what_is_finished(refer):
    made = {stands: refer(stands) for stands in REACHED_BY}
    rows = standing(timezone.now())
    for stands, referral in made.items():
        row = rows[referral.pk]
        referral.refresh_from_db()
        assert row["open"] is (stands not in FINISHED), stands
        assert row["turn"] == (referral.turn or None), stands
        assert (row["age"] is None) is (stands in FINISHED), stands


def test_how_old_it_is_is_counted_in_working_days(refer):
    young, old = refer(), refer(sent_at=timezone.now() - timedelta(days=60))
    rows = standing(timezone.now())
    assert (rows[young.pk]["age"], rows[old.pk]["age"]) == ("0", "21")
