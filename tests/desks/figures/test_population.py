"""The national statistics: who came by year and sex, how old, where they live; of any day, as known then or today."""

import io
import re
from datetime import date, timedelta
from itertools import product

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.exports import running
from casework.facts import supersede
from desks.asof import end_of
from desks.figures import people
from desks.figures.past import month_ends
from desks.figures.population import band_of_age, band_of_year, counted
from desks.figures.published import tables_of
from desks.figures.regions import regions
from households.models import Particulars
from tests.factories import HouseholdFactory, PersonFactory, UserFactory
from tests.factories.agencies import day_at
from tests.factories.exports import ExportFactory
from tests.factories.households import members_of, system

pytestmark = pytest.mark.django_db
YEAR_END = date(2025, 12, 31)
URL = "/figures/people/"


@pytest.fixture
def came():
    """Return a function that makes people who entered on a day, living in one household of a district."""

    def made(number, entered, *, sex="F", born=date(1990, 5, 5), district="서울 관악구", **facts):
        home = HouseholdFactory(members=0, district=district, registered_on=date(2024, 1, 10), **facts)
        for _n in range(number):
            person = PersonFactory(household=home, sex=sex, born=born, registered_on=date(2024, 1, 10), keys=False)
            told = Particulars.objects.current().get(person=person)
            supersede(told, by=system(), now=day_at(date(2024, 1, 11)), entered_on=entered)
        return home

    return made


def shown(table):
    """Return {name of the row: [texts]} of a table, with its total."""
    return {
        name: [cell.text for cell in cells] for name, cells in (*table.rows, *([table.total] if table.total else []))
    }


def tables(on, known_by=None):
    found = tables_of(counted(on, known_by or timezone.now()), regions(on))
    return {table.code: shown(table) for table in found}


def test_the_rows_are_those_of_the_table_of_the_ministry():
    labels = [band_of_year(year) for year in (1995, 1998, 1999, 2001, 2002, 2025, None)]
    assert labels == ["~1998", "~1998", "1999–2001", "1999–2001", "2002", "2025", ""]
    assert [band_of_age(ten) for ten in (0, 10, 50, 60, 80, None, -10)] == [
        "0-9", "10-19", "50-59", "60+", "60+", "", "",
    ]  # fmt: skip


def test_entrants_by_year_and_sex_are_exact_for_years_that_are_over(came):
    came(6, date(1997, 3, 1), sex="M")
    came(2, date(2003, 7, 1))
    came(1, date(2003, 8, 1), sex="M")
    assert tables(YEAR_END)["years"] == {
        "~1998": ["6", "0", "6", "6"],
        "2003": ["1", "2", "3", "9"],
        "합계": ["7", "2", "9", ""],
    }


def test_the_running_year_and_every_sum_that_holds_it_are_in_tens(came):
    came(12, date(2003, 7, 1))
    came(13, date(2026, 2, 1))
    came(3, date(2026, 2, 1), sex="M")
    found = tables(date(2026, 10, 31))["years"]
    assert found["2003"] == ["0", "12", "12", "12"]
    assert found["2026"] == ["5 미만", "약 10", "약 20", "약 30"]
    assert found["합계"] == ["약 0", "약 30", "약 30", ""]


def test_who_came_later_or_is_no_defector_is_not_counted(came):
    home = came(1, date(2003, 7, 1))
    PersonFactory(household=home, defector=False, registered_on=date(2024, 1, 10))
    came(5, date(2026, 1, 1))
    assert list(tables(YEAR_END)["years"]) == ["2003", "합계"]


