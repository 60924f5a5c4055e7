"""Hidden fields shown to whoever says why; the register of the residence-protection officer."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from households.actions import move_person
from tests.factories import AgencyFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.standings import stands


@pytest.fixture
def phone(people):
    return reverse("households:reveal", args=[people[0].case_number, "phone"])


def test_the_number_is_not_in_the_page_before_somebody_says_why(phone, kim, enter):
    client = enter(kim)
    for address in (phone, f"{phone}?ask=1"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "0000-1234" not in answer.content.decode()
    assert "010-****-1234" in client.get(phone).content.decode()
    assert not AccessLog.objects.filter(act="reveal").exists()


def test_with_a_reason_the_number_is_shown_for_thirty_seconds_and_the_look_is_logged(people, phone, kim, enter):
    answer = enter(kim).post(phone, {"reason": "call"})
    assert "010-0000-1234" in answer.content.decode()
    assert answer.headers["Refresh"].startswith("30;")
    assert "no-store" in answer.headers["Cache-Control"]
    log = AccessLog.objects.get(act="reveal")
    assert (log.subjects, log.reason, log.detail) == ([people[0].pk], "call", {"field": "phone"})


def test_htmx_gets_the_region_alone(phone, kim, enter):
    answer = enter(kim).post(phone, {"reason": "call"}, headers={"hx-request": "true"})
    assert "<html" not in answer.content.decode()
    assert 'hx-trigger="load delay:30s"' in answer.content.decode()


def test_without_a_reason_nothing_is_shown(phone, kim, enter):
    for reason in ("", "curious"):
        answer = enter(kim).post(phone, {"reason": reason})
        assert "0000-1234" not in answer.content.decode()
    assert not AccessLog.objects.filter(act="reveal").exists()


def test_the_reason_is_remembered_for_the_day(phone, kim, enter):
    client = enter(kim)
    client.post(phone, {"reason": "visit"})
    assert 'value="visit" selected' in client.get(f"{phone}?ask=1").content.decode()


def test_the_town_is_hidden_too(people, kim, enter):
    address = reverse("households:reveal", args=[people[0].case_number, "town"])
    client = enter(kim)
    assert "신림동" not in client.get(address).content.decode()
    assert "신림동" in client.post(address, {"reason": "visit"}).content.decode()


def test_what_is_not_on_file_cannot_be_revealed(people, kim, stranger, phone, enter):
    for what in ("safe_number", "summary"):
        assert enter(kim).get(reverse("households:reveal", args=[people[0].case_number, what])).status_code == 404
    assert enter(stranger).post(phone, {"reason": "call"}).status_code == 404


@pytest.fixture
def officer(db):
    office = AgencyFactory(kind="city", covers=["서울 관악구"])
    return UserFactory(agency=office, role="residence_officer")


REGISTER = "/register/"


def test_the_officer_sees_name_town_period_and_centre_and_nothing_else(kim, officer, enter):
    house = HouseholdFactory(
        worker=kim, members=["정금주"], under_protection=date(2024, 3, 15), person_phone="010-0000-1234"
    )
    page = enter(officer).get(REGISTER).content.decode()
    for shown in ("정금주", "신림동", "관악 하나센터", "2024. 3. 15.~2029. 3. 14."):
        assert shown in page
    for hidden in ("1234", house.number, members_of(house)[0].case_number):
        assert hidden not in page
    assert AccessLog.objects.get(act="list").subjects == [members_of(house)[0].pk]


def test_other_districts_ended_periods_and_the_unprotected_are_not_in_it(kim, officer, enter):
    HouseholdFactory(worker=kim, members=["먼사람"], under_protection=True, district="경기 부천시")
    HouseholdFactory(worker=kim, members=["끝사람"], under_protection=date(2015, 1, 1))
    HouseholdFactory(worker=kim, members=["비보호"])
    page = enter(officer).get(REGISTER).content.decode()
    assert not any(name in page for name in ("먼사람", "끝사람", "비보호"))


def test_the_register_is_read_in_pages_with_as_many_queries_for_fifty_as_for_two(kim, officer, enter):
    HouseholdFactory(worker=kim, members=2, under_protection=True)
    client = enter(officer)
    client.get(REGISTER)
    with CaptureQueriesContext(connection) as two:
        assert len(client.get(REGISTER).context["rows"]) == 2
    HouseholdFactory(worker=kim, members=53, under_protection=True)
    with CaptureQueriesContext(connection) as fifty:
        assert len(client.get(REGISTER).context["rows"]) == 50
    assert len(fifty) <= len(two)
    assert len(client.get(f"{REGISTER}?page=2").context["rows"]) == 5


@pytest.mark.parametrize("role", ["case_manager", "supervisor", "ministry_officer", "town_worker", "privacy_auditor"])
def test_the_register_belongs_to_one_role(role, enter, db):
    assert enter(UserFactory(role=role)).get(REGISTER).status_code == 403


def test_an_expired_grant_closes_the_register(officer, enter):
    expired = UserFactory(agency=officer.agency, role="residence_officer", role__until=timezone.now())
    assert enter(expired).get(REGISTER).status_code == 403


def test_a_violence_marker_keeps_the_name_and_the_town_out_of_the_register(kim, officer, enter):
    marked = HouseholdFactory(worker=kim, members=["정금주", "김유나"], under_protection=True)
    HouseholdFactory(worker=kim, members=["리복순"], under_protection=True, town="봉천동")
    stands(marked, address_protected=True)
    client = enter(officer)
    register, desk = (client.get(address).content.decode() for address in (REGISTER, "/office/"))
    for page in (register, desk):
        assert "정금주" not in page
        assert "김유나" not in page
        assert "리복순" in page
        assert all(person.case_number in page for person in members_of(marked))
    assert "신림동" not in register
    assert "봉천동" in register
    logged = AccessLog.objects.filter(view="households:register").get().subjects
    assert {person.pk for person in members_of(marked)} <= set(logged)


def test_who_fled_a_household_with_a_violence_marker_is_not_named_where_they_live_now(kim, officer, enter):
    left = HouseholdFactory(worker=kim, members=["정금주", "김유나"], under_protection=True, town="봉천동")
    fled = members_of(left)[1]
    move_person(fled, to=HouseholdFactory(worker=kim), on=timezone.localdate(), role="other", by=kim)
    stands(left, address_protected=True)
    page = enter(officer).get(REGISTER).content.decode()
    assert "김유나" not in page
    assert fled.case_number in page
