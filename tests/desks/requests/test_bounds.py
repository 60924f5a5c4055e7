"""Where a record ends: at the days a person lived somewhere, at the danger of others, at what was answered."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.audit.models import AccessLog
from desks.day.data_requests import open_requests
from desks.day.due import Scope
from desks.requests.record import as_text, record_of
from households.actions import change_district, move_out, record_death, share
from households.models import Contact, DataRequest, Household
from households.requests.shown import GIVEN_FOR, may_give
from tests.factories import AgencyFactory, district
from tests.factories.handovers import conflict_of, course_of
from tests.factories.plans import live_plan
from tests.factories.risk import SignalFactory
from tests.factories.standings import stands
from tests.households.requests.conftest import taken

pytestmark = pytest.mark.django_db


def text_of(request, cast):
    request = DataRequest.objects.select_related("person").get(pk=request.pk)
    return as_text(request, record_of(request, now=cast.now))


def test_who_left_is_not_told_where_the_household_went_nor_what_was_shared_afterwards(cast):
    left = cast.people[1]
    move_out(left, on=cast.on - timedelta(days=9), by=cast.worker, district=None)
    change_district(cast.household, on=cast.on - timedelta(days=3), district=district("부산 해운대구"), by=cast.worker)
    words = {"until": cast.now + timedelta(days=3), "now": cast.now, "by": cast.boss}
    share(cast.household, AgencyFactory(name_ko="해바라기쉼터"), reason="새 집에서 함께 돕습니다.", **words)
    gone = text_of(taken(cast, person=left), cast)
    for kept_back in ("해운대구", "해바라기쉼터", "새 집에서", "자녀 1"):
        assert kept_back not in gone, kept_back
    assert "신림동" in gone
    stayed = text_of(taken(cast), cast)
    for told in ("해운대구", "해바라기쉼터", "자녀 1"):
        assert told in stayed, told


def test_a_child_in_danger_is_told_of_in_no_record(cast):
    made = taken(cast)
    SignalFactory(household=cast.household, code_id="S44", source="아동보호전문기관")
    Contact.objects.create(
        household=cast.household,
        agency=cast.centre,
        recorded_by=cast.worker,
        occurred_at=cast.now - timedelta(days=1),
        channel="visit",
        contact_made=True,
        summary="방문함.",
        tags=["child_harm", "job_loss"],
    )
    said = text_of(made, cast).partition("■")[2]
    assert "아동보호전문기관" not in said
    assert "아이가 위험함" not in said
    assert "실직" in said
    assert "방문함." in said


def test_who_looked_elsewhere_is_not_told_where_a_household_is_protected(cast):
    shelter = AgencyFactory(name_ko="숨은쉼터")
    for agency in (shelter, cast.centre):
        AccessLog.objects.create(act="open", subjects=[cast.person.pk], agency_id=agency.pk)
    made = taken(cast)
    assert "숨은쉼터" in text_of(made, cast)
    stands(cast.household, address_protected=True)
    said = text_of(made, cast).partition("■ 어느 기관이")[2]
    assert "숨은쉼터" not in said
    assert "관악 하나센터" in said


def test_the_file_waits_for_the_answer_ends_after_it_was_told_and_is_not_made_of_a_part(cast, at, client):
    assert not may_give(at("checked"), cast.on)
    told = at("told")
    assert may_give(told, cast.on + GIVEN_FOR)
    assert not may_give(told, cast.on + GIVEN_FOR + timedelta(days=1))
    partly = at("answered", outcome="partly")
    assert not may_give(partly, cast.on)
    client.force_login(cast.boss)
    page = client.get(reverse("households:data_request", args=[partly.number])).content.decode()
    assert "직접 골라" in page
    assert reverse("desks:request_record", args=[partly.number]) not in page


def test_courses_and_plans_are_told_and_conflicts_of_staff_are_not(cast):
    course_of(cast.person, by=cast.worker, title="운전면허반")
    live_plan(cast.household, by=cast.worker)
    conflict_of(cast.boss, cast.people[0])
    said = text_of(taken(cast), cast)
    assert "운전면허반" in said
    assert "제 힘으로 살고 싶어요." in said
    assert "이해충돌" not in said


def test_a_request_of_who_died_stays_on_the_day_of_the_last_home(cast):
    made = taken(cast)
    record_death(cast.person, on=cast.on, by=cast.worker, new_head=cast.people[1])
    mine = Household.objects.visible_to(cast.worker).order_by().values("pk")
    later = cast.on + timedelta(days=1)
    rows = open_requests(Scope(cast.worker, mine, later))
    assert [(row[1], row[3]) for row in rows] == [(cast.household.pk, made.number)]
