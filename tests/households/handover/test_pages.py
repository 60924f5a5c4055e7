"""The pages of handovers: the list, the form with its people, steps, the move-in; who may and what is said."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.audit.models import AccessLog
from households.models import Handover, HandoverStep, Household
from risk.bands import Band
from risk.models import Standing
from tests.factories import HouseholdFactory, UserFactory, district
from tests.factories.handovers import handover_of
from tests.factories.households import members_of


@pytest.fixture
def coming(officer, centre, today):
    return handover_of(centre, by=officer, district=district("서울 관악구"), moves_on=today + timedelta(days=1))


@pytest.fixture
def named(officer, centre, today, kim):
    words = {"status": "accepted", "worker": kim, "moves_on": today}
    return handover_of(centre, by=officer, district=district("서울 관악구"), **words)


def typed(centre, today, **words):
    return {
        "center": centre.pk,
        "district": district("서울 관악구").pk,
        "moves_on": (today + timedelta(days=5)).isoformat(),
        "language": "ko",
        "people-TOTAL_FORMS": "4",
        "people-INITIAL_FORMS": "0",
        "people-0-family": "오",
        "people-0-given": "은별",
        "people-0-sex": "F",
        "people-0-birth": "1986",
        "people-0-role": "head",
        "people-0-is_defector": "yes",
        **{f"people-{n}-{name}": value for n in (1, 2, 3) for name, value in EMPTY.items()},
        **words,
    }


EMPTY = {"sex": "U", "role": "", "is_defector": "yes"}


def step(number, verb):
    return reverse("households:handover_step", args=[number, verb])


def test_the_officer_announces_a_household_and_empty_rows_are_nobody(enter, officer, centre, today):
    answer = enter(officer).post(reverse("households:handover_new"), typed(centre, today))
    made = Handover.objects.get()
    assert answer.url == reverse("households:handover", args=[made.number])
    assert [str(one) for one in made.people.all()] == ["오은별"]


def test_one_more_person_loses_nothing_and_checks_nothing_yet(enter, officer, centre, today):
    answer = enter(officer).post(
        reverse("households:handover_new"), typed(centre, today, more="1", **{"people-0-family": "오유일"})
    )
    text = answer.content.decode()
    assert 'value="오유일"' in text
    assert 'name="people-4-family"' in text
    assert 'role="alert"' not in text
    assert not Handover.objects.exists()


def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(enter, officer, centre, today):
    wrong = typed(centre, today, **{"people-0-birth": "언젠가", "first_day": "저녁에 도착"})
    answer = enter(officer).post(reverse("households:handover_new"), wrong)
    assert answer.status_code == 422
    assert "저녁에 도착" in answer.content.decode()
    answer = enter(officer).post(reverse("households:handover_new"), typed(centre, today, **{"people-0-role": "child"}))
    assert answer.status_code == 422
    assert not Handover.objects.exists()


def test_only_the_ministry_announces(enter, boss):
    assert enter(boss).get(reverse("households:handover_new")).status_code == 403


def test_the_supervisor_accepts_and_is_told_that_a_woman_was_asked_for(enter, boss, kim, coming):
    Handover.objects.update(woman_worker=True)
    url = step(coming.number, "accept")
    answer = enter(boss).post(url, {"worker": kim.pk}, follow=True)
    assert Handover.objects.get().worker == kim
    assert "여성 담당자" in answer.content.decode()
    assert enter(boss).get(url).status_code == 405
    before = Handover.objects.values().get()
    assert enter(boss).post(url, {"worker": boss.pk}).status_code == 302
    assert Handover.objects.values().get() == before


def test_a_worker_known_to_be_a_woman_brings_no_warning(enter, boss, kim, coming):
    Handover.objects.update(woman_worker=True)
    kim.woman = True
    kim.save()
    answer = enter(boss).post(step(coming.number, "accept"), {"worker": kim.pk}, follow=True)
    assert "이 시스템은 알지 못합니다" not in answer.content.decode()


def test_a_stranger_gets_404_and_the_wrong_role_403(enter, kim, stranger, officer, named):
    assert enter(stranger).post(step(named.number, "name"), {"worker": kim.pk}).status_code == 404
    assert enter(kim).post(step(named.number, "name"), {"worker": kim.pk}).status_code == 403
    assert enter(officer).post(step(named.number, "move_in"), {}).status_code == 403
    assert enter(kim).post(step(named.number, "nothing"), {}).status_code == 404


def test_declining_needs_a_reason(enter, boss, coming):
    assert enter(boss).post(step(coming.number, "decline"), {}).status_code == 422
    assert enter(boss).post(step(coming.number, "decline"), {"reason": "관할이 아닙니다"}).status_code == 302
    assert Handover.objects.get().status == "declined"


def test_the_named_worker_records_the_move_in_and_ticks_the_first_steps(enter, kim, named, today):
    browser = enter(kim)
    page = reverse("households:handover", args=[named.number])
    assert "전입" in browser.get(f"{page}?do=move_in").content.decode()
    data = {"on": today.isoformat(), "decision": "protected", "town": "신림동"}
    assert browser.post(step(named.number, "move_in"), data).status_code == 302
    assert Household.objects.count() == 1
    assert browser.post(step(named.number, "move_in"), data).status_code == 302
    assert Household.objects.count() == 1
    tick = reverse("households:handover_tick", args=[named.number, "lease"])
    assert browser.get(tick).status_code == 405
    assert browser.post(tick, {"done_on": ""}).status_code == 422
    for _twice in range(2):
        assert browser.post(tick, {"done_on": today.isoformat()}).status_code == 302
    assert HandoverStep.objects.count() == 1
    back = reverse("households:handover_untick", args=[named.number, "lease"])
    assert browser.post(back).status_code == 302
    assert HandoverStep.objects.count() == 2
    browser.get(page)
    assert AccessLog.objects.latest("id").households == [Household.objects.get().pk]


def test_the_move_in_asks_who_it_is_where_somebody_on_file_is_similar(enter, kim, named, today):
    house = HouseholdFactory(
        worker=kim, members=["오은별"], person_born=today.replace(year=today.year - 40, month=1, day=1)
    )
    data = {"on": today.isoformat(), "decision": "protected"}
    browser = enter(kim)
    assert browser.post(step(named.number, "move_in"), data).status_code == 422
    head = named.people.get(role="head")
    data[f"who_{head.pk}"] = members_of(house)[0].case_number
    assert browser.post(step(named.number, "move_in"), data).status_code == 302
    assert Handover.objects.get().household == house


def test_the_list_asks_as_much_for_two_as_for_twenty(enter, boss, officer, centre):
    place, browser = district("서울 관악구"), enter(boss)
    url = reverse("households:handovers")
    browser.get(url)
    counts = []
    for many in (2, 18):
        for _n in range(many):
            handover_of(centre, by=officer, district=place)
        with CaptureQueriesContext(connection) as caught:
            browser.get(url)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_an_empty_list_says_so(enter, boss, officer, kim):
    assert "현재 통보된 가구가 없습니다" in enter(boss).get(reverse("households:handovers")).content.decode()
    assert enter(UserFactory(role="privacy_auditor")).get(reverse("households:handovers")).status_code == 403


def test_a_household_with_a_violence_marker_is_called_by_its_number(enter, kim, officer, centre, today):
    house = HouseholdFactory(worker=kim)
    Standing.objects.create(household=house, band=Band.HIGH, shown_band=Band.HIGH, address_protected=True)
    moved = {"status": "moved_in", "worker": kim, "household": house, "moved_on": today, "moves_on": today}
    handover_of(centre, by=officer, district=district("서울 관악구"), **moved)
    text = enter(kim).get(reverse("households:handovers")).content.decode()
    assert house.number in text
    assert "오은별" not in text
