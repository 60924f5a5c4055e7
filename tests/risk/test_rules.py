"""Each rule: it flags, it does not flag, and it is pure in what was known and on which day."""

from datetime import date, timedelta

import pytest

from casework.facts import supersede
from households.models import Membership, Residence
from risk.bands import Band
from risk.sentences import basis
from tests.factories import HouseholdFactory, PersonFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of
from tests.factories.life import ON, rules, tell
from tests.factories.risk import SignalFactory, as_of, contact, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """A household of two adults, spoken with 40 days ago, long in the country."""
    household = HouseholdFactory(members=2, registered_on=ON - timedelta(days=600))
    contact(household, ON, 40)
    return household


# --- each case: what is told, the rule, whether it fires ---

CASES = [
    ("R-UTIL-CUT", True, lambda h: tell(h, "S14", ago=16)),
    ("R-UTIL-CUT", False, lambda h: tell(h, "S14", ago=16, ended_ago=3)),
    ("R-UTIL-CUT", False, lambda h: (tell(h, "S14", ago=16), contact(h, ON, 5, tags=["utilities_ok"]))),
    ("R-UTIL-CUT", True, lambda h: (tell(h, "S14", ago=16), contact(h, ON, 5))),
    ("R-UTIL-CUT", True, lambda h: tell(h, "S12", ago=200)),
    ("R-UTIL-CUT", False, lambda h: tell(h, "S04", ago=16, months=9)),
    ("R-UTIL-MULTI", True, lambda h: (tell(h, "S04"), tell(h, "S10"))),
    ("R-UTIL-MULTI", True, lambda h: tell(h, "S11", months=3)),
    ("R-UTIL-MULTI", False, lambda h: tell(h, "S11", months=2)),
    ("R-UTIL-MULTI", False, lambda h: (tell(h, "S04"), tell(h, "S04", person=members_of(h)[1]))),
    ("R-NHI-ARR", True, lambda h: tell(h, "S01", months=3)),
    ("R-NHI-ARR", False, lambda h: tell(h, "S01", months=2)),
    ("R-NHI-ARR", False, lambda h: tell(h, "S01", months=None)),
    ("R-NHI-ARR", False, lambda h: tell(h, "S02", months=7)),
    ("R-RENT-ARR", True, lambda h: tell(h, "S05", months=4)),
    ("R-RENT-ARR", True, lambda h: contact(h, ON, 30, tags=["eviction_notice"])),
    ("R-RENT-ARR", False, lambda h: tell(h, "S06", months=2)),
    (
        "R-RENT-ARR",
        False,
        lambda h: (contact(h, ON, 30, tags=["lease_cancelled"]), contact(h, ON, 9, tags=["recovered"])),
    ),
    ("R-TEL-ARR", True, lambda h: tell(h, "S07", months=3)),
    ("R-TEL-ARR", True, lambda h: contact(h, ON, 9, tags=["number_invalid"], made=False, channel="phone")),
    ("R-TEL-ARR", False, lambda h: tell(h, "S07", months=1)),
    (
        "R-TEL-ARR",
        False,
        lambda h: (contact(h, ON, 9, tags=["number_invalid"], made=False), contact(h, ON, 3, channel="phone")),
    ),
    ("R-MULTI-SIG", True, lambda h: [tell(h, c) for c in ("S01", "S16", "S27")]),
    ("R-MULTI-SIG", False, lambda h: [tell(h, c) for c in ("S01", "S16")]),
    ("R-MULTI-SIG", False, lambda h: [tell(h, c) for c in ("S19", "S22", "S23", "S28", "S31", "S33", "S40", "S43")]),
    ("R-MULTI-SIG", False, lambda h: [tell(h, "S01") for _ in range(10)]),
    ("R-SUI", True, lambda h: tell(h, "S24")),
    ("R-SUI", True, lambda h: tell(h, "S25")),
    ("R-SUI", True, lambda h: contact(h, ON, 3, tags=["self_harm"])),
    ("R-SUI", False, lambda h: contact(h, ON, 3, tags=["isolation"])),
    ("R-BASIC", True, lambda h: contact(h, ON, 3, tags=["no_food"])),
    ("R-BASIC", False, lambda h: (contact(h, ON, 9, tags=["no_heat_power"]), contact(h, ON, 3, tags=["utilities_ok"]))),
    ("R-BASIC", False, lambda h: contact(h, ON, 3, tags=["unsafe_home"])),
    ("R-CON-FAIL", True, lambda h: [contact(h, ON, ago, made=False) for ago in (20, 15)]),
    (
        "R-CON-FAIL",
        True,
        lambda h: [contact(h, ON, a, made=False, channel=c) for a, c in ((30, "phone"), (20, "phone"), (15, "visit"))],
    ),
    ("R-CON-FAIL", False, lambda h: [contact(h, ON, a, made=False, channel="phone") for a in (30, 20, 15)]),
    ("R-CON-FAIL", False, lambda h: ([contact(h, ON, a, made=False) for a in (30, 20)], contact(h, ON, 5))),
    ("R-CON-GAP", False, lambda h: None),
]


