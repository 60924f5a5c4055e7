"""When the person whom a referral is about has died: ended through its table, both sides told, its clock with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import seoul_day
from casework.telling.models import Notification
from casework.workflow import NotYours
from households.actions import record_death
from households.actions.verb import close, since
from households.models import DeathReview, Membership, Residence
from referrals import actions
from referrals.models import Referral
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender():
    return UserFactory()


@pytest.fixture
def receiver():
    return ReceiverFactory()


@pytest.fixture
def died():
    return seoul_day(timezone.now()) - timedelta(days=1)


@pytest.mark.parametrize("stands", ["draft", "sent", "accepted", "in_progress", "on_hold", "provided", "failed"])
def test_a_referral_about_the_dead_alone_ends_wherever_it_stands(sender, receiver, died, stands):
    home = HouseholdFactory(worker=sender)
    asked = ReferralFactory(sender=sender, receiver=receiver, household=home, stands=stands)
    record_death(members_of(home)[0], on=died, by=sender)
    ended = Referral.objects.get(pk=asked.pk)
    assert (ended.status, ended.closed_at is not None) == ("cancelled", True)
    assert not Referral.objects.open().overdue(now=timezone.now() + timedelta(days=90)).exists()
    told = Notification.objects.filter(kind="ended", user=receiver)
    assert told.exists() == (stands != "draft")
    assert bool(DeathReview.objects.get().told) == (stands != "draft")


def test_what_others_of_the_household_wait_for_goes_on(sender, receiver, died):
    home = HouseholdFactory(worker=sender, members=2)
    head, spouse = members_of(home)
    of_all = ReferralFactory(sender=sender, receiver=receiver, household=home)
    of_spouse = ReferralFactory(sender=sender, receiver=receiver, household=home, person=spouse)
    of_head = ReferralFactory(sender=sender, receiver=receiver, household=home, person=head)
    record_death(head, on=died, new_head=spouse, by=sender)
    stands = dict(Referral.objects.values_list("pk", "status"))
    assert stands == {of_all.pk: "sent", of_spouse.pk: "sent", of_head.pk: "cancelled"}


def test_of_the_living_nobody_can_end_it_so(sender, receiver):
    asked = ReferralFactory(sender=sender, receiver=receiver, stands="accepted")
    with pytest.raises(NotYours):
        actions.VERBS["end"](asked, by=sender, now=timezone.now())


def test_the_page_offers_it_to_the_sender_once_the_death_is_on_record(client, sender, receiver, died):
    other = UserFactory()
    home = HouseholdFactory(worker=sender)
    asked = ReferralFactory(sender=sender, receiver=receiver, household=home, stands="accepted")
    client.force_login(sender)
    address = f"/referrals/{asked.number}/"
    assert "step/end/" not in client.get(address).content.decode()
    person = members_of(home)[0]
    close(Residence.objects.current().get(person=person), on=died, by=other)
    Residence.objects.create(person=person, status="deceased", during=since(died))
    close(Membership.objects.current().get(person=person), on=died, by=other)
    found = client.get(address).content.decode()
    assert "/end/" in found
    client.post(f"{address}end/")
