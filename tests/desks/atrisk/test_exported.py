"""The at-risk list as a file: the rows of the page in its order, by number where a name must not stand."""

import io

import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from casework.exports import actions, running
from casework.exports.kinds import kinds
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import page_of
from households.models import Assignment
from risk.bands import Band
from risk.models import Standing
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.exports import ExportFactory
from tests.factories.households import members_of

ASK = reverse("exports:ask", args=["at-risk"])


def stand(household, band=Band.HIGH, **columns):
    Standing.objects.update_or_create(household=household, defaults={"band": band, "shown_band": band, **columns})
    return household


def taken_away(user, query=""):
    """Return (export, rows as dicts) of the list of `user`."""
    export = ExportFactory(asker=user, kind="at-risk", asked={"query": query})
    running.work_off(timezone.now)
    export.refresh_from_db()
    assert export.done_at, export.why
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(export.content))).worksheets[0]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return export, [dict(zip(head, row, strict=True)) for row in rows]


def test_the_file_holds_the_rows_of_the_page_in_its_order(worker, supervisor, monkeypatch):
    monkeypatch.setattr(running, "PART", 3)
    homes = [
        stand(HouseholdFactory(worker=worker, members=[f"오춘{n}"]), band)
        for n, band in zip("가나다라마", (3, 5, 4, 5, 3), strict=True)
    ]
    stand(HouseholdFactory(members=["강성국"]))
    export, rows = taken_away(supervisor)
    filters, now = Filters.of(QueryDict(), supervisor), timezone.now()
    shown = [row["number"] for n in (1, 2, 3) for row in page_of(supervisor, filters, now=now, size=2, number=n).rows]
    assert [row["사례번호"] for row in rows] == shown
    assert sorted(shown) == sorted(home.number for home in homes)
    assert rows[0]["단계"] == "긴급"
    assert export.subjects == sorted(person.pk for home in homes for person in members_of(home))


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_and_each_part_of_it_are_one_question(worker, count, django_assert_num_queries):
    homes = [stand(HouseholdFactory(worker=worker, members=1)) for _n in range(count)]
    kind, now = kinds()["at-risk"], timezone.now()
    kind.ids(worker, {}, now=now)
    with django_assert_num_queries(1):
        ids = kind.ids(worker, {}, now=now)
    assert sorted(ids) == sorted(home.pk for home in homes)
    kind.lines(worker, {}, ids, now=now)
    with django_assert_num_queries(2):
        assert [line.record for line in kind.lines(worker, {}, ids, now=now)] == ids


def test_a_household_that_was_written_down_twice_is_not_taken_for_one_that_is_closed(worker):
    home = stand(HouseholdFactory(worker=worker, members=1))
    assert kinds()["at-risk"].still(worker, [home.pk, home.pk], [])


def test_it_is_narrowed_as_the_page_is(worker):
    high = stand(HouseholdFactory(worker=worker, members=["오춘화"]))
    stand(HouseholdFactory(worker=worker, members=["오하나"]), Band.EMERGENCY)
    assert [row["사례번호"] for row in taken_away(worker, "band=4")[1]] == [high.number]


@pytest.mark.parametrize(
    ("query", "kept", "said"),
    [
        ("band=4&band=5", "band=5&band=4", "긴급, 고위험"),
        ("show=nobody&nonsense=1", "show=nobody", "조건 적용"),
        ("as_of=2026-01-01", "", ""),
    ],
)
def test_the_address_is_understood_as_the_page_understands_it(worker, query, kept, said):
    kind = kinds()["at-risk"]
    asked = kind.narrowed(QueryDict(query), worker)
    assert (asked, kind.said(asked)) == ({"query": kept}, said)


def test_a_household_with_a_violence_marker_stands_there_by_its_number(worker):
    household = stand(HouseholdFactory(worker=worker, members=["오춘화"], town="신림동"), address_protected=True)
    export, rows = taken_away(worker)
    assert rows[0]["가구"] == household.number
    assert rows[0]["읍·면·동"] == "주소 보호"
    assert "오춘화" not in str(rows)
    assert (export.records, export.closed) == ([], [household.pk])


@pytest.mark.parametrize("change", ["marker", "worker"])
def test_a_marker_or_another_worker_since_then_keeps_the_file_back(worker, change):
    household = stand(HouseholdFactory(worker=worker, members=["오춘화"]))
    export, _rows = taken_away(worker)
    kind, now = kinds()["at-risk"], timezone.now()
    assert actions.taken(export, kind, by=worker, now=now).content
    if change == "marker":
        stand(household, address_protected=True)
    else:
        Assignment.objects.filter(household=household).update(superseded_at=now)
    with pytest.raises(actions.Gone):
        actions.taken(export, kind, by=worker, now=now)


def test_what_is_shared_stands_there_as_long_as_the_share_lasts(worker):
    shared, ended = (stand(HouseholdFactory(members=["강성국"])) for _one in range(2))
    ShareFactory(household=shared, to_user=worker)
    ShareFactory(household=ended, to_user=worker, expired=True)
    assert [row["사례번호"] for row in taken_away(worker)[1]] == [shared.number]


def test_the_list_leads_to_it_and_those_who_look_after_nobody_are_refused(client, worker):
    client.force_login(worker)
    assert f'href="{ASK}?band=4"' in client.get(reverse("desks:list"), {"band": 4}).content.decode()
    assert "고위험" in client.get(f"{ASK}?band=4").content.decode()
    assert "exports" not in client.get(reverse("desks:list"), {"as_of": "2026-01-01"}).content.decode()
    client.force_login(UserFactory(role="ministry_officer"))
    assert client.get(ASK).status_code == 403