def test_ages_at_entry_and_regions_by_sex_at_the_end_of_a_year(came):
    came(12, date(2003, 7, 1), born=date(1990, 7, 2), sex="M")
    came(9, date(2003, 7, 1), born=date(1990, 7, 1))
    came(6, date(2003, 7, 1), born=date(1990, 7, 2))
    came(7, date(2003, 7, 1), born=date(1993, 7, 1), sex="M", district="부산 해운대구")
    came(8, date(2003, 7, 1), born=date(1993, 7, 1), district="부산 해운대구")
    found = tables(YEAR_END)
    assert found["ages"] == {"10-19": ["19", "23", "42"], "합계": ["19", "23", "42"]}
    assert found["regions"] == {"서울": ["12", "15", "27"], "부산": ["7", "8", "15"], "합계": ["19", "23", "42"]}
    in_tens = tables(date(2025, 11, 30))["regions"]
    assert in_tens["부산"] == ["약 10", "약 10", "약 20"]


def test_below_five_a_cell_is_hidden_and_men_are_not_told_from_women(came):
    came(20, date(2003, 7, 1))
    came(9, date(2003, 7, 1), district="경기 부천시")
    came(4, date(2003, 7, 1), district="부산 해운대구")
    found = tables(YEAR_END)["regions"]
    assert found["부산"] == ["5 미만"]
    assert len({*found["부산"], *found["경기"]} & {"4", "9"}) == 0, "what is left of the sum does not tell it either"
    assert found["합계"] == ["약 30"]


def test_the_region_is_that_of_residents_and_of_the_day(came):
    home = came(6, date(2003, 7, 1))
    gone = came(5, date(2003, 7, 1), district="경기 부천시")
    for person in members_of(gone):
        stands = person.residence_set.get()
        supersede(stands, by=system(), now=day_at(date(2025, 3, 1)), status="emigrated")
    assert list(counted(YEAR_END, timezone.now()).regions) == ["11"]
    then = counted(date(2024, 6, 30), day_at(date(2024, 6, 30)))
    assert {code: sum(row.values()) for code, row in then.regions.items()} == {"11": 6, "41": 5}
    assert home


def test_what_was_entered_late_counts_only_with_todays_knowledge(came):
    home = came(7, date(2003, 7, 1))
    late = PersonFactory(household=home, registered_on=date(2025, 6, 1))
    told = Particulars.objects.current().get(person=late)
    supersede(told, by=system(), now=day_at(date(2025, 6, 2)), entered_on=date(2003, 7, 1))
    end = date(2024, 12, 31)
    assert tables(end)["years"]["2003"][1] == "8"
    assert tables(end, day_at(end))["years"]["2003"][1] == "7"
    assert tables(end, day_at(date(2023, 12, 31)))["years"] == {"합계": ["0", "0", "0", ""]}


EXACT = re.compile("[0-9,]+")


def test_two_tables_of_the_past_tell_of_no_few_people(came):
    """Whatever two are laid side by side: a difference of exact counts is nothing, or 5 people and more."""
    home = came(40, date(2003, 7, 1))
    came(30, date(2024, 6, 1), born=date(2004, 1, 1), district="부산 해운대구")
    for registered, entered, number in (
        (date(2025, 3, 3), date(2003, 7, 1), 1),
        (date(2025, 4, 3), date(2025, 2, 1), 7),
    ):
        for _n in range(number):
            late = PersonFactory(household=home, sex="F", born=date(1990, 5, 5), registered_on=registered)
            told = Particulars.objects.current().get(person=late)
            supersede(told, by=system(), now=day_at(registered), entered_on=entered)
    now = day_at(date(2026, 2, 10), 15)
    supersede(
        Particulars.objects.current().filter(entered_on=date(2024, 6, 1)).first(),
        by=system(), now=day_at(date(2026, 2, 5)), entered_on=date(2003, 7, 1),
    )  # fmt: skip
    days = ["", *(day.isoformat() for day in month_ends(date(2026, 2, 10)))]
    found: dict[tuple, set] = {}
    for on, known in product(days, ("", "then")):
        for table in people.tables_on(people.asked_of({"on": on, "known": known}, now), now):
            for name, cells in (*table.rows, *([table.total] if table.total else [])):
                for place, cell in enumerate(cells):
                    if EXACT.fullmatch(cell.text):
                        found.setdefault((table.code, name, place), set()).add(int(cell.text.replace(",", "")))
    assert {key for key in found if key[0] == "regions"}, "something is exact still"
    assert found["years", "2003", 1] == {41}, "the correction of this month is not in it"
    near = {
        key: counts
        for key, counts in found.items()
        if any(0 < abs(one - other) < 5 for one in counts for other in counts)
    }
    assert near == {}


