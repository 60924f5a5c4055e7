"""A system writes a referral: by the rules of the form, as a draft for a person, or sent where its token allows."""

import pytest

from casework.api.scopes import Scope
from casework.audit.models import Event
from referrals.models import Referral
from tests.factories import HouseholdFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.api import Caller

pytestmark = pytest.mark.django_db


def test_a_referral_is_written_as_a_draft_for_a_person_to_send(ours, words, theirs):
    answer = ours.post("referrals", words())
    referral = Referral.objects.get()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/referrals/{referral.number}"
    assert (referral.status, referral.sender, referral.urgency) == ("draft", ours.user, "usual")
    assert answer.json()["packet"]["members"]
    assert Event.objects.about(referral).get().actor_id == ours.user.pk
    assert theirs.get(f"referrals/{referral.number}").status_code == 404


def test_it_is_sent_at_once_where_the_token_allows_it(ours, sender, words, theirs):
    answer = ours.post("referrals", words(send=True))
    assert answer.json()["status"] == "sent"
    assert theirs.get(f"referrals/{answer.json()['number']}").status_code == 200
    writes = Caller(sender.agency, Scope.REFERRALS_READ, Scope.REFERRALS_WRITE)
    assert writes.post("referrals", words(send=True)).status_code == 403
    assert Referral.objects.count() == 1


def test_what_cannot_be_sent_is_not_kept_as_a_draft(ours, words):
    answer = ours.post("referrals", words(ground="duty", need="work", note="", send=True))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "ground"
    assert not Referral.objects.exists()


def test_it_may_be_about_one_person_with_hoped_for_results(ours, words):
    person = words.people[1]
    hoped = [{"text": "등록", "case_number": person.case_number}, {"text": "상담"}]
    answer = ours.post("referrals", words(household="", case_number=person.case_number, desired=hoped))
    assert answer.status_code == 201, answer.content
    referral = Referral.objects.get()
    assert referral.person == person
    assert [(line.text, line.person) for line in referral.desired.all()] == [("등록", person), ("상담", None)]
    assert [line["order"] for line in answer.json()["desired"]] == [1, 2]


def test_a_consent_on_paper_is_stated_with_its_day(ours, words):
    said = {"on": "2026-01-05", "until": "2099-01-01", "case_number": words.people[0].case_number}
    answer = ours.post("referrals", words(ground="consent", note="", consent=said, send=True))
    assert answer.status_code == 201, answer.content
    assert Referral.objects.get().consent is not None
    told = answer.json()["packet"]["consent"]
    assert "by" not in told
    assert told["on"] == "2026-01-05"


def test_a_household_that_the_agency_does_not_answer_for_is_not_there(ours, words):
    foreign = HouseholdFactory(members=["표다솜"])
    for changes in ({"household": foreign.number}, {"household": "none"}, {"household": "", "case_number": "x"}):
        assert ours.post("referrals", words(**changes)).status_code == 404
    assert not Referral.objects.exists()


def test_a_hoped_for_result_names_nobody_outside_the_household(ours, words):
    other = HouseholdFactory(members=["표다솜"])
    number = other.membership_set.get().person.case_number
    refused = [
        ours.post("referrals", words(desired=[{"text": "-", "case_number": written}])) for written in (number, "x")
    ]
    assert [answer.status_code for answer in refused] == [422, 422]
    assert refused[0].json() == refused[1].json(), "who exists elsewhere is not told"
    assert refused[0].json()["errors"][0]["field"] == "desired.0"


def test_an_agency_where_nobody_reads_is_refused(ours, words):
    empty = AgencyFactory(kind="city")
    for to in (empty.pk, 10**15, ours.token.agency_id):
        answer = ours.post("referrals", words(to_agency=to))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "to_agency"


def test_an_agency_that_only_receives_writes_none(theirs, words):
    assert theirs.post("referrals", words()).status_code == 404
