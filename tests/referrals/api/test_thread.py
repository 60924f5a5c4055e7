"""The thread from a system: who may say what, a question stops the clock, an answer names its question."""

import pytest

from referrals.models import Message, Referral
from tests.factories import UserFactory
from tests.factories.api import Caller
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(sender, receiver, household):
    made = ReferralFactory(sender=sender, receiver=receiver, household=household, stands="received")
    return f"referrals/{made.number}/messages"


def test_the_receiver_asks_and_the_sender_answers_and_the_clock_runs_on(path, ours, theirs):
    asked = theirs.post(path, {"kind": "question", "text": "통장 사본이 있습니까?"})
    assert (asked.status_code, asked.json()["waits_for"]) == (201, "sender")
    question = asked.json()["messages"][-1]["id"]
    answered = ours.post(path, {"kind": "answer", "text": "내일 보내 드립니다.", "answers": question})
    assert (answered.status_code, answered.json()["waits_for"]) == (201, "")
    late = ours.post(path, {"kind": "answer", "text": "또 보냅니다.", "answers": question})
    assert late.status_code == 409


def test_a_retry_says_it_once(path, theirs):
    for _ in range(2):
        answer = theirs.post(path, {"kind": "comment", "text": "확인 중입니다."}, Idempotency_Key="k")
        assert answer.status_code == 201
    assert Message.objects.get().text == "확인 중입니다."


def test_the_sender_asks_nothing_and_the_receiver_answers_nothing(path, ours, theirs):
    assert ours.post(path, {"kind": "question", "text": "?"}).status_code == 403
    asked = theirs.post(path, {"kind": "question", "text": "?"}).json()["messages"][-1]["id"]
    assert theirs.post(path, {"kind": "answer", "text": "!", "answers": asked}).status_code == 403


def test_an_answer_to_another_referrals_question_and_a_stranger_find_nothing(path, sender, receiver, ours, theirs):
    other = ReferralFactory(sender=sender, receiver=receiver, stands="received")
    elsewhere = theirs.post(f"referrals/{other.number}/messages", {"kind": "question", "text": "?"})
    question = elsewhere.json()["messages"][-1]["id"]
    assert ours.post(path, {"kind": "answer", "text": "!", "answers": question}).status_code == 422
    assert ours.post(path, {"kind": "answer", "text": "!"}).status_code == 422
    stranger = Caller(UserFactory().agency)
    assert stranger.post(path, {"kind": "comment", "text": "!"}).status_code == 404
    assert theirs.get(path).status_code == 405
    assert not Message.objects.filter(referral=Referral.objects.get(number=path.split("/")[1])).exists()