@pytest.mark.parametrize(("code", "fires", "told"), CASES, ids=[f"{c}-{i}" for i, (c, _, _) in enumerate(CASES)])
def test_a_rule_flags_or_does_not(home, code, fires, told):
    told(home)
    assert (code in rules(home)) is fires


# --- what stands behind the numbers ---


def test_a_dwelling_fact_named_for_every_member_counts_once(home):
    for person in members_of(home):
        tell(home, "S14", person=person)
    found = verdict(home, as_of(ON))
    assert [hit["rule"] for hit in found["hits"]].count("R-UTIL-CUT") == 1
    assert found["hits"][0]["person"] is None
    assert len(found["rules"]["R-UTIL-CUT"]["evidence"]["facts"]) == 1


def test_a_fact_of_the_dwelling_stays_with_the_home_when_the_person_it_named_moves_out(home):
    mover, moved_on = members_of(home)[1], ON - timedelta(days=5)
    elsewhere = HouseholdFactory(members=1, registered_on=ON - timedelta(days=600))
    contact(elsewhere, ON, 40)
    tell(home, "S14", ago=16, person=mover)
    before = Membership.objects.current().get(person=mover)
    supersede(before, by=None, now=day_at(moved_on), during=(None, moved_on))
    Membership.objects.create(
        person=mover, household=elsewhere, role="other", during=(moved_on, None), known_at=day_at(moved_on)
    )
    assert "R-UTIL-CUT" in rules(home)
    assert "R-UTIL-CUT" not in rules(elsewhere)
    tell(elsewhere, "S12", ago=2, person=mover)
    assert "R-UTIL-CUT" in rules(elsewhere)


def test_a_fact_of_the_dwelling_outlives_the_member_it_named(home):
    named = members_of(home)[1]
    tell(home, "S14", ago=16, person=named)
    living = Residence.objects.current().get(person=named)
    died_on = ON - timedelta(days=5)
    supersede(living, by=None, now=day_at(died_on), during=(None, died_on))
    Residence.objects.create(person=named, status="deceased", during=(died_on, None), known_at=day_at(died_on))
    assert "R-UTIL-CUT" in rules(home)


def test_months_once_told_stay_known_when_a_later_telling_leaves_them_out(home):
    tell(home, "S01", ago=60, months=4)
    tell(home, "S01", ago=2, months=None)
    fact = rules(home)["R-NHI-ARR"]["evidence"]["facts"][0]
    assert fact["months"] == 4
    assert fact["observed"] == (ON - timedelta(days=2)).isoformat()


def test_the_most_months_told_of_the_dwelling_speak_whoever_is_named_last(home):
    other = PersonFactory(household=home, registered_on=ON - timedelta(days=700))
    tell(home, "S05", months=4)
    SignalFactory(person=other, code_id="S05", on=ON)
    assert rules(home)["R-RENT-ARR"]["evidence"]["facts"][0]["months"] == 4


def test_a_group_is_capped_at_45(home):
    tell(home, "S01", months=4)
    tell(home, "S05", months=4)
    tell(home, "S07", months=4)
    found = verdict(home, as_of(ON))
    arrears = [found["rules"][code]["points"] for code in ("R-RENT-ARR", "R-NHI-ARR", "R-TEL-ARR")]
    assert sum(arrears) == 45
    assert found["score"] == 50 + 10  # the overlap of three signals, and the contact that is late in Moderate


def test_the_strongest_member_counts_once(home):
    for person in members_of(home):
        tell(home, "S01", months=4, person=person)
    found = verdict(home, as_of(ON))
    assert sorted(hit["points"] for hit in found["hits"] if hit["rule"] == "R-NHI-ARR") == [0, 15]


def test_a_floor_holds_whatever_the_score(home):
    tell(home, "S14")
    found = verdict(home, as_of(ON))
    assert found["band"] == Band.HIGH
    assert found["score"] == 35 + 10


