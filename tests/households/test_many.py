"""Giving many households to others at once: all or none, taken back by a new statement."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.audit.models import Event
from households.actions import Move, Refused, assign, reassign, undo_reassignment
from households.actions.many import MOST
from households.models import Assignment, Reassignment
from tests.factories import CentreFactory, HouseholdFactory, UserFactory

DAY = date(2026, 5, 4)


@pytest.fixture
def lee(centre):
    return UserFactory(agency=centre, name="이받음")


def held(household, day=DAY):
    found = Assignment.objects.current().filter(household=household, kind="main", during__contains=day)
    return [row.worker.name for row in found.order_by("id")]


def moves(households, to):
    found = {row.household_id: row.pk for row in Assignment.objects.current().filter(kind="main", during__contains=DAY)}
    return [Move(household.pk, to.pk, found.get(household.pk)) for household in households]


@pytest.fixture
def three(kim):
    return [HouseholdFactory(worker=kim) for _each in range(3)]


def test_many_households_go_to_another_worker_from_a_day(three, kim, lee, boss):
    made = reassign(moves(three, lee), on=DAY, by=boss, reason="업무 조정")
    assert [held(one) for one in three] == [["이받음"]] * 3
    assert [held(one, DAY - timedelta(days=1)) for one in three] == [[kim.name]] * 3
    assert made.rows.count() == 3
    assert Event.objects.filter(verb="assigned", household_id__in=[one.pk for one in three]).count() == 3


def test_a_household_that_nobody_had_is_given_too_and_taken_back_to_nobody(kim, lee, boss, centre):
    alone = HouseholdFactory(center=centre)
    made = reassign([Move(alone.pk, lee.pk, None)], on=DAY, by=boss)
    assert held(alone) == ["이받음"]
    undo_reassignment(made, now=made.recorded_at, on=DAY, by=boss)
    assert held(alone) == []


def test_the_same_tap_lands_once(three, lee, boss):
    key, wanted = uuid4(), moves(three, lee)
    first = reassign(wanted, on=DAY, by=boss, client_key=key)
    assert reassign(wanted, on=DAY, by=boss, client_key=key) == first
    assert Reassignment.objects.count() == 1


def test_who_plans_on_old_news_is_told_and_nothing_changes(three, kim, lee, boss, centre):
    planned = moves(three, lee)
    other = UserFactory(agency=centre, name="먼저함")
    assign(three[1], worker=other, on=DAY, by=boss)
    with pytest.raises(Refused, match=three[1].number):
        reassign(planned, on=DAY, by=boss)
    assert [held(one) for one in three] == [[kim.name], ["먼저함"], [kim.name]]


def test_neither_anothers_household_nor_anothers_worker(three, lee, boss, centre):
    foreign = HouseholdFactory(center=CentreFactory())
    with pytest.raises(Refused):
        reassign([Move(foreign.pk, lee.pk, None)], on=DAY, by=boss)
    with pytest.raises(Refused):
        reassign(moves(three, UserFactory()), on=DAY, by=boss)
    with pytest.raises(Refused):
        reassign(moves(three, UserFactory(agency=centre, role="town_worker")), on=DAY, by=boss)
    assert not Reassignment.objects.exists()


def test_not_more_than_the_most_and_not_none(boss, lee):
    with pytest.raises(Refused):
        reassign([], on=DAY, by=boss)
    with pytest.raises(Refused):
        reassign([Move(number, lee.pk, None) for number in range(MOST + 1)], on=DAY, by=boss)


def test_it_is_taken_back_by_a_new_statement(three, kim, lee, boss):
    made = reassign(moves(three, lee), on=DAY, by=boss)
    rows = Assignment.objects.count()
    back = undo_reassignment(made, now=made.recorded_at + timedelta(hours=1), on=DAY, by=boss)
    assert [held(one) for one in three] == [[kim.name]] * 3
    assert Assignment.objects.count() == rows + 6, "appended, nothing deleted"
    assert undo_reassignment(made, now=timezone.now(), on=DAY, by=boss) == back, "twice is once"
    with pytest.raises(Refused):
        undo_reassignment(back, now=timezone.now(), on=DAY, by=boss)


def test_it_is_not_taken_back_when_a_household_changed_hands_or_a_day_passed(three, lee, boss, centre):
    made = reassign(moves(three, lee), on=DAY, by=boss)
    with pytest.raises(Refused):
        undo_reassignment(made, now=made.recorded_at + timedelta(hours=25), on=DAY, by=boss)
    assign(three[0], worker=UserFactory(agency=centre, name="나중"), on=DAY, by=boss)
    with pytest.raises(Refused, match=three[0].number):
        undo_reassignment(made, now=made.recorded_at, on=DAY, by=boss)
    assert held(three[1]) == ["이받음"]


def test_an_end_that_was_planned_stays(kim, lee, boss):
    household = HouseholdFactory(center=boss.agency)
    assign(household, worker=kim, on=DAY - timedelta(days=9), until=DAY + timedelta(days=9), by=boss)
    made = reassign(moves([household], lee), on=DAY, by=boss)
    assert held(household, DAY + timedelta(days=9)) == ["이받음"]
    assert held(household, DAY + timedelta(days=10)) == []
    undo_reassignment(made, now=made.recorded_at, on=DAY, by=boss)
    assert held(household, DAY + timedelta(days=9)) == [kim.name]
    assert held(household, DAY + timedelta(days=10)) == []


def test_the_number_of_statements_does_not_grow(kim, lee, boss):
    def statements(count):
        given = [HouseholdFactory(worker=kim, members=0, district=None) for _each in range(count)]
        with CaptureQueriesContext(connection) as caught:
            made = reassign(moves(given, lee), on=DAY, by=boss)
        undo_reassignment(made, now=made.recorded_at, on=DAY, by=boss)
        return len(caught)

    assert statements(2) == statements(30)
