"""When the receiver's view closes again, at once: a consent is withdrawn or has ended, a danger was not upheld."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Event
from casework.facts import supersede
from households.actions import withdraw_consent
from referrals import actions, inbox, packet, reviews
from referrals.models import DesiredOutcome, GroundReview, Message, Referral
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.referrals.conftest import agreed, today

pytestmark = pytest.mark.django_db


def sent(sender, receiver, household, **words):
    return ReferralFactory(sender=sender, receiver=receiver, household=household, **words)


def url(referral):
    return reverse("referrals:detail", args=[referral.number])


@pytest.fixture
def told(sender, private, household):
    consent = agreed(household, private.agency, sender)
    referral = sent(
        sender,
        private,
        household,
        ground="consent",
        facts="비밀 사실",
        title="비밀 제목",
        request="비밀 요청",
        desired=[{"text": "비밀 희망", "person": None}],
        stands="received",
    )
    Message.objects.create(
        referral=referral, kind="comment", text="비밀 대화", author=sender, agency=sender.agency, at=timezone.now()
    )
    return referral, consent


def closed_for(referral, user):
    fresh = Referral.objects.visible_to(user).get(pk=referral.pk)
    return packet.as_seen_by(fresh, user)


def test_a_withdrawn_consent_closes_the_view_everywhere_at_once(page, sender, private, told):
    referral, consent = told
    pages = [url(referral), reverse("referrals:inbox")]
    assert all("비밀" in page.get(private, each).content.decode() for each in pages)
    withdraw_consent(consent, on=today(), by=sender)
    for each in pages:
        assert "비밀" not in page.get(private, each).content.decode()
        assert referral.number in page.get(private, each).content.decode()
        assert "비밀" in page.get(sender, each).content.decode()
    seen = closed_for(referral, private)
    assert (seen.veiled, seen.rows, seen.request, seen.desired, seen.subjects) == (True, [], "", [], [])
    assert seen.why == closed_for(referral, sender).why != ""
    for model in (DesiredOutcome, Message):
        assert not model.objects.visible_to(private).exists()
        assert model.objects.visible_to(sender).exists()


def test_both_sides_are_told_why(page, sender, private, told):
    referral, consent = told
    withdraw_consent(consent, on=today(), by=sender)
    assert "철회" in page.get(private, url(referral)).content.decode()
    assert "철회" in page.get(sender, url(referral)).content.decode()


def test_the_page_of_the_person_withdraws_it(page, sender, private, told):
    referral, consent = told
    case = consent.person.case_number
    page.post(sender, reverse("households:withdraw_consent", args=[case, consent.fact_id]))
    assert closed_for(referral, private).veiled


def test_a_consent_whose_period_has_ended_closes_it_too(sender, private, told):
    referral, consent = told
    supersede(consent, by=sender, during=(consent.during.lower, today()))
    assert closed_for(referral, private).veiled
    assert not closed_for(referral, sender).veiled


def test_a_corrected_consent_that_still_holds_keeps_it_open(sender, private, told):
    referral, consent = told
    supersede(consent, by=sender, purpose="의뢰 (고침)")
    assert not closed_for(referral, private).veiled


def test_both_sides_can_still_finish_it(page, sender, private, told):
    referral, consent = told
    withdraw_consent(consent, on=today(), by=sender)
    for verb, words in (("accept", {}), ("provide", {"outcome": "not_provided", "text": "철회로 멈춤"})):
        step = reverse("referrals:step", args=[referral.number, verb])
        assert page.post(private, step, **words).status_code == 200
    for verb in ("confirm", "close"):
        page.post(sender, reverse("referrals:step", args=[referral.number, verb]))
    assert Referral.objects.get(pk=referral.pk).status == "closed"


def test_looking_at_what_is_closed_shows_nobodys_data(page, sender, private, told):
    referral, consent = told
    withdraw_consent(consent, on=today(), by=sender)
    page.get(private, url(referral))
    assert AccessLog.objects.filter(actor_id=private.pk, view="referrals:detail").latest("id").subjects == []


def test_the_veil_costs_the_inbox_no_query(sender, private, told):
    rows = inbox.rows_in(private, "received").with_veil()
    with CaptureQueriesContext(connection) as queries:
        assert [row.veiled for row in rows] == [False]
    assert len(queries) == 1


def test_a_danger_that_is_not_upheld_closes_what_was_passed_on_too(sender, receiver, household, supervisor):
    other, third = ReceiverFactory(), ReceiverFactory()
    first = sent(sender, receiver, household, ground="danger", need="health", stands="received")
    rows = [first]
    for by, to in ((receiver, other), (other, third)):
        words = {"now": timezone.now(), "reason": "관할이 아닙니다.", "to_agency": to.agency}
        rows.append(actions.VERBS["reroute"](rows[-1], by=by, **words).rerouted_to)
    reviews.judge(first.ground_review, by=supervisor, now=timezone.now(), upheld=False, reason="시간이 있었습니다.")
    assert closed_for(rows[2], third).veiled
    assert not GroundReview.objects.waiting().exists()
    assert Event.objects.about(rows[2]).filter(verb="ground not upheld").count() == 1
