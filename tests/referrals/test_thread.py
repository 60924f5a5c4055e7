"""What the two sides say: questions stop the clock of working days and move the ball, a double tap lands once."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from casework.agencies.models import WorkCalendar
from casework.audit.models import AccessLog, Event
from casework.clock import SEOUL
from casework.workflow import NotNow, NotYours
from referrals import actions, clocks, inbox, thread
from referrals.models import Message, Referral
from tests.factories import UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 10, tzinfo=SEOUL)
# kind: (who says it)
KINDS = {"comment": "receiver", "question": "receiver", "answer": "sender"}
each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def referral(sender, receiver):
    return ReferralFactory(sender=sender, receiver=receiver, stands="received", sent_at=MONDAY)


def say(page, user, referral, kind, text="가족 관계 서류가 있습니까?", key=None, **more):
    url = reverse("referrals:say", args=[referral.number])
    return page.post(user, url, kind=kind, text=text, client_key=key or uuid4(), **more)


def typed(kind, referral, receiver):
    if kind != "answer":
        return {}
    return {"answers": thread.ask(referral, by=receiver, now=MONDAY + timedelta(hours=2), text="있습니까?").pk}


@each_kind
def test_a_line_is_written_and_both_sides_read_it(kind, page, sender, receiver, referral):
    author = {"sender": sender, "receiver": receiver}[KINDS[kind]]
    more = typed(kind, referral, receiver)
    assert say(page, author, referral, kind, "서류를 보냈습니다.", **more).status_code == 200
    said = Message.objects.get(kind=kind)
    assert (said.author, said.agency, said.text) == (author, author.agency, "서류를 보냈습니다.")
    for user in (sender, receiver):
        shown = page.get(user, reverse("referrals:detail", args=[referral.number]))
        assert "서류를 보냈습니다." in shown.content.decode()
        assert AccessLog.objects.filter(actor_id=user.pk).latest("id").subjects == sorted(referral.packet["subjects"])


@each_kind
def test_it_refuses_get(kind, page, sender, referral):
    assert page.get(sender, reverse("referrals:say", args=[referral.number]), kind=kind).status_code == 405


@each_kind
def test_a_stranger_finds_no_thread(kind, page, receiver, referral):
    more = typed(kind, referral, receiver)
    for stranger in (UserFactory(), ReceiverFactory()):
        assert say(page, stranger, referral, kind, **more).status_code == 404
    assert Message.objects.count() == len(more)


@pytest.mark.parametrize("kind", ["question", "answer"])
def test_the_wrong_side_may_not(kind, page, sender, receiver, referral):
    more = typed(kind, referral, receiver)
    wrong = {"sender": receiver, "receiver": sender}[KINDS[kind]]
    assert say(page, wrong, referral, kind, **more).status_code == 403


@each_kind
def test_a_double_tap_lands_once(kind, page, sender, receiver, referral):
    author = {"sender": sender, "receiver": receiver}[KINDS[kind]]
    more, key = typed(kind, referral, receiver), uuid4()
    for _twice in range(2):
        say(page, author, referral, kind, key=key, **more)
    assert Message.objects.filter(kind=kind).count() == 1
    assert Event.objects.about(referral).filter(verb=thread.RECORDED[kind]).count() == 1


@each_kind
def test_without_words_it_is_refused_with_the_form(kind, page, sender, receiver, referral):
    author = {"sender": sender, "receiver": receiver}[KINDS[kind]]
    answer = say(page, author, referral, kind, text="", **typed(kind, referral, receiver))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_question_stops_the_receivers_clock_and_starts_the_senders(sender, receiver, referral):
    calendar = WorkCalendar.load()
    before = clocks.due(referral, MONDAY + timedelta(hours=3), calendar).at
    question = thread.ask(referral, by=receiver, now=MONDAY + timedelta(hours=3), text="있습니까?")
    referral.refresh_from_db()
    assert referral in Referral.objects.waiting_on(sender)
    assert not Referral.objects.visible_to(receiver).open().with_turn(receiver).get(pk=referral.pk).ours
    waiting = clocks.due(referral, MONDAY + timedelta(days=1), calendar)
    assert waiting.label == clocks.REPLY.label
    thread.answer(question, by=sender, now=MONDAY + timedelta(days=2), text="있습니다.")
    referral.refresh_from_db()
    assert (referral.waits_for, referral in Referral.objects.waiting_on(receiver)) == ("", True)
    after = clocks.due(referral, MONDAY + timedelta(days=2), calendar).at
    assert after - before == timedelta(days=2)


def test_the_inbox_says_for_how_long_it_stands_still(sender, receiver, referral):
    thread.ask(referral, by=receiver, now=MONDAY + timedelta(hours=3), text="있습니까?")
    rows = inbox.page_of(receiver, box="received", number=1, now=MONDAY + timedelta(days=1, hours=4))["lanes"][0][
        "rows"
    ]
    assert (rows[0]["due"], rows[0]["what"]) == ("멈춤 1일", clocks.REPLY.label)
    mine = inbox.page_of(sender, box="sent", number=1, now=MONDAY + timedelta(days=1, hours=4))["lanes"][0]
    assert (mine["name"], mine["rows"][0]["what"]) == ("ours", clocks.REPLY.label)


def test_hours_run_on_whatever_is_asked_and_the_page_says_so(page, sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands="received", need="utilities", sent_at=MONDAY)
    before = clocks.due(referral, MONDAY, WorkCalendar.load()).at
    thread.ask(referral, by=receiver, now=MONDAY + timedelta(hours=2), text="언제부터입니까?")
    referral.refresh_from_db()
    assert clocks.due(referral, MONDAY + timedelta(hours=30), WorkCalendar.load()).at == before
    assert (
        "기한은 계속 갑니다" in page.get(receiver, reverse("referrals:detail", args=[referral.number])).content.decode()
    )


def test_two_questions_are_one_pause_which_ends_with_the_last_answer(sender, receiver, referral):
    first = thread.ask(referral, by=receiver, now=MONDAY + timedelta(hours=3), text="하나?")
    second = thread.ask(referral, by=receiver, now=MONDAY + timedelta(hours=4), text="둘?")
    thread.answer(first, by=sender, now=MONDAY + timedelta(hours=5), text="예")
    assert referral.pauses.running().exists()
    thread.answer(second, by=sender, now=MONDAY + timedelta(hours=6), text="예")
    assert referral.pauses.get().during.upper == MONDAY + timedelta(hours=6)
    with pytest.raises(NotNow):
        thread.answer(second, by=sender, now=MONDAY + timedelta(hours=7), text="다시")


def test_a_step_ends_the_wait_and_a_late_answer_is_still_written(sender, receiver, referral):
    question = thread.ask(referral, by=receiver, now=MONDAY + timedelta(hours=3), text="있습니까?")
    actions.accept(referral, by=receiver, now=MONDAY + timedelta(hours=4))
    referral.refresh_from_db()
    assert (referral.waits_for, referral.turn) == ("", "receiver")
    assert not referral.pauses.running().exists()
    thread.answer(question, by=sender, now=MONDAY + timedelta(hours=5), text="있습니다.")
    assert Message.objects.filter(kind="answer").exists()


@pytest.mark.parametrize("stands", ["sent", "provided", "closed"])
def test_a_question_is_asked_while_there_is_something_to_go_on_with(stands, sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, stands=stands, sent_at=MONDAY)
    with pytest.raises(NotNow):
        thread.ask(referral, by=receiver, now=MONDAY + timedelta(days=1), text="?")


def test_nobody_writes_into_a_draft_or_after_the_end(sender, receiver):
    for stands in ("draft", "closed"):
        referral = ReferralFactory(sender=sender, receiver=receiver, stands=stands, sent_at=MONDAY)
        with pytest.raises(NotNow):
            thread.comment(referral, by=sender, now=MONDAY + timedelta(days=1), text="-")
    with pytest.raises(NotYours):
        thread.comment(referral, by=ReceiverFactory(), now=MONDAY + timedelta(days=1), text="-")


def test_a_closed_view_shows_no_words_of_the_thread(page, sender, receiver, referral):
    thread.comment(referral, by=sender, now=MONDAY + timedelta(hours=2), text="비밀이 아닌 말")
    Referral.objects.filter(pk=referral.pk).update(ground="danger")
    from referrals.models import GroundReview

    head = UserFactory(agency=sender.agency, role="supervisor")
    GroundReview.objects.create(
        referral=referral, asked_by=sender, reviewed_by=head, reviewed_at=MONDAY, upheld=False, reason="급박하지 않음"
    )
    url = reverse("referrals:detail", args=[referral.number])
    assert "비밀이 아닌 말" not in page.get(receiver, url).content.decode()
    assert "비밀이 아닌 말" in page.get(sender, url).content.decode()
