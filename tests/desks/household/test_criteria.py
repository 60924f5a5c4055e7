"""Criteria on pages: by name, also those that people composed, and counted as they are in force."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from desks.centre.second import waiting_for_second
from desks.household.file import file_of
from desks.household.views import quiet_of, standing_shown
from households.models import Household
from risk.judge import in_force
from risk.models import Review
from risk.rules import name_of
from risk.rules.pattern import validated
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.changes import PATTERN, approved, change_of, officer
from tests.factories.risk import SignalFactory
from tests.factories.standings import flagged
from tests.harness.asking import ago, page_of

pytestmark = pytest.mark.django_db
NAMED = {**validated(PATTERN), "name_ko": "겹친 체납", "name_en": "Arrears together"}
EVIDENCE = {"v": 1, "facts": [{"kind": "signal", "code": "S01"}, {"kind": "signal", "code": "S05"}], "params": NAMED}


@pytest.fixture
def household(worker):
    return HouseholdFactory(worker=worker, registered_on=ago(500))


def test_a_pattern_goes_by_the_name_that_its_evidence_keeps():
    assert name_of("P-01", EVIDENCE) == "겹친 체납"
    assert name_of("P-01", {"params": {}}) == "P-01"
    assert name_of("R-GONE", {}) == "R-GONE"
    assert name_of("R-CON-FAIL", {}) != "R-CON-FAIL"


def test_the_timeline_names_a_pattern(look, worker, household):
    flagged(household, "P-01", evidence=EVIDENCE, cleared=True)
    page = look(worker, page_of(household))
    assert page.count("겹친 체납") == 2, "raised and cleared"
    assert "P-01" not in page


def test_who_agrees_as_the_second_reads_the_name_of_a_pattern(supervisor, household):
    Review.objects.create(
        household=household, decision="dismiss", flag=flagged(household, "P-01", evidence=EVIDENCE), machine_band=4,
        reason="확인함", review_on=ago(-30), decided_on=ago(0), recorded_by=UserFactory(agency=supervisor.agency),
    )  # fmt: skip
    (waiting,) = waiting_for_second(supervisor, [household.pk], on=ago(0))
    assert "겹친 체납" in waiting.what
    assert "P-01" not in waiting.what


def test_criteria_that_are_switched_off_or_composed_are_counted_as_in_force(household, swept):
    proposer, second = officer("송다인"), officer("정해준")
    SignalFactory(household=household, code_id="S14", ago=20)
    swept()
    approved(change_of("R-NHI-ARR", by=proposer, stands="requested", off=True), by=second)
    approved(change_of("R-TEL-ARR", by=proposer, stands="requested", off=True), by=second)
    names = {"name_ko": "겹친 체납", "name_en": "Arrears together"}
    approved(change_of("pattern", by=proposer, stands="requested", pattern=PATTERN, **names), by=second)
    today, later = timezone.now(), timezone.now() + timedelta(days=1)
    counts = {}
    for now in (today, later):
        file = file_of(Household.objects.filter(pk=household.pk), on=seoul_day(now))
        shown = standing_shown(file, now, "hangul")
        counts[now] = shown["quiet_count"]
        fired = {reason.rule for reason in shown["reasons"]}
        assert shown["quiet_count"] == len({s.rule.code for s in in_force(seoul_day(now))[1]} - fired)
    assert counts[later] == counts[today] - 1, "two went, one came"
    quiet = quiet_of(household, AsOf(seoul_day(later), later))
    assert "겹친 체납" in [row["name"] for row in quiet]
    assert not {"R-NHI-ARR", "R-TEL-ARR"} & {row["rule"] for row in quiet}