def test_todays_knowledge_is_that_of_the_last_month_that_ended(came):
    came(12, date(2003, 7, 1))
    now = day_at(date(2026, 2, 10), 15)
    asked = people.asked_of({"on": "2025-12-31"}, now)
    assert people.known_of(asked, now) == (end_of(date(2026, 1, 31)), ("years", "ages", "regions"))
    assert people.known_of(people.asked_of({"on": "2024-12-31"}, now), now)[1] == ("years",)
    assert people.known_of(people.asked_of({"on": "2025-12-31", "known": "then"}, now), now)[1] == ()
    fresh = day_at(date(2024, 1, 20), 15)
    assert people.known_of(people.asked_of({}, fresh), fresh) == (fresh, ()), "no month of the register has ended"


def test_any_number_of_people_is_counted_with_three_queries(came):
    came(3, date(2003, 7, 1))
    with CaptureQueriesContext(connection) as caught:
        counted(YEAR_END, timezone.now())
    assert len(caught) == 3


@pytest.fixture
def enter(client):
    def log_in(role="ministry_officer", **about):
        user = UserFactory(role=role, **about)
        client.force_login(user)
        return client, user

    return log_in


def test_a_day_is_answered_with_the_end_of_a_month_and_the_look_is_logged(enter, came):
    came(6, date(2003, 7, 1))
    client, _user = enter()
    page = client.get(URL, {"on": "2025-12-30", "known": "then"})
    assert page.context["on"] == date(2025, 11, 30)
    assert "2003" in page.content.decode()
    assert AccessLog.objects.latest("id").detail["population"] == {
        "table": "years", "on": "2025-11-30", "known": "then",
    }  # fmt: skip
    assert client.get(URL, {"on": "나중"}).context["on"] == timezone.localdate()
    later = timezone.localdate() + timedelta(days=40)
    assert client.get(URL, {"on": later.isoformat()}).context["on"] == timezone.localdate()


@pytest.mark.parametrize("role", ["case_manager", "supervisor", "residence_officer", "privacy_auditor"])
def test_who_sees_no_figures_sees_none_of_these(enter, role):
    client, _user = enter(role)
    assert client.get(URL).status_code == 403
    assert client.post(f"{URL}file/", {"reason": "보고"}).status_code == 403
    assert client.get(reverse("exports:ask", args=["population"])).status_code == 403


def test_an_empty_register_says_so_in_english_too(enter):
    client, _user = enter(language="en")
    page = client.get(URL, {"on": "2001-12-31", "known": "then"}).content.decode()
    assert "Nobody is counted." in page


def test_a_table_as_csv_asks_for_a_reason(enter, came):
    came(6, date(2003, 7, 1))
    client, _user = enter()
    assert client.get(f"{URL}file/").status_code == 405
    assert client.post(f"{URL}file/", {"table": "years"}).status_code == 422
    answer = client.post(f"{URL}file/", {"table": "years", "on": "2025-12-31", "known": "", "reason": "국회 제출"})
    assert "2003,0,6,6,6" in answer.content.decode("utf-8-sig")
    assert AccessLog.objects.filter(act="export").get().reason == "국회 제출"


def test_a_table_as_a_file_names_nobody(enter, came):
    came(6, date(2003, 7, 1))
    _client, user = enter()
    for table, first in (("years", "2003"), ("regions", "서울")):
        asked = people.asked_of({"table": table, "on": "2025-12-31"}, timezone.now())
        export = ExportFactory(asker=user, kind="population", asked=asked)
        running.work_off(timezone.now)
        export.refresh_from_db()
        assert export.done_at, export.why
        sheet = openpyxl.load_workbook(io.BytesIO(bytes(export.content))).worksheets[0]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        assert rows[1][0] == first
        assert (export.subjects, export.households) == ([], [])
