"""The runway: whose protection ends, where the steps stand, what to do next; and the month and the feed."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from casework.clock import seoul_day
from desks.protection.entries import Entry, entitlements_ending, entries
from desks.protection.ics import calendar_file
from desks.protection.runway import fill, lines_of
from desks.protection.runway import name as named
from households.entitlements.ending import Ending as Support
from households.models import CalendarFeed, EndNotice, EndStep, ProtectionPeriod
from risk.bands import Band
from risk.models import Standing
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.risk import contact

DAY = timedelta(days=1)
URL = "desks:protection"


def today():
    return seoul_day(timezone.now())


@pytest.fixture
def kim(centre):
    return UserFactory(agency=centre, name="김담당")


def ending(kim, name, days):
    """A household of Kim's with one person whose protection ends so many days ahead; return (person, last day)."""
    house = HouseholdFactory(worker=kim, members=[name])
    person, last = members_of(house)[0], today() + days * DAY
    ProtectionPeriod.objects.create(person=person, during=DateRange(last - 1825 * DAY, last + DAY))
    return person, last


def steps_done(person, last, result="not_wanted"):
    """The review and the check sixty days before are on record."""
    for step in ("review", "second"):
        EndStep.objects.create(person=person, last_day=last, step=step, done_on=today(), result=result)


def row_of(page, name):
    return next(part for part in page.split("<tr ") if name in part)


def test_the_runway_shows_the_half_year_and_the_chip_the_past(kim, ask):
    for name, days in (("가가가", 29), ("나나나", 181), ("다다다", -5)):
        ending(kim, name, days)
    page = ask(kim, "get", reverse(URL)).content.decode()
    assert "가가가" in page
    assert "나나나" not in page
    assert "다다다" not in page
    past = ask(kim, "get", reverse(URL), show="past").content.decode()
    assert "다다다" in past
    assert "가가가" not in past
    assert AccessLog.objects.filter(view=URL, act=Act.LIST).count() == 2


def test_a_missing_notice_makes_the_centre_ask_and_a_returned_one_reach_out(kim, ask):
    missing, last = ending(kim, "가가가", 50)
    returned, last = ending(kim, "나나나", 50)
    EndNotice.objects.create(
        person=returned, last_day=last, sent_on=today() - 60 * DAY, way="handed", returned_on=today(), returned_why="-"
    )
    for person in (missing, returned):
        steps_done(person, last)
    page = ask(kim, "get", reverse(URL)).content.decode()
    assert "통일부에 안내 확인 요청" in row_of(page, "가가가")
    assert 'class="w5 late"' not in row_of(page, "가가가"), "what the Ministry owes makes the centre late nowhere"
    assert "되돌아옴" in page
    assert "안내문이 되돌아왔습니다" in row_of(page, "나나나")
    assert "안내 기록 없음" in page
    assert ask(kim, "post", reverse("households:ask_ministry", args=[missing.case_number])).status_code == 302
    asked = row_of(ask(kim, "get", reverse(URL)).content.decode(), "가가가")
    assert "통일부에 확인을 요청했습니다" in asked
    assert "통일부에 안내 확인 요청" not in asked


def test_what_the_centre_is_late_with_comes_before_what_the_ministry_owes(kim, ask):
    ending(kim, "가가가", 50)
    row = row_of(ask(kim, "get", reverse(URL)).content.decode(), "가가가")
    assert '<b class="w5 late">D-60 점검</b>' in row


def test_somebody_spoken_with_after_the_letter_came_back_is_reached(kim):
    person, last = ending(kim, "가가가", 50)
    steps_done(person, last)
    back = {"returned_on": today() - 3 * DAY, "returned_why": "-"}
    EndNotice.objects.create(person=person, last_day=last, sent_on=today() - 60 * DAY, way="handed", **back)

    def todo():
        (line,) = lines_of(kim, on=today())
        fill([line], on=today())
        named([line], on=today())
        return line.todo.text

    before = todo()
    contact(person.membership_set.get().household, today(), 1)
    assert todo() != before


def test_a_wish_without_a_request_is_to_be_written(kim, ask):
    person, last = ending(kim, "가가가", 60)
    steps_done(person, last, result="wanted")
    row = row_of(ask(kim, "get", reverse(URL)).content.decode(), "가가가")
    assert f'href="{reverse("households:extension_new", args=[person.pk])}">본인과 함께 요청서 쓰기' in row


def test_next_is_the_step_whose_day_has_come(kim, ask):
    person, last = ending(kim, "가가가", 100)
    page = ask(kim, "get", reverse(URL)).content.decode()
    assert "D-180 검토" in row_of(page, "가가가")
    EndStep.objects.create(person=person, last_day=last, step="review", done_on=today(), result="not_wanted")
    row = row_of(ask(kim, "get", reverse(URL)).content.decode(), "가가가")
    assert "희망하지 않음" in row
    assert "m-done" in row


def test_a_protected_address_is_named_by_number(kim, ask):
    house = HouseholdFactory(worker=kim, members=["표하나"])
    person, last = members_of(house)[0], today() + 50 * DAY
    ProtectionPeriod.objects.create(person=person, during=DateRange(last - DAY, last + DAY))
    Standing.objects.create(household=house, band=Band.HIGH, shown_band=Band.HIGH, address_protected=True)
    page = ask(kim, "get", reverse(URL)).content.decode()
    assert "표하나" not in page
    assert person.case_number in page


