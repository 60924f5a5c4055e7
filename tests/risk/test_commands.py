"""`manage.py sweep` and `manage.py explain`, to the letter."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from casework import touched
from risk.models import Flag, Sweep
from risk.rules import RULES
from tests.factories import HouseholdFactory
from tests.factories.households import members_of
from tests.factories.risk import SignalFactory, contact

ON = date(2025, 11, 19)
BANDS = ["emergency", "high", "moderate", "watch", "general"]
pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def cut():
    home = HouseholdFactory(registered_on=ON - timedelta(days=600), register_ref="H-1")
    contact(home, ON, 10)
    SignalFactory(household=home, code_id="S14", on=ON, ago=16)
    return home


def test_sweep_prints_one_object_with_these_keys(cut):
    found = json.loads(run("sweep", "--json"))
    assert list(found) == [
        "on", "known_by", "persons", "households", "seconds", "opened", "cleared", "bands", "rules"
    ]  # fmt: skip
    assert list(found["bands"]) == BANDS
    assert set(found["rules"]) == set(RULES)
    assert (found["persons"], found["households"], sum(found["bands"].values())) == (1, 1, 1)
    assert Flag.objects.open().count() == found["opened"] > 0


def test_sweep_of_a_past_day_is_kept_as_such_and_raises_nothing(cut):
    found = json.loads(run("sweep", "--on", "2025-11-19", "--json"))
    assert found["bands"]["high"] == 1
    assert (found["opened"], Flag.objects.count(), Sweep.objects.get().kind) == (0, 0, "past")
    before = json.loads(run("sweep", "--on", "2025-11-19", "--known-by", "2025-11-01T00:00:00+09:00", "--json"))
    assert before["bands"]["high"] == 0


def test_explain_tells_why_and_why_not_in_both_languages(cut):
    found = json.loads(run("explain", "H-1", "--on", "2025-11-19", "--json"))
    assert list(found) == ["household", "on", "known_by", "band", "decided_band", "score", "flags", "quiet"]
    assert (found["household"], found["band"], found["decided_band"], found["score"]) == ("H-1", "high", None, 35)
    (flag,) = found["flags"]
    assert list(flag) == ["rule", "since", "weight", "evidence", "basis", "sentence", "list_sentence"]
    assert flag["sentence"]["ko"] == "전기가 끊긴 지 16일이 지났고 다시 들어왔다는 기록이 없습니다."
    assert flag["sentence"]["en"].startswith("16 days have passed since the power was cut off")
    assert flag["evidence"]["v"] == 1
    assert flag["evidence"]["facts"][0]["code"] == "S14"
    assert {quiet["rule"] for quiet in found["quiet"]} == set(RULES) - {"R-UTIL-CUT"}
    assert all(list(quiet) == ["rule", "nearest", "unknown"] for quiet in found["quiet"])


def test_explain_takes_a_case_number_and_says_when_it_knows_none(cut):
    person = members_of(cut)[0]
    assert json.loads(run("explain", person.case_number, "--json"))["household"] == "H-1"
    spoken = person.case_number.replace("-", "").lower()
    for said in (person.case_number.lower(), spoken, f" {spoken.upper()} "):
        assert json.loads(run("explain", said, "--json"))["household"] == "H-1"
    assert json.loads(run("explain", cut.number.replace("-", "").lower(), "--json"))["household"] == "H-1"
    with pytest.raises(CommandError, match="no household"):
        run("explain", "H-9")
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        run("sweep", "--on", "19.11.2025")


def test_the_bell_is_rung_once_and_an_absent_broker_is_no_error(django_capture_on_commit_callbacks, cut):
    with django_capture_on_commit_callbacks(execute=True) as rung:
        touched.ring()
        touched.ring()
    assert len(rung) == 1
    assert touched.Touched.objects.filter(household_id=cut.pk).exists()
