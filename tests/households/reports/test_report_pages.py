"""The pages of settlement reports: who opens them, the five questions of each button, files, the desk."""

import io
from datetime import date
from unittest.mock import patch

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.exports import actions as exports
from casework.exports import running
from casework.exports.kinds import kinds
from casework.exports.models import Export
from households.models import SettlementAnswer, SettlementReport
from households.reports import actions
from households.reports.halves import ended_before
from tests.factories import UserFactory
from tests.factories.exports import REASON, ExportFactory, agreed
from tests.factories.households import members_of
from tests.factories.life import move
from tests.factories.standings import stands
from tests.households.reports.conftest import HALF, NOW, through

pytestmark = pytest.mark.django_db
LIST = "/protection/reports/"


@pytest.fixture
def enter(client):
    """Return a client that is logged in as the user."""

    def log_in(user):
        client.force_login(user)
        return client

    return log_in


def url(name, report, *more):
    return reverse(f"households:{name}", args=[report.number, *more])


def step(report, verb):
    return url("report_step", report, verb)


def test_the_list_offers_the_half_that_ended_and_begins_it_once(office, enter, draft):
    client = enter(office.officer)
    assert "2026년" in client.get(LIST).content.decode()
    begins = ended_before(timezone.localdate())
    for _twice in range(2):
        answer = client.post(f"{LIST}new/", {"half_begins": begins.isoformat()})
    made = SettlementReport.objects.get()
    assert answer.headers["Location"] == url("report", made)
    assert made.begun_by == office.officer
    client.post(f"{LIST}new/", {"half_begins": "2026-02-01"})
    assert SettlementReport.objects.count() == 1
    assert client.get(f"{LIST}new/").status_code == 405


@pytest.mark.parametrize("role", ["case_manager", "supervisor", "ministry_officer", "town_worker", "privacy_auditor"])
def test_other_roles_do_not_open_it(role, enter, draft):
    report, client = draft(), enter(UserFactory(role=role))
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}new/", {"half_begins": HALF.isoformat()}).status_code == 403
    assert client.get(url("report", report)).status_code == 404


def test_a_stranger_finds_no_report(office, enter, settle, draft):
    person = members_of(settle("정금주"))[0]
    report, client = draft(), enter(office.stranger)
    for address in (url("report", report), url("report_answer", report, person.case_number)):
        assert client.get(address).status_code == 404
    for address in (step(report, "ready"), url("report_reopen", report), url("report_paper", report)):
        assert client.post(address, {"reason": "이유입니다"}).status_code == 404


def test_the_page_shows_what_is_missing_for_whom_and_logs_whose_data_it_shows(office, enter, settle, draft):
    person = members_of(settle("정금주"))[0]
    page = enter(office.officer).get(url("report", draft())).content.decode()
    for shown in ("정금주", "신림동", "관악 하나센터", "빠짐", 'value="0"'):
        assert shown in page, shown
    assert AccessLog.objects.filter(view="households:report").get().subjects == [person.pk]
    assert "정금주" in enter(office.boss).get(url("report", draft()), {"show": "missing"}).content.decode()


def test_an_answer_is_typed_kept_and_typed_again_changes_nothing(office, enter, settle, draft):
    person = members_of(settle("정금주"))[0]
    address, client = url("report_answer", draft(), person.case_number), enter(office.officer)
    assert client.get(address).status_code == 200
    nothing = client.post(address, {"observed_on": "2026-07-02"})
    assert nothing.status_code == 422
    assert "2026-07-02" in nothing.content.decode(), "what was typed is not lost"
    seen = client.get(address).context["form"]["seen"].value()
    for _twice in range(2):
        answer = client.post(address, {"housing": "own", "observed_on": "2026-07-02", "seen": seen})
        assert answer.status_code == 302
    assert SettlementAnswer.objects.get().value == "own"
    assert "자가" in client.get(url("report", draft())).content.decode()
    assert enter(office.boss).get(address).status_code == 403
    other = members_of(settle("먼사람", district="경기 부천시"))[0]
    assert enter(office.officer).get(url("report_answer", draft(), other.case_number)).status_code == 404


