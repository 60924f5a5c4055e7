"""The pages of a contact, each button: works, refuses GET, a stranger 404, a wrong role 403, twice changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from casework.templatetags.format import rowday
from households.forms.moments import value_of
from households.models import Addendum, Contact, Draft
from tests.factories import ContactFactory, ShareFactory, UserFactory
from tests.factories.standings import stands

RISKS = {"asked_self_harm": "no", "asked_violence": "no", "asked_child": "no", "asked_basics": "no"}


def visit(people, **changes):
    return {
        "draft": str(uuid4()),
        "channel": "visit",
        "met": "yes",
        "at": value_of(timezone.now() - timedelta(minutes=1)),
        "people": [people[0].case_number],
        "level": "centre",
        **RISKS,
        **changes,
    }


@pytest.fixture
def url(house):
    return reverse("households:contact", args=[house.number])


def test_the_form_names_the_members_and_the_look_is_logged(house, people, kim, enter, url):
    page = enter(kim).get(url).content.decode()
    assert all(name in page for name in ("정금주", "김철수", "김유나"))
    log = AccessLog.objects.get(view="households:contact")
    assert log.subjects == sorted(person.pk for person in people)


def test_a_visit_is_saved_and_a_double_tap_lands_once(house, people, kim, enter, url):
    client, data = enter(kim), visit(people)
    for _tap in range(2):
        answer = client.post(url, data)
        assert answer.status_code == 302
        assert answer.url == reverse("desks:household", args=[house.number])
    assert Contact.objects.get().recorded_by == kim


def test_a_form_with_errors_comes_back_with_everything_typed(people, kim, enter, url):
    answer = enter(kim).post(url, visit(people, topics=["nonsense"], summary="들은 말: 걱정"))
    assert answer.status_code == 422
    assert "들은 말: 걱정" in answer.content.decode()
    assert not Contact.objects.exists()


def test_a_stranger_finds_nothing_and_a_wrong_role_is_told_so(house, people, stranger, enter, url, centre):
    assert enter(stranger).get(url).status_code == 404
    assert enter(stranger).post(url, visit(people)).status_code == 404
    officer = UserFactory(role="residence_officer")
    ShareFactory(household=house, to_user=officer)
    assert enter(officer).get(url).status_code == 403


def test_before_logging_in_there_is_no_form(client, url):
    assert client.get(url).status_code == 302


def test_what_is_typed_is_kept_and_taken_up_again_after_a_log_out(house, kim, enter, url):
    client, key = enter(kim), uuid4()
    typed = {
        "kind": "contact",
        "household": house.number,
        "channel": "phone",
        "summary": "쓰던 글",
        "topics": ["debt", "law"],
    }
    answer = client.post(reverse("households:draft", args=[key]), typed, headers={"accept": "application/json"})
    assert answer.json()["draft"] == str(key)
    assert answer.json()["at"] == timezone.localtime(Draft.objects.get().saved_at).strftime("%H:%M")
    client.logout()
    client = enter(kim)
    assert str(key) in client.get(reverse("households:drafts")).content.decode()
    answer = client.get(reverse("households:draft", args=[key]))
    assert answer.url == f"{url}?draft={key}"
    page = client.get(answer.url).content.decode()
    assert "쓰던 글" in page
    assert 'value="debt" checked' in page or 'value="debt" id="id_topics_7" checked' in page


def test_a_draft_without_javascript_is_kept_too(house, kim, enter):
    data = {"kind": "contact", "household": house.number, "summary": "쓰던 글"}
    answer = enter(kim).post(reverse("households:draft", args=[uuid4()]), data)
    assert answer.url == reverse("households:drafts")
    assert Draft.objects.get().payload["summary"] == ["쓰던 글"]


def test_a_draft_belongs_to_its_author_alone(house, kim, boss, enter):
    key = uuid4()
    Draft.objects.create(author=kim, kind="contact", household=house, client_key=key)
    client = enter(boss)
    assert client.get(reverse("households:draft", args=[key])).status_code == 404
    assert str(key) not in client.get(reverse("households:drafts")).content.decode()
    client.post(reverse("households:discard", args=[key]))
    assert Draft.objects.exists()


def test_a_draft_is_thrown_away_once_and_only_by_posting(kim, enter):
    key = uuid4()
    Draft.objects.create(author=kim, kind="contact", client_key=key)
    client, address = enter(kim), reverse("households:discard", args=[key])
    assert client.get(address).status_code == 405
    assert Draft.objects.exists()
    for _time in range(2):
        assert client.post(address).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_of_a_household_the_user_cannot_see_is_refused(house, stranger, enter):
    data = {"kind": "contact", "household": house.number, "summary": "?"}
    assert enter(stranger).post(reverse("households:draft", args=[uuid4()]), data).status_code == 404
    assert enter(stranger).post(reverse("households:draft", args=[uuid4()]), {"kind": "poem"}).status_code == 400


def test_a_draft_that_is_far_too_long_is_refused(house, kim, enter):
    data = {"kind": "contact", "household": house.number, "summary": "가" * 70_000}
    assert enter(kim).post(reverse("households:draft", args=[uuid4()]), data).status_code == 413


def test_a_late_autosave_does_not_bring_the_draft_back(house, people, kim, enter, url):
    client, data = enter(kim), visit(people)
    client.post(url, data)
    late = {"kind": "contact", "household": house.number, "summary": "늦은 저장"}
    answer = client.post(
        reverse("households:draft", args=[data["draft"]]), late, headers={"accept": "application/json"}
    )
    assert answer.status_code == 204
    assert not Draft.objects.exists()


def page_of(contact, name="contact_page"):
    return reverse(f"households:{name}", args=[contact.household.number, contact.fact_id])


def test_a_note_is_read_by_those_who_may_and_the_look_is_logged(house, people, kim, stranger, enter):
    contact = ContactFactory(household=house, recorded_by=kim, summary="조용히 들은 말", risk_free=True)
    assert "조용히 들은 말" in enter(kim).get(page_of(contact)).content.decode()
    assert AccessLog.objects.get(view="households:contact_page").subjects == [people[0].pk]
    assert enter(stranger).get(page_of(contact)).status_code == 404


def test_a_counselling_note_is_not_opened_by_the_supervisor(house, kim, boss, enter):
    contact = ContactFactory(household=house, recorded_by=kim, level="counselling", summary="상담")
    assert enter(boss).get(page_of(contact)).status_code == 404


def test_the_author_corrects_within_a_day(house, people, kim, boss, enter):
    contact = ContactFactory(household=house, recorded_by=kim, risk_free=True, occurred_at=timezone.now())
    address = page_of(contact, "contact_edit")
    client = enter(kim)
    assert client.get(address).status_code == 200
    data = visit(people, draft=contact.pk, summary="고침")
    for _tap in range(2):
        assert client.post(address, data).status_code == 302
    assert Contact.objects.current().get().summary == "고침"
    assert Contact.objects.count() == 2
    assert enter(boss).post(address, visit(people, draft=contact.pk, summary="남")).status_code == 302
    assert Contact.objects.count() == 2


def test_an_addendum_stands_under_the_original_and_lands_once(house, kim, boss, stranger, enter):
    contact = ContactFactory(household=house, recorded_by=kim)
    address, data = page_of(contact, "addendum"), {"text": "덧붙임", "draft": str(uuid4())}
    client = enter(boss)
    assert client.get(address).status_code == 405
    for _tap in range(2):
        assert client.post(address, data).status_code == 302
    assert Addendum.objects.get().text == "덧붙임"
    assert "덧붙임" in client.get(page_of(contact)).content.decode()
    client.post(address, {"text": " ", "draft": str(uuid4())})
    assert Addendum.objects.count() == 1
    assert enter(stranger).post(address, data).status_code == 404


@pytest.mark.parametrize("language", ["ko", "en"])
def test_both_languages_show_the_form(house, kim, enter, url, language):
    kim.language = language
    kim.save()
    assert enter(kim).get(url).status_code == 200


def coming(days):
    return value_of(timezone.now() + timedelta(days=days), "phone")


def told(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_form_says_until_when_the_next_contact_is_due(house, kim, enter, url):
    stands(house, 4, due_in=4, limit=14)
    today = seoul_day(timezone.now())
    page = enter(kim).get(url)
    hint = str(page.context["due_hint"])
    assert f"만났으면 {rowday(today + timedelta(days=14))}까지" in hint
    assert f"만나지 못했으면 {rowday(today + timedelta(days=4))}까지" in hint
    stands(house, 4, due_in=-9, limit=14)
    hint = str(enter(kim).get(url).context["due_hint"])
    assert f"{rowday(today - timedelta(days=9))}까지였습니다." in hint


def test_a_next_contact_later_than_it_is_due_is_saved_and_said(house, people, kim, enter, url):
    stands(house, 4, due_in=4, limit=14)
    late = enter(kim).post(url, visit(people, next=coming(20)))
    assert late.status_code == 302
    assert "기준일" in told(late)[-1]
    assert Contact.objects.get().next_at
    attempt = visit(people, met="no", outcome="no_answer", next=coming(6))
    assert "기준일" in told(enter(kim).post(url, attempt))[-1]
    in_time = visit(people, met="no", outcome="no_answer", next=coming(3))
    assert "기준일" not in told(enter(kim).post(url, in_time))[-1]


def test_daily_until_met_means_tomorrow(house, people, kim, enter, url):
    stands(house, 5, due_in=0, limit=0)
    today = seoul_day(timezone.now())
    hint = str(enter(kim).get(url).context["due_hint"])
    assert f"만나지 못했으면 {rowday(today + timedelta(days=1))}까지" in hint
    assert f"만났으면 {rowday(today + timedelta(days=3))}까지" in hint


def test_the_button_names_what_is_recorded_without_a_script(kim, enter, url):
    page = enter(kim).get(url).content.decode()
    for words in ("저장", "기록 남기기", "연락 시도 기록"):
        assert f">{words}</span>" in page
