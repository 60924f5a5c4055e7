"""Figures: how many and where, never who."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import Agency
from casework.agencies.roles import ROLES
from casework.audit.models import AccessLog
from casework.clock import seoul_day
from households.closings.actions import reopen
from risk.counting import counts_by_centre, figures
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.closings import closed
from tests.factories.households import members_of
from tests.factories.standings import flagged, stands

pytestmark = pytest.mark.django_db
URL = "/figures/"
SEES = {"ministry_officer", "foundation_officer", "centre_head"}


def fill(centre_name, count, urgent=0, worker=None):
    centre = Agency.objects.get(name_ko=centre_name)
    for n in range(count):
        stands(HouseholdFactory(center=centre, worker=worker), 4 if n < urgent else 1)
    return centre


def page_of(client, user, url=URL, **data):
    client.force_login(user)
    return client.get(url, data)


@pytest.mark.parametrize("role", ROLES)
def test_figures_are_for_those_whose_role_carries_them(client, role):
    assert page_of(client, UserFactory(role=role)).status_code == (200 if role in SEES else 403)
    assert client.post("/figures/file/", {"reason": "보고"}).status_code == (200 if role in SEES else 403)


def test_the_ministry_counts_everybody_and_sees_nobody(client, ministry):
    centre = fill("인천하나센터", 12, urgent=7)
    rows = counts_by_centre(ministry, on=seoul_day(timezone.now()))
    assert [(row["key"], row["households"], row["urgent"], row["nobody"]) for row in rows] == [(centre.pk, 12, 7, 12)]
    html = page_of(client, ministry).content.decode()
    for household in figures(ministry, on=seoul_day(timezone.now())).select_related("household"):
        assert household.household.number not in html


def test_the_head_of_a_centre_counts_the_centre_only():
    centre = fill("인천하나센터", 3)
    fill("제주하나센터", 4)
    head = UserFactory(role="centre_head", agency=centre)
    assert figures(head, on=seoul_day(timezone.now())).count() == 3


def test_somebody_without_the_role_counts_nothing():
    fill("인천하나센터", 3)
    assert figures(UserFactory(role="supervisor"), on=seoul_day(timezone.now())).count() == 0


def test_a_count_below_five_takes_the_next_smallest_along(client, ministry):
    fill("제주하나센터", 8, urgent=2)
    fill("울산하나센터", 9, urgent=6)
    fill("인천하나센터", 20, urgent=12)
    table = page_of(client, ministry).context["table"]
    shown = {line.name: line.cells["urgent"].text for line in table.rows}
    assert (shown["제주"], shown["울산"], shown["인천"]) == ("5 미만", "가림", "12")
    assert table.total.cells["urgent"].text == "약 20"
    centres = {line.name: line.cells["urgent"].text for line in table.centres}
    assert centres["울산하나센터"] == "가림", "the centre would tell the region"


def test_emergency_alone_stands_nowhere(client, ministry):
    fill("인천하나센터", 10, urgent=6)
    html = page_of(client, ministry).content.decode()
    assert "band-5" not in html


def test_chungnam_and_sejong_are_one_tile_and_there_are_sixteen(client, ministry):
    fill("충남하나센터", 10)
    context = page_of(client, ministry).context
    tiles = context["map"]["tiles"]
    assert len(tiles) == 16
    assert "충남·세종" in [tile["name"] for tile in tiles]
    assert len({(tile["column"], tile["row"]) for tile in tiles}) == 16


def test_those_who_cannot_be_reached_are_counted_once_a_household(ministry):
    centre = fill("인천하나센터", 1)
    household = HouseholdFactory(center=centre)
    stands(household)
    flagged(household)
    row = counts_by_centre(ministry, on=seoul_day(timezone.now()))[0]
    assert row["unreachable"] == 1


def test_a_case_number_is_answered_without_a_name(client, ministry):
    household = HouseholdFactory(center=Agency.objects.get(name_ko="인천하나센터"), members=["이름없이"])
    stands(household)
    person = members_of(household)[0]
    html = page_of(client, ministry, case=person.case_number).content.decode()
    assert "인천하나센터" in html
    assert "이름없이" not in html
    assert household.number not in html
    assert AccessLog.objects.get(act="search", actor_id=ministry.pk).subjects == [person.pk]
    assert "그런 사례번호는 없습니다" in page_of(client, ministry, case="0000-0000-0").content.decode()


def test_the_search_field_leads_the_ministry_to_the_answer_without_a_name(client, ministry):
    person = members_of(HouseholdFactory(members=["이름없이"]))[0]
    answer = page_of(client, ministry, "/search/", q=person.case_number)
    assert answer.headers["Location"] == f"/figures/?case={person.case_number}"


def test_a_download_keeps_the_reason_and_holds_what_the_page_shows(client, ministry):
    fill("제주하나센터", 8, urgent=2)
    fill("인천하나센터", 20, urgent=12)
    client.force_login(ministry)
    assert client.post("/figures/file/", {"reason": ""}).status_code == 422
    assert client.get("/figures/file/").status_code == 405
    answer = client.post("/figures/file/", {"reason": "국회 보고"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["5 미만" in row for row in rows if row[1] == "제주"] == [True]
    assert AccessLog.objects.get(act="export").reason == "국회 보고"


def test_the_page_asks_five_queries_of_its_own_whatever_the_number(client, ministry):
    ground = ("django_session", "agencies_user", "agencies_rolegrant", "audit_accesslog")

    def queries():
        client.force_login(ministry)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(URL).status_code == 200
        asked = [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]
        return [sql for sql in asked if not any(f'"{table}"' in sql.split("WHERE")[0] for table in ground)]

    fill("인천하나센터", 2)
    queries()
    few = queries()
    fill("제주하나센터", 8)
    assert len(queries()) == len(few) <= 5, few


def test_closed_cases_of_which_nothing_is_heard_are_nobodys_work_from_the_day_on(client, ministry):
    centre = fill("인천하나센터", 11)
    worker, boss = (UserFactory(role=role, agency=centre) for role in ("case_manager", "supervisor"))
    done = [HouseholdFactory(center=centre, worker=worker) for _n in range(2)]
    for household in done:
        stands(household, 1)
    made = [closed(household, by=worker, second=boss, ago=3) for household in done]
    on = seoul_day(timezone.now())

    def counted(days=0):
        (row,) = counts_by_centre(ministry, on=on - timedelta(days=days))
        return row["households"], row["nobody"]

    assert counted() == (11, 11)
    assert counted(days=5)[0] == 13, "closed later, it was in care then"
    stands(done[0], 4)
    assert counted()[0] == 12, "heard of again, it is counted"
    reopen(made[1], by=boss, now=timezone.now(), reason="다시 도움을 청함")
    assert counted()[0] == 13
    assert "종결" in page_of(client, ministry).text
