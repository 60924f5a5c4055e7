"""The monthly report of a centre: counted from the log, put right by hand, signed by a second person, then frozen."""

import io
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.clock import add_months, day_begins
from casework.exports import running
from casework.facts import supersede
from casework.workflow import NotYours
from desks.monthly import actions
from desks.monthly.lines import Month, counted, spoken
from households.actions import Refused
from households.models import Job, MonthlyLine, MonthlyReport, Responsibility
from households.outcomes.actions import record_outcome
from tests.factories import ContactFactory, HouseholdFactory, UserFactory
from tests.factories.exports import ExportFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(supervisor, month):
    return actions.begin(month, by=supervisor, now=timezone.now())


def met(house, month, day, made=True, **about):
    at = day_begins(month + timedelta(days=day)) + timedelta(hours=10)
    return ContactFactory(household=house, occurred_at=at, contact_made=made, **about)


def row_of(report, code):
    return next(row for row in actions.rows_of(report) if row.code == code)


def sent(report, supervisor, head):
    now = timezone.now()
    frozen = actions.ready(report, by=supervisor, now=now)
    actions.sign(report, by=head, now=now, digest=frozen.digest)
    return actions.send(report, by=supervisor, now=now, reference="하나-12")


def test_the_lines_are_counted_from_the_log_of_the_month(worker, house, month):
    met(house, month, 3, channel="visit")
    met(house, month, 4, channel="phone")
    met(house, month, 5, made=False, channel="phone")
    met(house, add_months(month, -1), 3, channel="visit")
    met(house, add_months(month, 1), 0, channel="visit")
    job = {"kind": "regular", "employer": "government", "public_sector": True, "found": "own", "began_on": month}
    record_outcome(Job, members_of(house)[0], by=worker, now=timezone.now(), **job)
    at = day_begins(month) + timedelta(days=2)
    ReferralFactory(sender=worker, household=house, need="work", stands="confirmed", sent_at=at)
    foreign = HouseholdFactory()
    met(foreign, month, 3, channel="visit")
    found = counted(Month(worker.agency_id, month))
    shown = {code: n for code, n in found.items() if n}
    assert shown == {
        "households": 1,
        "people": 2,
        "met.visit": 1,
        "met.phone": 1,
        "attempts.phone": 1,
        "reached": 1,
        "visited": 1,
        "referred.work": 1,
        "confirmed": 1,
        "jobs": 1,
        "public_jobs": 1,
        "spoken_with": 1,
    }


def test_a_household_counts_for_the_centre_that_answered_on_the_day(worker, house, month):
    other = UserFactory().agency
    met(house, month, 3, channel="visit")
    met(house, month, 20, channel="visit")
    change = month + timedelta(days=10)
    duty = Responsibility.objects.current().get(household=house)
    supersede(duty, by=worker, during=(None, change))
    Responsibility.objects.create(household=house, center=other, during=(change, None))
    here, there = counted(Month(worker.agency_id, month)), counted(Month(other.pk, month))
    assert (here["met.visit"], here["given"], here["households"]) == (1, 1, 0)
    assert (there["met.visit"], there["new"], there["households"]) == (1, 1, 1)


def test_all_lines_are_one_statement(worker, house, month, django_assert_num_queries):
    for day in range(8):
        met(house, month, day)
    with django_assert_num_queries(1):
        counted(Month(worker.agency_id, month))


def test_codes_are_unique_and_each_line_has_its_definition():
    lines = spoken()
    assert len({line.code for line in lines}) == len(lines)
    assert all(str(line.definition) and str(line.label) and len(line.code) <= 40 for line in lines)


def test_begun_twice_there_is_one(supervisor, head, month, draft):
    assert actions.begin(month, by=head, now=timezone.now()) == draft
    this = add_months(month, 1)
    with pytest.raises(Refused):
        actions.begin(this, by=supervisor, now=timezone.now())


def test_who_leads_no_centre_prepares_none(worker, draft, month):
    with pytest.raises(NotYours):
        actions.begin(month, by=worker, now=timezone.now())
    with pytest.raises(NotYours):
        actions.correct(draft, "new", value=3, reason="x", by=worker)


def test_a_number_by_hand_keeps_both_numbers_and_the_reason(supervisor, draft, house, month):
    met(house, month, 2, channel="visit")
    actions.correct(draft, "met.visit", value=4, reason="종이 상담일지 3건", by=supervisor)
    assert not actions.correct(draft, "met.visit", value=4, reason="종이 상담일지 3건", by=supervisor)
    met(house, month, 6, channel="visit")
    row = row_of(draft, "met.visit")
    assert (row.counted, row.value, row.reason, row.then) == (2, 4, "종이 상담일지 3건", 1)
    actions.correct(draft, "met.visit", value=None, reason="", by=supervisor)
    row = row_of(draft, "met.visit")
    assert (row.counted, row.value, row.reason) == (2, 2, "")
    assert draft.corrections.count() == 2


def test_two_put_the_same_line_right_and_the_second_is_told(supervisor, head, draft):
    actions.correct(draft, "new", value=4, reason="하나", by=supervisor, seen=0)
    with pytest.raises(Refused):
        actions.correct(draft, "new", value=5, reason="둘", by=head, seen=0)


