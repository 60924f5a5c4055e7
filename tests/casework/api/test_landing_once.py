"""A retry under the same key lands once and reads the same; another request under it is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.api.answers import forget_old
from casework.api.models import StoredAnswer
from referrals.models import Referral
from referrals.reviews import judge
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.api import Caller
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    centre = CentreFactory(covers=["서울 관악구"])
    worker = UserFactory(agency=centre)
    return (
        Caller(centre),
        HouseholdFactory(worker=worker, members=["정금주"], district="서울 관악구"),
        ReceiverFactory(),
    )


def words(world, **changes):
    _caller, household, receiver = world
    return {
        "household": household.number,
        "to_agency": receiver.agency_id,
        "need": "livelihood",
        "title": "생계 지원",
        "request": "도와주시면 좋겠습니다.",
        "ground": "danger",
        "note": "오늘 밤 난방이 없습니다.",
        **changes,
    }


def test_the_same_call_again_lands_once_and_is_answered_the_same(world):
    caller = world[0]
    first = caller.post("referrals", words(world), Idempotency_Key='"abc-1"')
    again = caller.post("referrals", words(world), Idempotency_Key="abc-1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"]
    assert Referral.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(world):
    caller = world[0]
    caller.post("referrals", words(world), Idempotency_Key="abc-1")
    refused = caller.post("referrals", words(world, title="다른 것"), Idempotency_Key="abc-1")
    assert refused.status_code == 422
    assert refused.json()["code"] == "key_reused"
    assert Referral.objects.count() == 1


def test_the_key_belongs_to_its_token(world):
    caller, other = world[0], Caller(world[0].token.agency)
    caller.post("referrals", words(world), Idempotency_Key="abc-1")
    other.post("referrals", words(world), Idempotency_Key="abc-1")
    assert Referral.objects.count() == 2


def test_what_was_refused_may_be_mended_under_its_key(world):
    caller = world[0]
    assert caller.post("referrals", words(world, title=""), Idempotency_Key="k").status_code == 422
    assert not StoredAnswer.objects.exists()
    assert caller.post("referrals", words(world), Idempotency_Key="k").status_code == 201


def test_a_step_that_is_tried_again_is_answered_although_the_version_is_old():
    receiver = ReceiverFactory()
    referral = ReferralFactory(receiver=receiver)
    caller = Caller(receiver.agency)
    tag = caller.get(f"referrals/{referral.number}").headers["ETag"]
    path = f"referrals/{referral.number}/acknowledge"
    first = caller.post(path, If_Match=tag, Idempotency_Key="k")
    again = caller.post(path, If_Match=tag, Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (200, 200)
    assert caller.post(path, If_Match=tag, Idempotency_Key="k2").status_code == 412


def test_a_retry_shows_no_more_than_may_be_read_by_then_and_nothing_of_it_is_kept():
    receiver, boss = ReceiverFactory(), UserFactory(role="supervisor")
    sender = UserFactory(agency=boss.agency)
    referral = ReferralFactory(sender=sender, receiver=receiver, ground="danger", need="health", facts="비밀 사실")
    caller = Caller(receiver.agency)
    tag = caller.get(f"referrals/{referral.number}").headers["ETag"]
    path = f"referrals/{referral.number}/acknowledge"
    assert "비밀 사실" in caller.post(path, If_Match=tag, Idempotency_Key="k").content.decode()
    assert StoredAnswer.objects.get().body is None
    judge(referral.ground_review, by=boss, now=timezone.now(), upheld=False, reason="시간이 있었습니다.")
    again = caller.post(path, If_Match=tag, Idempotency_Key="k")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert "비밀 사실" not in again.content.decode()


@pytest.mark.parametrize("key", ["", "x" * 256, "한글"])
def test_a_key_that_is_no_key_is_refused(world, key):
    answer = world[0].post("referrals", words(world), Idempotency_Key=key.encode().decode("latin-1"))
    assert answer.status_code == 400


def test_answers_are_forgotten_after_a_day(world):
    world[0].post("referrals", words(world), Idempotency_Key="k")
    StoredAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    again = world[0].post("referrals", words(world), Idempotency_Key="k")
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again.headers
    assert Referral.objects.count() == 1, "the record itself still lands once"
    assert forget_old(timezone.now() + timedelta(hours=25)) == 1
