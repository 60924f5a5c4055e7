"""What the rules on people's lives weigh, at which band they hold, what they rest on, and that they keep to the day."""

from datetime import timedelta

import pytest

from risk.bands import Band
from risk.explained import explain
from risk.sentences import basis, in_both
from tests.factories import HouseholdFactory, PersonFactory
from tests.factories.agencies import CentreFactory, day_at
from tests.factories.households import members_of
from tests.factories.life import ON, ago, child_in, learn, move, rules, screen, state, tell
from tests.factories.risk import as_of, contact, verdict
from tests.factories.stated import CircumstanceFactory, ScreeningFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """A household of two adults, spoken with 40 days ago, long in the country."""
    household = HouseholdFactory(members=2, registered_on=ON - timedelta(days=900))
    contact(household, ON, 40)
    return household


@pytest.mark.parametrize("code", ["R-DEBT", "R-BEN-END", "R-ILL", "R-FAM-SHOCK", "R-JOB-LOSS"])
def test_what_is_learned_later_changes_no_earlier_answer(home, code):
    signal = {"R-DEBT": "S08", "R-BEN-END": "S41", "R-ILL": "S30", "R-FAM-SHOCK": "S37", "R-JOB-LOSS": "S20"}[code]
    tell(home, signal, ago=50, known_ago=20)
    assert code not in rules(home, as_of(ago(21)))
    assert code in rules(home, as_of(ago(20)))
    assert code in rules(home, type(as_of(ON))(on=ago(40), known_by=as_of(ON).known_by))


def test_what_is_stated_or_screened_later_changes_no_earlier_answer(home):
    person = members_of(home)[0]
    CircumstanceFactory(person=person, kind="marital", value="divorced", since=ago(60), known_at=day_at(ago(20)))
    ScreeningFactory(person=person, score=21, observed_on=ago(60), known_at=day_at(ago(20)))
    assert not {"R-FAM-SHOCK", "R-MH"} & rules(home, as_of(ago(21))).keys()
    assert {"R-FAM-SHOCK", "R-MH"} <= rules(home, as_of(ago(20))).keys()
    assert {"R-FAM-SHOCK", "R-MH"} <= rules(home, type(as_of(ON))(on=ago(50), known_by=as_of(ON).known_by)).keys()


# --- weights, floors and what they rest on ---


def test_a_loss_weighs_more_on_the_main_earner_and_on_a_home_with_children(home):
    learn(home, "job_loss", "divorce")
    assert (rules(home)["R-JOB-LOSS"]["weight"], rules(home)["R-FAM-SHOCK"]["weight"]) == (15, 20)
    state(home, "main_earner", "yes", since=None)
    assert (rules(home)["R-JOB-LOSS"]["weight"], rules(home)["R-FAM-SHOCK"]["weight"]) == (23, 30)
    with_child = HouseholdFactory(registered_on=ago(900))
    child_in(with_child)
    learn(with_child, "divorce")
    assert rules(with_child)["R-FAM-SHOCK"]["weight"] == 30


def test_a_benefit_perhaps_missed_weighs_more_where_bills_are_unpaid(home):
    tell(home, "S43")
    assert rules(home)["R-BEN-MISS"]["weight"] == 5
    tell(home, "S02", months=1)
    assert rules(home)["R-BEN-MISS"]["weight"] == 15


def test_a_depression_is_high_from_the_published_cut_off_on(home):
    screen(home, 14)
    hit = rules(home)["R-MH"]
    assert (hit["weight"], hit["floor"]) == (15, None)
    screen(home, 15, days=5)
    hit = rules(home)["R-MH"]
    assert (hit["weight"], hit["floor"]) == (30, Band.HIGH)
    assert "PHQ-9" in basis("R-MH", hit["evidence"], "ko")
    left = {**hit["evidence"], "params": {**hit["evidence"]["params"], "severe": 12}}
    assert basis("R-MH", left, "ko") == "자체 기준"