def test_a_page_opened_before_a_colleague_answered_overwrites_nothing_unseen(office, enter, settle, draft):
    person = members_of(settle("정금주"))[0]
    address, client = url("report_answer", draft(), person.case_number), enter(office.officer)
    seen = client.get(address).context["form"]["seen"].value()
    about = {"observed_on": date(2026, 7, 1), "by": office.second, "now": NOW}
    actions.answer(draft(), person, values={"housing": "public_rental"}, **about)
    mine = {"housing": "own", "observed_on": "2026-07-02", "seen": seen}
    refused = client.post(address, mine)
    assert refused.status_code == 422
    current = SettlementAnswer.objects.current()
    assert current.get().value == "public_rental"
    assert "지금까지:" in refused.content.decode()
    assert client.post(address, mine | {"seen": refused.context["form"]["seen"].value()}).status_code == 302
    assert current.get().value == "own"
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, {"housing": "own", "observed_on": "2026-06-20", "seen": seen})
    assert current.get().observed_on == date(2026, 6, 20), "a wrong day is corrected"


def test_the_steps_from_draft_to_sent_each_by_whom_it_belongs(office, enter, settle, draft):
    settle("정금주")
    report = draft()
    assert enter(office.officer).get(step(report, "ready")).status_code == 405
    assert enter(office.boss).post(step(report, "ready")).status_code == 403
    for _twice in range(2):
        enter(office.officer).post(step(report, "ready"))
    assert "두 번째 담당자" in enter(office.officer).get(url("report", report)).content.decode()
    assert enter(office.officer).post(step(report, "sign")).status_code == 403
    digest = SettlementReport.objects.get().digest
    enter(office.boss).post(step(report, "sign"), {"digest": digest})
    enter(office.officer).post(step(report, "send"), {"reference": "복지-12"})
    enter(office.officer).post(step(report, "send"), {"reference": "복지-99"})
    found = SettlementReport.objects.get()
    assert (found.status, found.attempt, found.reference, found.signed_by) == ("sent", 1, "복지-12", office.boss)
    assert enter(office.officer).post(step(report, "burn")).status_code == 404


def test_back_asks_for_a_reason(office, enter, draft):
    report = through(draft(), "ready", office)
    answer = enter(office.second).post(step(report, "back"), {"reason": ""})
    assert answer.status_code == 422
    enter(office.second).post(step(report, "back"), {"reason": "다시 봅시다"})
    report.refresh_from_db()
    assert report.status == "draft"
    assert "다시 봅시다" in enter(office.officer).get(url("report", report)).content.decode()


def test_a_new_version_asks_for_a_reason_and_is_opened_once(office, enter, draft):
    sent, client = through(draft(), "send", office), enter(office.officer)
    address = url("report_reopen", sent)
    assert client.get(address).status_code == 405
    assert client.post(address, {"reason": ""}).status_code == 422
    assert enter(office.boss).post(address, {"reason": "빠졌습니다"}).status_code == 403
    for _twice in range(2):
        enter(office.second).post(address, {"reason": "한 분이 빠졌습니다"})
    assert list(SettlementReport.objects.order_by("version").values_list("version", "status")) == [
        (1, "sent"),
        (2, "draft"),
    ]
    assert "다시 보낼" not in enter(office.second).get(url("report", sent)).content.decode()


def test_the_pdf_asks_for_a_reason_and_is_logged_with_everybody_in_it(office, enter, settle, draft):
    person, client = members_of(settle("정금주"))[0], enter(office.officer)
    address = url("report_paper", draft())
    assert client.get(address).status_code == 405
    assert client.post(address, {"reason": ""}).status_code == 422
    for report in (draft(), through(draft(), "send", office)):
        answer = client.post(url("report_paper", report), {"reason": "상반기 보고"})
        assert answer.content.startswith(b"%PDF")
    log = AccessLog.objects.filter(act="export").first()
    assert (log.subjects, log.reason) == ([person.pk], "상반기 보고")


def rows_of(export):
    running.work_off(timezone.now)
    export.refresh_from_db()
    assert export.done_at, export.why
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(export.content))).worksheets[0]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_file_of_a_frozen_report_holds_its_lines_and_a_draft_is_no_file(office, settle, draft):
    person = members_of(settle("정금주"))[0]
    asked = {"report": draft().number}
    assert rows_of(ExportFactory(asker=office.officer, kind="settlement-report", asked=asked)) == []
    through(draft(), "ready", office)
    export = ExportFactory(asker=office.officer, kind="settlement-report", asked=asked)
    (row,) = rows_of(export)
    assert (row["이름"], row["사례번호"], row["최초 전입일"]) == ("정금주", person.case_number, "2024. 3. 15.")
    assert export.subjects == [person.pk]
    assert rows_of(ExportFactory(asker=office.second, kind="settlement-report", asked=asked)) == [row]
    kind = kinds()["settlement-report"]
    assert not kind.allows(office.worker)
    assert kind.narrowed({"report": asked["report"]}, office.stranger) == {"report": ""}


