"""Birth, death, names, telephones, wishes and consent."""

from datetime import date, timedelta

import pytest

from casework.audit.models import Event
from households import actions
from households.actions import Refused
from households.masks import hidden_value
from households.members import members_on, names_on
from households.models import Consent, ContactPreference, Person, ProtectionPeriod, Residence
from households.search.lookup import search
from tests.factories import HouseholdFactory
from tests.factories.households import members_of

DAY = date(2026, 5, 4)
BEFORE = DAY - timedelta(days=1)


def test_a_child_is_born_into_the_household_and_is_no_defector(house, kim):
    child = actions.register_birth(house, family="김", given="새봄", sex="F", on=DAY, by=kim)
    newborn = next(member for member in members_on([house], DAY)[house.pk] if member.person == child)
    assert (newborn.role, newborn.birth_on, newborn.is_defector) == ("child", DAY, False)
    assert child.pk not in {member.pk for member in members_on([house], BEFORE)[house.pk]}
    assert search("김새봄", Person.objects.visible_to(kim)) == [child]


def test_registering_the_same_birth_twice_adds_one_child(house, kim):
    first = actions.register_birth(house, family="김", given="새봄", sex="F", on=DAY, by=kim)
    assert actions.register_birth(house, family="김", given="새봄", sex="F", on=DAY, by=kim) == first
    assert Event.objects.filter(verb="birth_registered").count() == 1


def test_a_death_ends_residence_membership_and_protection_on_that_day(kim):
    house = HouseholdFactory(worker=kim, members=["정금주", "김철수"], under_protection=date(2025, 1, 1))
    spouse = members_of(house)[1]
    actions.record_death(spouse, on=DAY, by=kim)
    status = Residence.objects.current().filter(person=spouse)
    assert status.get(during__contains=DAY).status == "deceased"
    assert status.get(during__contains=BEFORE).status == "resident"
    assert not ProtectionPeriod.objects.current().filter(person=spouse, during__contains=DAY).exists()
    assert ProtectionPeriod.objects.current().filter(person=spouse, during__contains=BEFORE).exists()
    assert [member.name for member in members_on([house], DAY)[house.pk]] == ["정금주"]


def test_when_the_head_dies_somebody_must_follow(house, people, kim):
    with pytest.raises(Refused) as refused:
        actions.record_death(people[0], on=DAY, by=kim)
    assert refused.value.field == "new_head"
    assert not Residence.objects.filter(status="deceased").exists()
    actions.record_death(people[0], on=DAY, new_head=people[1], by=kim)
    assert members_on([house], DAY)[house.pk][0].name == "김철수"


def test_the_last_of_a_household_dies_and_nobody_is_asked_for_a_head(kim):
    house = HouseholdFactory(worker=kim)
    actions.record_death(members_of(house)[0], on=DAY, by=kim)
    assert members_on([house], DAY) == {}


def test_a_death_is_recorded_once(house, people, kim):
    actions.record_death(people[1], on=DAY, by=kim)
    with pytest.raises(Refused):
        actions.record_death(people[1], on=DAY + timedelta(days=1), by=kim)


def test_after_a_change_of_name_the_former_one_still_finds_the_person(house, people, kim):
    actions.change_name(people[0], family="정", given="하늘", on=DAY, by=kim)
    assert names_on([people[0].pk], BEFORE) == {people[0].pk: "정금주"}
    assert names_on([people[0].pk], DAY) == {people[0].pk: "정하늘"}
    everybody = Person.objects.visible_to(kim)
    assert people[0] in search("정금주", everybody)
    assert people[0] in search("정하늘", everybody)


def test_a_new_number_takes_the_place_of_the_old_one(house, people, kim):
    actions.change_phone(people[0], number="010-0000-9999", on=DAY, by=kim)
    assert hidden_value(people[0], "phone", BEFORE) == ("010-****-1234", "010-0000-1234")
    assert hidden_value(people[0], "phone", DAY) == ("010-****-9999", "010-0000-9999")
    actions.change_phone(people[0], number="", on=DAY + timedelta(days=1), by=kim)
    assert hidden_value(people[0], "phone", DAY + timedelta(days=1)) is None


def test_wishes_are_said_on_a_day_and_the_same_words_change_nothing(house, people, kim):
    wish = {"channel": "message", "wants_no_contact": True, "safe_number": "010-0000-7777"}
    first = actions.record_preference(people[0], stated_on=DAY, by=kim, **wish)
    assert actions.record_preference(people[0], stated_on=DAY, by=kim, **wish) == first
    assert ContactPreference.objects.count() == 1


def test_a_consent_says_its_last_day_the_way_people_say_it_and_can_be_withdrawn(house, people, kim):
    consent = actions.give_consent(
        people[0], purpose="통합사례관리", items=["name"], recipient=None, on=DAY, until=date(2027, 5, 3), by=kim
    )
    again = actions.give_consent(
        people[0], purpose="통합사례관리", items=["name"], recipient=None, on=DAY, until=date(2027, 5, 3), by=kim
    )
    assert again == consent
    consent.refresh_from_db()
    assert consent.during.upper == date(2027, 5, 4)
    withdrawn = actions.withdraw_consent(consent, on=DAY, by=kim)
    assert actions.withdraw_consent(withdrawn, on=DAY, by=kim) == withdrawn
    assert Consent.objects.current().get().withdrawn_on == DAY
    assert Consent.objects.count() == 2


def test_a_consent_that_ends_before_it_begins_is_refused(house, people, kim):
    with pytest.raises(Refused):
        actions.give_consent(people[0], purpose="연계", items=["name"], recipient=None, on=DAY, until=BEFORE, by=kim)
