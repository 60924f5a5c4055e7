"""Days since the last two-way contact against the limit of the band and of the protection year."""

from datetime import date, timedelta

import pytest

from households.models import ContactPreference
from risk.bands import Band
from tests.factories import HouseholdFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of, system
from tests.factories.risk import SignalFactory, as_of, contact, verdict

ON = date(2025, 11, 19)
LONG = ON - timedelta(days=900)
SIGNALS = (("S05", "S07"), ("S01",), ())
pytestmark = pytest.mark.django_db


def household(**about):
    return HouseholdFactory(registered_on=LONG, **about)


def gap(home, question=None):
    found = verdict(home, question or as_of(ON))
    return found["rules"].get("R-CON-GAP"), found


@pytest.mark.parametrize(("ago", "late"), [(200, False), (201, True)])
def test_general_is_contacted_every_200_days_without_points(ago, late):
    home = household()
    contact(home, ON, ago)
    hit, found = gap(home)
    assert (hit is not None) is late
    assert found["score"] == 0


@pytest.mark.parametrize(("moved_in_ago", "limit"), [(100, 35), (800, 100), (2000, 200)])
def test_the_years_of_protection_have_a_cadence_of_their_own(moved_in_ago, limit):
    home = household(under_protection=ON - timedelta(days=moved_in_ago))
    contact(home, ON, limit + 1)
    assert gap(home)[0]["evidence"]["facts"][0]["limit_days"] == limit
    contact(home, ON, limit)
    assert gap(home)[0] is None


def test_the_limit_comes_from_the_band_of_the_other_rules_and_gives_points():
    home = household()
    contact(home, ON, 15)
    SignalFactory(household=home, code_id="S14", on=ON)
    hit, found = gap(home)
    assert hit["weight"] == 10
    assert hit["evidence"]["facts"][0]["limit_days"] == 14
    assert found["score"] == 45


@pytest.mark.parametrize(
    ("codes", "ends", "ago", "score", "band"),
    [
        (("S05", "S07"), False, 80, 45, Band.MODERATE),  # 35 by the other rules: stays
        (("S05", "S07"), True, 80, 55, Band.HIGH),  # 45 by the other rules, and the gap has doubled
        (("S05", "S07"), True, 69, 55, Band.MODERATE),  # 45, but the gap has not doubled
    ],
)
def test_a_moderate_household_from_45_rises_to_high_when_the_gap_has_doubled(codes, ends, ago, score, band):
    home = household(under_protection=ON - timedelta(days=1726) if ends else False)
    for code in codes:
        SignalFactory(household=home, code_id=code, months=3, on=ON)
    contact(home, ON, ago)
    found = verdict(home, as_of(ON))
    assert (found["score"], found["band"]) == (score, band)


def test_an_answered_message_counts_for_watch_and_general_only():
    home = household()
    contact(home, ON, 300)
    contact(home, ON, 10, channel="message")
    assert gap(home)[0] is None
    SignalFactory(household=home, code_id="S14", on=ON)
    assert gap(home)[0] is not None


def test_no_contact_on_record_is_counted_from_the_registration_and_spread_over_26_weeks():
    homes = [HouseholdFactory(registered_on=ON - timedelta(days=10)) for _ in range(5)]
    assert all(gap(home)[0] is None for home in homes)
    limits = set()
    for home in homes:
        hit, _found = gap(home, as_of(ON + timedelta(days=180)))
        assert hit["evidence"]["variant"] == "never"
        limits.add(hit["evidence"]["facts"][0]["limit_days"])
    assert all(100 < limit <= 182 for limit in limits)


@pytest.mark.parametrize(("moved_in_ago", "first", "last"), [(800, 101, 182), (100, 15, 35)])
def test_under_protection_too_the_first_contacts_are_spread_and_not_all_due_on_one_day(moved_in_ago, first, last):
    """Years two to five follow the plan of 26 weeks; who has just arrived is due within 35 days, on different ones."""
    started = ON - timedelta(days=moved_in_ago)
    homes = [HouseholdFactory(registered_on=ON - timedelta(days=10), under_protection=started) for _ in range(6)]
    limits = [gap(home, as_of(ON + timedelta(days=190)))[0]["evidence"]["facts"][0]["limit_days"] for home in homes]
    assert len(set(limits)) == len(limits)
    assert all(first <= limit <= last for limit in limits)


def test_among_those_never_spoken_with_the_worst_signals_come_first():
    day = ON + timedelta(days=190)
    homes = {codes: [HouseholdFactory(registered_on=ON - timedelta(days=10)) for _ in range(4)] for codes in SIGNALS}
    latest = []
    for codes, group in homes.items():
        for home in group:
            for code in codes:
                SignalFactory(household=home, code_id=code, months=4, on=day)
        latest.append(max(gap(home, as_of(day))[0]["evidence"]["facts"][0]["limit_days"] for home in group))
    assert latest == sorted(latest)
    assert latest[0] <= 35 < latest[1] <= 100 < latest[2] <= 182


