"""Each button: it works; it refuses GET; a stranger gets 404; the wrong role 403; twice changes nothing."""

import pytest
from django.urls import reverse

from casework.audit.models import Event
from casework.touched import Touched
from households.models import Household
from referrals.models import Referral
from tests.factories import UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db
# verb: (where it starts, who does it, what the form says, where it leads, how it is recorded)
BUTTONS = {
    "send": ("draft", "sender", {}, "sent", "sent"),
    "cancel": ("sent", "sender", {"reason": "가족이 먼저 도왔습니다."}, "cancelled", "cancelled"),
    "acknowledge": ("sent", "receiver", {}, "received", "acknowledged"),
    "accept": ("received", "receiver", {}, "accepted", "accepted"),
    "reroute": ("received", "receiver", {"reason": "다른 동입니다.", "to_agency": "elsewhere"}, "rerouted", "rerouted"),
    "begin": ("accepted", "receiver", {}, "in_progress", "first contact"),
    "hold": ("in_progress", "receiver", {"waits_for": "other", "reason": "진단서"}, "on_hold", "put on hold"),
    "resume": ("on_hold", "receiver", {}, "in_progress", "resumed"),
    "fail": ("in_progress", "receiver", {"reason": "이사하셨습니다."}, "failed", "failed"),
    "decline": ("received", "receiver", {"reason": "관할이 아닙니다."}, "declined", "declined"),
    "provide": ("accepted", "receiver", {"outcome": "partial", "text": "쌀만 드림"}, "provided", "outcome provided"),
    "confirm": ("provided", "sender", {}, "confirmed", "confirmed"),
    "return": ("provided", "sender", {"reason": "아직 받지 못했다고 하십니다."}, "disputed", "not received"),
    "close": ("confirmed", "sender", {}, "closed", "closed"),
}
each_button = pytest.mark.parametrize("verb", BUTTONS)


def made(verb, sender, receiver, **fields):
    return ReferralFactory(sender=sender, receiver=receiver, stands=BUTTONS[verb][0], **fields)


def button(referral, verb):
    return reverse("referrals:step", args=[referral.number, verb])


def typed(verb):
    """What the form says; an agency that can get it is made where one is asked for."""
    said = BUTTONS[verb][2]
    return said | ({"to_agency": ReceiverFactory().agency_id} if "to_agency" in said else {})


def events(referral, verb):
    return Event.objects.about(referral).filter(verb=BUTTONS[verb][4])


@each_button
def test_a_button_does_its_step_and_says_so(verb, page, sender, receiver):
    referral = made(verb, sender, receiver)
    actor = {"sender": sender, "receiver": receiver}[BUTTONS[verb][1]]
    Touched.objects.all().delete()
    answer = page.post(actor, button(referral, verb), **typed(verb))
    referral.refresh_from_db()
    assert answer.status_code == 200
    assert referral.status == BUTTONS[verb][3]
    assert events(referral, verb).get().actor_id == actor.pk
    assert events(referral, verb).get().reason == BUTTONS[verb][2].get("reason", "")
    assert Touched.objects.filter(household_id=referral.household_id).exists()


@each_button
def test_a_button_refuses_get(verb, page, sender, receiver):
    referral = made(verb, sender, receiver)
    assert page.get(sender, button(referral, verb)).status_code == 405


@each_button
def test_a_stranger_finds_no_such_button(verb, page, sender, receiver):
    referral = made(verb, sender, receiver)
    for stranger in (UserFactory(), ReceiverFactory()):
        assert page.post(stranger, button(referral, verb), **typed(verb)).status_code == 404
    referral.refresh_from_db()
    assert referral.status == BUTTONS[verb][0]


@each_button
def test_the_other_side_may_not_press_it(verb, page, sender, receiver):
    referral = made(verb, sender, receiver)
    wrong = {"sender": receiver, "receiver": sender}[BUTTONS[verb][1]]
    expected = 404 if BUTTONS[verb][0] == "draft" else 403
    assert page.post(wrong, button(referral, verb), **typed(verb)).status_code == expected


@each_button
def test_twice_changes_nothing(verb, page, sender, receiver):
    referral = made(verb, sender, receiver)
    actor = {"sender": sender, "receiver": receiver}[BUTTONS[verb][1]]
    page.post(actor, button(referral, verb), **typed(verb))
    first = Referral.objects.values().get(pk=referral.pk)
    answer = page.post(actor, button(referral, verb), **typed(verb))
    assert answer.status_code == 200
    assert [m.level_tag for m in answer.context["messages"]][-1:] == ["warning"]
    assert Referral.objects.values().get(pk=referral.pk) == first
    assert events(referral, verb).count() == 1


@pytest.mark.parametrize("verb", ["cancel", "decline", "return", "provide", "reroute", "hold", "fail"])
def test_a_step_that_needs_words_is_refused_without_them(verb, page, sender, receiver):
    referral = made(verb, sender, receiver)
    actor = {"sender": sender, "receiver": receiver}[BUTTONS[verb][1]]
    answer = page.post(actor, button(referral, verb))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not events(referral, verb).exists()


