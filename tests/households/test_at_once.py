"""Two hands at once, on real connections: a double tap and two supervisors."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from casework.audit.models import Event
from casework.touched import Touched
from households import actions
from households.actions import Refused
from households.models import Assignment, Consent, Contact, ContactPreference, Participant, Phone, Reassignment
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.harness.racing import at_once


@pytest.fixture
def team(committed_db):
    centre = CentreFactory()
    return [UserFactory(agency=centre) for _n in range(3)]


def test_a_double_tap_on_two_connections_lands_once_and_touches_the_household(team):
    house, key = HouseholdFactory(worker=team[0]), uuid4()
    person = members_of(house)[0]
    Touched.objects.all().delete()
    entry = {"occurred_at": timezone.now(), "channel": "phone", "contact_made": True}

    def tap():
        return actions.log_contact(house, people=[person], by=team[0], client_key=key, **entry)

    logged, refused = at_once(tap, tap)
    assert (len(logged), len({contact.pk for contact in logged}), refused) == (2, 1, [])
    assert (Contact.objects.count(), Participant.objects.count()) == (1, 1)
    assert Event.objects.filter(verb="contact_logged").count() == 1
    assert set(Touched.objects.values_list("household_id", flat=True)) == {house.pk}


def test_two_supervisors_assign_at_once_and_one_worker_is_responsible(team):
    house = HouseholdFactory(worker=team[0])
    day = date(2026, 5, 4)

    def give(worker):
        return lambda: actions.assign(house, worker=worker, on=day, by=team[0])

    at_once(give(team[1]), give(team[2]))
    main = Assignment.objects.current().filter(household=house, kind="main", during__contains=day)
    assert main.count() == 1


def test_a_verb_that_fails_in_the_middle_leaves_nothing(team):
    house = HouseholdFactory(worker=team[0], members=2)
    head, other = members_of(house)
    before = Event.objects.count()
    with pytest.raises(Refused):
        actions.record_death(head, on=date(2026, 5, 4), new_head=head, by=team[0])
    assert Event.objects.count() == before
    assert {person.pk for person in members_of(house)} == {head.pk, other.pk}


def test_what_is_said_of_one_person_twice_at_once_is_kept_once(team):
    person, day = members_of(HouseholdFactory(worker=team[0]))[0], date(2026, 5, 4)
    agreed = {"purpose": "의뢰", "items": ["name"], "recipient": None, "on": day, "until": None}
    wish = {"stated_on": day, "channel": "message", "hours": "저녁"}
    for _n in range(3):
        _kept, refused = at_once(
            *[lambda: actions.change_phone(person, number="010-0000-5678", on=day, by=team[0])] * 2,
            *[lambda: actions.record_preference(person, by=team[1], **wish)] * 2,
            *[lambda: actions.give_consent(person, by=team[2], **agreed)] * 2,
            *[lambda: actions.change_name(person, family="정", given="하늘", on=day, by=team[2])] * 2,
        )
        assert refused == []
    for model in (Phone, ContactPreference, Consent):
        assert model.objects.current().filter(person=person).count() == 1
    for verb in ("phone_changed", "preference_recorded", "consent_given", "name_changed"):
        assert Event.objects.filter(verb=verb).count() == 1


def test_of_two_supervisors_who_give_the_same_households_away_one_wins_and_the_other_is_told(team):
    kim, lee, park = team
    boss = UserFactory(agency=kim.agency, role="supervisor")
    homes = [HouseholdFactory(worker=kim) for _each in range(3)]
    held = {row.household_id: row.pk for row in Assignment.objects.current().filter(worker=kim)}
    day = date(2026, 5, 4)

    def give(to):
        return lambda: actions.reassign(
            [actions.Move(home.pk, to.pk, held[home.pk]) for home in homes], on=day, by=boss
        )

    given, refused = at_once(give(lee), give(park))
    assert (len(given), len(refused)) == (1, 1)
    now = Assignment.objects.current().filter(kind="main", during__contains=day)
    assert len({row.worker_id for row in now}) == 1, "all of one plan, nothing of the other"


def test_a_double_tap_of_a_bulk_reassignment_lands_once_and_both_taps_are_told_so(team):
    kim, lee, _park = team
    boss = UserFactory(agency=kim.agency, role="supervisor")
    homes = [HouseholdFactory(worker=kim) for _each in range(3)]
    held = {row.household_id: row.pk for row in Assignment.objects.current().filter(worker=kim)}
    moves, key = [actions.Move(home.pk, lee.pk, held[home.pk]) for home in homes], uuid4()

    def tap():
        return actions.reassign(moves, on=date(2026, 5, 4), by=boss, client_key=key)

    (first, second), _refused = at_once(tap, tap)
    assert first == second == Reassignment.objects.get()
    assert Event.objects.filter(verb="households_reassigned").count() == 1
