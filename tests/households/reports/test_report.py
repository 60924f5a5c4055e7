"""The half-yearly settlement report: who stands in it, what is missing, freezing, signing, sending, a new version."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from casework.audit.models import Event
from casework.clock import add_months, five_years_from
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.models import (
    Household,
    ProtectionDecision,
    ReportForm,
    Residence,
    SettlementAnswer,
    SettlementLine,
    SettlementReport,
)
from households.reports import actions, people, shown
from households.reports.halves import due_on, ended_before, half_of, last_day
from tests.factories import PersonFactory, UserFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of
from tests.factories.standings import stands
from tests.factories.stated import CircumstanceFactory
from tests.households.reports.conftest import HALF, LAST, MOVED_IN, NOW, through

pytestmark = pytest.mark.django_db


def names_in(report):
    return [row.cells["name"] for row in actions.current_rows(report)]


def test_half_years_and_the_twentieth_after_them():
    form = ReportForm.objects.get()
    assert [half_of(date(2026, 6, 30)), half_of(date(2026, 7, 1))] == [date(2026, 1, 1), date(2026, 7, 1)]
    assert [last_day(date(2026, 1, 1)), last_day(date(2026, 7, 1))] == [date(2026, 6, 30), date(2026, 12, 31)]
    assert [due_on(date(2026, 1, 1), form), due_on(date(2026, 7, 1), form)] == [date(2026, 7, 20), date(2027, 1, 20)]
    assert ended_before(date(2026, 7, 1)) == date(2026, 1, 1)


def test_the_people_within_five_years_of_their_first_move_in_who_live_here_stand_in_it(office, settle, draft):
    settle("정금주")
    settle("최끝나", moved_in=add_months(LAST, -60))
    settle("리마지막", moved_in=add_months(LAST, -60) + timedelta(days=1))
    settle("먼사람", district="경기 부천시")
    settle("나중온", moved_in=LAST + timedelta(days=1))
    here = settle("떠난이", "돌아간", "비보호", "함께사는")
    gone, dead, refused, korean = members_of(here)
    Household.objects.filter(pk=here.pk)
    Residence.objects.filter(person__in=[gone, dead]).update(superseded_at=NOW)
    for person, status in ((gone, "emigrated"), (dead, "deceased")):
        Residence.objects.create(person=person, status=status, during=DateRange(date(2025, 1, 1), None))
    ProtectionDecision.objects.filter(person=refused).update(superseded_at=NOW)
    ProtectionDecision.objects.create(person=refused, decision="non_protected")
    PersonFactory(household=here, name="자녀", defector=False, registered_on=date(2024, 4, 1))
    assert sorted(names_in(draft())) == ["리마지막", "정금주", "함께사는"]
    assert korean.pk in [row.person for row in actions.current_rows(draft())]


@pytest.mark.parametrize("moved_in", [date(2020, 2, 29), date(2021, 6, 30), date(2021, 7, 1), date(2021, 12, 31)])
def test_five_years_are_counted_as_everywhere_else(office, settle, moved_in):
    settle("윤윤년", moved_in=moved_in)
    _first, last = five_years_from(moved_in)
    assert people.reported(office.agency.pk, last).count() == 1
    assert people.reported(office.agency.pk, last + timedelta(days=1)).count() == 0


def test_what_the_register_tells_is_filled_in_and_the_rest_is_missing(office, settle, draft):
    home = settle("정금주")
    person = members_of(home)[0]
    about = {"person": person, "since": date(2025, 1, 1)}
    CircumstanceFactory(kind="employment", value="day_labour", **about)
    CircumstanceFactory(kind="benefit", value="refused", detail="livelihood", **about)
    CircumstanceFactory(kind="benefit", value="receiving", detail="medical", **about)
    CircumstanceFactory(kind="illness", value="serious", **about)
    (row,) = actions.current_rows(draft())
    assert row.cells["employment"] == {"value": "day_labour", "on": "2025-01-01", "from": "register"}
    assert row.cells["benefit"]["value"] == "other"
    assert row.missing == ("housing",), "a woman of 46 is asked for no school"
    assert "serious" not in str(row.cells)
    assert shown.page_of(draft(), [row], office.officer)["percent"] == 67


def test_children_are_asked_for_their_school_and_not_for_their_work(office, settle, draft):
    settle("어린이", person_born=date(2016, 5, 5))
    (row,) = actions.current_rows(draft())
    assert row.missing == ("housing", "school", "benefit")


def test_what_the_office_finds_out_stands_in_the_report_and_its_earlier_answer_is_kept(office, settle, draft):
    person = members_of(settle("정금주"))[0]
    about = {"observed_on": LAST, "by": office.officer, "now": NOW}
    assert actions.answer(draft(), person, values={"housing": "own", "employment": "employed"}, **about) == 2
    assert actions.answer(draft(), person, values={"housing": "own"}, **about) == 0
    assert actions.answer(draft(), person, values={"housing": "public_rental"}, **about) == 1
    (row,) = actions.current_rows(draft())
    assert (row.cells["housing"]["value"], row.cells["housing"]["from"]) == ("public_rental", "office")
    kept = SettlementAnswer.objects.filter(column="housing").order_by("id")
    assert [(one.value, one.superseded_at is None) for one in kept] == [("own", False), ("public_rental", True)]
    assert SettlementAnswer.objects.visible_to(office.stranger).count() == 0
    assert SettlementAnswer.objects.visible_to(office.second).count() == 3


def test_an_answer_is_refused_where_it_makes_no_sense(office, settle, draft):
    person = members_of(settle("정금주"))[0]
    other = members_of(settle("먼사람", district="경기 부천시"))[0]
    said = {"by": office.officer, "now": NOW}
    for who, values, day in (
        (person, {"school": "school"}, LAST),
        (person, {"housing": "castle"}, LAST),
        (person, {"housing": "own"}, NOW.date() + timedelta(days=1)),
        (other, {"housing": "own"}, LAST),
    ):
        with pytest.raises(Refused):
            actions.answer(draft(), who, values=values, observed_on=day, **said)
    with pytest.raises(NotYours):
        actions.answer(draft(), person, values={"housing": "own"}, observed_on=LAST, by=office.stranger, now=NOW)
    assert not SettlementAnswer.objects.exists()


def test_what_is_frozen_stays_as_it_was_and_a_second_person_signs_it(office, settle, draft):
    home = settle("정금주")
    report = through(draft(), "ready", office)
    CircumstanceFactory(person=members_of(home)[0], kind="employment", value="employed", since=date(2025, 1, 1))
    (row,) = actions.current_rows(report)
    assert "employment" in row.missing
    assert report.digest == actions.digest_of([row])
    assert report.counts == {"people": 1, "working": 0, "livelihood": 0, "asked": 3, "missing": 3}
    with pytest.raises(NotYours):
        actions.sign(report, by=office.officer, now=NOW)
    with pytest.raises(Refused):
        actions.sign(report, by=office.second, now=NOW, digest="0" * 64)
    assert actions.sign(report, by=office.boss, now=NOW, digest=report.digest).status == "signed"
    sent = actions.send(report, by=office.officer, now=NOW, reference="복지정책과-1234")
    assert (sent.status, sent.reference, sent.sent_by) == ("sent", "복지정책과-1234", office.officer)
    verbs = list(Event.objects.about(sent).order_by("id").values_list("verb", flat=True))
    assert [verb.rpartition(" ")[2] for verb in verbs] == ["begun", "ready", "signed", "sent"]


def test_it_goes_back_with_a_reason_and_is_frozen_anew_with_the_first_lines_kept(office, settle, draft):
    settle("정금주")
    report = actions.back(through(draft(), "sign", office), by=office.second, now=NOW, reason="주거를 더 알아봅시다.")
    assert (report.status, report.ready_by, report.signed_by, report.reason) == (
        "draft",
        None,
        None,
        "주거를 더 알아봅시다.",
    )
    settle("리복순")
    again = through(report, "ready", office)
    assert (again.attempt, SettlementLine.objects.count(), again.lines.last().count()) == (2, 3, 2)
    assert sorted(names_in(again)) == ["리복순", "정금주"]


def test_sent_it_is_corrected_by_a_new_version_with_a_reason(office, settle, draft):
    settle("정금주")
    sent = through(draft(), "send", office)
    with pytest.raises(Refused):
        draft()
    made = actions.reopen(sent, by=office.second, now=NOW, why="한 분이 빠졌습니다.")
    assert (made.version, made.status, made.why) == (2, "draft", "한 분이 빠졌습니다.")
    assert actions.reopen(sent, by=office.officer, now=NOW, why="또") == made
    with pytest.raises(NotNow):
        actions.reopen(made, by=office.officer, now=NOW, why="아직")
    assert list(SettlementReport.objects.counted()) == [sent]


def test_killed_while_it_is_frozen_it_is_a_draft_without_lines(office, settle, draft, monkeypatch):
    settle("정금주")
    report = draft()
    monkeypatch.setattr(actions.REPORT, "perform", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.ready(report, by=office.officer, now=NOW)
    report.refresh_from_db()
    assert (report.status, report.attempt, SettlementLine.objects.count()) == ("draft", 0, 0)


def test_twice_begun_is_one_report_and_a_step_twice_changes_nothing(office, settle, draft):
    assert draft() == draft(office.second)
    report = through(draft(), "ready", office)
    with pytest.raises(NotNow):
        actions.ready(report, by=office.officer, now=NOW)
    assert SettlementReport.objects.count() == 1
    assert report.lines.count() == 0


@pytest.mark.parametrize("role", ["case_manager", "ministry_officer", "town_worker"])
def test_a_report_is_begun_by_the_officers_of_a_local_government_after_the_half_year(office, role):
    with pytest.raises(NotYours):
        actions.begin(HALF, by=UserFactory(role=role), now=NOW)
    with pytest.raises(NotYours):
        actions.begin(HALF, by=UserFactory(role="residence_officer"), now=NOW)
    with pytest.raises(Refused):
        actions.begin(HALF, by=office.officer, now=day_at(LAST))


def test_the_database_refuses_what_the_verbs_do(office, settle, draft):
    settle("정금주")
    report = through(draft(), "ready", office)
    for change in (
        {"status": "sent"},
        {"status": "signed", "signed_by": office.officer, "signed_at": NOW},
        {"half_begins": date(2026, 2, 1)},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            SettlementReport.objects.filter(pk=report.pk).update(**change)
    line = report.lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementLine.objects.create(report=report, attempt=2, person=line.person, household=line.household, cells={})
    with pytest.raises(DatabaseError), transaction.atomic():
        SettlementLine.objects.filter(pk=line.pk).update(cells={})
    signed = actions.sign(report, by=office.second, now=NOW, digest=report.digest)
    sent = actions.send(signed, by=office.officer, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        SettlementReport.objects.filter(pk=sent.pk).update(reference="바꿈")


def test_a_violence_marker_keeps_name_and_town_out_also_of_what_was_frozen_before(office, settle, draft):
    home = settle("정금주")
    before = through(draft(), "ready", office)
    stands(home, address_protected=True)
    (row,) = actions.current_rows(before)
    assert (row.cells["name"], row.cells["town"], row.guarded) == (row.cells["case"], "", True)
    draft_again = actions.back(before, by=office.officer, now=NOW, reason="다시")
    assert "정금주" not in str(actions.current_rows(draft_again)[0].cells)


def test_a_report_asks_as_often_for_twenty_people_as_for_two(office, settle, draft):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert actions.current_rows(draft())
        return len(caught)

    settle("하나", "두울")
    draft()
    few = queries()
    settle(*(f"사람{n}" for n in range(7)))
    settle(*(f"또다른{n}" for n in range(7)))
    assert queries() == few
    assert MOVED_IN < LAST
