"""A move is never without a follow-up: it stands on the desk, prepared, until a person sends it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from households.actions import change_district
from referrals.models import Transfer
from referrals.transfers import actions
from referrals.transfers.outside import outside_of
from tests.factories import HouseholdFactory
from tests.factories.agencies import district
from tests.factories.imports import PERSON, bring

pytestmark = pytest.mark.django_db


def test_a_registered_move_prepares_the_transfer_and_one_click_sends_it(page, centres):
    home = HouseholdFactory(worker=centres.worker, members=["정금주"])
    today = seoul_day(timezone.now())
    assert outside_of(centres.worker, on=today) == []
    change_district(home, district=district("제주 제주시"), on=today, by=centres.worker)
    found = outside_of(centres.worker, on=today)
    assert [(one.home.household, one.to) for one in found] == [(home, centres.new)]
    for user, desk in ((centres.worker, "desks:today"), (centres.boss, "desks:supervisor")):
        shown = page.get(user, reverse(desk))
        assert [row["name"] for row in shown.context["moved"]] == ["정금주"]
    page.post(centres.worker, reverse("referrals:propose_transfer", args=[home.number]), to=centres.new.pk)
    assert Transfer.objects.get().status == "proposed"
    assert outside_of(centres.worker, on=today) == []


def test_what_came_to_nothing_stands_on_the_desk_again_with_the_reason(page, centres, household, at):
    at("declined")
    shown = page.get(centres.worker, reverse("desks:today"))
    assert "관할이 아닙니다." in shown.content.decode()
    assert shown.context["moved"][0]["one"].last.reason == "관할이 아닙니다."


def test_a_place_that_no_centre_covers_asks_for_a_choice(centres):
    home = HouseholdFactory(worker=centres.worker)
    nowhere = district("제주 서귀포시")
    centres.new.jurisdictions.filter(district=nowhere).delete()
    change_district(home, district=nowhere, on=seoul_day(timezone.now()), by=centres.worker)
    found = outside_of(centres.worker, on=seoul_day(timezone.now()))
    assert [(one.centres, one.to) for one in found if one.home.household == home] == [([], None)]


def test_a_file_that_moves_forty_households_prepares_forty(centres):
    rows = [
        {**PERSON, "person_ref": f"P-{n}", "household_ref": f"H-{n}", "center": centres.old.name_ko} for n in range(40)
    ]
    today = seoul_day(timezone.now())
    bring("register", rows)
    assert outside_of(centres.boss, on=today) == []
    moved = [{**row, "district": "제주 제주시"} for row in rows]
    bring("register", moved, effective_on=today - timedelta(days=1))
    with CaptureQueriesContext(connection) as caught:
        found = outside_of(centres.boss, on=today)
    assert len(found) == 40
    assert {one.to for one in found} == {centres.new}
    assert len(caught) <= 4
    actions.propose(found[0].home.household, to=centres.new, by=centres.boss, now=timezone.now())
    assert len(outside_of(centres.boss, on=today)) == 39


def test_the_lists_ask_as_often_for_twenty_households_as_for_two(page, centres):
    def queries(user, url):
        page.get(user, url)
        with CaptureQueriesContext(connection) as caught:
            assert page.get(user, url).status_code == 200
        return len(caught)

    def fill(count):
        for _n in range(count):
            HouseholdFactory(worker=centres.worker, district="제주 제주시")
            going = HouseholdFactory(worker=centres.worker)
            Transfer.objects.create(
                household=going,
                from_agency=centres.old,
                to_agency=centres.new,
                proposed_by=centres.worker,
                proposed_at=timezone.now(),
            )

    urls = [reverse(name) for name in ("referrals:transfers", "desks:supervisor")]
    fill(2)
    few = [queries(centres.boss, url) for url in urls]
    fill(18)
    assert [queries(centres.boss, url) for url in urls] == few