def test_who_sees_the_runway(kim, ask):
    ending(kim, "가가가", 50)
    assert "가가가" not in ask(UserFactory(), "get", reverse(URL)).content.decode()
    assert ask(UserFactory(role="town_worker"), "get", reverse(URL)).status_code == 403
    assert ask(kim, "post", reverse(URL)).status_code == 405
    empty = ask(UserFactory(), "get", reverse(URL)).content.decode()
    assert "empty-say" in empty


def test_the_page_asks_as_many_questions_for_2_as_for_20(kim, client):
    client.force_login(kim)
    counts = []
    for number in (2, 18):
        for n in range(number):
            ending(kim, f"가{n:02}", 80)
        client.get(reverse(URL))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(URL))
        counts.append([q["sql"] for q in asked if "households_" in q["sql"] and "audit_accesslog" not in q["sql"]])
    assert len(counts[0]) == len(counts[1]) <= 5, counts[1]


def test_the_household_page_shows_all_periods_and_a_gap(kim, ask):
    person, last = ending(kim, "가가가", 112)
    ProtectionPeriod.objects.create(
        person=person, basis="extension", during=DateRange(last + 30 * DAY, last + 395 * DAY)
    )
    page = ask(kim, "get", reverse("desks:household", args=[person.membership_set.get().household.number])).content
    shown = page.decode()
    assert "p-ext" in shown
    assert "p-none" in shown
    assert "거주지 보호(연장)" in shown
    assert reverse("households:person_protection", args=[person.case_number]) in shown


# --- calendar, file, feed ---


def test_the_month_shows_numbers_and_steps(kim, ask):
    person, _last = ending(kim, "가가가", 60)
    page = ask(kim, "get", reverse("desks:protection_calendar"), month=f"{today():%Y-%m}").content.decode()
    assert person.case_number in page
    assert "D-60 점검" in page
    assert "가가가" not in page
    assert ask(kim, "get", reverse("desks:protection_calendar"), month="1-1").status_code == 200


def test_entries_are_open_steps_in_order_and_follow_the_ledger(kim):
    person, last = ending(kim, "가가가", 60)
    found = entries(kim, today())
    assert [(one.day, one.case_number) for one in found] == sorted((one.day, person.case_number) for one in found)
    assert {(last - one.day).days for one in found} >= {60, 30, 0}
    EndStep.objects.create(person=person, last_day=last, step="second", done_on=today(), result="wanted")
    assert 60 not in {(last - one.day).days for one in entries(kim, today())}
    assert entries(UserFactory(), today()) == []


def test_the_file_is_icalendar_with_folded_lines():
    one = Entry(date(2027, 2, 28), "7QX4-1DTM-5", "통일부 안내가 왔는지 확인, 그리고; 아주 긴 글자" * 3, "k", "/", 1)
    text = calendar_file([one], title="사례", now=timezone.now()).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "DTSTART;VALUE=DATE:20270228" in text
    assert "DTEND;VALUE=DATE:20270301" in text
    assert "\\;" in text.replace("\r\n ", "")


def test_the_file_names_no_support(kim, monkeypatch):
    granted = Support(today(), "H", "7QX4-1DTM-5", 1, "livelihood", "생계급여", "grant")
    monkeypatch.setattr("desks.protection.entries.ends_soon", lambda *_homes, **_within: [granted])
    (one,) = entitlements_ending(kim, today(), today() + 9 * DAY)
    assert "생계급여" in one.what
    text = calendar_file([one], title="사례", now=timezone.now()).decode().replace("\r\n ", "")
    assert f"SUMMARY:7QX4-1DTM-5 {one.plain}" in text
    assert "생계급여" not in text
    assert "livelihood" not in text


def test_the_feed_answers_without_a_log_in_with_numbers_only_until_it_is_ended(kim, ask):
    person, _last = ending(kim, "가가가", 60)
    page = ask(kim, "post", reverse("desks:protection_feed")).content.decode()
    address = re.search(r'value="http://[^/]+([^"]+\.ics)"', page)[1]
    secret = address.rpartition("/")[2].removesuffix(".ics")
    assert CalendarFeed.objects.get().digest != secret
    assert secret not in ask(kim, "get", reverse("desks:protection_feed")).content.decode(), "shown once"
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert person.case_number in answer.content.decode()
    assert "가가가" not in answer.content.decode()
    log = AccessLog.objects.get(view="desks:protection_feed_file")
    assert (log.actor_id, log.subjects) == (kim.pk, [person.pk])
    assert Client().get(address.replace(secret, "nothing")).status_code == 404
    for _twice in range(2):
        assert ask(kim, "post", reverse("desks:protection_feed_end")).status_code == 302
    assert Client().get(address).status_code == 404


def test_a_new_address_ends_the_old_one_and_rights_are_those_of_today(kim, ask):
    ending(kim, "가가가", 60)
    found = []
    for _time in range(2):
        page = ask(kim, "post", reverse("desks:protection_feed")).content.decode()
        found.append(re.search(r'value="http://[^/]+([^"]+\.ics)"', page)[1])
    assert [Client().get(address).status_code for address in found] == [404, 200]
    grant = kim.grants.get()
    grant.during = (grant.during.lower, timezone.now() - timedelta(seconds=1))
    grant.save()
    cache.clear()
    assert Client().get(found[1]).status_code == 404
    town = UserFactory(role="town_worker")
    for name in ("protection_feed", "protection_calendar", "protection_ics"):
        assert ask(town, "get", reverse(f"desks:{name}")).status_code == 403
    assert ask(town, "post", reverse("desks:protection_feed_end")).status_code == 403
    assert ask(town, "get", reverse("desks:protection_feed_end")).status_code == 405
