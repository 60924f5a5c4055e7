"""Education records, who is missing, and the booklets."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.paper import fonts_installed
from households.actions import NotAllowed, Refused
from households.courses import actions
from households.courses.missing import missing_of
from households.courses.topics import topics
from households.models import CourseRecord
from tests.factories import HouseholdFactory, PersonFactory, ShareFactory
from tests.factories.handovers import course_of
from tests.factories.households import members_of


@pytest.fixture
def arrived(kim, today):
    """A household that moved in 40 days ago."""
    return HouseholdFactory(worker=kim, members=["정금주"], under_protection=today - timedelta(days=40))


@pytest.fixture
def person(arrived):
    return members_of(arrived)[0]


def said(today, **words):
    return {
        "kind": "initial",
        "title": "",
        "begins_on": today - timedelta(days=20),
        "ends_on": today - timedelta(days=10),
        "hours": 50,
        "result": "completed",
        "reason": "",
        "place": "관악",
        **words,
    }


def test_a_course_is_recorded_once_and_put_right_by_a_version(person, kim, today):
    key, now = uuid4(), timezone.now()
    made = actions.record_course(person, by=kim, now=now, client_key=key, **said(today))
    assert actions.record_course(person, by=kim, now=now, client_key=key, **said(today)) == made
    fresh = actions.correct_course(made, by=kim, now=now, **said(today, hours=42))
    assert actions.correct_course(fresh, by=kim, now=now, **said(today, hours=42)) == fresh
    assert [row.hours for row in CourseRecord.objects.order_by("id")] == [50, 42]
    assert CourseRecord.objects.current().get().fact_id == made.fact_id


def test_a_course_not_attended_has_a_reason_and_one_completed_lies_in_the_past(person, kim, today):
    now = timezone.now()
    for wrong in (
        {"result": "missed"},
        {"ends_on": today + timedelta(days=1)},
        {"begins_on": today - timedelta(days=5)},
    ):
        with pytest.raises(Refused):
            actions.record_course(person, by=kim, now=now, **said(today, **wrong))
    assert not CourseRecord.objects.exists()


def test_who_keeps_the_file_records_it_and_a_share_opens_nothing(person, arrived, kim, stranger, today):
    course_of(person, by=kim)
    ShareFactory(household=arrived, to_user=stranger)
    assert not CourseRecord.objects.visible_to(stranger).exists()
    assert CourseRecord.objects.visible_to(kim).exists()
    with pytest.raises(NotAllowed):
        actions.record_course(person, by=stranger, now=timezone.now(), **said(today))


def test_who_has_not_completed_the_initial_education_in_the_first_year_is_missing(person, kim, boss, today):
    (row,) = missing_of(boss, today)
    assert (row.person, row.due, row.late(today)) == (person, today - timedelta(days=10), 10)
    course_of(person, by=kim, result="partly", reason="입원")
    assert missing_of(boss, today)[0].last
    course_of(person, by=kim)
    assert missing_of(boss, today) == []


def test_nobody_is_missing_who_came_longer_ago_is_not_from_the_north_or_has_died(kim, boss, today):
    for words in (
        {"protected_since": today - timedelta(days=366)},
        {"protected_since": today - timedelta(days=40), "defector": False},
        {"protected_since": today - timedelta(days=40), "status": "deceased"},
    ):
        PersonFactory(household=HouseholdFactory(worker=kim, members=0), **words)
    assert missing_of(boss, today) == []


def test_the_list_says_how_late_and_asks_as_much_for_two_as_for_twenty(enter, boss, kim, person, today):
    browser, url, counts = enter(boss), reverse("households:courses"), []
    assert "10일 지남" in browser.get(url).content.decode()
    assert AccessLog.objects.latest("id").subjects == [person.pk]
    for many in (1, 18):
        for _n in range(many):
            HouseholdFactory(worker=kim, under_protection=today - timedelta(days=3))
        with CaptureQueriesContext(connection) as caught:
            browser.get(url)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_an_empty_list_says_so(enter, boss):
    assert "빠진 사람이 없습니다" in enter(boss).get(reverse("households:courses")).content.decode()


def test_the_form_saves_says_what_is_wrong_and_lands_once(enter, kim, person, today):
    url, browser, key = reverse("households:course_new", args=[person.case_number]), enter(kim), str(uuid4())
    typed = {name: value for name, value in said(today, client_key=key).items() if value != ""}
    answer = browser.post(url, {**typed, "result": "missed", "title": "초기집중교육"})
    assert answer.status_code == 422
    assert "초기집중교육" in answer.content.decode()
    for _twice in range(2):
        assert browser.post(url, typed).status_code == 302
    made = CourseRecord.objects.get()
    page = reverse("households:person_courses", args=[person.case_number])
    assert "50시간" in browser.get(page).content.decode()
    edit = reverse("households:course_edit", args=[person.case_number, made.fact_id])
    assert browser.post(edit, {**typed, "hours": "40"}).status_code == 302
    assert CourseRecord.objects.current().get().hours == 40


def test_strangers_get_404_and_the_auditor_403(enter, stranger, kim, person, arrived):
    ShareFactory(household=arrived, to_user=stranger)
    for name in ("person_courses", "course_new"):
        assert enter(stranger).get(reverse(f"households:{name}", args=[person.case_number])).status_code == 404


def test_a_topic_has_a_page_in_both_languages_and_a_booklet(enter, kim):
    assert [one.code for one in topics("ko")] == [one.code for one in topics("en")]
    browser = enter(kim)
    assert "주민등록과 신분증" in browser.get(reverse("households:topic", args=["registration"])).content.decode()
    assert browser.get(reverse("households:topic", args=["nothing"])).status_code == 404
    if fonts_installed():
        assert browser.get(reverse("households:topic_paper", args=["registration"])).content.startswith(b"%PDF")
