"""Many referrals at once and one in one click: what came too late says who was first, the rest is done."""

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from referrals import actions, bulk, handing, inbox
from referrals.models import Referral
from tests.factories import UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db
URL = "referrals:many"


@pytest.fixture
def three(sender, receiver):
    return [ReferralFactory(sender=sender, receiver=receiver) for _n in range(3)]


def post(page, user, rows, verb, **more):
    return page.post(user, reverse(URL), verb=verb, ticked=[inbox.tick_of(row) for row in rows], **more)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize(("verb", "status"), [("acknowledge", "received"), ("accept", "accepted"), ("assign", "sent")])
def test_what_is_ticked_is_done(verb, status, page, receiver, three):
    colleague = ReceiverFactory(agency=receiver.agency)
    answer = post(page, receiver, three[:2], verb, handler=colleague.pk)
    assert said(answer) == ["2건을 처리했습니다."]
    assert [row.status for row in Referral.objects.order_by("id")] == [status, status, "sent"]
    taker = {"acknowledge": None, "accept": receiver, "assign": colleague}[verb]
    assert [row.handler for row in Referral.objects.order_by("id")] == [taker, taker, None]


def test_it_refuses_get(page, receiver):
    assert page.get(receiver, reverse(URL)).status_code == 405


def test_a_stranger_gets_404_and_nothing_is_done(page, three):
    assert post(page, ReceiverFactory(), three, "acknowledge").status_code == 404
    assert set(Referral.objects.values_list("status", flat=True)) == {"sent"}


def test_one_number_that_is_not_mine_stops_it_all(page, receiver, sender, three):
    foreign = ReferralFactory(sender=sender)
    assert post(page, receiver, [*three, foreign], "acknowledge").status_code == 404
    assert set(Referral.objects.values_list("status", flat=True)) == {"sent"}


def test_the_sender_may_not(page, sender, three):
    assert post(page, sender, three, "acknowledge").status_code == 403


def test_twice_changes_nothing_and_says_so(page, receiver, three):
    post(page, receiver, three, "acknowledge")
    answer = post(page, receiver, three, "acknowledge")
    assert [m.level_tag for m in answer.context["messages"]] == ["warning"] * 3
    assert Event.objects.filter(verb="acknowledged").count() == 3


def test_what_came_too_late_says_who_did_it_and_the_rest_is_done(page, receiver, three):
    colleague = ReceiverFactory(name="하도윤", agency=receiver.agency)
    actions.VERBS["acknowledge"](three[0], by=colleague, now=timezone.now())
    answer = post(page, receiver, three, "acknowledge")
    assert said(answer) == [
        "2건을 처리했습니다.",
        f"{three[0].number}: 방금 하도윤 님이 먼저 했습니다. 아무것도 바뀌지 않았습니다.",
    ]


def test_what_changed_hands_since_the_page_was_made_is_left_alone(page, receiver, three):
    colleague = ReceiverFactory(name="하도윤", agency=receiver.agency)
    ticked = [inbox.tick_of(row) for row in three]
    handing.assign(three[0], by=colleague, handler=colleague)
    answer = page.post(receiver, reverse(URL), verb="assign", ticked=ticked, handler=receiver.pk)
    assert f"{three[0].number}: 방금 하도윤 님이 먼저 맡았습니다." in said(answer)
    assert [row.handler for row in Referral.objects.order_by("id")] == [colleague, receiver, receiver]


def test_nothing_ticked_or_an_unknown_verb(page, receiver, three):
    assert "고르세요" in said(post(page, receiver, [], "acknowledge"))[0]
    assert post(page, receiver, three, "cancel").status_code == 400


def test_somebody_of_another_office_cannot_be_given_it(page, receiver, three):
    assert post(page, receiver, three, "assign", handler=ReceiverFactory().pk).status_code == 404


def test_the_inbox_offers_ticks_to_the_receiver_alone(page, sender, receiver, three):
    theirs = page.get(receiver, reverse("referrals:inbox")).content.decode()
    assert theirs.count('name="ticked"') == 3
    assert 'name="ticked"' not in page.get(sender, reverse("referrals:inbox")).content.decode()


# --- one in one click ---


def take(page, user, referral, **typed):
    return page.post(user, reverse("referrals:take", args=[referral.number]), **typed)


def test_one_click_takes_it_and_acceptance_leaves_it_there(page, receiver, three):
    colleague = ReceiverFactory(agency=receiver.agency)
    take(page, receiver, three[0])
    three[0].refresh_from_db()
    assert (three[0].handler, three[0].status) == (receiver, "sent")
    accepted = actions.VERBS["accept"](three[0], by=colleague, now=timezone.now())
    assert accepted.handler == receiver


def test_who_comes_second_reads_who_was_first_and_twice_changes_nothing(page, receiver, three):
    colleague = ReceiverFactory(name="하도윤", agency=receiver.agency)
    take(page, colleague, three[0])
    assert said(take(page, receiver, three[0])) == ["방금 하도윤 님이 먼저 맡았습니다."]
    take(page, colleague, three[0])
    assert Event.objects.filter(verb="assigned").count() == 1


def test_taking_refuses_get_a_stranger_and_the_sender(page, sender, receiver, three):
    url = reverse("referrals:take", args=[three[0].number])
    assert page.get(receiver, url).status_code == 405
    assert take(page, ReceiverFactory(), three[0]).status_code == 404
    assert take(page, UserFactory(), three[0]).status_code == 404
    assert take(page, sender, three[0]).status_code == 403


def test_it_can_be_given_to_another_colleague_later(page, receiver, sender):
    colleague = ReceiverFactory(agency=receiver.agency)
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="accepted")
    take(page, receiver, referral, handler=colleague.pk, was=receiver.pk)
    referral.refresh_from_db()
    assert referral.handler == colleague
    assert take(page, receiver, referral, handler=ReceiverFactory().pk, was=colleague.pk).status_code == 422


def test_each_row_tells_its_result(sender, receiver):
    open_one, ended = (
        ReferralFactory(sender=sender, receiver=receiver, stands=stands) for stands in ("sent", "closed")
    )
    done = bulk.act_on_each([open_one, ended], "accept", by=receiver, now=timezone.now())
    assert [bool(one.why) for one in done] == [False, True]
