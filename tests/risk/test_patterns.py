"""A rule composed without code: a closed vocabulary, validated in sentences, judged like every other rule."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from casework.clock import seoul_day
from risk.changes.affected import candidates
from risk.changes.whatif import simulate
from risk.facts.gathering import Facts
from risk.judge import standing_of
from risk.models import RuleVersion
from risk.rules.pattern import SignalPattern, condition_of, from_params, validated
from risk.sentences import in_both
from risk.sweeps import judged, one_snapshot, sweep
from tests.factories import HouseholdFactory
from tests.factories.changes import PATTERN, as_now, proposal
from tests.factories.risk import SignalFactory, as_of, contact

ON = date(2025, 11, 19)
NAMES = {"name_ko": "겹친 체납", "name_en": "Arrears together"}


def pattern(**changes):
    return SignalPattern(validated({**PATTERN, **changes}), code="P-01", **NAMES)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"codes": []}, "codes"),
        ({"codes": ["S99"]}, "codes"),
        ({"codes": "S01; DROP TABLE"}, "codes"),
        ({"at_least": 4}, "at_least"),
        ({"at_least": True}, "at_least"),
        ({"in_groups": 2}, "in_groups"),
        ({"look_back": 9999}, "look_back"),
        ({"weight": 46}, "weight"),
        ({"weight": 0, "floor": "none"}, "weight"),
        ({"floor": "emergency"}, "floor"),
        ({"months_at_least": 0}, "months_at_least"),
        ({"amount_at_least_krw": "1000"}, "amount_at_least_krw"),
        ({"sql": "SELECT 1"}, "sql"),
    ],
)
def test_what_is_outside_the_vocabulary_is_refused_with_a_sentence(told, field):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        validated({**PATTERN, **told})
    assert list(refused.value.message_dict) == [field]
    assert refused.value.message_dict[field][0].endswith(".")


def test_a_valid_pattern_comes_back_whole_and_says_when_it_applies():
    assert validated({**PATTERN, "codes": ["S07", "S01", "S05", "S01"]}) == PATTERN
    with translation.override("en"):
        said = condition_of({**PATTERN, "months_at_least": 3, "in_groups": 2})
    assert said.startswith("2 or more of these signals, told within 365 days: Health-insurance")
    assert "3 months" in said
    assert "2 fields" in said


def hit_of(household, rule):
    """Judge one household by the pattern alone and return its hit, or None."""
    version = RuleVersion(code="P-01", version=1, pattern=rule.pattern, **NAMES)
    with one_snapshot(live=False):
        from risk.explained import _row

        judged(as_of(ON), households=[household.pk], standing=standing_of([version]))
        return next(iter(_row(household.pk)["hits"]), None)


CASES = [
    ({}, [("S01", {}), ("S05", {})], True),
    ({}, [("S01", {}), ("S01", {})], False),
    ({}, [("S01", {}), ("S16", {})], False),
    ({}, [("S01", {}), ("S05", {"ended_ago": 3})], False),
    ({"months_at_least": 3}, [("S01", {"months": 3}), ("S05", {"months": 4})], True),
    ({"months_at_least": 3}, [("S01", {"months": 3}), ("S05", {"months": 2})], False),
    ({"months_at_least": 3}, [("S01", {"months": 3}), ("S05", {})], False),
    ({"amount_at_least_krw": 500_000}, [("S01", {"amount_krw": 500_000}), ("S05", {"amount_krw": 900_000})], True),
    ({"amount_at_least_krw": 500_000}, [("S01", {"amount_krw": 499_999}), ("S05", {"amount_krw": 900_000})], False),
    ({"codes": ["S01", "S16"], "in_groups": 2}, [("S01", {}), ("S16", {})], True),
    ({"look_back": 30}, [("S01", {"ago": 40}), ("S05", {})], False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "told", "fires"), CASES)
def test_a_pattern_flags_what_it_says_and_nothing_else(asked, told, fires):
    household = HouseholdFactory(members=2, registered_on=ON - timedelta(days=600))
    contact(household, ON, 3)
    for code, fields in told:
        SignalFactory(household=household, code_id=code, on=ON, **{"ago": 10, **fields})
    hit = hit_of(household, pattern(**asked))
    assert bool(hit) == fires
    if fires:
        assert (hit["rule"], hit["weight"], hit["floor"], hit["trump"]) == ("P-01", 20, 3, False)


@pytest.mark.django_db
def test_its_sentences_come_from_the_evidence_alone():
    household = HouseholdFactory(registered_on=ON - timedelta(days=600))
    for code in ("S01", "S05"):
        SignalFactory(household=household, code_id=code, on=ON)
    hit = hit_of(household, pattern())
    said = in_both("P-01", hit["evidence"], ON, ON)
    assert "건보료 체납과 공공임대주택 임대료 체납이" in said["ko"]
    assert "‘겹친 체납’ 기준" in said["ko"]
    assert "Arrears together" in said["en"]
    listed = in_both("P-01", hit["evidence"], ON, ON, kind="list")
    assert "체납" not in listed["ko"]
    assert from_params("P-01", hit["evidence"]["params"]).pattern == PATTERN


@pytest.mark.django_db
def test_whom_it_can_touch_is_read_off_its_own_query():
    told, other = HouseholdFactory(), HouseholdFactory()
    SignalFactory(household=told, code_id="S01", months=4)
    SignalFactory(household=other, code_id="S16")
    question = as_of(seoul_day(timezone.now()))
    criteria, __ = standing_of([])
    facts = Facts(question, criteria, live=True)
    assert candidates([pattern()], facts) == {told.pk}
    assert candidates([pattern(months_at_least=5)], facts) == set()


@pytest.mark.django_db
def test_a_pattern_that_fits_nobody_changes_nobody():
    HouseholdFactory()
    sweep(as_now())
    effect = simulate(proposal("P-01", pattern=PATTERN), as_now())
    assert (effect.households, effect.changed, effect.sample) == (1, 0, [])


@pytest.mark.django_db
def test_an_empty_register_is_no_error():
    effect = simulate(proposal("R-RENT-ARR", months=2), as_now())
    assert (effect.households, effect.new, effect.as_json()["moves"]) == (0, 0, [])
