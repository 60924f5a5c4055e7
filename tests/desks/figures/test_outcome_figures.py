"""Employment, education and health by year: counts as known on a day, nothing below 5, men and women apart only where
neither is small."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.exports import running
from desks.figures.outcomes import asked_of, tables_on
from households.models import Job, Residence, Schooling, Treatment
from tests.factories import HouseholdFactory, PersonFactory, UserFactory
from tests.factories.agencies import day_at
from tests.factories.exports import ExportFactory
from tests.factories.households import system

pytestmark = pytest.mark.django_db
ON = date(2025, 12, 31)
JOB = {"kind": "regular", "employer": "company", "public_sector": False, "found": "own", "incentive": "unknown"}


@pytest.fixture
def people():
    """Return a function that makes people of a sex."""

    def made(number, sex="F", defector=True):
        home = HouseholdFactory(members=0, registered_on=date(2024, 1, 10))
        about = {"household": home, "sex": sex, "registered_on": date(2024, 1, 10), "keys": False}
        return [PersonFactory(defector=defector, **about) for _n in range(number)]

    return made


def work(people, began, ended=None, known=None, **about):
    known = known or ended or began
    for person in people:
        Job.objects.create(
            person=person,
            began_on=began,
            ended_on=ended,
            end_why="term" if ended else "",
            recorded_by=system(),
            known_at=day_at(known),
            **{**JOB, **about},
        )


def told(on=ON, known="then"):
    asked = {"table": "jobs", "on": on.isoformat() if on else "", "known": known}
    found = tables_on(asked, timezone.now())
    return {t.code: {name: [cell.text for cell in cells] for name, cells in t.rows} for t in found}


def test_a_year_at_its_own_end_is_exact_by_sex_and_by_how_long_jobs_were_kept(people):
    work(people(6), date(2025, 1, 1), known=date(2025, 1, 2))
    work(people(7, "M"), date(2025, 5, 1), known=date(2025, 5, 2))
    work(people(8), date(2025, 11, 1), known=date(2025, 11, 2))
    work(people(9, defector=False), date(2025, 11, 1), known=date(2025, 11, 2))
    assert told()["jobs"]["2025"] == ["7", "14", "21", "6", "7", "8"]


def test_a_job_that_ended_on_the_day_before_six_months_was_not_kept_six(people):
    work(people(6), date(2025, 1, 1), date(2025, 6, 29))
    work(people(5), date(2025, 1, 1), date(2025, 6, 30))
    work(people(7), date(2025, 1, 1))
    assert told()["jobs"]["2025"][2:] == ["18", "7", "5", "6"]


def test_of_two_jobs_in_a_year_the_one_kept_longest_counts_and_the_person_once(people):
    same = people(6)
    work(same, date(2025, 1, 1))
    work(same, date(2025, 12, 1))
    work(people(7), date(2025, 5, 1))
    work(people(8), date(2025, 12, 1))
    assert told()["jobs"]["2025"][2:] == ["21", "6", "7", "8"]


def test_a_small_part_is_hidden_with_the_next_smallest_and_cannot_be_subtracted(people):
    work(people(3), date(2025, 1, 1))
    work(people(9), date(2025, 5, 1))
    work(people(30), date(2025, 12, 1))
    whole, *parts = told()["jobs"]["2025"][2:]
    assert whole == "42"
    assert "3" not in parts
    assert "9" not in parts
    assert parts[2] == "30"


def test_below_five_nothing_is_told_and_sexes_stand_together(people):
    work(people(3), date(2025, 1, 1), public_sector=True)
    work(people(40, "M"), date(2025, 1, 1), public_sector=True)
    men, women, both = told()["public"]["2025"]
    assert men == women
    assert "3" not in (men, women)
    assert both == "43"


def test_asked_on_any_other_day_counts_are_in_tens(people):
    work(people(13), date(2025, 1, 1))
    assert told(known="")["jobs"]["2025"][2] == "약 10"
    assert told(date(2026, 1, 31))["jobs"]["2025"][2] == "약 10"


def test_what_was_entered_late_stands_in_the_past_only_as_known_today(people):
    work(people(12), date(2025, 3, 1), known=date(2026, 2, 1))
    assert told()["jobs"]["2025"][2] == "5 미만"
    assert told(known="")["jobs"]["2025"][2] == "약 10"


def test_school_training_and_treatment(people):
    some = {"recorded_by": system(), "known_at": day_at(date(2025, 7, 1))}
    for person in people(6):
        Schooling.objects.create(person=person, kind="school", level="high", began_on=date(2025, 3, 2), **some)
        Treatment.objects.create(person=person, kind="dental", place="clinic", began_on=date(2025, 3, 2), **some)
        done = {"began_on": date(2025, 1, 2), "ended_on": date(2025, 6, 1), "result": "completed"}
        Schooling.objects.create(person=person, kind="training", level="vocational", **done, **some)
    found = told()
    assert [found[code]["2025"][2] for code in ("school", "trained", "treated")] == ["6", "6", "6"]


def test_three_questions_however_many_people(people):
    work(people(3), date(2025, 1, 1))
    with CaptureQueriesContext(connection) as asked:
        told()
    assert len(asked) == 3


def test_what_makes_no_sense_is_left_out():
    now = timezone.now()
    assert asked_of({"table": "x", "on": "x", "known": "x"}, now) == {"table": "jobs", "on": "", "known": ""}
    assert asked_of({"on": "2025-12-31", "known": "then"}, now)["known"] == "then"


def test_the_page_and_the_file_are_for_those_who_see_figures(client):
    page, file = reverse("desks:outcome_figures"), reverse("desks:outcome_file")
    client.force_login(UserFactory())
    assert client.get(page).status_code == 403
    assert client.post(file, {"reason": "보고"}).status_code == 403
    client.force_login(UserFactory(role="ministry_officer"))
    assert client.get(page).status_code == 200
    assert client.get(file).status_code == 405
    assert client.post(file, {"reason": ""}).status_code == 422
    answer = client.post(file, {"reason": "연간 보고", "table": "public"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert AccessLog.objects.latest("id").reason == "연간 보고"


def test_the_table_leaves_as_a_workbook_with_a_reason(people):
    work(people(6), date(2025, 1, 1), public_sector=True)
    officer = UserFactory(role="ministry_officer")
    asked = {"table": "public", "on": "2025-12-31", "known": "then"}
    export = ExportFactory(asker=officer, kind="outcomes", asked=asked)
    assert running.work_off(timezone.now) == 1
    export.refresh_from_db()
    book = openpyxl.load_workbook(io.BytesIO(bytes(export.content)))
    cells = [[cell.value for cell in row][:4] for sheet in book for row in sheet.iter_rows()]
    assert next(row for row in cells if str(row[0]) == "2025")[3] in (6, "6")


def test_no_job_of_the_dead_goes_on(people):
    dead, since = people(6), DateRange(date(2025, 3, 1), None)
    work(dead, date(2024, 7, 1), public_sector=True)
    before = told()["public"]
    for person in dead:
        Residence.objects.filter(person=person).update(superseded_at=day_at(date(2025, 3, 2)))
        Residence.objects.create(person=person, status="deceased", during=since, known_at=day_at(date(2025, 3, 2)))
    assert told()["public"] != before, "nobody is in a job after their death"


@pytest.mark.parametrize(
    ("status", "began", "goes_on"),
    [("emigrated", (2025, 2, 1), True), ("emigrated", (2024, 2, 1), False), ("deceased", (2024, 2, 1), True)],
    ids=["begun after the return", "left behind when leaving", "a death that a later file took back"],
)
def test_who_came_back_has_the_jobs_begun_since(people, status, began, goes_on):
    """Of a job from before the register tells no more than that they were gone."""
    back = people(6)
    work(back, date(*began), public_sector=True)
    away = DateRange(date(2024, 5, 1), date(2025, 1, 5))
    for person in back:
        Residence.objects.filter(person=person).update(superseded_at=day_at(date(2025, 1, 6)))
        Residence.objects.create(person=person, status=status, during=away, known_at=day_at(date(2025, 1, 6)))
    told_of = told()["public"].get("2025", ["–"] * 3)[2]
    assert (told_of == "6") is goes_on
