"""The rules on work, benefits, mind, harm, health, family, isolation and moves: each flags, and does not flag."""

from datetime import timedelta

import pytest

from risk.sentences import in_both
from tests.factories import HouseholdFactory
from tests.factories.households import members_of
from tests.factories.life import ON, ago, child_in, learn, move, rules, screen, state, tell
from tests.factories.risk import contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """A household of two adults, spoken with 40 days ago, long in the country."""
    household = HouseholdFactory(members=2, registered_on=ON - timedelta(days=900))
    contact(household, ON, 40)
    return household


@pytest.fixture
def alone():
    """Somebody of 45 who lives alone, spoken with 40 days ago."""
    household = HouseholdFactory(registered_on=ON - timedelta(days=900))
    contact(household, ON, 40)
    return household


CASES = [
    ("R-DEBT", True, lambda h: tell(h, "S03", amount_krw=1_000_000)),
    ("R-DEBT", True, lambda h: tell(h, "S08")),
    ("R-DEBT", False, lambda h: tell(h, "S03", amount_krw=20_000_001)),
    ("R-DEBT", False, lambda h: tell(h, "S03", amount_krw=999_999)),
    ("R-DEBT", False, lambda h: tell(h, "S03")),
    ("R-BEN-END", True, lambda h: tell(h, "S41")),
    ("R-BEN-END", True, lambda h: state(h, "benefit", "ended", detail="livelihood")),
    ("R-BEN-END", True, lambda h: (tell(h, "S41"), state(h, "benefit", "receiving", since=400, detail="livelihood"))),
    ("R-BEN-END", True, lambda h: (tell(h, "S41"), state(h, "income", "below_line", since=400))),
    ("R-BEN-END", False, lambda h: (tell(h, "S41"), state(h, "employment", "employed", since=400))),
    ("R-BEN-END", False, lambda h: (tell(h, "S41"), state(h, "employment", "day_labour", since=None))),
    ("R-BEN-END", False, lambda h: (tell(h, "S41"), state(h, "income", "near_line", since=900))),
    ("R-BEN-END", True, lambda h: (tell(h, "S41"), state(h, "income", "unknown", since=5))),
    ("R-BEN-END", False, lambda h: (tell(h, "S41"), state(h, "employment", "employed", since=30))),
    ("R-BEN-END", False, lambda h: (tell(h, "S41"), state(h, "benefit", "receiving", since=2, detail="emergency"))),
    ("R-BEN-END", False, lambda h: state(h, "benefit", "ended", since=None, detail="livelihood")),
    ("R-BEN-END", False, lambda h: tell(h, "S41", ago=200)),
    ("R-BEN-MISS", True, lambda h: tell(h, "S43")),
    ("R-BEN-MISS", True, lambda h: state(h, "income", "below_line")),
    ("R-BEN-MISS", True, lambda h: (tell(h, "S43"), state(h, "benefit", "not_wanted", since=181, detail="livelihood"))),
    ("R-BEN-MISS", False, lambda h: state(h, "income", "unknown")),
    ("R-BEN-MISS", False, lambda h: (tell(h, "S43"), state(h, "benefit", "receiving", detail="livelihood"))),
    (
        "R-BEN-MISS",
        False,
        lambda h: (tell(h, "S43"), state(h, "benefit", "not_wanted", since=180, detail="livelihood")),
    ),
    ("R-BEN-MISS", False, lambda h: (tell(h, "S43"), state(h, "benefit", "over_assets", detail="livelihood"))),
    ("R-JOB-LOSS", True, lambda h: tell(h, "S21")),
    ("R-JOB-LOSS", True, lambda h: learn(h, "job_loss")),
    ("R-JOB-LOSS", True, lambda h: state(h, "employment", "unemployed")),
    ("R-JOB-LOSS", True, lambda h: (tell(h, "S21"), state(h, "employment", "employed", since=300))),
    ("R-JOB-LOSS", False, lambda h: (tell(h, "S21", ago=30), state(h, "employment", "employed", since=5))),
    ("R-JOB-LOSS", False, lambda h: state(h, "employment", "unemployed", since=None)),
    ("R-JOB-LOSS", False, lambda h: tell(h, "S19")),
    ("R-JOB-LOSS", False, lambda h: (learn(h, "job_loss", ago=9), learn(h, "recovered", ago=3))),
    ("R-SUI", True, lambda h: screen(h, 9, item9=True)),
    ("R-SUI", False, lambda h: screen(h, 9, item9=False)),
    ("R-MH", True, lambda h: screen(h, 10)),
    ("R-MH", False, lambda h: screen(h, 9)),
    ("R-MH", False, lambda h: (screen(h, 18, days=60), screen(h, 4, days=5))),
    ("R-MH", False, lambda h: (screen(h, 20, days=200), contact(h, ON, 3))),
    ("R-MH", False, lambda h: screen(h, 20, instrument="auditk")),
    ("R-VIOL", True, lambda h: learn(h, "violence")),
    ("R-VIOL", True, lambda h: tell(h, "S36")),
    ("R-VIOL", False, lambda h: learn(h, "scam")),
    ("R-CHILD", True, lambda h: learn(h, "child_harm")),
    ("R-CHILD", True, lambda h: learn(h, "school_absence")),
    ("R-CHILD", True, lambda h: tell(h, "S44")),
    ("R-CHILD", False, child_in),
    ("R-CHILD", False, lambda h: (learn(h, "school_absence", ago=9), learn(h, "recovered", ago=3))),
    ("R-ILL", True, lambda h: tell(h, "S30")),
    ("R-ILL", True, lambda h: learn(h, "chronic_illness")),
    ("R-ILL", True, lambda h: state(h, "disability", "severe", since=200)),
    ("R-ILL", False, lambda h: state(h, "illness", "chronic", since=None)),
    ("R-ILL", False, lambda h: state(h, "illness", "chronic", since=800)),
    ("R-ILL", False, lambda h: state(h, "illness", "none")),
    ("R-ILL", False, lambda h: tell(h, "S28")),
    ("R-NOCARE", True, lambda h: (tell(h, "S26"), state(h, "illness", "chronic", since=800))),
    ("R-NOCARE", True, lambda h: (tell(h, "S26"), learn(h, "chronic_illness"))),
    ("R-NOCARE", False, lambda h: tell(h, "S26")),
    ("R-NOCARE", False, lambda h: (tell(h, "S26"), state(h, "illness", "chronic", person=members_of(h)[1]))),
    ("R-LONE", False, lambda h: screen(h, 7, instrument="lonely")),
    ("R-LONE", False, lambda h: learn(h, "isolation", "alcohol", "divorce", "job_loss")),
    ("R-FAM-SHOCK", True, lambda h: tell(h, "S37")),
    ("R-FAM-SHOCK", True, lambda h: learn(h, "release")),
    ("R-FAM-SHOCK", True, lambda h: state(h, "marital", "divorced", since=300)),
    ("R-FAM-SHOCK", False, lambda h: state(h, "marital", "divorced", since=None)),
    ("R-FAM-SHOCK", False, lambda h: state(h, "marital", "divorced", since=800)),
    ("R-FAM-SHOCK", False, lambda h: learn(h, "pregnancy")),
    ("R-MOVE", True, lambda h: move(h, 8)),
    ("R-MOVE", True, lambda h: learn(h, "returned_mail", made=False)),
    ("R-MOVE", False, lambda h: move(h, 7)),
    ("R-MOVE", False, lambda h: (learn(h, "returned_mail", made=False), contact(h, ON, 3))),
    (
        "R-MOVE",
        False,
        lambda h: (learn(h, "address_mismatch", made=False), learn(h, "recovered", ago=3, channel="phone")),
    ),
    ("R-SHARED-GAP", True, lambda h: (learn(h, "covered_elsewhere", ago=31, made=False), contact(h, ON, 35))),
    ("R-SHARED-GAP", False, lambda h: learn(h, "covered_elsewhere", ago=30, made=False)),
    ("R-SHARED-GAP", False, lambda h: (learn(h, "covered_elsewhere", ago=31), contact(h, ON, 9, channel="phone"))),
]