def test_an_old_signal_goes_on_counting_until_somebody_has_spoken_with_the_person(home):
    tell(home, "S01", months=4, ago=400, known_ago=390)
    assert "R-NHI-ARR" not in rules(home)  # spoken with 40 days ago: its year is over
    silent = HouseholdFactory(registered_on=ON - timedelta(days=700))
    tell(silent, "S01", months=4, ago=400, known_ago=390)
    hit = rules(silent)["R-NHI-ARR"]
    assert hit["weight"] == 15
    assert hit["evidence"]["facts"][0]["unspoken"] is True
    tell(silent, "S07", months=4, ago=731, known_ago=700)
    assert "R-TEL-ARR" not in rules(silent)  # nothing counts beyond 24 months


def test_a_signal_fades_only_after_120_days_and_a_talk(home):
    tell(home, "S01", months=4, ago=119)
    assert rules(home)["R-NHI-ARR"]["weight"] == 15
    tell(home, "S01", months=4, ago=118)
    assert rules(home, as_of(ON + timedelta(days=2)))["R-NHI-ARR"]["weight"] == 8
    silent = HouseholdFactory(registered_on=ON - timedelta(days=700))
    tell(silent, "S01", months=4, ago=300)
    assert rules(silent)["R-NHI-ARR"]["weight"] == 15


def test_the_latest_word_on_a_signal_stands(home):
    tell(home, "S14", ago=60)
    tell(home, "S14", ago=20, ended_ago=5)
    assert "R-UTIL-CUT" not in rules(home)
    assert "R-UTIL-CUT" in rules(home, as_of(ON - timedelta(days=30)))


def test_told_again_it_is_true_since_it_was_first_told(home):
    tell(home, "S14", ago=30)
    tell(home, "S14", ago=12)
    assert rules(home)["R-UTIL-CUT"]["since"] == (ON - timedelta(days=30)).isoformat()


def test_a_fact_learned_late_changes_no_earlier_answer(home):
    tell(home, "S14", ago=16, known_ago=10)
    assert "R-UTIL-CUT" not in rules(home, as_of(ON - timedelta(days=11)))
    assert "R-UTIL-CUT" in rules(home, as_of(ON - timedelta(days=10)))
    before = as_of(ON - timedelta(days=11))
    assert rules(home, type(before)(on=ON, known_by=before.known_by)).keys() == rules(home, before).keys()


def test_who_died_or_left_the_country_hits_no_rule():
    household = HouseholdFactory(registered_on=ON - timedelta(days=600))
    late = PersonFactory(household=household, status="deceased", registered_on=ON - timedelta(days=600))
    SignalFactory(person=late, code_id="S24", on=ON)
    contact(household, ON, 3)
    assert rules(household) == {}


def test_the_notice_of_eviction_makes_rent_arrears_high(home):
    tell(home, "S05", months=4)
    assert verdict(home, as_of(ON))["rules"]["R-RENT-ARR"]["floor"] is None
    contact(home, ON, 20, tags=["eviction_notice"])
    found = verdict(home, as_of(ON))
    assert found["rules"]["R-RENT-ARR"]["weight"] == 40
    assert len(found["rules"]["R-RENT-ARR"]["evidence"]["facts"]) == 2
    assert found["band"] == Band.HIGH


def test_a_notice_alone_rests_on_no_threshold_of_the_law(home):
    contact(home, ON, 20, tags=["eviction_notice"])
    told = rules(home)["R-RENT-ARR"]["evidence"]
    assert basis("R-RENT-ARR", told, "ko") == "자체 기준"
    tell(home, "S05", months=4)
    told = rules(home)["R-RENT-ARR"]["evidence"]
    assert basis("R-RENT-ARR", told, "ko") == "기준 3개월: 사회보장급여법 제12조"


def test_five_signals_in_three_fields_are_moderate(home):
    for code in ("S01", "S02", "S16", "S27", "S30"):
        tell(home, code)
    hit = rules(home)["R-MULTI-SIG"]
    assert (hit["weight"], hit["floor"]) == (15, Band.MODERATE)


def test_attempts_in_office_hours_only_are_moderate_and_suggest_an_evening(home):
    friday = date(2025, 11, 14)
    for ago in ((ON - friday).days, (ON - friday).days + 1):
        contact(home, ON, ago, made=False, hour=14)
    hit = rules(home)["R-CON-FAIL"]
    assert (hit["floor"], hit["evidence"]["variant"]) == (Band.MODERATE, "office")
    tell(home, "S16")
    assert rules(home)["R-CON-FAIL"]["floor"] == Band.HIGH
