"""Figures of the own agency's referrals: exact, each number with its records; how long the steps took."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import Closure
from casework.agencies.roles import ROLES
from casework.audit.models import AccessLog
from casework.clock import SEOUL
from desks.network.asked import Asked
from desks.network.durations import STEPS
from desks.network.shown import figures_for
from referrals import actions, statutory, thread
from referrals.models import Referral
from tests.desks.network.reading import table_of
from tests.factories import UserFactory
from tests.factories.agencies import CentreFactory
from tests.factories.referrals import REACHED_BY

pytestmark = pytest.mark.django_db
URL, FILE, LIST = "/network/", "/network/file/", "/network/list/"
COUNTS = {"supervisor", "centre_head", "agency_system", "ministry_officer", "foundation_officer"}
MONTHS = timedelta(days=45)
MONDAY = datetime(2026, 3, 9, 9, tzinfo=SEOUL)  # two weeks without a holiday


def figures(user, **words):
    return figures_for(user, Asked(words.pop("side", "sent"), **words), timezone.now())


def accept(referral, *, by, now):
    return actions.VERBS["accept"](Referral.objects.get(pk=referral.pk), by=by, now=now)


def took(user, step):
    """Return within what half of the referrals took a step, in words."""
    return next(span.median for span in figures(user).durations.steps if span.label == STEPS[step])


@pytest.mark.parametrize("role", ROLES)
def test_figures_are_for_those_whose_role_carries_them(look, client, role):
    assert look(UserFactory(role=role), URL).status_code == (200 if role in COUNTS else 403)
    assert client.post(FILE, {"reason": "보고"}).status_code == (200 if role in COUNTS else 403)


def test_an_agency_counts_its_own_by_need_state_agency_and_clock(refer, supervisor, receiver):
    for stands in ("sent", "sent", "accepted", "provided", "closed"):
        refer(stands)
    refer("received", need="utilities")
    refer("draft")
    found = figures(supervisor)
    assert {name: n.shown.text for name, n in found.total.items()} == {
        "sent": "6",
        "done": "1",
        "open": "5",
        "late": "0",
        "on_sender": "1",
    }
    assert {name: row["sent"] for name, row in table_of(found, "need").items()} == {"생계": "5", "전기·수도·가스": "1"}
    assert {name: row["sent"] for name, row in table_of(found, "agency").items()} == {str(receiver.agency): "6"}
    assert [row["sent"] for row in table_of(found, "state").values()] == ["2", "1", "1", "1", "1"]
    assert sum(int(row["open"]) for row in table_of(found, "wait").values()) == 5
    assert sum(int(row["open"]) for row in table_of(found, "age").values()) == 5


def test_every_number_opens_exactly_its_records(look, refer, supervisor, receiver):
    for n, stands in enumerate(REACHED_BY):
        refer(stands, sent_at=timezone.now() - timedelta(days=3 * n), need="utilities" if n % 3 else "livelihood")
    asking = refer("received", sent_at=timezone.now() - timedelta(days=6))
    thread.ask(asking, by=receiver, now=timezone.now() - timedelta(days=5), text="-")
    html = look(supervisor, URL, side="sent", period="").content.decode()
    numbers = re.findall(rf'<a href="{LIST}\?([^"]*)">(\d+)</a>', html)
    assert len(numbers) > 20
    for query, n in numbers:
        assert look(supervisor, f"{LIST}?{query.replace('&amp;', '&')}").context["count"] == int(n), query


def test_days_narrow_what_is_counted(look, refer, supervisor):
    refer(sent_at=timezone.now() - timedelta(days=200))
    refer(sent_at=timezone.now() - timedelta(days=40))
    refer()

    def sent(**asked):
        return look(supervisor, URL, **asked).context["figures"].total["sent"].shown.text

    assert [sent(period=period) for period in ("30", "90", "365", "", "7")] == ["1", "2", "3", "3", "2"]
    assert sent() == "2"
    day = (timezone.localtime() - timedelta(days=40)).date().isoformat()
    assert sent(**{"from": day, "until": day}) == "1"
    assert sent(**{"from": "yesterday", "until": "2026-13-40"}) == "2", "what is no day is left out"


def test_how_long_the_steps_took_is_in_working_days_and_the_hours_stand_apart(refer, supervisor):
    refer("confirmed", sent_at=MONDAY)
    refer("received", need="utilities", sent_at=MONDAY)
    steps = {(str(span.label), str(span.unit)): span for span in figures(supervisor).durations.steps}
    labels = [unit for _step, unit in steps]
    assert labels == ["근무일", "시계 시간", "근무일", "근무일", "근무일"]
    assert next(span.median for (_s, unit), span in steps.items() if unit == "시계 시간") == "1시간"
    assert {span.kept for span in steps.values()} == {"100.0%"}


def test_what_stood_still_is_no_time_that_it_took(refer, supervisor, receiver):
    made = refer("received", sent_at=MONDAY)
    asked = thread.ask(made, by=receiver, now=MONDAY + timedelta(hours=2), text="-")
    thread.answer(asked, by=made.sender, now=MONDAY + timedelta(days=3, hours=2), text="-")
    accept(made, by=receiver, now=MONDAY + timedelta(days=4))
    assert took(supervisor, "decide") == "근무 1일", "four days, three of which it waited for the answer"


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(hours=12), "근무 0.5일"),
        (timedelta(days=1), "근무 1일"),
        (timedelta(days=4, hours=12), "근무 4.5일"),
        (timedelta(days=7), "근무 5일"),
        (timedelta(days=5, hours=3), "근무 4.6일"),
    ],
    ids=["half a day", "a day", "Friday evening", "over a weekend", "on a Saturday: to the end of Friday"],
)
def test_a_working_day_is_from_an_hour_to_the_same_hour_of_the_next(refer, supervisor, receiver, after, words):
    accept(refer("sent", sent_at=MONDAY), by=receiver, now=MONDAY + after)
    assert took(supervisor, "decide") == words


@pytest.mark.parametrize("hours", [3, 12, 30], ids=["an hour of Saturday", "Saturday evening", "Sunday"])
def test_where_no_working_day_lies_between_a_step_took_none(refer, supervisor, receiver, hours):
    saturday = MONDAY + timedelta(days=5)
    accept(refer("sent", sent_at=saturday), by=receiver, now=saturday + timedelta(hours=hours))
    assert took(supervisor, "decide") == "근무 0일"


def test_a_day_on_which_the_office_was_closed_is_none(refer, supervisor, receiver):
    Closure.objects.create(agency=receiver.agency, day=(MONDAY + timedelta(days=1)).date(), why="이전")
    accept(refer("sent", sent_at=MONDAY), by=receiver, now=MONDAY + timedelta(days=2))
    assert took(supervisor, "decide") == "근무 1일"


def test_the_law_stands_apart_in_calendar_days(refer, supervisor, receiver, now):
    assert figures(supervisor).durations.law is None
    made = refer("accepted", sent_at=now - timedelta(days=40))
    on = timezone.localdate() - timedelta(days=40)
    applied = statutory.record_application(made, by=receiver, now=now, benefit="생계급여", applied_on=on)
    law = figures(supervisor).durations.law
    assert (law.applied.text, law.decided.text, law.late.text) == ("1", "0", "1")
    statutory.decide(applied, by=receiver, now=now, decided_on=on + timedelta(days=12), granted=True)
    law = figures(supervisor).durations.law
    assert (law.decided.text, law.late.text, law.median, law.kept) == ("1", "0", "12일", "100.0%")


def test_a_download_keeps_the_reason_and_holds_what_the_page_shows(client, refer, supervisor):
    for stands in REACHED_BY:
        refer(stands)
    client.force_login(supervisor)
    assert client.post(FILE, {"reason": ""}).status_code == 422
    assert client.get(FILE).status_code == 405
    answer = client.post(FILE, {"reason": "회의 자료", "side": "sent", "period": "30"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {12}
    assert rows[1][2] == str(len(REACHED_BY) - 1), "all but the draft"
    logged = AccessLog.objects.get(act="export")
    assert logged.reason == "회의 자료"
    assert (logged.detail["national"], logged.detail["rows"]) == (False, len(rows) - 1)
    until = timezone.localdate()
    assert logged.detail["filter"] == f"side=sent&from={until - timedelta(days=30)}&until={until}"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1997-12-31", "2041-01-01", "2026-02-30"])
@pytest.mark.parametrize("name", ["from", "until"])
def test_a_day_that_is_not_numbered_is_left_out_and_the_page_says_so(look, refer, supervisor, name, day):
    refer()
    page = look(supervisor, URL, side="sent", **{name: day})
    assert page.context["figures"].total["sent"].shown.text == "1"
    assert page.content.decode().count('aria-describedby="days_error"') == 1
    assert "2040. 12. 31." in page.content.decode()
    assert look(supervisor, LIST, side="sent", **{name: day}).context["count"] == 1


def test_a_day_within_is_taken_without_a_word(look, supervisor):
    page = look(supervisor, URL, **{"from": "1998-01-01", "until": "2040-12-31"})
    assert page.context["asked"].last.isoformat() == "2040-12-31"
    assert "days_error" not in page.content.decode()


def test_the_page_asks_five_queries_whatever_the_number(refer, supervisor):
    def cost():
        user = type(supervisor).objects.select_related("agency").get(pk=supervisor.pk)
        with CaptureQueriesContext(connection) as caught:
            figures(user)
        return len(caught)

    refer()
    few = cost()
    for stands in [*REACHED_BY] * 2:
        refer(stands)
    assert cost() == few <= 5


def test_a_referral_of_another_agency_is_counted_by_nobody_else(refer, sender):
    refer()
    stranger = UserFactory(role="supervisor", agency=CentreFactory())
    assert figures(stranger).nothing
    assert figures(stranger, side="received").nothing


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_opens_empty_and_full(look, refer, supervisor, ministry, language):
    for user in (supervisor, ministry):
        user.language = language
        user.save()
        assert look(user, URL).status_code == 200
    assert "empty-say" in look(supervisor, URL).content.decode()
    for stands in REACHED_BY:
        refer(stands)
    for user in (supervisor, ministry):
        assert look(user, URL).status_code == 200