def test_a_file_with_a_name_is_deleted_once_a_violence_marker_stands(office, settle, draft):
    home = settle("정금주")
    through(draft(), "ready", office)
    export = ExportFactory(asker=office.officer, kind="settlement-report", asked={"report": draft().number})
    rows_of(export)
    stands(home, address_protected=True)
    with pytest.raises(exports.Gone):
        exports.taken(export, kinds()["settlement-report"], by=office.officer, now=timezone.now())
    (row,) = rows_of(ExportFactory(asker=office.officer, kind="settlement-report", asked=export.asked))
    assert row["이름"] in (None, "")
    assert "신림동" not in str(row)


def test_the_register_of_a_day_as_a_file_and_on_paper(office, enter, settle):
    person = members_of(settle("정금주"))[0]
    guarded = settle("리복순", town="봉천동")
    stands(guarded, address_protected=True)
    client = enter(office.officer)
    assert client.get(reverse("exports:ask", args=["protection-register"])).status_code == 200
    client.post(reverse("exports:ask", args=["protection-register"]) + "?on=2025-01-31", {"reason": REASON})
    rows = rows_of(agreed(Export.objects.get(), by=office.second))
    assert (rows[0]["사례번호"], rows[0]["이름"]) == (person.case_number, "정금주")
    assert "리복순" not in str(rows)
    assert "봉천동" not in str(rows)
    early = ExportFactory(asker=office.officer, kind="protection-register", asked={"on": "2020-01-31"})
    assert rows_of(early) == []
    address = reverse("households:register_paper")
    assert client.get(address).status_code == 405
    assert client.post(address, {"on": "2999-01-01", "reason": "감사"}).status_code == 422
    assert client.post(address, {"on": "2025-01-31", "reason": "감사"}).content.startswith(b"%PDF")
    log = AccessLog.objects.filter(view="households:register_paper").latest("id")
    assert person.pk in log.subjects
    assert log.detail["register"] == "2025-01-31"
    assert enter(office.worker).post(address, {"on": "2025-01-31", "reason": "감사"}).status_code == 403


def test_whoever_has_left_the_district_is_in_the_register_of_no_day(office, settle, enter):
    stayed, left = settle("정금주"), settle("리복순")
    settled = ExportFactory(asker=office.officer, kind="protection-register", asked={"on": "2025-01-31"})
    assert len(rows_of(settled)) == 2
    move(left, 3, to="부산 해운대구")
    again = ExportFactory(asker=office.officer, kind="protection-register", asked=settled.asked)
    assert [row["이름"] for row in rows_of(again)] == ["정금주"]
    with pytest.raises(exports.Gone):
        exports.taken(settled, kinds()["protection-register"], by=office.officer, now=timezone.now())
    with patch("households.views.register.register_printed", return_value=b"%PDF") as printed:
        paper = {"on": "2025-01-31", "reason": REASON}
        enter(office.officer).post(reverse("households:register_paper"), paper)
    (cells,) = printed.call_args.args[1]
    assert cells[0] == members_of(stayed)[0].case_number


def test_the_desk_says_until_when_the_report_is_due_until_it_is_sent(office, enter, settle):
    begins, now = ended_before(timezone.localdate()), timezone.now()
    page = enter(office.officer).get("/office/")
    assert page.context["report"].begins == begins
    report = actions.begin(begins, by=office.officer, now=now)
    for verb, by in (("ready", office.officer), ("sign", office.second), ("send", office.officer)):
        seen = {"digest": report.digest} if verb == "sign" else {}
        report = actions.VERBS[verb](report, by=by, now=now, **seen)
    later = enter(office.officer).get("/office/").context["report"]
    assert later is None or later.begins != begins


def test_the_pages_ask_as_often_for_twenty_people_as_for_two(office, enter, settle, draft):
    client, addresses = enter(office.officer), (LIST, url("report", draft()), "/register/")

    def queries():
        for address in addresses:
            client.get(address)
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            counts.append(len(caught))
        return counts

    settle("하나", "두울")
    few = queries()
    settle(*(f"사람{n}" for n in range(7)))
    settle(*(f"또다른{n}" for n in range(7)))
    assert queries() == few


def test_english_pages_render(office, enter, settle, draft):
    person = members_of(settle("정금주"))[0]
    office.officer.language = "en"
    office.officer.save()
    client = enter(office.officer)
    for address in (LIST, url("report", draft()), url("report_answer", draft(), person.case_number), "/register/"):
        assert "Settlement report" in client.get(address).content.decode()
