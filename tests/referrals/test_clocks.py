"""Whose turn, until when: dates computed from the moments of the referral, in Python and in the database alike."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.agencies.models import Closure, WorkCalendar
from casework.clock import SEOUL
from referrals import actions, clocks
from referrals.limits import Limit
from referrals.models import Referral, Route
from referrals.routing import written_lines
from referrals.states import NEEDS, Urgency
from tests.factories.agencies import district
from tests.factories.referrals import REACHED_BY, ReferralFactory

FRIDAY = datetime(2026, 11, 13, 15, 20, tzinfo=SEOUL)


@pytest.fixture
def calendar(db):
    return WorkCalendar.load()


@pytest.mark.django_db
@pytest.mark.parametrize("urgency", Urgency.values)
@pytest.mark.parametrize("need", [need for need, _label in NEEDS])
def test_every_need_has_a_route_with_every_clock(need, urgency):
    line = Route.objects.best_for(need, urgency, None, on=FRIDAY.date())
    assert line.first
    assert [name for name in clocks.NAMES if line.limit(name).amount < 1] == []


def test_limits_are_written_in_working_days_or_hours():
    assert Limit.parse("24h").after(FRIDAY, set()) == FRIDAY + timedelta(hours=24)
    assert Limit.parse("2wd").after(FRIDAY, set()) == FRIDAY + timedelta(days=4)
    assert Limit.parse("2wd").after(FRIDAY, set(), paused=1) == FRIDAY + timedelta(days=5)
    with pytest.raises(ValueError, match="2wd or 24h"):
        Limit.parse("2weeks")


def test_a_power_cut_is_answered_within_24_hours_and_money_within_two_working_days():
    lines = {(line.need, line.urgency): line for line in written_lines()}
    assert lines["utilities", "usual"].limit("answer").unit == "h"
    assert lines["utilities", "usual"].same_day
    assert lines["livelihood", "usual"].limit("acknowledge") == Limit(2, "wd")


def test_what_is_asked_for_the_same_day_is_not_waited_for_two_weeks():
    for line in written_lines():
        assert line.same_day == (line.limit("outcome").unit == "h"), str(line)
        assert line.limit("confirm").amount <= (2 if line.same_day else 5), str(line)


@pytest.mark.django_db
def test_a_line_for_one_district_stands_before_the_line_for_everywhere():
    here = district("서울 관악구")
    general = Route.objects.best_for("housing", "usual", here, on=FRIDAY.date())
    own = Route.objects.create(
        need="housing", urgency="usual", district=here, first=["town"], limits=general.limits, during=general.during
    )
    assert Route.objects.best_for("housing", "usual", here, on=FRIDAY.date()) == own
    assert Route.objects.best_for("housing", "usual", None, on=FRIDAY.date()) == general
    with pytest.raises(LookupError):
        Route.objects.best_for("housing", "usual", None, on=date(2019, 1, 1))


@pytest.mark.django_db
def test_a_weekend_is_not_counted_but_a_power_cut_does_not_wait_for_monday(sender, receiver, calendar):
    money = ReferralFactory(sender=sender, receiver=receiver, sent_at=FRIDAY)
    power = ReferralFactory(sender=sender, receiver=receiver, sent_at=FRIDAY, need="utilities")
    sunday = FRIDAY + timedelta(days=2)
    assert clocks.due(money, sunday, calendar).state == ""
    assert clocks.due(power, sunday, calendar).state == "late"
    assert list(Referral.objects.overdue(now=sunday)) == [power]


@pytest.mark.django_db
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed for two days"])
@pytest.mark.parametrize("stands", [*REACHED_BY])
def test_the_database_and_the_page_agree_on_what_is_late(stands, closed, sender, receiver):
    referrals = [
        ReferralFactory(sender=sender, receiver=receiver, stands=stands, need=need, sent_at=FRIDAY)
        for need in ("livelihood", "utilities", "work")
    ]
    for day in (16, 18) if closed else ():
        Closure.objects.create(agency=receiver.agency, day=date(2026, 11, day), why="이전")
    calendar = WorkCalendar.load()
    for hours in range(0, 24 * 30, 7):
        now = FRIDAY + timedelta(hours=hours)
        late = {r.pk for r in referrals if (due := clocks.due(r, now, calendar)) and due.late}
        assert set(Referral.objects.overdue(now=now).values_list("pk", flat=True)) == late


@pytest.mark.django_db
@given(
    day=st.integers(0, 40),
    minute=st.integers(0, 24 * 60 - 1),
    days=st.integers(1, 12),
    shut=st.sets(st.integers(0, 50), max_size=4),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_working_days_as_python_does(receiver, day, minute, days, shut):
    begins = datetime(2026, 9, 14, tzinfo=SEOUL) + timedelta(days=day, minutes=minute)  # around 추석
    Closure.objects.all().delete()
    for far in shut:
        Closure.objects.create(agency=receiver.agency, day=begins.date() + timedelta(days=far), why="공사")
    at = Limit(days, "wd").after(begins, WorkCalendar.load().closed(receiver.agency_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT working_days_after(%s, %s, %s)", [begins, days, receiver.agency_id])
        assert cursor.fetchone()[0] == at
        for moment in (at - timedelta(seconds=1), at, at + timedelta(seconds=1)):
            cursor.execute("SELECT working_days_elapsed(%s, %s, %s)", [begins, moment, receiver.agency_id])
            assert (cursor.fetchone()[0] >= days) == (moment > at)


@pytest.mark.django_db
def test_the_stations_say_when_and_how_late(sender, receiver, calendar):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="received", need="utilities", sent_at=FRIDAY)
    drawn = clocks.stations(referral, FRIDAY + timedelta(days=3), calendar)
    assert [clock["state"] for clock in drawn] == ["done", "late", "", "", ""]
    assert drawn[1]["words"] == "2일 지남"
    assert "24시간" in drawn[1]["note"]


@pytest.mark.django_db
def test_a_declined_referral_has_no_clocks_but_that_of_asking_again(sender, receiver, calendar):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="declined", sent_at=FRIDAY)
    assert len(clocks.stations(referral, FRIDAY, calendar)) == 2
    assert clocks.due(referral, FRIDAY, calendar).label == clocks.AGAIN[0].label


def test_a_deadline_is_never_a_minus_number():
    assert clocks.distance(FRIDAY - timedelta(minutes=5), FRIDAY) == "1시간 지남"
    assert clocks.distance(FRIDAY + timedelta(days=3, hours=2), FRIDAY) == "3일"


@pytest.mark.django_db
def test_a_day_on_which_the_office_was_closed_is_not_counted_twice_within_a_pause(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="in_progress", sent_at=FRIDAY)
    monday, friday = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=7)
    referral = actions.VERBS["hold"](referral, by=receiver, now=monday, waits_for="client", reason="서류 준비")
    referral = actions.VERBS["resume"](referral, by=receiver, now=friday)
    outcome = next(station for station in clocks.STATIONS if station.name == "outcome")
    Closure.objects.bulk_create(
        Closure(agency=receiver.agency, day=date(2026, 11, day), why="이전") for day in (17, 18, 19)
    )
    calendar = WorkCalendar.load()
    closed = calendar.closed(receiver.agency_id)
    at = clocks.deadline(referral, outcome, calendar, friday)
    assert at == Limit(10, "wd").after(referral.answered_at, closed, paused=1)  # the Friday alone stood still
    assert not Referral.objects.overdue(now=at).exists()
    assert Referral.objects.overdue(now=at + timedelta(seconds=1)).exists()


@pytest.mark.django_db
def test_what_was_late_stays_late_whatever_stands_still_later(sender, receiver, calendar):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="sent", sent_at=FRIDAY)
    late = FRIDAY + timedelta(days=10)
    for verb in ("acknowledge", "accept", "begin"):
        referral = actions.VERBS[verb](referral, by=receiver, now=late)
    referral = actions.VERBS["hold"](referral, by=receiver, now=late, waits_for="client", reason="서류 준비")
    first = clocks.stations(referral, late + timedelta(days=20), calendar)[0]
    assert first["words"] == "6일 지남"