def test_who_declined_in_the_morning_and_spoke_in_the_afternoon_no_longer_declines():
    home = household()
    contact(home, ON, 60, tags=["declined"], hour=10)
    SignalFactory(household=home, code_id="S01", months=4, on=ON)
    assert gap(home)[0]["evidence"]["variant"] == "declined"
    contact(home, ON, 60, channel="phone", hour=15)
    assert gap(home)[0] is None
    contact(home, ON, 60, tags=["declined"], hour=16)
    assert gap(home)[0]["evidence"]["variant"] == "declined"


def test_a_wish_on_the_register_stands_until_somebody_speaks_after_it():
    home = household()
    SignalFactory(household=home, code_id="S01", months=4, on=ON)
    said = ON - timedelta(days=30)
    contact(home, ON, 30, hour=8)
    ContactPreference.objects.create(
        person=members_of(home)[0],
        wants_no_contact=True,
        stated_on=said,
        known_at=day_at(said, 9),
        recorded_by=system(),
    )
    assert gap(home)[0]["evidence"]["variant"] == "declined"
    contact(home, ON, 30, hour=15)
    assert gap(home)[0] is None


def test_an_answered_message_ends_the_attempts_of_general_and_watch_only():
    home = household()
    contact(home, ON, 60)
    for ago in (40, 38, 37):
        contact(home, ON, ago, made=False, hour=20)
    assert "R-CON-FAIL" in verdict(home, as_of(ON))["rules"]
    contact(home, ON, 30, channel="message")
    assert "R-CON-FAIL" not in verdict(home, as_of(ON))["rules"]
    SignalFactory(household=home, code_id="S14", on=ON)
    assert "R-CON-FAIL" in verdict(home, as_of(ON))["rules"]  # High by the other rules: a message is no contact


def test_attempts_after_the_answered_message_begin_a_new_run():
    home = household()
    contact(home, ON, 60)
    for ago in (40, 38):
        contact(home, ON, ago, made=False, hour=20)
    contact(home, ON, 30, channel="message")
    contact(home, ON, 20, made=False, hour=20)
    assert "R-CON-FAIL" not in verdict(home, as_of(ON))["rules"]
    contact(home, ON, 10, made=False, hour=20)
    assert len(verdict(home, as_of(ON))["rules"]["R-CON-FAIL"]["evidence"]["facts"]) == 2


def test_not_wanting_contact_is_a_contact_and_weighs_only_with_arrears():
    home = household(under_protection=ON - timedelta(days=800))
    contact(home, ON, 150, tags=["declined"])
    assert gap(home)[0] is None
    SignalFactory(household=home, code_id="S01", months=4, on=ON)
    hit, _found = gap(home)
    assert (hit["weight"], hit["evidence"]["variant"]) == (10, "declined")


def test_who_asked_on_the_register_not_to_be_contacted_was_not_out_of_reach():
    home = household()
    for ago in (40, 38, 37):
        contact(home, ON, ago, made=False, hour=20)
    assert "R-CON-FAIL" in verdict(home, as_of(ON))["rules"]
    said = ON - timedelta(days=30)
    ContactPreference.objects.create(
        person=members_of(home)[0],
        wants_no_contact=True,
        stated_on=said,
        known_at=day_at(said),
        recorded_by=system(),
    )
    assert "R-CON-FAIL" not in verdict(home, as_of(ON))["rules"]


def test_an_emergency_is_owed_an_attempt_every_day_until_met():
    home = household()
    contact(home, ON, 20)
    SignalFactory(household=home, code_id="S24", on=ON, ago=5)
    assert gap(home)[0]["evidence"]["variant"] == "daily"
    contact(home, ON, 2)
    hit, found = gap(home)
    assert (hit, found["band"]) == (None, Band.EMERGENCY)


def test_protection_ending_is_told_from_180_days_before_to_the_last_day():
    last = date(2026, 3, 14)
    home = household(under_protection=date(2021, 3, 15))
    for days, told in ((181, False), (180, True), (0, True), (-1, False)):
        found = verdict(home, as_of(last - timedelta(days=days)))
        assert ("R-PROT-END" in found["rules"]) is told, days


def test_the_last_thirty_days_weigh_more_when_the_household_is_moderate():
    home = household(under_protection=date(2021, 3, 15))
    day = date(2026, 3, 1)
    contact(home, day, 1)
    assert verdict(home, as_of(day))["rules"]["R-PROT-END"]["weight"] == 10
    for code in ("S05", "S07"):
        SignalFactory(household=home, code_id=code, months=3, on=day)
    assert verdict(home, as_of(day))["rules"]["R-PROT-END"]["weight"] == 25