def test_item_nine_is_high_and_waits_for_an_assessment_not_for_days(home):
    screen(home, 6, days=100, item9=True)
    hit = rules(home)["R-SUI"]
    assert (hit["floor"], hit["trump"], hit["evidence"]["variant"]) == (Band.HIGH, False, "item9")
    screen(home, 3, days=50, item9=None)
    assert rules(home)["R-SUI"]["evidence"]["variant"] == "item9", "a score without item 9 answers nothing"
    screen(home, 1, instrument="cssrs", days=95)
    hit = rules(home)["R-SUI"]
    assert (hit["floor"], hit["evidence"]["variant"]) == (Band.MODERATE, "assessed")  # 100 days old: past day 90


def test_an_amount_once_told_stays_known_when_a_later_telling_leaves_it_out(home):
    tell(home, "S03", ago=60, amount_krw=3_000_000)
    tell(home, "S03", ago=2)
    assert "R-DEBT" in rules(home)


def test_debts_rest_on_the_decree_as_long_as_the_amounts_are_its_own(home):
    tell(home, "S03", amount_krw=3_000_000)
    told = rules(home)["R-DEBT"]["evidence"]
    assert basis("R-DEBT", told, "ko") == "기준 100만~2,000만 원, 2년 이내: 사회보장급여법 시행령 제8조"
    assert basis("R-DEBT", {**told, "params": {**told["params"], "least": 500_000}}, "ko") == "자체 기준"


def test_what_somebody_told_us_rests_on_no_law(home):
    state(home, "benefit", "refused", detail="livelihood")
    assert basis("R-BEN-END", rules(home)["R-BEN-END"]["evidence"], "ko") == "자체 기준"
    tell(home, "S41")
    assert "제12조" in basis("R-BEN-END", rules(home)["R-BEN-END"]["evidence"], "ko")


def test_violence_is_an_emergency_whose_line_tells_nothing_of_it(home):
    learn(home, "violence", ago=1)
    found = verdict(home, as_of(ON))
    assert found["band"] == Band.EMERGENCY
    line = in_both("R-VIOL", found["rules"]["R-VIOL"]["evidence"], ago(1), ON, kind="list")
    assert line["ko"] == "안전을 확인해야 합니다 · 주소 보호"
    contact(home, ON, 0, tags=["safety_plan"])
    later = verdict(home, as_of(ON + timedelta(days=5)))
    assert (later["band"], later["rules"]["R-VIOL"]["evidence"]["variant"]) == (Band.HIGH, "settled")


def test_harm_to_a_child_is_settled_only_by_meeting_the_child(home):
    child = child_in(home)
    learn(home, "child_harm", ago=10)
    contact(home, ON, 8, tags=["safety_plan"])
    assert verdict(home, as_of(ON))["band"] == Band.EMERGENCY  # only an adult was met
    contact(home, ON, 6, people=[child])
    assert verdict(home, as_of(ON))["band"] == Band.HIGH


def test_a_move_that_nobody_takes_over_becomes_moderate(home):
    move(home, 14)
    assert rules(home)["R-MOVE"]["floor"] == Band.WATCH
    assert rules(home, as_of(ON + timedelta(days=1)))["R-MOVE"]["floor"] == Band.MODERATE


def test_a_move_within_the_centres_districts_is_no_flag():
    centre = CentreFactory(covers=["서울 관악구", "서울 양천구"])
    household = HouseholdFactory(center=centre, registered_on=ago(900))
    contact(household, ON, 4)
    move(household, 60)
    assert "R-MOVE" not in rules(household)


def test_the_death_of_the_head_weighs_on_those_who_are_left(home):
    late = PersonFactory(household=home, status="deceased", registered_on=ago(900))
    tell(home, "S37", person=late)
    assert rules(home)["R-FAM-SHOCK"]["person"] is None


def test_why_not_names_the_nearest_threshold_and_what_is_unknown(home):
    tell(home, "S03")
    told = {row["rule"]: row for row in explain(home, as_of(ON))["quiet"]}
    assert {"R-DEBT", "R-BEN-END", "R-MH", "R-LONE", "R-REF-STALL"} <= told.keys()
    assert all(row["nearest"] for row in told.values())
    assert "S03" in told["R-DEBT"]["unknown"][0]
    assert told["R-MH"]["unknown"]
    assert len(told["R-JOB-LOSS"]["unknown"]) == 2
