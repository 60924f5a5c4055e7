"""Somebody is away: the substitute has the households for those days, and they come back by themselves."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.audit.models import Event
from households.actions import NotAllowed, Refused, assign, end_absence, record_absence
from households.models import Absence, Assignment
from tests.factories import HouseholdFactory, UserFactory

DAY = date(2026, 5, 4)
LAST = DAY + timedelta(days=6)


@pytest.fixture
def lee(centre):
    return UserFactory(agency=centre, name="이대신")


@pytest.fixture
def three(kim):
    return [HouseholdFactory(worker=kim) for _each in range(3)]


def stand_ins(household, day):
    rows = Assignment.objects.current().filter(household=household, kind="substitute", during__contains=day)
    return [row.worker.name for row in rows.order_by("id")]


def away(kim, lee, boss, **days):
    return record_absence(kim, **{"first": DAY, "last": LAST, **days}, substitute=lee, by=boss)


def test_the_substitute_has_the_households_on_these_days_and_no_longer(three, kim, lee, boss):
    away(kim, lee, boss)
    for one in three:
        assert stand_ins(one, DAY - timedelta(days=1)) == []
        assert stand_ins(one, DAY) == stand_ins(one, LAST) == ["이대신"]
        assert stand_ins(one, LAST + timedelta(days=1)) == []
        assert (
            Assignment.objects.current().filter(household=one, worker=kim, kind="main", during__contains=DAY).exists()
        )


def test_recorded_twice_it_is_one_absence_and_covers_what_came_in_between(three, kim, lee, boss):
    first = away(kim, lee, boss)
    late = HouseholdFactory(worker=kim)
    assert away(kim, lee, boss) == first
    assert stand_ins(late, DAY) == ["이대신"]
    assert [stand_ins(one, DAY) for one in three] == [["이대신"]] * 3
    away(kim, lee, boss)
    assert Event.objects.filter(verb="absence_recorded").count() == 2, "the third changed nothing"


def test_who_stood_in_before_stands_in_again(three, kim, lee, boss):
    away(kim, lee, boss)
    again = LAST + timedelta(days=30)
    away(kim, lee, boss, first=again, last=again + timedelta(days=4))
    assert [stand_ins(one, again) for one in three] == [["이대신"]] * 3
    assert [stand_ins(one, again - timedelta(days=1)) for one in three] == [[]] * 3


def test_back_earlier_the_substitutes_days_end(three, kim, lee, boss):
    made = away(kim, lee, boss)
    other = HouseholdFactory(worker=UserFactory(agency=kim.agency))
    Assignment.objects.create(household=other, worker=lee, kind="substitute")
    back = DAY + timedelta(days=2)
    ended = end_absence(made, on=back, by=boss)
    assert end_absence(made, on=back, by=boss) == ended
    for one in three:
        assert stand_ins(one, back - timedelta(days=1)) == ["이대신"]
        assert stand_ins(one, back) == []
    assert stand_ins(other, back) == ["이대신"], "what has nothing to do with it stays"


def test_back_earlier_what_somebody_assigned_by_hand_inside_the_absence_stays(three, kim, lee, boss):
    days = DateRange(DAY + timedelta(days=4), LAST + timedelta(days=1))
    Assignment.objects.create(household=three[0], worker=lee, kind="substitute", during=days)
    made = away(kim, lee, boss)
    assert stand_ins(three[0], DAY) == stand_ins(three[0], LAST) == ["이대신"], "the days without anybody were given"
    end_absence(made, on=DAY + timedelta(days=2), by=boss)
    assert stand_ins(three[0], DAY + timedelta(days=3)) == []
    assert stand_ins(three[0], LAST) == ["이대신"], "this was said apart"
    assert stand_ins(three[1], LAST) == []


def test_days_that_the_substitute_has_anyway_leave_the_rest_of_the_absence_covered(three, kim, lee, boss):
    middle = DateRange(DAY + timedelta(days=2), DAY + timedelta(days=4))
    Assignment.objects.create(household=three[0], worker=lee, kind="substitute", during=middle)
    made = away(kim, lee, boss)
    for day in range(7):
        assert stand_ins(three[0], DAY + timedelta(days=day)) == ["이대신"]
    mine = Assignment.objects.current().filter(household=three[0], absence=made.fact_id)
    assert [(row.during.lower, row.during.upper) for row in mine.order_by("during")] == [
        (DAY, DAY + timedelta(days=2)),
        (DAY + timedelta(days=4), LAST + timedelta(days=1)),
    ]


def test_a_main_worker_of_part_of_the_days_stands_in_on_the_others(kim, lee, boss):
    house = HouseholdFactory(worker=kim)
    change = DAY + timedelta(days=3)
    assign(house, worker=lee, on=change, by=boss)
    away(kim, lee, boss)
    assert stand_ins(house, DAY) == ["이대신"]
    assert stand_ins(house, change) == [], "there lee is the main worker"


def test_cancelled_before_it_began_nobody_ever_stood_in(three, kim, lee, boss):
    made = away(kim, lee, boss)
    end_absence(made, on=DAY - timedelta(days=3), by=boss)
    assert [stand_ins(one, DAY) for one in three] == [[]] * 3
    assert Absence.objects.current().get(fact_id=made.fact_id).during.isempty


def test_days_that_overlap_are_refused_with_a_sentence(kim, lee, boss):
    away(kim, lee, boss)
    with pytest.raises(Refused):
        away(kim, lee, boss, first=LAST, last=LAST + timedelta(days=3))
    with pytest.raises(Refused):
        away(kim, lee, boss, last=DAY - timedelta(days=1))


def test_the_substitute_is_somebody_else_who_is_here_and_can_see_them(kim, lee, boss, centre):
    for wrong in (kim, UserFactory(), UserFactory(agency=centre, role="town_worker")):
        with pytest.raises(Refused):
            record_absence(kim, first=DAY, last=LAST, substitute=wrong, by=boss)
    away(kim, lee, boss)
    park = UserFactory(agency=centre)
    with pytest.raises(Refused):
        record_absence(lee, first=DAY, last=DAY, substitute=kim, by=boss)
    assert record_absence(park, first=DAY, last=LAST, substitute=None, by=boss).substitute is None


def test_it_is_recorded_by_who_assigns_the_work_of_the_centre(kim, lee):
    with pytest.raises(NotAllowed):
        away(kim, lee, lee)
    with pytest.raises(NotAllowed):
        away(kim, lee, UserFactory(role="supervisor"))


def test_colleagues_see_that_somebody_is_away_and_others_do_not(kim, lee, boss):
    away(kim, lee, boss)
    assert Absence.objects.visible_to(lee).count() == 1
    assert not Absence.objects.visible_to(UserFactory(role="supervisor")).exists()
