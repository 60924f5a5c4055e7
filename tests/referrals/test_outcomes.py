"""For whom it is, what is hoped for line by line, and what came of each."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from referrals import actions, packet
from referrals.models import Referral
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoped(household):
    child = members_of(household)[2]
    return [{"text": "전기 재공급", "person": None}, {"text": "건강 검진", "person": child}]


def made(sender, receiver, household, **words):
    return ReferralFactory(sender=sender, receiver=receiver, household=household, hoped="", **words)


def words_of(referral):
    return [hope["words"] for hope in packet.hopes(referral.packet)]


def url(referral):
    return reverse("referrals:detail", args=[referral.number])


# --- a person or the household ---


def test_of_one_person_only_that_person_is_in_the_packet(sender, receiver, household):
    person = members_of(household)[1]
    referral = made(sender, receiver, household, person=person, sections=("members", "head"))
    assert referral.packet["subjects"] == [person.pk]
    assert [member["role"] for member in referral.packet["members"]] == ["spouse"]
    assert referral.packet["head"] == "정유나"
    rows = dict(packet.shown(referral.packet))
    assert "배우자" in rows["대상자"]
    assert rows["이름"] == "정유나"
    assert "세대주" not in rows


def test_a_name_of_one_person_is_shown_only_if_it_was_ticked(sender, receiver, household):
    referral = made(sender, receiver, household, person=members_of(household)[1], sections=())
    assert "정유나" not in str(packet.shown(referral.packet))
    assert "members" not in referral.packet


def test_who_left_the_household_is_not_referred_with_it(sender, receiver, household):
    from tests.factories import HouseholdFactory

    stranger = members_of(HouseholdFactory(worker=sender))[0]
    with pytest.raises(ValidationError):
        made(sender, receiver, household, person=stranger)
    with pytest.raises(ValidationError):
        made(sender, receiver, household, desired=[{"text": "가", "person": stranger}])


# --- hoped-for results ---


def test_they_are_kept_in_order_and_frozen_when_sent(sender, receiver, household, hoped):
    referral = made(sender, receiver, household, desired=hoped)
    assert [row.text for row in referral.desired.all()] == ["전기 재공급", "건강 검진"]
    assert words_of(referral)[0] == "1. 전기 재공급"
    assert words_of(referral)[1].startswith("2. 건강 검진 · 자녀")
    assert "전기 재공급" in dict(packet.shown(referral.packet))["희망하는 결과"]


def test_a_member_is_called_as_in_the_packet_and_by_name_only_where_the_name_is_shown(sender, receiver, household):
    head, spouse, _child = members_of(household)
    lines = [{"text": "가", "person": head}, {"text": "나", "person": spouse}]
    bare = made(sender, receiver, household, desired=lines, sections=())
    assert words_of(bare) == ["1. 가 · 가구원 1", "2. 나 · 가구원 2"]
    rich = made(sender, receiver, household, desired=lines, sections=("members", "head"))
    assert words_of(rich)[0] == "1. 가 · 정금주"
    assert "정유나" not in str(rich.packet)


def test_a_referral_about_one_hopes_for_nobody_else(sender, receiver, household, hoped):
    with pytest.raises(ValidationError):
        made(sender, receiver, household, person=members_of(household)[0], desired=hoped)


def test_at_most_five(sender, receiver, household):
    with pytest.raises(ValidationError):
        made(sender, receiver, household, desired=[{"text": "가", "person": None}] * 6)


def test_a_changed_line_changes_the_draft_and_the_same_changes_nothing(sender, receiver, household, hoped):
    draft = made(sender, receiver, household, desired=hoped, stands="draft")
    kept = {name: getattr(draft, name) for name in ("to_agency", "need", "title", "request", "ground")}
    kept |= {"sections": ("members", "dwelling"), "facts": draft.packet["facts"]}
    ids = list(draft.desired.values_list("pk", flat=True))
    actions.edit_draft(draft, by=sender, now=timezone.now(), desired=hoped, **kept)
    assert list(draft.desired.values_list("pk", flat=True)) == ids
    actions.edit_draft(draft, by=sender, now=timezone.now(), desired=hoped[:1], **kept)
    assert [row.text for row in draft.desired.all()] == ["전기 재공급"]
    assert len(Referral.objects.get().packet["desired"]) == 1


def test_the_text_of_before_keeps_showing(sender, receiver, household):
    old = ReferralFactory(sender=sender, receiver=receiver, household=household, hoped="긴급복지 신청")
    assert "긴급복지 신청" in dict(packet.shown(old.packet))["희망하는 결과"]


# --- what came of them ---


def provide(page, receiver, referral, **said):
    return page.post(receiver, reverse("referrals:step", args=[referral.number, "provide"]), text="보고", **said)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("provided", "provided", "provided"),
        ("not_provided", "not_provided", "not_provided"),
        ("provided", "not_provided", "partial"),
        ("partial", "provided", "partial"),
    ],
)
def test_the_whole_follows_from_the_lines(page, sender, receiver, household, hoped, first, second, whole):
    referral = made(sender, receiver, household, desired=hoped, stands="in_progress")
    provide(page, receiver, referral, result_1=first, result_2=second, words_2="예약함")
    referral.refresh_from_db()
    assert (referral.status, referral.outcome) == ("provided", whole)
    rows = list(referral.desired.values_list("result", "result_text"))
    assert rows == [(first, ""), (second, "예약함")]


def test_both_sides_read_the_result_of_each_line_and_member(page, sender, receiver, household, hoped):
    referral = made(sender, receiver, household, desired=hoped, stands="in_progress")
    provide(page, receiver, referral, result_1="provided", result_2="not_provided", words_2="예약이 다 찼음")
    for user in (sender, receiver):
        seen = page.get(user, url(referral)).content.decode()
        assert "예약이 다 찼음" in seen
        assert "2. 건강 검진 · 자녀" in seen


def test_a_line_without_a_result_is_asked_for(page, sender, receiver, household, hoped):
    referral = made(sender, receiver, household, desired=hoped, stands="in_progress")
    assert provide(page, receiver, referral, result_1="provided").status_code == 422
    with pytest.raises(ValidationError):
        actions.VERBS["provide"](referral, by=receiver, now=timezone.now(), text="-", results={1: ("provided", "")})
    referral.refresh_from_db()
    assert referral.status == "in_progress"


def test_without_lines_one_outcome_says_it(page, sender, receiver, household):
    referral = made(sender, receiver, household, stands="in_progress")
    assert provide(page, receiver, referral).status_code == 422
    provide(page, receiver, referral, outcome="partial")
    referral.refresh_from_db()
    assert referral.outcome == "partial"
