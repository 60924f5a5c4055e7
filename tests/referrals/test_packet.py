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
from households.models import Consent, ContactPreference, Dwelling, Membership, Phone
from referrals import actions, packet
from referrals.tried import tried_words
from tests.factories import AttemptFactory, ContactFactory, HouseholdFactory
from tests.factories.referrals import ReferralFactory
from tests.factories.standings import stands

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


def test_what_was_tried_is_one_dated_line_each_and_tells_nothing_of_them(household, sender):
    now = timezone.now()
    for hours in range(1, 11):
        at = now - timedelta(hours=hours)
        AttemptFactory(household=household, recorded_by=sender, channel="phone", summary="몰래 한 말", occurred_at=at)
    ContactFactory(household=household, recorded_by=sender, channel="visit", occurred_at=now - timedelta(minutes=5))
    lines = tried_words(household, now).splitlines()
    assert lines[0].endswith("방문: 연락됨")
    assert {line[-11:] for line in lines[1:8]} == {"전화: 연락되지 않음"[-11:]}
    assert lines[8:] == ["그 밖에 최근 90일에 3번"]
    assert "몰래" not in " ".join(lines)


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


def ticked(page, user, household):
    return page.get(user, reverse("referrals:new", args=[household.number])).context["form"]["sections"].value()


def test_where_a_protected_household_lives_is_sent_only_if_the_sender_ticks_it(page, sender, receiver, household):
    other = HouseholdFactory(worker=sender)
    all_of_them = ["members", "head", "dwelling", "phone"]
    assert ticked(page, sender, household) == all_of_them
    stands(household, address_protected=True)
    assert ticked(page, sender, household) == ["members", "head"]
    assert ticked(page, sender, other) == all_of_them
    form = page.get(sender, reverse("referrals:new", args=[household.number])).content.decode()
    assert "주소 보호: 직접 선택하실 때에만 시·군·구와 동을 보냅니다." in form
    declined = ReferralFactory(
        sender=sender, receiver=receiver, household=household, stands="declined", sections=("members", "dwelling")
    )
    again = page.get(sender, reverse("referrals:new", args=[household.number]), again=declined.number)
    assert again.context["form"]["sections"].value() == ["members"]


def phone_of(sender, receiver, household):
    sent = ReferralFactory(sender=sender, receiver=receiver, household=household, sections=("members", "phone"))
    return sent.packet["phone"], [words for _label, words in packet.shown(sent.packet)], packet.hidden(sent.packet)


def test_the_telephone_of_the_head_is_shown_only_where_it_was_ticked(sender, receiver, household):
    head = Membership.objects.current().get(household=household, role="head").person
    Phone.objects.create(person=head, number="010-0000-1734")
    unticked = ReferralFactory(sender=sender, receiver=receiver, household=household).packet
    assert "phone" not in unticked
    assert "전화번호" in packet.hidden(unticked)
    number, shown, hidden = phone_of(sender, receiver, household)
    assert number == "010-0000-1734"
    assert number in shown
    assert "전화번호" not in hidden


def test_where_a_violence_marker_stands_only_the_safe_number_is_sent(sender, receiver, household):
    head = Membership.objects.current().get(household=household, role="head").person
    Phone.objects.create(person=head, number="010-0000-1734")
    stands(household, address_protected=True)
    assert phone_of(sender, receiver, household)[0] == ""
    day = seoul_day(timezone.now()) - timedelta(days=1)  # it was sent some hours ago: at night that is yesterday
    ContactPreference.objects.create(person=head, safe_number="010-0000-9999", stated_on=day)
    assert phone_of(sender, receiver, household)[0] == "010-0000-9999"


def test_each_side_reads_whom_to_telephone_at_the_other(page, sender, receiver, household):
    for user, number in ((sender, "032-000-1201"), (receiver, "032-000-7701")):
        user.phone = number
        user.save()
    sent = ReferralFactory(sender=sender, receiver=receiver, household=household)
    url = reverse("referrals:detail", args=[sent.number])
    assert "032-000-1201" in page.get(receiver, url).content.decode()
    assert page.get(sender, url).context["call"] is None, "nobody has taken it yet"
    taken = ReferralFactory(sender=sender, receiver=receiver, household=household, stands="accepted")
    url = reverse("referrals:detail", args=[taken.number])
    assert "032-000-7701" in page.get(sender, url).content.decode()
    sender.phone = ""
    sender.save()
    assert "전화번호 없음" in page.get(receiver, url).content.decode()


def test_the_page_is_headed_by_what_is_asked_and_logged_once(page, sender, receiver, household):
    sent = ReferralFactory(sender=sender, receiver=receiver, household=household)
    other = ReferralFactory(sender=sender, receiver=receiver)
    answer = page.get(receiver, reverse("referrals:detail", args=[sent.number])).content.decode()
    assert f"<h1>{sent.title}</h1>" in answer
    look = AccessLog.objects.get(actor_id=receiver.pk, view="referrals:detail")
    assert (look.act, look.detail) == ("open", {"referral": sent.number})
    assert set(look.subjects) == {*sent.packet["subjects"], *other.packet["subjects"]}, "the list beside it too"


@pytest.mark.parametrize("about", ["household", "member"])
def test_the_preview_is_exactly_what_the_receiver_sees(page, sender, receiver, household, about):
    person = Membership.objects.current().get(household=household, role="spouse").person if about == "member" else None
    draft = ReferralFactory(
        sender=sender,
        receiver=receiver,
        household=household,
        person=person,
        stands="draft",
        sections=[name for name, _label in packet.PICKED],
        health="당뇨",
        desired=[{"text": "전기 재공급", "person": None}, {"text": "검진", "person": person}],
    )
    url = reverse("referrals:detail", args=[draft.number])
    preview = page.get(sender, url)
    page.post(sender, reverse("referrals:step", args=[draft.number, "send"]))
    seen = page.get(receiver, url)
    assert seen.context["seen"].rows == preview.context["seen"].rows
    assert seen.context["seen"].hidden == preview.context["seen"].hidden
    assert packet_of(seen) == packet_of(preview) != ""


def packet_of(answer):
    body = answer.content.decode()
    return body[body.index('<dl class="kv">', body.index('class="packet"')) :].split("</section>")[0]
