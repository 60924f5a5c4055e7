"""Letters on paper: what was asked and what was answered, for both sides, as far as each may read it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from households.actions import give_consent, withdraw_consent
from referrals import letters
from referrals.models import GroundReview
from tests.factories import UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db


def url(referral, kind="request"):
    return reverse("referrals:letter", args=[referral.number, kind])


def referral_of(sender, receiver, household, **about):
    return ReferralFactory(sender=sender, receiver=receiver, household=household, **about)


def test_the_letter_of_referral_says_what_was_sent_and_no_more(page, sender, receiver, household, written):
    about = {"sections": ("members",), "facts": "11. 3. 전기 끊김"}
    referral = referral_of(sender, receiver, household, **about)
    answer = page.get(sender, url(referral))
    text = "\n".join(written)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    for word in (
        referral.number,
        str(sender.agency),
        str(receiver.agency),
        "의뢰서",
        "11. 3. 전기 끊김",
        referral.request,
    ):
        assert word in text
    assert "의뢰 의무" in text, "the ground for sharing"
    assert "정금주" not in text, "the name was not picked"


def test_the_answer_is_wanted_by_the_clock_of_the_route(sender, receiver, household, written):
    sent = timezone.now() - timedelta(days=3)
    referral = referral_of(sender, receiver, household, sent_at=sent, need="utilities")
    letters.printed(referral, "request", by=sender, now=timezone.now())
    wanted = next(text for text in written if text.startswith("회신 기한"))
    assert f"{timezone.localtime(sent + timedelta(hours=24)):%H:%M}" in wanted


def test_file_and_title_are_the_number_alone(page, sender, receiver, household):
    referral = referral_of(sender, receiver, household)
    answer = page.get(receiver, url(referral))
    assert answer["Content-Disposition"] == f'attachment; filename="{referral.number}.pdf"'
    title = re.search(rb"/Title \((.*?)\)", answer.content)[1]
    assert title == referral.number.encode()
    assert "no-store" in answer["Cache-Control"]


def test_a_letter_can_be_read_out(page, sender, receiver, household):
    content = page.get(receiver, url(referral_of(sender, receiver, household))).content
    assert b"/Lang (ko)" in content
    assert b"/S /H1" in content
    assert b"/StructTreeRoot" in content


def test_letters_are_in_korean_whatever_the_page_is_read_in(page, sender, receiver, household, written):
    sender.language = "en"
    sender.save()
    page.get(sender, url(referral_of(sender, receiver, household)))
    assert "의뢰서" in written


@pytest.mark.parametrize("kind", letters.KINDS)
def test_no_word_of_a_letter_follows_the_language_of_the_page(page, sender, receiver, household, written, kind):
    about = {"sections": ("members", "head", "dwelling", "phone"), "facts": "11. 3. 전기 끊김"}
    referral = referral_of(sender, receiver, household, stands="provided", **about)
    page.get(sender, url(referral, kind))
    korean = [*written]
    written.clear()
    sender.language = "en"
    sender.save()
    page.get(sender, url(referral, kind))
    assert written == korean != []
    assert [text for text in written if re.match("[A-Z][a-z]+( [a-z]+)*: ", text)] == [], "no English label"


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        ("declined", ["반려", "관할이 아닙니다."]),
        ("failed", ["제공 불가", "본인이 이사하였습니다."]),
        ("provided", ["제공", "전기가 다시 들어왔습니다."]),
        ("closed", ["전기가 다시 들어왔습니다."]),
    ],
)
def test_the_letter_of_reply_says_what_was_answered(page, sender, receiver, household, written, stands, words):
    referral = referral_of(sender, receiver, household, stands=stands)
    for user in (sender, receiver):
        written.clear()
        assert page.get(user, url(referral, "reply"))["Content-Type"] == "application/pdf"
        text = "\n".join(written)
        assert [word for word in [*words, "회신", str(receiver.agency)] if word not in text] == []


@pytest.mark.parametrize("stands", ["sent", "accepted", "in_progress"])
def test_before_an_answer_there_is_no_letter_of_reply(page, sender, receiver, household, stands):
    referral = referral_of(sender, receiver, household, stands=stands)
    answer = page.get(sender, url(referral, "reply"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("referrals:detail", args=[referral.number])
    assert "회신(PDF)" not in page.get(sender, answer["Location"]).content.decode()


def test_before_it_is_sent_there_is_no_letter(page, sender, receiver, household):
    referral = referral_of(sender, receiver, household, stands="draft")
    assert page.get(sender, url(referral)).status_code == 302
    assert page.get(receiver, url(referral)).status_code == 404


def test_the_page_leads_to_the_letters(page, sender, receiver, household):
    referral = referral_of(sender, receiver, household, stands="declined")
    for user in (sender, receiver):
        shown = page.get(user, reverse("referrals:detail", args=[referral.number])).content.decode()
        assert url(referral) in shown
        assert url(referral, "reply") in shown


def test_a_consent_taken_back_closes_the_letters_to_the_receiver(page, sender, receiver, household):
    today, person = timezone.localdate(), members_of(household)[0]
    words = {"purpose": "의뢰", "items": ["family", "address"], "recipient": receiver.agency}
    consent = give_consent(person, on=today - timedelta(days=1), until=None, by=sender, **words)
    referral = referral_of(sender, receiver, household, ground="consent", stands="provided")
    assert page.get(receiver, url(referral)).status_code == 200
    withdraw_consent(consent, on=today, by=sender)
    for kind in letters.KINDS:
        assert page.get(receiver, url(referral, kind)).status_code == 404
        assert page.get(sender, url(referral, kind)).status_code == 200
    shown = page.get(receiver, reverse("referrals:detail", args=[referral.number])).content.decode()
    assert url(referral) not in shown


def test_urgent_danger_not_upheld_closes_them_too(page, sender, receiver, household):
    referral = referral_of(sender, receiver, household, ground="danger", note="생명이 위급합니다.")
    supervisor = UserFactory(agency=sender.agency, role="supervisor")
    GroundReview.objects.filter(referral=referral).update(
        upheld=False, reviewed_at=timezone.now(), reviewed_by=supervisor, reason="위급하지 않았습니다."
    )
    assert page.get(receiver, url(referral)).status_code == 404


def test_printing_is_logged_with_whose_data_it_holds(page, sender, receiver, household):
    referral = referral_of(sender, receiver, household)
    page.get(receiver, url(referral))
    row = AccessLog.objects.get(act=Act.EXPORT)
    assert row.actor_id == receiver.pk
    assert row.subjects == referral.packet["subjects"] != []
    assert row.households == [household.pk]
    assert row.detail == {"referral": referral.number, "letter": "request"}


def test_a_stranger_gets_none_and_a_post_is_refused(page, client, sender, receiver, household):
    referral = referral_of(sender, receiver, household)
    for stranger in (ReceiverFactory(), UserFactory(), UserFactory(role="privacy_auditor")):
        assert page.get(stranger, url(referral)).status_code == 404
    assert page.get(sender, url(referral, "envelope")).status_code == 404
    client.force_login(sender)
    assert client.post(url(referral)).status_code == 405


def test_without_the_font_nothing_is_printed_and_the_page_says_so(page, sender, receiver, household, monkeypatch):
    monkeypatch.setattr("referrals.views.fonts_installed", lambda: False)
    referral = referral_of(sender, receiver, household)
    assert page.get(sender, url(referral)).status_code == 302
    assert not AccessLog.objects.filter(act=Act.EXPORT).exists()


def test_a_long_letter_goes_on_on_the_next_page(sender, receiver, household):
    referral = referral_of(sender, receiver, household, facts="여러 차례 안내하였습니다. " * 400)
    content = letters.printed(referral, "request", by=sender, now=timezone.now())
    assert int(re.search(rb"/Count (\d+)", content)[1]) > 1
