"""A Bundle comes in: a draft for a person to send, or a sent referral where the token allows it."""

import copy

import pytest

from casework.api.scopes import Scope
from referrals.models import Referral
from tests.factories.api import Caller

pytestmark = pytest.mark.django_db
FHIR_JSON = "application/fhir+json"


@pytest.fixture
def bundle(ours, words):
    """A Bundle as our own system wrote it, of a draft that then is gone."""
    number = ours.post("referrals", words(facts="전기 끊김", desired=[{"text": "난방"}])).json()["number"]
    answer = ours.get(f"referrals/{number}/fhir")
    assert answer.headers["Content-Type"].startswith(FHIR_JSON)
    return answer.json()


def part(bundle, kind):
    return next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)


def test_a_bundle_becomes_a_draft_with_the_same_words(ours, bundle):
    first = Referral.objects.get()
    answer = ours.post("fhir", bundle, FHIR_JSON)
    assert answer.status_code == 201, answer.content
    made = Referral.objects.exclude(pk=first.pk).get()
    for name in ("status", "household", "need", "urgency", "title", "request", "to_agency", "ground", "packet"):
        assert getattr(made, name) == getattr(first, name), name
    assert [line.text for line in made.desired.all()] == ["난방"]


def test_a_requested_task_is_sent_where_the_token_allows_it(ours, sender, bundle):
    task = part(bundle, "Task")
    task["status"], task["businessStatus"]["coding"][0]["code"] = "requested", "sent"
    writes = Caller(sender.agency, Scope.REFERRALS_WRITE)
    assert writes.post("fhir", bundle, FHIR_JSON).status_code == 403
    answer = ours.post("fhir", bundle, FHIR_JSON)
    assert (answer.status_code, answer.json()["status"]) == (201, "sent")


def test_a_bundle_lands_once_under_its_key(ours, bundle):
    first = ours.post("fhir", bundle, FHIR_JSON, Idempotency_Key="b")
    again = ours.post("fhir", bundle, FHIR_JSON, Idempotency_Key="b")
    assert first.json() == again.json()
    assert Referral.objects.count() == 2


def test_a_system_writes_for_its_own_agency_and_begins_at_the_beginning(theirs, ours, bundle):
    assert theirs.post("fhir", bundle, FHIR_JSON).status_code == 422
    later = copy.deepcopy(bundle)
    part(later, "Task")["businessStatus"]["coding"][0]["code"] = "closed"
    assert ours.post("fhir", later, FHIR_JSON).status_code == 422
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("kind", ["Task", "ServiceRequest", "Patient", "Organization", "Consent"])
def test_a_bundle_without_one_of_its_parts_is_refused_with_the_place(ours, bundle, kind):
    kept = [entry for entry in bundle["entry"] if entry["resource"]["resourceType"] != kind]
    answer = ours.post("fhir", bundle | {"entry": kept}, FHIR_JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"]


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.update(resourceType="Patient"),
        lambda b: b.update(entry="x"),
        lambda b: b.update(entry=[1]),
        lambda b: b.pop("resourceType"),
        lambda b: part(b, "Task").update(status=["x"]),
        lambda b: part(b, "Task").update(status="no such word" * 3),
        lambda b: part(b, "Task").update(input="x"),
        lambda b: part(b, "Task")["input"][1].update(valueString="{"),
        lambda b: part(b, "ServiceRequest").update(subject={"reference": "urn:uuid:x"}),
        lambda b: part(b, "ServiceRequest").update(category=[]),
        lambda b: part(b, "Organization")["identifier"][0].update(value="x"),
        lambda b: part(b, "Patient").update(identifier=[{"value": "x"}]),
        lambda b: part(b, "Provenance").update(recorded="yesterday"),
        lambda b: part(b, "Consent").update(policyRule={"text": "-"}),
    ],
)
def test_no_bundle_is_too_strange_to_be_refused(ours, bundle, change):
    change(bundle)
    answer = ours.post("fhir", bundle, FHIR_JSON)
    assert answer.status_code in (404, 422), answer.content
    assert Referral.objects.count() == 1


def test_what_is_no_bundle_at_all(ours):
    for body in ([], 1, None, {}, {"resourceType": "Bundle"}):
        assert ours.post("fhir", body or b"[]", FHIR_JSON).status_code == 422
