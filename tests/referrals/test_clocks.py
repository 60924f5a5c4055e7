"""Whose turn, until when: dates computed from the moments of the referral, in Python and in the database alike."""

from datetime import datetime, timedelta

import pytest

from casework.clock import SEOUL, Holiday
from referrals import clocks
from referrals.models import Referral
from referrals.routing import Limit, route, routes
from referrals.states import NEEDS
from tests.factories.referrals import ReferralFactory

FRIDAY = datetime(2026, 11, 13, 15, 20, tzinfo=SEOUL)


@pytest.mark.parametrize("need", [need for need, _label in NEEDS])
def test_every_need_has_a_route(need):
    assert route(need, FRIDAY).first


def test_limits_are_written_in_working_days_or_hours():
    assert Limit.parse("24h").after(FRIDAY, set()) == FRIDAY + timedelta(hours=24)
    assert Limit.parse("2wd").after(FRIDAY, set()) == FRIDAY + timedelta(days=4)
    with pytest.raises(ValueError, match="2wd or 24h"):
        Limit.parse("2weeks")


def test_a_power_cut_is_answered_within_24_hours_and_money_within_two_working_days():
    assert str(route("utilities", FRIDAY).limits["answer"].unit) == "h"
    assert route("utilities", FRIDAY).same_day
    assert route("livelihood", FRIDAY).limits["acknowledge"] == Limit(2, "wd")


def test_what_is_asked_for_the_same_day_is_not_waited_for_two_weeks():
    for line in routes():
        assert line.same_day == (line.limits["outcome"].unit == "h"), line.need
        assert line.limits["confirm"] == Limit(2 if line.same_day else 5, "wd"), line.need


def test_routes_of_one_need_do_not_overlap():
    for line in routes():
        assert line.until is None or line.since < line.until


@pytest.mark.django_db
def test_a_weekend_is_not_counted_but_a_power_cut_does_not_wait_for_monday(sender, receiver):
    money = ReferralFactory(sender=sender, receiver=receiver, sent_at=FRIDAY)
    power = ReferralFactory(sender=sender, receiver=receiver, sent_at=FRIDAY, need="utilities")
    sunday, holidays = FRIDAY + timedelta(days=2), Holiday.objects.days()
    assert clocks.due(money, sunday, holidays).state == ""
    assert clocks.due(power, sunday, holidays).state == "late"
    assert list(Referral.objects.overdue(now=sunday, holidays=holidays)) == [power]


@pytest.mark.django_db
@pytest.mark.parametrize("stands", ["sent", "received", "accepted", "provided", "declined", "confirmed", "closed"])
def test_the_database_and_the_page_agree_on_what_is_late(stands, sender, receiver):
    referrals = [
        ReferralFactory(sender=sender, receiver=receiver, stands=stands, need=need, sent_at=FRIDAY)
        for need in ("livelihood", "utilities", "work")
    ]
    holidays = Holiday.objects.days()
    for hours in range(0, 24 * 30, 7):
        now = FRIDAY + timedelta(hours=hours)
        late = {r.pk for r in referrals if (due := clocks.due(r, now, holidays)) and due.late}
        assert set(Referral.objects.overdue(now=now, holidays=holidays).values_list("pk", flat=True)) == late


@pytest.mark.django_db
def test_the_stations_say_when_and_how_late(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="received", need="utilities", sent_at=FRIDAY)
    drawn = clocks.stations(referral, FRIDAY + timedelta(days=3), Holiday.objects.days())
    assert [clock["state"] for clock in drawn] == ["done", "late", "", ""]
    assert drawn[1]["words"] == "2일 지남"
    assert "24시간" in drawn[1]["note"]


@pytest.mark.django_db
def test_a_declined_referral_has_no_clocks_for_what_will_not_happen(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="declined", sent_at=FRIDAY)
    holidays = Holiday.objects.days()
    assert len(clocks.stations(referral, FRIDAY, holidays)) == 2
    assert clocks.due(referral, FRIDAY, holidays) is None


def test_a_deadline_is_never_a_minus_number():
    assert clocks.distance(FRIDAY - timedelta(minutes=5), FRIDAY) == "1시간 지남"
    assert clocks.distance(FRIDAY + timedelta(days=3, hours=2), FRIDAY) == "3일"
