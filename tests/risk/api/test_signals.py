"""A feed sends its signals in batches: the same way in as a file, the same answer as the command."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.api.scopes import Scope
from casework.imports.models import Batch
from risk.models import Signal
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.api import Caller
from tests.factories.households import members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    worker = UserFactory(agency=CentreFactory())
    found = members_of(HouseholdFactory(worker=worker, members=["정금주"]))[0]
    found.center = worker.agency
    return found


def row(person, n=1, **changes):
    told = {"reference": f"A{n}", "signal": "S01", "observed_on": "2026-01-05", "case_number": person.case_number}
    return told | changes


def test_a_batch_is_loaded_and_told_like_a_file(person, capsys, tmp_path):
    caller = Caller(person.center, Scope.SIGNALS_WRITE, source="한전")
    answer = caller.post("signals", {"rows": [row(person), row(person, 2, months=3), row(person, 3, signal="S99")]})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert {name: told[name] for name in ("rows", "loaded", "unchanged", "superseded")} == {
        "rows": 3,
        "loaded": 2,
        "unchanged": 0,
        "superseded": 0,
    }
    assert told["refused"][0] | {"reason": ""} == {"row": 3, "field": "signal", "reason": ""}
    stored = Signal.objects.order_by("reference")
    assert [(s.reference, s.source, s.person_id) for s in stored] == [
        ("A1", "한전", person.pk),
        ("A2", "한전", person.pk),
    ]
    batch = Batch.objects.get(pk=told["batch"])
    assert (batch.agency, batch.brought_by, batch.source) == (person.center, caller.user, "한전")
    file = tmp_path / "x.csv"
    file.write_text("reference,signal,observed_on,ended_on,months,amount_krw,case_number\n")
    call_command("import_signals", str(file), source="한전", json=True)
    assert set(json.loads(capsys.readouterr().out)) == set(told)


def test_the_same_batch_again_changes_nothing_and_a_changed_row_supersedes(person):
    caller = Caller(person.center, Scope.SIGNALS_WRITE)
    caller.post("signals", {"rows": [row(person)]})
    assert caller.post("signals", {"rows": [row(person)]}).json()["unchanged"] == 1
    changed = caller.post("signals", {"rows": [row(person, months=4)]}).json()
    assert (changed["loaded"], changed["superseded"]) == (1, 1)


def test_a_systems_batch_reaches_its_own_agencys_people_and_learns_of_nobody_else(person):
    stranger = Caller(CentreFactory(), Scope.SIGNALS_WRITE)
    found = stranger.post("signals", {"rows": [row(person)]}).json()
    nobody = stranger.post("signals", {"rows": [row(person) | {"case_number": "0000-0000-0"}]}).json()
    assert found["loaded"] == 0
    assert found["refused"][0]["reason"].split("”")[1] == nobody["refused"][0]["reason"].split("”")[1]


def test_a_national_feed_reaches_everybody(person):
    feed = Caller(AgencyFactory(kind="ministry"), Scope.SIGNALS_ALL, source="사회보장정보원")
    told = feed.post("signals", {"rows": [row(person)], "received_on": str(timezone.localdate())}).json()
    assert told["loaded"] == 1
    assert Signal.objects.get().source == "사회보장정보원"
    assert Batch.objects.get().agency == feed.token.agency


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"rows": []},
        {"rows": "x"},
        {"rows": [1]},
        {"rows": [{"reference": "1", "colour": "red"}]},
        {"rows": [{"reference": ["1"]}]},
        {"rows": [{"reference": True}]},
        {"rows": [{"reference": "x" * 300}]},
        {"rows": [{}], "received_on": "gestern"},
        {"rows": [{"reference": "1"}] * 10_001},
    ],
)
def test_what_is_no_batch_is_refused_and_leaves_nothing(body):
    answer = Caller(CentreFactory()).post("signals", body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"]
    assert not Batch.objects.exists()


def test_a_batch_lands_once_under_its_key(person):
    caller = Caller(person.center)
    first = caller.post("signals", {"rows": [row(person)]}, Idempotency_Key="b1")
    again = caller.post("signals", {"rows": [row(person)]}, Idempotency_Key="b1")
    assert first.json() == again.json()
    assert Batch.objects.count() == 1


def test_a_token_without_the_scope_brings_nothing(person):
    assert Caller(person.center, Scope.REFERRALS_READ).post("signals", {"rows": [row(person)]}).status_code == 403
    assert Caller(person.center).get("signals").status_code == 405


def test_ten_thousand_rows_in_one_batch(person):
    caller = Caller(person.center)
    told = caller.post("signals", {"rows": [row(person, n) for n in range(10_000)]}).json()
    assert told["loaded"] == 10_000
