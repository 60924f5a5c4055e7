"""The inbox: lanes by whose turn it is, the unacknowledged on top, the oldest first; a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from referrals import inbox
from referrals.models import Referral
from tests.factories import UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db
URL = "referrals:inbox"


def ago(hours):
    return timezone.now() - timedelta(hours=hours)


def rows_of(user, box):
    return [(lane["name"], [row["referral"] for row in lane["rows"]]) for lane in look(user, box)["lanes"]]


def look(user, box):
    return inbox.page_of(user, box=box, number=1, now=timezone.now())


def test_the_unacknowledged_stand_on_top_and_the_oldest_first(sender, receiver):
    kwargs = {"sender": sender, "receiver": receiver}
    taken = ReferralFactory(**kwargs, stands="accepted", sent_at=ago(90))
    young, old = ReferralFactory(**kwargs, sent_at=ago(5)), ReferralFactory(**kwargs, sent_at=ago(9))
    back = ReferralFactory(**kwargs, stands="provided", sent_at=ago(20))
    assert rows_of(receiver, "received") == [("ours", [old, young, taken]), ("theirs", [back])]
    assert rows_of(sender, "sent") == [("ours", [back]), ("theirs", [old, young, taken])]


def test_boxes_hold_what_they_say(sender, receiver):
    kwargs = {"sender": sender, "receiver": receiver}
    made = {stands: ReferralFactory(**kwargs, stands=stands) for stands in ("draft", "sent", "accepted", "closed")}
    assert rows_of(receiver, "nobody") == [("ours", [made["sent"]])]
    assert rows_of(receiver, "mine") == [("ours", [made["accepted"]])]
    assert rows_of(receiver, "done") == [("done", [made["closed"]])]
    counts = {box.name: box.count for box in look(sender, "sent")["boxes"]}
    assert counts == {"received": 0, "sent": 3, "mine": 3, "nobody": 0, "done": 1}


def test_a_colleagues_draft_is_nobodys_turn(sender, receiver):
    ReferralFactory(sender=sender, receiver=receiver, stands="draft")
    head = UserFactory(agency=sender.agency, role="supervisor")
    assert rows_of(head, "sent") == []
    assert not Referral.objects.waiting_on(head).exists()
    assert Referral.objects.waiting_on(sender).exists()


def test_two_rows_or_twenty_cost_the_same_queries(sender, receiver):
    def cost():
        user = type(receiver).objects.select_related("agency").get(pk=receiver.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look(user, "received")
        return len(queries)

    for _n in range(2):
        ReferralFactory(sender=sender, receiver=receiver)
    few = cost()
    for _n in range(18):
        ReferralFactory(sender=sender, receiver=receiver)
    assert cost() == few <= 5


def test_the_page_says_how_many_wait_and_how_many_are_late(page, sender, receiver):
    ReferralFactory(sender=sender, receiver=receiver, need="utilities", sent_at=ago(80))
    ReferralFactory(sender=sender, receiver=receiver, sent_at=ago(1))
    shown = page.get(receiver, reverse(URL))
    assert (shown.context["ours"], shown.context["late"], shown.context["late_there"]) == (2, 1, 0)
    theirs = page.get(sender, reverse(URL))
    assert (theirs.context["ours"], theirs.context["late"], theirs.context["late_there"]) == (0, 0, 1)
    assert "상대 차례 1건은 기한이 지났습니다." in theirs.content.decode()
    log = AccessLog.objects.filter(act="list", actor_id=receiver.pk).get()
    assert len(log.subjects) == 6


@pytest.mark.parametrize("box", inbox.LABELS)
def test_every_box_opens_when_it_is_empty(page, sender, receiver, box):
    for user in (sender, receiver):
        assert "empty-say" in page.get(user, reverse(URL), box=box).content.decode()


def test_who_neither_sends_nor_receives_has_no_inbox(page):
    auditor = UserFactory(role="privacy_auditor")
    assert page.get(auditor, reverse(URL)).status_code == 403


def test_another_office_sees_nothing_of_it(page, sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver)
    stranger = ReceiverFactory()
    assert referral.title not in page.get(stranger, reverse(URL)).content.decode()
    assert page.get(stranger, reverse("referrals:detail", args=[referral.number])).status_code == 404


def test_long_lists_go_over_pages(page, sender, receiver, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    made = [ReferralFactory(sender=sender, receiver=receiver, sent_at=ago(h)) for h in (9, 8, 7)]
    second = page.get(receiver, reverse(URL), page=2).content.decode()
    assert made[2].number in second
    assert made[0].number not in second


@pytest.mark.parametrize(
    "stands", ["draft", "sent", "received", "accepted", "declined", "provided", "confirmed", "closed"]
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_of_a_referral_opens_for_both_sides(page, sender, receiver, stands, language):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands=stands)
    url = reverse("referrals:detail", args=[referral.number])
    for user in (sender, receiver):
        user.language = language
        user.save()
        answer = page.get(user, url)
        assert answer.status_code == (404 if stands == "draft" and user == receiver else 200)
        if answer.status_code == 200:
            for button in answer.context["buttons"]:
                assert page.get(user, url, do=button["verb"]).status_code == 200
