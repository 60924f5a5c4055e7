"""Emergency comes by a trump only, and ages by facts."""

from datetime import date, timedelta

import pytest

from risk.bands import Band
from tests.factories import HouseholdFactory, PersonFactory
from tests.factories.households import members_of
from tests.factories.risk import SignalFactory, as_of, contact, verdict

ON = date(2025, 11, 19)
pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    household = HouseholdFactory(registered_on=ON - timedelta(days=900))
    contact(household, ON, 800, known_ago=799)
    return household


def band(household, day=ON):
    return verdict(household, as_of(day))["band"]


def after(days):
    return ON + timedelta(days=days)


def test_an_emergency_stays_until_the_person_is_met_and_a_plan_is_recorded(home):
    SignalFactory(household=home, code_id="S24", on=ON, ago=0)
    assert band(home) == Band.EMERGENCY
    assert band(home, after(60)) == Band.EMERGENCY
    contact(home, after(10), 0, channel="phone", tags=["safety_plan"])
    assert band(home, after(11)) == Band.EMERGENCY  # a plan, but nobody met
    contact(home, after(12), 0)
    assert band(home, after(11)) == Band.EMERGENCY
    assert band(home, after(12)) == Band.HIGH


def test_an_emergency_lasts_72_hours_at_least(home):
    contact(home, ON, 0, tags=["self_harm", "safety_plan"])
    assert band(home) == Band.EMERGENCY
    assert band(home, after(3)) == Band.EMERGENCY  # what happened at 23:00 is 72 hours old only in the night to come
    assert band(home, after(4)) == Band.HIGH


def test_a_met_emergency_ages_by_its_days(home):
    contact(home, ON, 0, tags=["self_harm", "safety_plan"])
    for day in range(30, 720, 30):
        contact(home, after(day), 0)
    floors = {days: verdict(home, as_of(after(days)))["rules"]["R-SUI"]["floor"] for days in (90, 91, 365, 366, 729)}
    assert floors == {90: Band.HIGH, 91: Band.MODERATE, 365: Band.MODERATE, 366: Band.WATCH, 729: Band.WATCH}
    assert "R-SUI" not in verdict(home, as_of(after(731)))["rules"]


def test_the_register_of_suicide_risk_alone_is_high(home):
    SignalFactory(household=home, code_id="S25", on=ON, ago=1)
    found = verdict(home, as_of(ON))
    assert (found["band"], found["rules"]["R-SUI"]["trump"]) == (Band.HIGH, False)


def test_no_heating_is_an_emergency_with_a_child_or_an_old_person(home):
    contact(home, ON, 1, tags=["no_heat_power"], made=False)
    assert band(home) == Band.HIGH
    PersonFactory(household=home, born=date(2013, 1, 5), registered_on=ON - timedelta(days=900))
    assert band(home) == Band.EMERGENCY
    old = HouseholdFactory(registered_on=ON - timedelta(days=900), person_born=date(1951, 3, 3))
    contact(old, ON, 1, tags=["no_food"], made=False)
    assert verdict(old, as_of(ON))["rules"]["R-BASIC"]["trump"] is True


def test_a_child_born_later_makes_no_emergency_of_what_is_over(home):
    contact(home, ON, 60, tags=["no_food"])
    contact(home, ON, 50, tags=["recovered"])
    PersonFactory(household=home, born=ON - timedelta(days=5), registered_on=ON - timedelta(days=4))
    assert "R-BASIC" not in verdict(home, as_of(ON))["rules"]


def test_what_was_said_follows_the_person_who_said_it(home):
    other = PersonFactory(household=home, registered_on=ON - timedelta(days=900))
    contact(home, ON, 1, tags=["self_harm"], people=[other])
    assert verdict(home, as_of(ON))["rules"]["R-SUI"]["person"] == other.pk


def test_meeting_another_member_does_not_settle_what_names_a_person(home):
    mother = PersonFactory(household=home, registered_on=ON - timedelta(days=900))
    daughter = members_of(home)[0]
    SignalFactory(person=mother, code_id="S24", on=ON, ago=10)
    contact(home, ON, 8, people=[daughter], tags=["safety_plan"])
    found = verdict(home, as_of(ON))
    assert found["band"] == Band.EMERGENCY
    assert found["rules"]["R-CON-GAP"]["evidence"]["variant"] == "daily"
    contact(home, ON, 2, people=[mother], channel="phone")
    assert band(home) == Band.EMERGENCY  # spoken with is not met
    contact(home, ON, 1, people=[mother])
    contact(home, ON, 1, people=[mother], tags=["safety_plan"], hour=11)
    found = verdict(home, as_of(ON))
    assert (found["band"], found["rules"].get("R-CON-GAP")) == (Band.HIGH, None)


def test_what_was_said_is_settled_by_meeting_who_said_it(home):
    mother = PersonFactory(household=home, registered_on=ON - timedelta(days=900))
    contact(home, ON, 10, people=[mother], channel="phone", tags=["self_harm"])
    contact(home, ON, 8, people=members_of(home)[:1], tags=["safety_plan"])
    assert band(home) == Band.EMERGENCY
    contact(home, ON, 7, people=[mother])
    contact(home, ON, 6, people=members_of(home)[:1], tags=["safety_plan"])
    assert band(home) == Band.HIGH


def test_a_meeting_logged_for_the_household_counts_for_all_its_adults_unless_there_was_violence(home):
    other = PersonFactory(household=home, registered_on=ON - timedelta(days=900))
    SignalFactory(person=other, code_id="S24", on=ON, ago=9)
    contact(home, ON, 5, people=[], tags=["safety_plan"])
    assert band(home) == Band.HIGH
    contact(home, ON, 4, people=[other], channel="phone", tags=["violence"])
    assert band(home) == Band.EMERGENCY


def test_a_danger_to_the_home_is_settled_by_meeting_any_adult_of_it(home):
    other = PersonFactory(household=home, registered_on=ON - timedelta(days=900))
    child = PersonFactory(household=home, born=date(2018, 1, 5), registered_on=ON - timedelta(days=900))
    contact(home, ON, 9, tags=["no_food"], made=False)
    contact(home, ON, 5, people=[child], tags=["safety_plan"])
    assert band(home) == Band.EMERGENCY  # the child at the door is nobody's answer
    contact(home, ON, 4, people=[other], tags=["safety_plan"])
    assert band(home) == Band.HIGH


def test_score_and_contact_gap_never_reach_emergency(home):
    for code in ("S01", "S05", "S07", "S12", "S14", "S25", "S16", "S27"):
        SignalFactory(household=home, code_id=code, months=6, on=ON)
    for ago in (30, 20, 10):
        contact(home, ON, ago, made=False)
    found = verdict(home, as_of(ON))
    assert found["score"] > 120
    assert found["band"] == Band.HIGH
