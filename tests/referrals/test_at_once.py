"""Two workers at once, and those who go round the verbs: the row lock and the trigger hold."""

import pgtrigger
import pytest
from django.conf import settings
from django.db import InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from casework.audit.models import Event
from referrals import actions, handing
from referrals.models import Referral
from referrals.states import Status
from referrals.workflow import REFERRAL
from tests.factories import UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.harness.racing import at_once

ALLOWED = {(source, step.target) for step in REFERRAL.steps.values() for source in step.sources}


def read_by(referral, *users):
    """Return (user, referral as read before anybody acts) for each of them."""
    return [(user, Referral.objects.get(pk=referral.pk)) for user in users]


def test_one_of_two_workers_takes_it_and_the_other_is_told_who(committed_db):
    sender, first = UserFactory(), ReceiverFactory(name="하도윤")
    second = ReceiverFactory(name="구민서", agency=first.agency)
    referral = ReferralFactory(sender=sender, receiver=first)

    def take(user, mine):
        return user, actions.accept(mine, by=user, now=timezone.now()).handler

    won, lost = at_once(*(lambda read=read: take(*read) for read in read_by(referral, first, second)))
    assert len(won) == len(lost) == 1
    winner, handler = won[0]
    assert handler == winner
    (other,) = {first, second} - {winner}
    assert Event.objects.about(referral).filter(verb="accepted").count() == 1
    with translation.override("ko"):
        words = actions.too_late(Referral.objects.get(pk=referral.pk), "accept", by=other)
    assert words == f"방금 {winner.name} 님이 먼저 맡았습니다."


@pytest.mark.django_db
def test_who_comes_second_reads_who_was_first(page, sender, receiver):
    second = ReceiverFactory(agency=receiver.agency)
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="accepted")
    answer = page.post(second, reverse("referrals:step", args=[referral.number, "accept"]))
    assert [str(m) for m in answer.context["messages"]] == ["방금 구민서 님이 먼저 맡았습니다."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stands", ["draft", "sent", "received", "accepted", "declined", "provided", "confirmed", "closed"]
)
def test_raw_sql_cannot_pass_what_the_table_does_not_lead_to(stands, sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands=stands)
    for target in Status.values:
        if target == stands or (stands, target) in ALLOWED:
            continue
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE referrals_referral SET status = %s WHERE id = %s", [target, referral.pk])
        with pytest.raises(InternalError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(status=target)


@pytest.mark.django_db
def test_the_trigger_lets_pass_what_the_table_leads_to(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="accepted")
    assert Referral.objects.filter(pk=referral.pk).update(status="provided") == 1


@pytest.mark.django_db
def test_no_session_can_tell_the_trigger_to_look_away(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver)
    trigger = next(trigger for trigger in Referral._meta.triggers if trigger.name == "steps").get_pgid(Referral)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s", [settings.DATABASES["default"]["USER"]])
        assert cursor.fetchone() == (True,)
        cursor.execute("SET LOCAL pgtrigger.ignore = %s", [f"{{{trigger}}}"])
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_referral SET status = 'closed' WHERE id = %s", [referral.pk])
    with pgtrigger.ignore("referrals.Referral:steps"), pytest.raises(InternalError), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(status="closed")


def test_of_two_who_pass_it_on_one_wins(committed_db):
    sender, first = UserFactory(), ReceiverFactory()
    second = ReceiverFactory(agency=first.agency)
    targets = [ReceiverFactory(), ReceiverFactory()]
    referral = ReferralFactory(sender=sender, receiver=first, stands="received")

    def pass_on(to, user, mine):
        return actions.VERBS["reroute"](mine, by=user, now=timezone.now(), reason="-", to_agency=to.agency)

    asked = zip(targets, read_by(referral, first, second), strict=True)
    won, lost = at_once(*(lambda to=to, read=read: pass_on(to, *read) for to, read in asked))
    assert len(won) == len(lost) == 1
    assert Referral.objects.filter(rerouted_from=referral).count() == 1
    assert Event.objects.about(referral).filter(verb="rerouted").count() == 1


def test_of_two_clicks_one_wins(committed_db):
    sender, first = UserFactory(), ReceiverFactory()
    second = ReceiverFactory(agency=first.agency)
    referral = ReferralFactory(sender=sender, receiver=first)

    def click(user, mine):
        handing.assign(mine, by=user, handler=user, was=None)
        return user

    won, lost = at_once(*(lambda read=read: click(*read) for read in read_by(referral, first, second)))
    assert [type(one) for one in lost] == [handing.TakenBefore]
    assert won == [Referral.objects.get(pk=referral.pk).handler]
    assert Event.objects.filter(verb="assigned").count() == 1
