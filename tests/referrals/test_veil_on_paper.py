"""A consent on paper to which no referral is linked: withdrawn, it closes the view of what was sent while it ran."""

from datetime import timedelta

import pytest
from django.urls import reverse

from households.actions import withdraw_consent
from referrals import packet
from referrals.models import Referral
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.referrals.conftest import agreed, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def unlinked(sender, receiver, household):
    """Return made(person): a referral sent on the ground of consent, as before consents were linked."""

    def made(person=None):
        row = ReferralFactory(
            sender=sender,
            receiver=receiver,
            household=household,
            person=person,
            title="비밀 제목",
            sections=["members"],
            stands="received",
        )
        Referral.objects.filter(pk=row.pk).update(ground="consent")
        return Referral.objects.get(pk=row.pk)

    return made


def veiled(referral, user):
    fresh = Referral.objects.visible_to(user).with_veil().get(pk=referral.pk)
    return packet.as_seen_by(fresh, user).veiled


def test_it_stays_open_without_a_consent_and_while_one_stands(sender, receiver, household, unlinked):
    referral = unlinked()
    assert not veiled(referral, receiver)
    agreed(household, receiver.agency, sender)
    assert not veiled(referral, receiver)


def test_withdrawn_it_closes_for_the_receiver_and_not_for_the_sender(page, sender, receiver, household, unlinked):
    referral = unlinked()
    consent = agreed(household, receiver.agency, sender)
    withdraw_consent(consent, on=today(), by=sender)
    assert veiled(referral, receiver)
    assert not veiled(referral, sender)
    assert not Referral.objects.read_by(receiver).exists()
    for who, told in ((receiver, False), (sender, True)):
        html = page.get(who, reverse("referrals:detail", args=[referral.number])).content.decode()
        assert ("비밀 제목" in html) is told
        assert "철회" in html


def test_a_consent_of_another_time_or_for_somebody_else_closes_nothing(sender, receiver, household, unlinked):
    referral = unlinked()
    other = ReceiverFactory()
    before = agreed(household, receiver.agency, sender, until=today() - timedelta(days=2))
    elsewhere = agreed(household, other.agency, sender)
    for consent in (before, elsewhere):
        withdraw_consent(consent, on=today(), by=sender)
    assert not veiled(referral, receiver)


def test_withdrawn_before_the_sending_it_was_not_what_it_was_sent_on(sender, receiver, household, unlinked):
    consent = agreed(household, receiver.agency, sender)
    withdraw_consent(consent, on=today() - timedelta(days=3), by=sender)
    assert not veiled(unlinked(), receiver)


def test_of_one_person_only_that_persons_consent_counts(sender, receiver, household, unlinked):
    first, second = members_of(household)[:2]
    about_first, about_second = unlinked(first), unlinked(second)
    withdraw_consent(agreed(household, receiver.agency, sender), on=today(), by=sender)
    assert veiled(about_first, receiver)
    assert not veiled(about_second, receiver)


def test_another_consent_that_stands_keeps_it_open(sender, receiver, household, unlinked):
    referral = unlinked()
    agreed(household, receiver.agency, sender, who=1)
    withdraw_consent(agreed(household, receiver.agency, sender), on=today(), by=sender)
    assert not veiled(referral, receiver)
