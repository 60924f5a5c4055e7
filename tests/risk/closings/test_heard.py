"""A closed household is judged as ever: nothing is owed and it stands on no list, until something new is heard."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from households.actions import hand_over
from households.closings.actions import reopen
from risk.closings.heard import closed_at, heard_of, quiet
from risk.models import Standing
from risk.sweeps import judged, one_snapshot, sweep
from tests.factories import CentreFactory
from tests.factories.closings import closed
from tests.factories.risk import SignalFactory, as_of
from tests.factories.standings import flagged, stands

pytestmark = pytest.mark.django_db


def swept():
    sweep(AsOf.live(timezone.now()))


def test_of_a_closed_case_no_contact_is_owed_and_of_a_reopened_one_it_is(house, kim, boss):
    swept()
    before = Standing.objects.get(household=house)
    assert before.reason_rule == "R-CON-GAP"
    made = closed(house, by=kim, second=boss)
    swept()
    now = Standing.objects.get(household=house)
    assert (now.contact_due_on, now.reason_rule) == (None, "")
    reopen(made, by=boss, now=timezone.now(), reason="다시")
    swept()
    after = Standing.objects.get(household=house)
    assert (after.contact_due_on, after.reason_rule) == (before.contact_due_on, "R-CON-GAP")


def test_a_signal_after_the_closing_is_judged_and_a_high_one_owes_contact_again(house, kim, boss):
    closed(house, by=kim, second=boss, ago=3)
    SignalFactory(household=house, code_id="S12", ago=1)
    swept()
    now = Standing.objects.get(household=house)
    assert now.band == 4
    assert now.contact_due_on is not None
    assert list(heard_of(Standing.objects.all(), timezone.now())) == [now]


def test_below_high_it_is_quiet_and_a_new_reason_with_a_floor_is_heard(house, kim, boss):
    closed(house, by=kim, second=boss, ago=3)
    stands(house, 2)
    now = timezone.now()
    assert Standing.objects.filter(quiet(now)).exists()
    flag = flagged(house, "R-MOVE")
    assert Standing.objects.filter(quiet(now)).exists()  # without a floor it says nothing
    flag.floor = 2
    flag.save(update_fields=["floor"])
    assert heard_of(Standing.objects.all(), now).get().household == house


def test_what_stood_open_before_the_closing_is_not_new(house, kim, boss):
    flag = flagged(house, "R-MOVE", raised_ago=timedelta(days=9))
    flag.floor = 2
    flag.save(update_fields=["floor"])
    stands(house, 2)
    closed(house, by=kim, second=boss, ago=3)
    assert Standing.objects.filter(quiet(timezone.now())).exists()


def test_a_past_day_is_judged_by_whether_the_case_was_closed_then(house, kim, boss):
    closed(house, by=kim, second=boss, ago=3)

    def due(days):
        moment = as_of(seoul_day(timezone.now()) - timedelta(days=days))
        with one_snapshot(live=False):
            judged(moment)
            with connection.cursor() as cursor:
                cursor.execute("SELECT due_on FROM sweep_gap WHERE household_id = %s", [house.pk])
                return cursor.fetchone()[0]

    assert due(5) is not None
    assert due(1) is None


def test_where_another_centre_answers_the_case_is_open(house, kim, boss):
    closed(house, by=kim, second=boss, ago=3)
    assert closed_at(timezone.now()).exists()
    hand_over(house, center=CentreFactory(), on=seoul_day(timezone.now()), by=boss)
    assert not closed_at(timezone.now()).exists()
