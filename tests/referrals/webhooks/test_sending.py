"""A system hears that a referral has moved: signed, tried again, given up in the open, and nothing about anybody."""

import base64
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from referrals import actions, thread
from referrals.models import WebhookDelivery
from referrals.webhooks import outbox, sending, signing, subscribing
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


def sent(now=None):
    return sending.work_off(lambda: now or timezone.now())


def test_both_sides_hear_of_what_was_sent_and_of_nothing_before(subscription, listener, receiver):
    referral = ReferralFactory(receiver=receiver, stands="draft", sent_at=timezone.now() - timedelta(minutes=1))
    actions.VERBS["cancel"](referral, by=referral.sender, now=timezone.now(), reason="쓰지 않음")
    assert not WebhookDelivery.objects.exists()
    ReferralFactory(receiver=receiver, stands="received")
    assert sent() == 2
    assert [json.loads(body)["type"] for _path, _headers, body in listener.heard] == [
        "referral.send",
        "referral.acknowledge",
    ]
    assert listener.heard[0][0] == "/hook?a=1"


def test_a_message_holds_number_event_moment_and_link_and_nothing_about_anybody(subscription, listener, receiver):
    worker = UserFactory()
    household = HouseholdFactory(worker=worker, members=["정금주"])
    referral = ReferralFactory(receiver=receiver, sender=worker, household=household)
    sent()
    told = json.loads(listener.heard[0][2])
    assert set(told) == {"type", "number", "timestamp", "link"}
    assert told["number"] == referral.number
    assert told["link"] == f"/api/v1/referrals/{referral.number}"


def test_the_signature_proves_who_sent_it_and_when(subscription, listener, receiver):
    ReferralFactory(receiver=receiver)
    sent()
    _path, headers, body = listener.heard[0]
    secret = signing.secret_of(subscription)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{mark}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert secret.encode() not in body


def test_messages_of_the_thread_are_told_without_their_words(subscription, listener, receiver):
    referral = ReferralFactory(receiver=receiver, stands="received")
    thread.ask(referral, by=receiver, now=timezone.now(), text="주소가 맞습니까?")
    sent()
    assert json.loads(listener.heard[-1][2])["type"] == "referral.question"
    assert "주소" not in listener.heard[-1][2].decode()


def test_what_does_not_arrive_is_tried_again_later_and_then_given_up(subscription, listener, receiver):
    ReferralFactory(receiver=receiver)
    listener.status, now, waits = 500, timezone.now(), []
    for _ in range(len(outbox.AGAIN) + 1):
        assert sent(now) == 0
        letter = WebhookDelivery.objects.get()
        assert letter.last_error == "answered 500"
        waits.append(letter.next_at - now)
        assert sent(now) == 0, "not before its time"
        now = letter.next_at + timedelta(seconds=1)
    assert waits[:-1] == list(outbox.AGAIN)
    assert letter.dead_at is not None
    assert len(listener.heard) == len(outbox.AGAIN) + 1
    assert len({headers["webhook-id"] for _path, headers, _body in listener.heard}) == 1
    listener.status = 200
    assert outbox.again(letter, now=now)
    assert not outbox.again(letter, now=now)
    assert sent(now) == 1


def test_a_redirect_is_no_arrival_and_is_not_followed(subscription, listener, receiver):
    ReferralFactory(receiver=receiver)
    listener.status, listener.headers = 302, {"Location": "https://localhost/elsewhere"}
    assert sent() == 0
    assert len(listener.heard) == 1


def test_a_certificate_that_nobody_signed_is_not_trusted(subscription, listener, receiver, settings):
    settings.WEBHOOK_CA = ""
    ReferralFactory(receiver=receiver)
    assert sent() == 0
    assert WebhookDelivery.objects.get().last_error == "certificate not accepted"
    assert listener.heard == []


def test_an_ended_address_hears_nothing_more(subscription, listener, receiver, admin):
    ReferralFactory(receiver=receiver)
    assert subscribing.end(subscription, by=admin, now=timezone.now())
    assert not subscribing.end(subscription, by=admin, now=timezone.now())
    assert sent() == 0
    assert WebhookDelivery.objects.get().last_error == "address ended"
    ReferralFactory(receiver=receiver)
    assert WebhookDelivery.objects.count() == 1


def test_only_the_events_and_the_agencies_that_were_asked_for(listener, admin, receiver):
    subscribing.subscribe(receiver.agency, url=listener.url, events=["referral.close"], by=admin)
    ReferralFactory(receiver=receiver)
    ReferralFactory(stands="closed")
    assert not WebhookDelivery.objects.exists()


def test_a_step_that_is_taken_back_tells_nothing(subscription, receiver):
    from django.db import transaction

    referral = ReferralFactory(receiver=receiver)
    before = WebhookDelivery.objects.count()
    with transaction.atomic():
        actions.acknowledge(referral, by=receiver, now=timezone.now())
        transaction.set_rollback(True)
    assert WebhookDelivery.objects.count() == before


def test_a_worker_that_died_loses_nothing(subscription, listener, receiver):
    ReferralFactory(receiver=receiver)
    now = timezone.now()
    assert len(outbox.claim(now)) == 1
    assert outbox.claim(now) == [], "nobody else has it meanwhile"
    late = outbox.claim(now + outbox.LEASE + timedelta(seconds=1))
    assert [letter.tries for letter in late] == [2]
    outbox.delivered(late[0], now=now)
    assert WebhookDelivery.objects.get().sent_at is not None


def test_one_who_comes_after_the_lease_settles_nothing(subscription, listener, receiver):
    ReferralFactory(receiver=receiver)
    now = timezone.now()
    slow = outbox.claim(now)[0]
    outbox.claim(now + outbox.LEASE + timedelta(seconds=1))
    outbox.failed(slow, now=now, why="late")
    assert WebhookDelivery.objects.get().last_error == ""


def test_what_arrived_is_forgotten_after_a_month(subscription, listener, receiver):
    ReferralFactory(receiver=receiver)
    sent()
    assert outbox.forget_old(timezone.now()) == 0
    assert outbox.forget_old(timezone.now() + timedelta(days=31)) == 1


def test_a_slow_worker_holds_each_message_anew_and_passes_over_what_another_took(
    subscription, listener, receiver, monkeypatch
):
    """Each message takes four minutes here: the lease of the claim alone would have ended before the third."""
    for _ in range(4):
        ReferralFactory(receiver=receiver)
    clock, others, written = [timezone.now()], [], signing.body_of

    def slow(delivery):
        clock[0] += timedelta(minutes=4)
        others.extend(outbox.claim(clock[0]))
        assert delivery not in others, "nobody else has it meanwhile"
        return written(delivery)

    monkeypatch.setattr(signing, "body_of", slow)
    assert sending.work_off(lambda: clock[0]) == 2
    assert len(listener.heard) == 2
    assert [one.sent_at for one in WebhookDelivery.objects.filter(pk__in=[one.pk for one in others])] == [None, None]