def test_frozen_it_says_what_was_known_then(supervisor, head, draft, house, month):
    met(house, month, 2, channel="visit")
    report = sent(draft, supervisor, head)
    met(house, month, 6, channel="visit")
    assert row_of(report, "met.visit").value == 1
    assert report.digest == actions.digest_of(actions.rows_of(report))
    late = MonthlyLine(report=report, attempt=9, place=0, code="x", label="x", definition="x", counted=0, value=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        late.save()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        MonthlyReport.objects.filter(pk=report.pk).update(reference="다른 번호")


def test_who_made_it_ready_does_not_sign_it(supervisor, head, draft):
    actions.ready(draft, by=supervisor, now=timezone.now())
    with pytest.raises(NotYours):
        actions.sign(draft, by=supervisor, now=timezone.now())
    frozen = MonthlyReport.objects.get(pk=draft.pk)
    actions.back(frozen, by=head, now=timezone.now(), reason="한 줄이 빠졌습니다")
    again = actions.ready(frozen, by=supervisor, now=timezone.now())
    for other in ("", "0" * 64):
        with pytest.raises(Refused):
            actions.sign(again, by=head, now=timezone.now(), digest=other)
    assert actions.sign(again, by=head, now=timezone.now(), digest=again.digest).status == "signed"


def test_sent_anew_it_is_a_version_and_what_was_put_right_comes_along(supervisor, head, draft):
    actions.correct(draft, "new", value=4, reason="종이 기록", by=supervisor)
    report = sent(draft, supervisor, head)
    made = actions.reopen(report, by=head, now=timezone.now(), why="한 건을 빠뜨렸습니다")
    assert (made.version, row_of(made, "new").value, row_of(made, "new").by) == (2, 4, supervisor)
    assert actions.reopen(report, by=supervisor, now=timezone.now(), why="또") == made
    assert row_of(report, "new").value == 4


def page(report, name="report", *more):
    return reverse(f"desks:monthly_{name}", args=[report.number, *more])


def test_the_way_through_the_pages(client, supervisor, head, house, month):
    client.force_login(supervisor)
    new, asked = reverse("desks:monthly_new"), {"month": month.isoformat(), "client_key": uuid4()}
    assert client.get(new).status_code == 405
    for _twice in range(2):
        assert client.post(new, asked).status_code == 302
    report = MonthlyReport.objects.get()
    line = page(report, "line", "new")
    assert client.get(line).status_code == 200
    assert client.post(line, {"value": "7", "reason": "", "seen": "0"}).status_code == 422
    assert client.post(line, {"value": "7", "reason": "종이 기록", "seen": "0"}).status_code == 302
    text = client.get(page(report)).content.decode()
    assert "종이 기록" in text
    ready = page(report, "step", "ready")
    assert client.get(ready).status_code == 405
    for _twice in range(2):
        assert client.post(ready).status_code == 302
    assert MonthlyReport.objects.get().attempt == 1
    assert client.post(page(report, "step", "sign")).status_code == 403
    assert client.get(line).status_code == 302
    client.force_login(head)
    digest = MonthlyReport.objects.get().digest
    assert client.post(page(report, "step", "sign"), {"digest": digest}).status_code == 302
    assert client.post(page(report, "step", "back"), {"reason": ""}).status_code == 422
    assert client.post(page(report, "step", "send"), {"reference": "하나-3"}).status_code == 302
    assert client.post(page(report, "reopen"), {"reason": ""}).status_code == 422
    assert client.post(page(report, "reopen"), {"reason": "누락"}).status_code == 302
    assert MonthlyReport.objects.count() == 2
    assert client.post(page(report, "step", "fly")).status_code == 404
    assert client.get(page(report, "line", "nothing")).status_code == 404


def test_strangers_and_workers(client, draft, worker, stranger):
    for user, status in ((stranger, 404), (worker, 403)):
        client.force_login(user)
        for name, more, method in (
            ("report", (), "get"),
            ("line", ("new",), "get"),
            ("step", ("ready",), "post"),
            ("reopen", (), "post"),
            ("paper", (), "post"),
        ):
            assert getattr(client, method)(page(draft, name, *more)).status_code == status


def test_the_pdf_needs_a_reason_and_the_xlsx_holds_both_numbers(client, supervisor, head, draft):
    actions.correct(draft, "new", value=4, reason="종이 기록", by=supervisor)
    client.force_login(supervisor)
    assert client.post(page(draft, "paper"), {"reason": ""}).status_code == 422
    answer = client.post(page(draft, "paper"), {"reason": "보관"})
    assert answer.content[:4] == b"%PDF"
    report = sent(draft, supervisor, head)
    asked = {"report": report.number}
    export = ExportFactory(asker=supervisor, kind="monthly-report", asked=asked)
    assert running.work_off(timezone.now) == 1
    export.refresh_from_db()
    book = openpyxl.load_workbook(io.BytesIO(bytes(export.content)))
    cells = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    line = next(row for row in cells if row[3] and "종이 기록" in str(row[3]))
    assert [str(cell) for cell in line[1:3]] == ["0", "4"]


def test_the_report_asks_the_same_whatever_the_month_held(own_queries, supervisor, draft, house, month):
    few = own_queries(supervisor, page(draft))
    for day in range(12):
        met(house, month, day)
    many = own_queries(supervisor, page(draft))
    assert len(few) == len(many) <= 6


def test_the_list_asks_the_same_for_one_and_for_many(client, supervisor, month, draft):
    client.force_login(supervisor)
    address, counts = reverse("desks:monthly"), []
    for months in (1, 12):
        for n in range(1, months):
            actions.begin(add_months(month, -n), by=supervisor, now=timezone.now())
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert date(2020, 1, 1) < month
