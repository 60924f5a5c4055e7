"""Who belongs to which household: moving, marriage, divorce, the head."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from households import actions
from households.actions import Refused
from households.members import members_on
from households.models import Assignment, Membership, Responsibility
from tests.factories import HouseholdFactory, PersonFactory
from tests.factories.households import members_of

DAY = date(2026, 5, 4)
BEFORE = DAY - timedelta(days=1)


def roles(household, day):
    return {member.name: member.role for member in members_on([household], day).get(household.pk, [])}


def test_a_child_moves_to_its_grandmother(house, people, kim):
    grandmother = HouseholdFactory(worker=kim, members=["리복순"])
    actions.move_person(people[2], to=grandmother, role="child", on=DAY, by=kim)
    assert roles(house, BEFORE) == {"정금주": "head", "김철수": "spouse", "김유나": "child"}
    assert roles(house, DAY) == {"정금주": "head", "김철수": "spouse"}
    assert roles(grandmother, DAY) == {"리복순": "head", "김유나": "child"}
    assert {event.household_id for event in Event.objects.filter(verb="person_moved")} == {house.pk, grandmother.pk}


def test_the_day_on_which_something_changes_belongs_to_what_comes_after(house, people, kim):
    own = actions.move_out(people[1], on=DAY, by=kim)
    assert "김철수" in roles(house, BEFORE)
    assert "김철수" not in roles(house, DAY)
    assert roles(own, DAY) == {"김철수": "head"}


def test_when_the_head_leaves_somebody_must_follow(house, people, kim):
    with pytest.raises(Refused) as refused:
        actions.move_out(people[0], on=DAY, by=kim)
    assert refused.value.field == "new_head"
    assert roles(house, DAY)["정금주"] == "head"
    actions.move_out(people[0], on=DAY, new_head=people[1], by=kim)
    assert roles(house, DAY) == {"김철수": "head", "김유나": "child"}


def test_the_new_head_is_one_of_those_who_stay(house, people, kim):
    with pytest.raises(Refused):
        actions.move_out(people[0], on=DAY, taking=[people[1]], new_head=people[1], by=kim)
    assert len(roles(house, DAY)) == 3


def test_a_divorce_leaves_both_households_with_a_centre_and_a_worker(house, people, kim):
    own = actions.divorce(people[1], on=DAY, taking=[people[2]], by=kim)
    assert roles(own, DAY) == {"김철수": "head", "김유나": "child"}
    assert Responsibility.objects.filter(household=own).get().center == kim.agency
    assert Assignment.objects.filter(household=own).get().worker == kim
    assert Event.objects.filter(verb="divorced").count() == 2


def test_a_marriage_joins_two_households(house, people, kim):
    single = HouseholdFactory(worker=kim, members=["최명철"])
    groom = members_of(single)[0]
    widow = HouseholdFactory(worker=kim, members=["한순희", "한아이"])
    bride, child = members_of(widow)
    actions.marry(bride, to=groom, on=DAY, taking=[child], by=kim)
    assert roles(single, DAY)["한순희"] == "spouse"
    assert len(roles(single, DAY)) == 3
    assert roles(widow, DAY) == {}


def test_in_one_household_a_marriage_changes_the_role_beside_the_head(house, people, kim):
    actions.marry(people[0], to=people[2], on=DAY, by=kim)
    assert roles(house, DAY) == {"정금주": "head", "김유나": "spouse", "김철수": "spouse"}
    with pytest.raises(Refused):
        actions.marry(people[0], to=people[0], on=DAY, by=kim)


def test_nobody_belongs_to_two_households_and_the_refusal_is_a_sentence(house, people, kim):
    other = HouseholdFactory(worker=kim)
    with pytest.raises(Refused, match=r"(?i)already belongs|이미"):
        actions.move_in(people[1], other, on=DAY, by=kim)
    assert Membership.objects.current().filter(person=people[1]).count() == 1


def test_somebody_without_a_household_moves_in(house, kim):
    person = PersonFactory(name="리영호")
    actions.move_in(person, house, role="sibling", on=DAY, by=kim)
    assert roles(house, DAY)["리영호"] == "sibling"


def test_the_head_changes_and_twice_changes_nothing(house, people, kim):
    first = actions.change_head(house, to=people[1], on=DAY, by=kim)
    again = actions.change_head(house, to=people[1], on=DAY, by=kim)
    assert first == again
    assert roles(house, DAY) == {"김철수": "head", "정금주": "other", "김유나": "child"}


def test_a_day_before_the_membership_began_is_refused(house, kim):
    person = PersonFactory(name="리영호")
    actions.move_in(person, house, on=DAY, by=kim)
    with pytest.raises(Refused):
        actions.move_out(person, on=DAY - timedelta(days=3), by=kim)


def test_a_move_on_the_day_of_arrival_never_held(house, kim):
    person = PersonFactory(name="리영호")
    actions.move_in(person, house, on=DAY, by=kim)
    own = actions.move_out(person, on=DAY, by=kim)
    assert "리영호" not in roles(house, DAY)
    assert roles(own, DAY) == {"리영호": "head"}


def test_what_was_known_before_can_still_be_asked(house, people, kim):
    today = seoul_day(timezone.now())
    actions.move_out(people[1], on=today, by=kim)
    versions = Membership.objects.filter(person=people[1], household=house).order_by("id")
    assert [version.superseded_at is None for version in versions] == [False, True]
    assert versions[0].fact_id == versions[1].fact_id
