"""The household page: what is said, to whom, and what stays hidden."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from casework.templatetags.format import rowday
from casework.touched import TouchedLease
from households.protection.standing import Ending
from risk.bands import Band
from risk.models import Standing
from risk.queue import claim, sweep_queue
from tests.factories import AttemptFactory, ContactFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory
from tests.factories.risk import SignalFactory
from tests.factories.stated import ScreeningFactory

TODAY = timezone.localdate


@pytest.fixture
def look(client):
    """Return look(user, household, query) of the page as text."""

    def at(user, household, query=""):
        client.force_login(user)
        answer = client.get(f"/households/{household.number}/{query}")
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return at


@pytest.fixture
def household(worker, swept):
    """Power cut off, nobody met for weeks, a protection period that ends."""
    household = HouseholdFactory(
        worker=worker,
        members=["정금주", "정유나"],
        under_protection=TODAY() - timedelta(days=5 * 365 - 100),
        person_phone="010-0000-1734",
        registered_on=TODAY() - timedelta(days=300),
    )
    ContactFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=40))
    for days in (9, 5):
        AttemptFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=days))
    SignalFactory(household=household, code_id="S14", ago=20)
    swept()
    return household


def test_the_page_says_why_and_what_comes_next(look, worker, household):
    page = look(worker, household)
    assert "정금주 가구" in page
    assert "왜 고위험인가요" in page
    assert "전기가 끊긴 지 20일" in page
    assert "연락 단계" in page
    assert "일 남음" in page


def test_an_emergency_is_tried_again_by_the_next_evening_whatever_the_contact_steps_say(look, worker, swept):
    household = HouseholdFactory(worker=worker, registered_on=TODAY() - timedelta(days=300))
    SignalFactory(household=household, code_id="S24", ago=4)
    AttemptFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(minutes=1))
    swept()
    page = look(worker, household)
    assert Standing.objects.get(household=household).limit_days == 0
    assert re.search(r"(내일|오늘) 21:00까지", page)


def test_a_number_stands_masked_and_the_whole_one_is_not_in_the_page(look, worker, household):
    page = look(worker, household)
    assert "010-****-1734" in page
    assert "010-0000-1734" not in page


@pytest.mark.parametrize("role", ["case_manager", "supervisor", "ministry_officer", "residence_officer", "town_worker"])
def test_a_strangers_household_is_not_found(client, household, role):
    client.force_login(UserFactory(role=role))
    assert client.get(f"/households/{household.number}/").status_code == 404


def test_a_share_opens_the_page_and_its_end_closes_it(client, look, household):
    other = UserFactory()
    share = ShareFactory(household=household, to_user=other)
    look(other, household)
    share.end(by=share.shared_by)
    assert client.get(f"/households/{household.number}/").status_code == 404


def test_a_note_that_may_not_be_read_is_there_without_its_content(look, worker, supervisor, centre):
    household = HouseholdFactory(worker=worker)
    counsellor = UserFactory(agency=centre, role="counsellor")
    ContactFactory(household=household, recorded_by=counsellor, summary="비밀 이야기", level="counselling")
    page = look(worker, household)
    assert "비밀 이야기" not in page
    assert "읽을 권한이 없는 기록이 있습니다" in page
    assert "비밀 이야기" not in look(supervisor, household)


def test_an_officer_with_a_share_sees_no_notes_signals_or_scores(look, household):
    officer = UserFactory(role="residence_officer")
    ShareFactory(household=household, to_user=officer)
    page = look(officer, household)
    assert "정금주" in page
    for hidden in ("고위험", "단전", "전기가", "점수", "방문했으나", "연락 단계"):
        assert hidden not in page


def test_what_a_screening_gave_is_read_by_those_who_keep_the_household_alone(look, worker, household, swept):
    ScreeningFactory(person=members_of(household)[0], score=16)
    swept()
    other = UserFactory()
    ShareFactory(household=household, to_user=other)
    said = "PHQ-9가 16점"
    assert said in look(worker, household)
    page = look(other, household)
    assert said not in page
    assert "상담을 권해야 합니다" in page


def test_a_protected_household_is_called_by_its_number(look, worker, household):
    Standing.objects.filter(household=household).update(address_protected=True)
    page = look(worker, household)
    assert "정금주 가구" not in page
    assert "신림동" not in page
    assert "주소 보호" in page


def test_the_same_sentence_about_two_members_is_one_line(look, worker, household):
    page = look(worker, household)
    assert len(re.findall(r'class="say"[^<]*<span class="vh">[^<]*</span>보호기간이', page)) == 1
    assert "정금주 · 정유나" in page


def test_each_source_is_named_with_its_own_days(look, worker, swept):
    household = HouseholdFactory(worker=worker, registered_on=TODAY() - timedelta(days=300))
    met = timezone.now() - timedelta(days=6)
    ContactFactory(household=household, recorded_by=worker, occurred_at=met, tags=["eviction_notice"])
    signal = SignalFactory(household=household, code_id="S05", ago=20, months=4)
    swept()
    page = look(worker, household)
    assert f"{rowday(timezone.localtime(met).date())} 연락에서 확인 · {rowday(signal.observed_on)} 신호" in page


def test_everything_on_record_stands_in_one_timeline(look, worker, household):
    ReferralFactory(household=household, sender=worker, title="전기 재공급", status="sent")
    page = look(worker, household)
    for entry in ("방문했으나 만나지 못함", "전기 재공급", "기준에 해당", "보호기간 시작"):
        assert entry in page
    assert "방문했으나 만나지 못함" not in look(worker, household, "?show=referrals")
    assert "전기 재공급" in look(worker, household, "?show=referrals")


def test_a_long_history_comes_by_months(look, worker):
    household = HouseholdFactory(worker=worker, registered_on=TODAY() - timedelta(days=400))
    for days in range(1, 121, 2):
        ContactFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=days))
    page = look(worker, household)
    older = re.search(r'href="\?(before=\d{4}-\d\d)#tl"', page)
    assert older
    assert "이전 기록" in page
    months = [
        f"{year}년 {month}월"
        for year, month in re.findall(r'class="month">(\d+)년 (\d+)월', look(worker, household, f"?{older[1]}"))
    ]
    assert months
    assert not set(months) & set(re.findall(r'class="month">([^<]+)<', page))


def test_the_looks_are_told_by_name(look, worker, supervisor, household):
    look(supervisor, household)
    page = look(worker, household, "?show=looks")
    assert "문가영" in page
    assert "오늘 2명이 열람했습니다" in page


def test_opening_is_logged_with_whose_data_was_shown(look, worker, household):
    look(worker, household)
    entry = AccessLog.objects.get(act=Act.OPEN)
    assert entry.households == [household.pk]
    assert len(entry.subjects) == 2


def test_the_neighbours_of_the_list_are_one_key_away(look, worker, household):
    other = HouseholdFactory(worker=worker)
    Standing.objects.create(household=other, band=Band.EMERGENCY, shown_band=Band.EMERGENCY)
    page = look(worker, household, "?list=")
    assert f'href="/households/{other.number}/?list=" data-key="["' in page
    assert "고위험 1 / 1" in page
    assert 'data-key="["' not in look(worker, household)


def test_why_the_other_criteria_do_not_apply_is_told_on_asking(client, look, worker, household):
    assert (
        "체납" not in re.sub(r"<option.*?</option>", "", look(worker, household)).split("모든 기록")[0].split("왜 ")[1]
    )
    page = look(worker, household, "?part=quiet")
    assert "임대료·관리비 체납" in page
    region = client.get(f"/households/{household.number}/?part=quiet", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in region
    assert "임대료·관리비 체납" in region


def test_the_buttons_follow_the_role(look, worker, supervisor, household):
    assert "/review/" not in look(worker, household)
    page = look(supervisor, household)
    assert f"/risk/{household.number}/review/" in page
    assert f"/households/{household.number}/assign/" in page
    assert f"/households/{household.number}/assign/" not in look(worker, household)


def test_both_languages(look, worker, household):
    worker.language = "en"
    worker.save()
    page = look(worker, household)
    assert "Why High?" in page
    assert "20 days have passed since the power was cut off" in page


def test_the_number_of_questions_does_not_grow_with_the_history(own_queries, worker):
    household = HouseholdFactory(worker=worker)
    for _ in range(2):
        ContactFactory(household=household, recorded_by=worker)
    ReferralFactory(household=household, sender=worker, status="sent")
    few = own_queries(worker, f"/households/{household.number}/?list=")
    for _ in range(18):
        ContactFactory(household=household, recorded_by=worker)
    many = own_queries(worker, f"/households/{household.number}/?list=")
    assert len(few) == len(many) <= 5


WAITING = "방금 기록한 내용을 반영하고 있습니다."
POLL = {"hx-request": "true", "x-casework-poll": "1"}


def test_what_was_just_recorded_is_said_to_be_on_its_way_until_its_sweep(client, look, worker, household):
    url = f"/households/{household.number}/"
    sweep_queue(timezone.now)
    assert WAITING not in look(worker, household)
    ContactFactory(household=household, recorded_by=worker, occurred_at=timezone.now())
    page = look(worker, household)
    assert WAITING in page
    assert 'hx-trigger="every 2s"' in page
    looks = AccessLog.objects.filter(act=Act.OPEN).count()
    assert client.get(url, headers=POLL).status_code == 204
    claim()  # a sweep has taken it off the queue and is not yet done
    assert client.get(url, headers=POLL).status_code == 204
    assert AccessLog.objects.filter(act=Act.OPEN).count() == looks
    TouchedLease.objects.all().delete()
    done = client.get(url, headers=POLL).content.decode()
    assert WAITING not in done
    assert 'id="now"' in done
    assert 'id="now-band"' in done
    assert AccessLog.objects.filter(act=Act.OPEN).count() == looks + 1


def test_who_is_only_shown_the_household_is_told_nothing_of_the_sweep(client, look, household):
    officer = UserFactory(role="residence_officer")
    ShareFactory(household=household, to_user=officer)
    ContactFactory(household=household)
    assert WAITING not in look(officer, household)


def test_asking_for_a_strangers_sweep_is_not_found(client, stranger, household):
    client.force_login(stranger)
    assert client.get(f"/households/{household.number}/", headers=POLL).status_code == 404


def test_nonsense_in_the_address_is_not_found(client, worker, household):
    client.force_login(worker)
    assert client.get(f"/households/{household.number}/?before=2026-13").status_code == 404
    assert client.post(f"/households/{household.number}/").status_code == 405


def test_the_notice_stands_three_calendar_months_before_the_last_day():
    ending = Ending(1, date(2027, 3, 14), date(2026, 11, 19))
    assert (ending.left, ending.notice_by) == (115, date(2026, 12, 14))
