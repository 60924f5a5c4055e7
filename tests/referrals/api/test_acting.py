"""One endpoint for each verb: it works; GET is refused; a stranger finds nothing; twice changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.api.scopes import Scope
from casework.audit.models import Event
from referrals import actions
from referrals.api.shapes import BODIES
from referrals.models import DesiredOutcome, Referral
from tests.factories.api import Caller
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db
# verb: where it starts, whose it is, the body, where it leads
STEPS = {
    "send": ("draft", "ours", {}, "sent"),
    "acknowledge": ("sent", "theirs", {}, "received"),
    "accept": ("received", "theirs", {}, "accepted"),
    "decline": ("received", "theirs", {"reason": "관할이 아닙니다."}, "declined"),
    "reroute": ("received", "theirs", {"reason": "관할이 아닙니다."}, "rerouted"),
    "begin": ("accepted", "theirs", {}, "in_progress"),
    "hold": ("in_progress", "theirs", {"reason": "입원 중", "waits_for": "client"}, "on_hold"),
    "resume": ("on_hold", "theirs", {}, "in_progress"),
    "provide": ("in_progress", "theirs", {"text": "받으셨습니다.", "outcome": "provided"}, "provided"),
    "fail": ("in_progress", "theirs", {"reason": "이사"}, "failed"),
    "confirm": ("provided", "ours", {}, "confirmed"),
    "return": ("provided", "ours", {"reason": "받지 못함"}, "disputed"),
    "close": ("confirmed", "ours", {}, "closed"),
    "cancel": ("sent", "ours", {"reason": "먼저 도왔습니다."}, "cancelled"),
}
each_step = pytest.mark.parametrize("verb", STEPS)


@pytest.fixture
def made(sender, receiver, household):
    def make(verb):
        stands = STEPS[verb][0]
        begun = "in_progress" if stands == "on_hold" else stands
        recent = timezone.now() - timedelta(minutes=5) if stands == "draft" else timezone.now() - timedelta(hours=8)
        referral = ReferralFactory(sender=sender, receiver=receiver, household=household, stands=begun, sent_at=recent)
        if stands == "on_hold":
            actions.VERBS["hold"](referral, by=receiver, now=timezone.now(), waits_for="client", reason="입원 중")
        return referral

    return make


@pytest.fixture
def callers(ours, theirs):
    return {"ours": ours, "theirs": theirs}


def body_of(verb):
    body = dict(STEPS[verb][2])
    if verb == "reroute":
        body["to_agency"] = ReceiverFactory().agency_id
    return body


def path(referral, verb):
    return f"referrals/{referral.number}/{verb}"


def test_every_verb_has_its_endpoint_and_its_line_here():
    by_people = {"end"}  # of a referral about somebody who died
    assert set(actions.VERBS) - by_people == set(BODIES) == set(STEPS)


@each_step
def test_a_step_works_and_answers_with_how_it_stands_then(verb, made, callers):
    referral, caller = made(verb), callers[STEPS[verb][1]]
    answer = caller.act(referral.number, verb, body_of(verb))
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == STEPS[verb][3]
    assert Event.objects.about(referral).first().actor_id == caller.user.pk
    assert caller.get(f"referrals/{referral.number}").headers["ETag"] == answer.headers["ETag"]


@each_step
def test_a_step_refuses_get(verb, made, callers):
    referral = made(verb)
    assert callers[STEPS[verb][1]].get(path(referral, verb)).status_code == 405


@each_step
def test_a_strangers_system_finds_nothing_and_the_other_sides_may_not(verb, made, callers):
    referral = made(verb)
    body = body_of(verb)
    assert Caller(OfficeFactory()).post(path(referral, verb), body, If_Match="*").status_code == 404
    other = callers["theirs" if STEPS[verb][1] == "ours" else "ours"]
    expected = 404 if STEPS[verb][0] == "draft" else 403
    assert other.post(path(referral, verb), body, If_Match="*").status_code == expected
    status = referral.status
    referral.refresh_from_db()
    assert referral.status == status or STEPS[verb][0] == "on_hold"


@each_step
def test_twice_changes_nothing_and_the_second_is_told(verb, made, callers):
    referral, caller = made(verb), callers[STEPS[verb][1]]
    body = body_of(verb)
    caller.act(referral.number, verb, body)
    before = Event.objects.count()
    again = caller.post(path(referral, verb), body, If_Match="*")
    assert again.status_code == 409
    assert again.json()["detail"]
    assert Event.objects.count() == before


@each_step
def test_a_step_names_the_version_it_means(verb, made, callers):
    referral, caller = made(verb), callers[STEPS[verb][1]]
    body = body_of(verb)
    missing = caller.post(path(referral, verb), body)
    stale = caller.post(path(referral, verb), body, If_Match='"00000000000000000000000000000000"')
    assert (missing.status_code, stale.status_code) == (428, 412)
    assert missing.headers["ETag"] == stale.headers["ETag"]


@pytest.mark.parametrize("verb", [verb for verb in STEPS if STEPS[verb][2]])
def test_a_step_without_its_words_is_refused(verb, made, callers):
    referral, caller = made(verb), callers[STEPS[verb][1]]
    answer = caller.act(referral.number, verb, {"reason": "", "text": ""})
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_two_systems_at_once_one_wins_and_the_other_is_told(made, theirs, receiver):
    referral = made("accept")
    tag = theirs.get(f"referrals/{referral.number}").headers["ETag"]
    actions.accept(referral, by=receiver, now=timezone.now())
    late = theirs.post(path(referral, "accept"), {}, If_Match=tag)
    assert late.status_code == 412
    told = theirs.post(path(referral, "accept"), {}, If_Match="*")
    assert told.status_code == 409
    assert str(receiver) in told.json()["detail"]


def test_a_named_worker_takes_it_and_nobody_elses(made, theirs, receiver):
    referral = made("accept")
    wrong = theirs.act(referral.number, "accept", {"handler": ReceiverFactory().username})
    assert wrong.status_code == 422
    right = theirs.act(referral.number, "accept", {"handler": receiver.username})
    assert right.json()["handler"] == str(receiver)


def test_each_hoped_for_result_gets_its_own(made, theirs):
    referral = made("provide")
    lines = [DesiredOutcome(referral=referral, order=n, text=f"{n}") for n in (1, 2)]
    DesiredOutcome.objects.bulk_create(lines)
    packet = referral.packet | {"desired": [{"order": n, "text": f"{n}"} for n in (1, 2)]}
    Referral.objects.filter(pk=referral.pk).update(packet=packet)
    half = [{"order": 1, "result": "provided", "text": ""}]
    assert theirs.act(referral.number, "provide", {"text": "-", "results": half}).status_code == 422
    whole = [*half, {"order": 2, "result": "not_provided", "text": "자격 없음"}]
    told = theirs.act(referral.number, "provide", {"text": "-", "results": whole}).json()
    assert told["outcome"] == "partial"
    assert [line["result"] for line in told["desired"]] == ["provided", "not_provided"]


def test_a_draft_whose_register_moved_on_is_read_again_before_it_is_sent(made, ours, household):
    referral = made("send")
    packet = referral.packet | {"members": []}
    Referral.objects.filter(pk=referral.pk).update(packet=packet)
    refused = ours.act(referral.number, "send", Idempotency_Key="k")
    assert refused.status_code == 409
    referral.refresh_from_db()
    assert referral.packet["members"], "the draft holds what the register says now"
    assert ours.act(referral.number, "send").status_code == 200


def test_a_token_that_only_reads_takes_no_step(made, receiver):
    reader = Caller(receiver.agency, Scope.REFERRALS_READ)
    assert reader.act(made("acknowledge").number, "acknowledge").status_code == 403