def test_a_verb_that_is_not_in_the_table_is_not_found(page, sender, receiver):
    referral = made("accept", sender, receiver)
    assert page.post(sender, button(referral, "forget")).status_code == 404


def test_a_declined_referral_returns_to_the_sender_with_the_reason(page, sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="declined")
    assert list(Referral.objects.waiting_on(sender)) == [referral]
    assert "관할이 아닙니다." in page.get(sender, reverse("referrals:detail", args=[referral.number])).content.decode()


def test_it_stays_on_the_senders_list_until_confirmed(sender, receiver):
    for stands in ("sent", "received", "accepted", "in_progress", "on_hold", "disputed"):
        referral = ReferralFactory(sender=sender, receiver=receiver, stands=stands)
        assert not Referral.objects.visible_to(sender).open().with_turn(sender).get(pk=referral.pk).ours
        assert referral in Referral.objects.waiting_on(receiver)
    provided = ReferralFactory(sender=sender, receiver=receiver, stands="provided")
    assert provided in Referral.objects.waiting_on(sender)
    assert not Referral.objects.visible_to(receiver).open().with_turn(receiver).get(pk=provided.pk).ours


def test_an_acceptance_without_receipt_counts_as_received(sender, receiver):
    from referrals import actions

    referral = ReferralFactory(sender=sender, receiver=receiver)
    accepted = actions.accept(referral, by=receiver, now=referral.sent_at)
    assert accepted.acknowledged_at == accepted.answered_at == referral.sent_at
    assert accepted.handler == receiver


def test_a_colleague_can_be_named_to_take_it_and_a_stranger_cannot(page, sender, receiver):
    colleague, stranger = ReceiverFactory(agency=receiver.agency), ReceiverFactory()
    referral = made("accept", sender, receiver)
    assert page.post(receiver, button(referral, "accept"), handler=stranger.pk).status_code == 422
    page.post(receiver, button(referral, "accept"), handler=colleague.pk)
    referral.refresh_from_db()
    assert referral.handler == colleague


def test_what_did_not_arrive_goes_back_and_its_clock_runs_on(sender, receiver):
    from referrals import actions

    referral = ReferralFactory(sender=sender, receiver=receiver, stands="provided")
    back = actions.give_back(referral, by=sender, now=referral.provided_at, reason="받지 못함")
    assert (back.status, back.provided_at, back.answered_at) == ("disputed", None, referral.answered_at)
    assert back.outcome == "provided"


def test_a_receiver_never_reaches_the_household_by_a_referral_alone(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="accepted")
    assert referral in Referral.objects.visible_to(receiver)
    assert not Household.objects.visible_to(receiver).exists()


def test_a_receiver_sees_no_draft_and_no_cancelled_draft(sender, receiver):
    from referrals import actions

    draft = ReferralFactory(sender=sender, receiver=receiver, stands="draft")
    assert not Referral.objects.visible_to(receiver).exists()
    actions.cancel(draft, by=sender, now=draft.recorded_at, reason="쓰지 않음")
    assert not Referral.objects.visible_to(receiver).exists()


def test_a_revoked_role_ends_it_at_once(sender, receiver):
    ReferralFactory(sender=sender, receiver=receiver)
    receiver.grants.all().delete()
    assert not Referral.objects.visible_to(receiver).exists()


def test_the_page_of_each_state_shows_its_forms_to_both_sides(page, sender, receiver):
    ReceiverFactory()
    for stands in ("received", "in_progress", "on_hold", "disputed", "failed", "declined"):
        referral = ReferralFactory(sender=sender, receiver=receiver, stands=stands)
        url = reverse("referrals:detail", args=[referral.number])
        for user in (sender, receiver):
            answer = page.get(user, url)
            for shown in answer.context["buttons"]:
                opened = page.get(user, url, do=shown["verb"])
                assert opened.status_code == 200
                assert bool(opened.context["opened"]) is (shown["asks"] or shown["verb"] == "accept")


def test_what_waits_for_the_person_stands_still_and_says_so(page, sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="in_progress")
    page.post(receiver, button(referral, "hold"), waits_for="client", reason="퇴원을 기다립니다.")
    referral.refresh_from_db()
    assert (referral.waits_for, referral.pauses.get().during.upper) == ("client", None)
    assert "오늘부터 멈춤" in page.get(sender, reverse("referrals:detail", args=[referral.number])).content.decode()
    page.post(receiver, button(referral, "resume"))
    referral.refresh_from_db()
    assert (referral.waits_for, referral.waits_since) == ("", None)
    assert referral.pauses.get().during.upper is not None


def test_a_hold_needs_to_say_for_whom(sender, receiver):
    from django.core.exceptions import ValidationError

    from referrals import actions

    referral = ReferralFactory(sender=sender, receiver=receiver, stands="in_progress")
    with pytest.raises(ValidationError):
        actions.VERBS["hold"](referral, by=receiver, now=referral.contacted_at, waits_for="sender", reason="-")
    referral.refresh_from_db()
    assert (referral.status, referral.pauses.count()) == ("in_progress", 0)
