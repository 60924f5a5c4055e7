"""What the receiver sees is exactly what the sender picked, as it was when it was sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from casework.facts import supersede
from casework.workflow import NotYours
from households.models import Consent, Dwelling, Membership
from referrals import actions, packet
from tests.factories import AttemptFactory, ContactFactory
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


def test_only_the_picked_sections_are_in_it(sender, receiver, household):
    bare = ReferralFactory(sender=sender, receiver=receiver, household=household, sections=(), facts="", hoped="")
    assert set(bare.packet) == {"v", "household", "ground", "subjects"}
    rich = ReferralFactory(
        sender=sender, receiver=receiver, household=household, sections=("members", "head", "dwelling"), health="당뇨"
    )
    assert rich.packet["head"] == "정금주"
    assert rich.packet["dwelling"] == {"ko": "서울 관악구", "en": "Gwanak-gu, Seoul", "town": "신림동"}
    assert [m["role"] for m in rich.packet["members"]] == ["head", "spouse", "child"]
    assert rich.packet["health"] == "당뇨"


def test_names_notes_and_telephone_never_leave(page, sender, receiver, household):
    ContactFactory(household=household, recorded_by=sender, summary="비밀 상담 내용", asked_violence="yes")
    referral = ReferralFactory(sender=sender, receiver=receiver, household=household, sections=("members", "dwelling"))
    seen = page.get(receiver, reverse("referrals:detail", args=[referral.number])).content.decode()
    for secret in ("정금주", "정유나", "비밀 상담 내용", "010-"):
        assert secret not in seen
    assert "신림동" in seen
    assert "보이지 않음" in seen
    assert reverse("referrals:new", args=[household.number]) not in seen


def test_the_copy_stays_as_it_was_sent(sender, receiver, household):
    referral = ReferralFactory(sender=sender, receiver=receiver, household=household)
    supersede(Dwelling.objects.current().get(household=household), by=sender, town="봉천동")
    referral.refresh_from_db()
    assert referral.packet["dwelling"]["town"] == "신림동"


def test_what_changed_since_the_preview_is_shown_again_before_it_is_sent(page, sender, receiver, household):
    draft = ReferralFactory(sender=sender, receiver=receiver, household=household, stands="draft")
    supersede(Dwelling.objects.current().get(household=household), by=sender, town="봉천동")
    answer = page.post(sender, reverse("referrals:step", args=[draft.number, "send"]))
    draft.refresh_from_db()
    assert (draft.status, draft.packet["dwelling"]["town"]) == ("draft", "봉천동")
    assert [m.level_tag for m in answer.context["messages"]] == ["warning"]
    page.post(sender, reverse("referrals:step", args=[draft.number, "send"]))
    draft.refresh_from_db()
    assert draft.status == "sent"


def test_a_withdrawn_consent_stops_the_sending(sender, receiver, household):
    person = Membership.objects.current().get(household=household, role="head").person
    today = seoul_day(timezone.now())
    consent = Consent.objects.create(
        person=person, purpose="의뢰", recipient=receiver.agency, during=DateRange(today - timedelta(days=9), None)
    )
    draft = ReferralFactory(
        sender=sender, receiver=receiver, household=household, stands="draft", ground="consent", consent={"from": "x"}
    )
    supersede(consent, by=sender, withdrawn_on=today)
    with pytest.raises(ValidationError):
        actions.send(draft, by=sender, now=timezone.now())


def test_what_was_tried_counts_attempts_and_tells_nothing_of_them(household, sender):
    for _n in range(3):
        AttemptFactory(household=household, recorded_by=sender, channel="phone", summary="몰래 한 말")
    ContactFactory(household=household, recorded_by=sender)
    words = packet.tried_words(household, timezone.now())
    assert "3" in words
    assert "몰래" not in words


def test_somebody_whose_birth_year_alone_is_known_is_about_so_old():
    member = {"role": "parent", "age": 74, "about": True, "sex": "U"}
    shown = packet.shown({"household": "3FK-72M-8", "members": [member]})
    assert "74" in shown[0][1]


def test_opening_it_is_logged_with_whose_data_was_shown(page, sender, receiver, household):
    referral = ReferralFactory(sender=sender, receiver=receiver, household=household)
    page.get(receiver, reverse("referrals:detail", args=[referral.number]))
    look = AccessLog.objects.filter(act="open", actor_id=receiver.pk).get()
    assert look.subjects == referral.packet["subjects"]
    assert len(look.subjects) == 3
    assert look.households == [household.pk]


def test_who_may_not_refer_writes_no_draft(receiver, household):
    words = {"to_agency": receiver.agency, "need": "work", "title": "가", "request": "나", "ground": "duty"}
    with pytest.raises(NotYours):
        actions.save_draft(household, by=receiver, now=timezone.now(), client_key=uuid4(), **words)
