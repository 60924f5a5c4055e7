"""Passing on and asking again: the first clock runs on, the sender answers for it, one of two wins."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import WorkCalendar
from casework.audit.models import Event
from households.actions import give_consent
from referrals import actions, clocks, rerouting
from referrals.models import Referral
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    """Somebody at another office that covers the place."""
    return ReceiverFactory(name="하도윤")


@pytest.fixture
def private(db):
    """Somebody at a welfare office run by a private body."""
    return ReceiverFactory(name="문가영", agency=OfficeFactory(private=True))


def pass_on(referral, by, to, now=None):
    return actions.VERBS["reroute"](
        referral, by=by, now=now or timezone.now(), reason="다른 동 관할입니다.", to_agency=to.agency
    )


def made(sender, receiver, **fields):
    return ReferralFactory(sender=sender, receiver=receiver, stands="received", **fields)


def test_it_goes_to_the_next_agency_with_the_same_words_and_its_first_clock(sender, receiver, other):
    referral = made(sender, receiver)
    ended = pass_on(referral, receiver, other)
    assert (ended.status, ended.closed_at is None, ended.answered_at is None) == ("rerouted", False, False)
    following = ended.rerouted_to
    assert (following.status, following.to_agency, following.sender) == ("sent", other.agency, sender)
    assert (following.packet, following.title, following.request) == (referral.packet, referral.title, referral.request)
    assert (following.clock_from, following.route) == (referral.clock_from, referral.route)
    assert following.sent_at > referral.sent_at
    passed = Event.objects.about(following).get(verb="passed on")
    assert passed.actor_id == receiver.pk
    assert following in Referral.objects.waiting_on(other)
    assert not Referral.objects.visible_to(sender).open().with_turn(sender).get(pk=following.pk).ours


def test_it_can_be_late_on_arrival_since_the_first_clock_runs_on(sender, receiver, other):
    referral = made(sender, receiver, need="utilities", sent_at=timezone.now() - timedelta(hours=30))
    following = pass_on(referral, receiver, other).rerouted_to
    assert clocks.due(following, timezone.now(), WorkCalendar.load()).late
    assert following in Referral.objects.overdue(now=timezone.now())


def test_without_a_ground_towards_the_next_agency_it_lies_with_the_sender_on_the_old_clock(
    page, sender, receiver, private
):
    referral = made(sender, receiver, sent_at=timezone.now() - timedelta(days=9))
    following = pass_on(referral, receiver, private).rerouted_to
    assert (following.status, following.sent_at) == ("draft", None)
    assert not Referral.objects.visible_to(private).exists()
    assert clocks.due(following, timezone.now(), WorkCalendar.load()).late
    assert following in Referral.objects.overdue(now=timezone.now())
    head = UserFactory(agency=sender.agency, role="supervisor")
    for ours in (sender, head):
        assert following in Referral.objects.waiting_on(ours)
    shown = page.get(sender, reverse("referrals:detail", args=[following.number])).content.decode()
    assert "아직 보내지 않았습니다" in shown
    assert following.title in page.get(head, reverse("referrals:inbox"), box="sent").content.decode()
    assert page.get(sender, reverse("referrals:edit", args=[following.number])).status_code == 200


def test_a_consent_that_names_the_next_agency_lets_it_go_on(sender, receiver, private, household):
    for agency in (receiver.agency, private.agency):
        give_consent(
            members_of(household)[0],
            purpose="의뢰",
            items=["name", "family", "address", "health"],
            recipient=agency,
            on=timezone.localdate() - timedelta(days=30),
            until=None,
            by=sender,
        )
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    consent = {"from": day, "to": ""}
    referral = made(sender, receiver, household=household, ground="consent", consent=consent)
    following = pass_on(referral, receiver, private).rerouted_to
    assert (following.status, following.consent.recipient) == ("sent", private.agency)
    assert following.packet["consent"] == consent


def test_an_agency_that_had_it_or_does_not_cover_the_place_cannot_get_it(sender, receiver, other):
    far = ReceiverFactory(agency=AgencyFactory(kind="city", covers=["부산 해운대구"]))
    nobody = OfficeFactory()
    referral = made(sender, receiver)
    on = timezone.localdate()
    assert rerouting.next_receivers(referral, on=on) == [other.agency]
    for to in (far, receiver, sender):
        with pytest.raises(ValidationError):
            pass_on(referral, receiver, to)
    following = pass_on(referral, receiver, other).rerouted_to
    assert rerouting.next_receivers(following, on=on) == []
    assert nobody not in rerouting.next_receivers(following, on=on)


def test_the_agencies_on_offer_do_not_tell_where_the_household_lives(sender, other):
    foundation = ReceiverFactory(agency=AgencyFactory(kind="foundation"), role="foundation_officer")
    silent = made(sender, foundation, sections=("members",))
    told = made(sender, foundation, sections=("members", "dwelling"))
    assert other.agency not in rerouting.next_receivers(silent, on=timezone.localdate())
    assert other.agency in rerouting.next_receivers(told, on=timezone.localdate())


def test_the_table_of_routes_names_the_first_proposal(sender, receiver):
    town = ReceiverFactory(agency=AgencyFactory(kind="town", covers=["서울 관악구"]), role="town_worker")
    police = ReceiverFactory(agency=AgencyFactory(kind="police", covers=["서울 관악구"]), role="receiving_worker")
    offered = rerouting.next_receivers(made(sender, receiver), on=timezone.localdate())
    assert offered == [town.agency, police.agency]
    assert rerouting.proposed(made(sender, receiver), offered) == town.agency


def test_both_sides_see_where_it_went_and_why(page, sender, receiver, other):
    ended = pass_on(made(sender, receiver), receiver, other)
    after = ended.rerouted_to
    for user, number in ((sender, ended.number), (receiver, ended.number), (other, after.number)):
        shown = page.get(user, reverse("referrals:detail", args=[number])).content.decode()
        assert ended.number in shown
        assert after.number in shown
    assert page.get(receiver, reverse("referrals:detail", args=[after.number])).status_code == 404
    assert page.get(other, reverse("referrals:detail", args=[ended.number])).status_code == 404


def test_a_declined_one_proposes_the_next_and_ends_when_the_next_is_sent(page, sender, receiver, other):
    referral = made(sender, receiver, household=HouseholdFactory(worker=sender, members=2))
    page.post(
        receiver,
        reverse("referrals:step", args=[referral.number, "decline"]),
        reason="관할이 아닙니다.",
        proposes=other.agency_id,
    )
    referral.refresh_from_db()
    assert referral.status == "declined"
    assert (
        other.agency.name_ko in page.get(sender, reverse("referrals:detail", args=[referral.number])).content.decode()
    )
    again = ReferralFactory(
        sender=sender, receiver=other, household=referral.household, follows=referral, stands="draft"
    )
    referral.refresh_from_db()
    assert referral.status == "declined"
    actions.VERBS["send"](again, by=sender, now=timezone.now())
    referral.refresh_from_db()
    assert (referral.status, referral.reason) == ("cancelled", "관할이 아닙니다.")
    ended = Event.objects.about(referral).get(verb="cancelled")
    assert ended.data["again"] == again.number
    for number, named in ((referral.number, again.number), (again.number, referral.number)):
        assert named in page.get(sender, reverse("referrals:detail", args=[number])).content.decode()


def test_the_form_of_asking_again_keeps_which_one_came_back(page, sender, receiver, other):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="declined")
    url = reverse("referrals:new", args=[referral.household.number])
    form = page.get(sender, url, again=referral.number).context["form"]
    typed = {
        "client_key": str(uuid4()),
        "again": form["again"].value(),
        "need": "livelihood",
        "to_agency": other.agency_id,
        "title": "긴급복지",
        "request": "부탁드립니다.",
        "sections": ["members"],
        "ground": "duty",
    }
    page.post(sender, url, **typed)
    assert Referral.objects.get(status="draft").follows == referral