@pytest.mark.parametrize(("code", "fires", "told"), CASES, ids=[f"{c}-{i}" for i, (c, _, _) in enumerate(CASES)])
def test_a_rule_flags_or_does_not(home, code, fires, told):
    told(home)
    found = rules(home)
    assert (code in found) is fires
    for hit in found.values():
        for kind in ("full", "list"):
            assert "{" not in "".join(in_both(hit["rule"], hit["evidence"], ago(10), ON, kind=kind).values())


LONE = [
    (True, lambda h: screen(h, 4, instrument="lonely")),
    (False, lambda h: screen(h, 3, instrument="lonely")),
    (True, lambda h: learn(h, "isolation", "alcohol")),
    (False, lambda h: learn(h, "isolation")),
    (False, lambda h: (tell(h, "S21"), learn(h, "job_loss"))),
    (True, lambda h: (tell(h, "S21"), state(h, "marital", "divorced", since=None))),
    (False, lambda h: (tell(h, "S21"), state(h, "marital", "divorced"), state(h, "employment", "employed", since=4))),
    (True, lambda h: (state(h, "illness", "chronic", since=None), state(h, "marital", "bereaved", since=4000))),
]


@pytest.mark.parametrize(("fires", "told"), LONE, ids=range(len(LONE)))
def test_who_lives_alone_is_flagged_by_the_screening_or_by_three_things_that_weigh(alone, fires, told):
    told(alone)
    assert ("R-LONE" in rules(alone)) is fires
