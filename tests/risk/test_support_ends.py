"""R-PROT-END reads what was granted or is received and ends soon: no points until two people decide otherwise."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from casework.facts import supersede
from households.models import EntitlementStep, ProtectionPeriod
from risk.bands import Band
from risk.explained import explain
from risk.judge import in_force
from risk.models import RuleVersion
from risk.rules.prot_end import ProtectionEnds
from risk.sentences import in_both, sentence
from tests.factories import HouseholdFactory
from tests.factories.agencies import day_at
from tests.factories.entitlements import EntitlementStepFactory
from tests.factories.households import members_of
from tests.factories.risk import as_of, contact, live_sweep, verdict
from tests.factories.stated import CircumstanceFactory

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 1)


@pytest.fixture
def home():
    """A household of two, spoken with lately, of whose protection nothing is on record."""
    household = HouseholdFactory(members=2, registered_on=ON - timedelta(days=900))
    contact(household, ON, 10)
    return household


def granted(home, runs=60, ago=20, state="granted", **more):
    told = ON - timedelta(days=ago)
    until = ON + timedelta(days=runs) if state == "granted" else None
    more = {"known_at": day_at(told), **more}
    return EntitlementStepFactory(person=members_of(home)[0], state=state, stated_on=told, until_on=until, **more)


def found(home, when=None):
    return verdict(home, when or as_of(ON))["rules"].get("R-PROT-END")


def test_a_grant_that_ends_within_ninety_days_is_told_without_points(home):
    granted(home, runs=90)
    hit = found(home)
    assert (hit["weight"], hit["floor"]) == (0, None)
    assert verdict(home, as_of(ON))["band"] == Band.GENERAL
    (fact,) = hit["evidence"]["facts"]
    assert (fact["kind"], fact["code"], fact["observed"]) == ("ending", "TRAINING", "2026-05-30")


def test_later_is_not_told_and_neither_is_what_has_ended(home):
    granted(home, runs=91)
    assert found(home) is None
    assert found(home, as_of(ON + timedelta(days=1)))
    assert found(home, as_of(ON + timedelta(days=91)))
    assert found(home, as_of(ON + timedelta(days=92))) is None


def test_what_was_said_last_counts(home):
    granted(home)
    granted(home, ago=5, state="ended")
    assert found(home) is None
    assert found(home, as_of(ON - timedelta(days=6))), "nobody had said so yet"


def test_it_is_pure_in_the_day_and_in_what_was_known(home):
    step = granted(home, runs=30, ago=20)
    learnt_late = as_of(ON - timedelta(days=21))
    assert found(home, learnt_late) is None
    supersede(step, by=None, now=day_at(ON - timedelta(days=3)), until_on=ON + timedelta(days=200))
    assert found(home) is None
    assert found(home, as_of(ON - timedelta(days=4))), "as it was known before the correction"


def test_the_sentences_name_the_support_on_the_page_and_not_in_lists(home):
    granted(home, runs=45)
    evidence = found(home)["evidence"]
    said = {kind: in_both("R-PROT-END", evidence, ON, ON, kind=kind) for kind in ("full", "list")}
    name = evidence["facts"][0]
    assert all(part in said["full"]["ko"] for part in (name["ko"], "45일", "확인이 필요"))
    assert name["en"] in said["full"]["en"]
    assert name["ko"] not in said["list"]["ko"]
    assert "45일" in said["list"]["ko"]
    today = sentence("R-PROT-END", evidence, ON, ON + timedelta(days=45), language="ko")
    assert "오늘" in today


def test_with_a_period_that_ends_both_are_said_and_the_period_weighs(home):
    granted(home, runs=45)
    person = members_of(home)[0]
    ProtectionPeriod.objects.create(
        person=person,
        basis="initial",
        during=(ON - timedelta(days=1700), ON + timedelta(days=100)),
        known_at=day_at(ON),
    )
    hit = found(home)
    assert (hit["weight"], hit["floor"]) == (10, int(Band.WATCH))
    full = in_both("R-PROT-END", hit["evidence"], ON, ON)["ko"]
    listed = in_both("R-PROT-END", hit["evidence"], ON, ON, kind="list")["ko"]
    assert "보호기간" in full
    assert "지원" in full
    assert "보호기간" in listed
    assert "45일" not in listed


def test_a_benefit_that_comes_in_ends_with_its_criteria():
    moved_in = ON - timedelta(days=5 * 365 - 30)
    home = HouseholdFactory(under_protection=moved_in, registered_on=moved_in)
    person = members_of(home)[0]
    CircumstanceFactory(person=person, since=None, known_at=day_at(ON))
    assert "ending" not in {fact["kind"] for fact in found(home)["evidence"]["facts"]}
    CircumstanceFactory(
        person=person, kind="benefit", detail="livelihood", value="receiving", since=None, known_at=day_at(ON)
    )
    facts = {fact.get("why"): fact for fact in found(home)["evidence"]["facts"]}
    assert facts["benefit"]["code"] == "LIVELIHOOD-5Y"
    assert "기초생활" in sentence("R-PROT-END", found(home)["evidence"], ON, ON, language="ko")


def test_the_version_in_force_says_nothing_of_it_and_so_it_weighs_nothing(home):
    """Numbers that a version leaves out are those of the class, which change no band."""
    version = RuleVersion.objects.in_force(on=ON).get(code="R-PROT-END")
    parts = {name: number for name, number in version.parameters.items() if not name.startswith("benefit_")}
    assert ProtectionEnds(parts).params["benefit_weight"] == 0
    assert ProtectionEnds.parameters()["benefit_weight"].maximum <= ProtectionEnds.weight
    (rule,) = [standing.rule for standing in in_force(ON)[1] if standing.rule.code == "R-PROT-END"]
    assert rule.params["benefit_weight"] == 0


def test_why_not_says_what_ends_next(home):
    granted(home, runs=150)
    with translation.override("ko"):
        quiet = {line["rule"]: line for line in explain(home, as_of(ON))["quiet"]}
    assert (ON + timedelta(days=150)).isoformat() in quiet["R-PROT-END"]["nearest"]


def test_a_sweep_asks_the_same_number_of_questions_of_two_and_of_twenty():

    asked = []
    for more in (1, 12):
        for _each in range(more):
            granted(HouseholdFactory(registered_on=ON - timedelta(days=900)))
        with CaptureQueriesContext(connection) as seen:
            live_sweep(ON)
        asked.append(len(seen))
    assert asked[0] == asked[1]
    assert EntitlementStep.objects.count() == 13
