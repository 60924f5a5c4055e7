"""Taking over on the page of the case, what is due after the move, and the desks that see who nobody accepted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.roles import May, can
from desks.case.taking_over import taking_over
from desks.day.due import Scope, due_of
from desks.day.taking_over import TAKING_OVER
from households.actions import record_preference
from households.handover import actions
from households.models import Household
from risk.bands import Band
from risk.models import Standing
from tests.factories import AgencyFactory, HouseholdFactory, UserFactory, district
from tests.factories.handovers import conflict_of, course_of, handover_of
from tests.factories.households import members_of


@pytest.fixture
def officer(db):
    return UserFactory(agency=AgencyFactory(kind="ministry"), role="ministry_officer", name="최통일")


def arrived(officer, kim, today, days, **words):
    """A household that moved in so many days ago, with its handover."""
    moved = today - timedelta(days=days)
    house = HouseholdFactory(worker=kim, under_protection=moved, **words)
    place = district("서울 관악구")
    said = {"status": "moved_in", "worker": kim, "moved_on": moved, "household": house, "moves_on": moved}
    return house, handover_of(kim.agency, by=officer, district=place, **said)


def due(user, households, today):
    keys = Household.objects.filter(pk__in=[one.pk for one in households]).values("pk")
    return due_of(TAKING_OVER, Scope(user, keys, today))


def test_registration_lease_and_education_are_due_counted_from_the_move(officer, kim, today):
    house, handover = arrived(officer, kim, today, 5, members=["한송이"])
    moved, person = today - timedelta(days=5), members_of(house)[0]
    assert [(one.kind, one.day, one.person) for one in due(kim, [house], today)] == [
        ("handover_lease", moved + timedelta(days=7), None),
        ("handover_registration", moved + timedelta(days=14), None),
        ("initial_education", moved + timedelta(days=30), person.pk),
    ]
    actions.tick(handover, "lease", by=kim, now=timezone.now(), done_on=moved)
    course_of(person, by=kim)
    assert [one.kind for one in due(kim, [house], today)] == ["handover_registration"]
    actions.take_back(handover, "lease", by=kim)
    assert [one.kind for one in due(kim, [house], today)] == ["handover_lease", "handover_registration"]
    assert due(kim, [], today) == []


def test_the_case_shows_handover_steps_and_education_with_the_ways_on(client, officer, kim, today):
    house, handover = arrived(officer, kim, today, 40, members=["한송이", "한들"])
    course_of(members_of(house)[0], by=kim)
    client.force_login(kim)
    text = client.get(reverse("desks:case", args=[house.number])).content.decode()
    for said in ("인계와 초기 정착", "한송이 님의 교육", "한들 님의 교육", "임대차 계약과 열쇠", "이해충돌 신고하기"):
        assert said in text
    assert reverse("households:handover", args=[handover.number]) in text
    states = {line.label: line.state for line in taking_over(house, kim, timezone.now()).lines}
    assert (states["한송이 님의 교육"], states["한들 님의 교육"]) == ("done", "late")


def test_the_section_asks_as_much_for_one_as_for_eight(officer, kim, today):
    can(kim, May.SEE_CASELOAD)
    counts = []
    for members in (1, 7):
        house, _handover = arrived(officer, kim, today, 5, members=members)
        with CaptureQueriesContext(connection) as caught:
            taking_over(house, kim, timezone.now())
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_the_desks_show_a_handover_that_nobody_accepted(client, officer, boss, kim, today):
    place = district("서울 관악구")
    made = handover_of(boss.agency, by=officer, district=place, moves_on=today - timedelta(days=1))
    client.force_login(boss)
    assert made.number in client.get(reverse("desks:supervisor")).content.decode()
    client.force_login(officer)
    page = client.get(reverse("desks:home"), follow=True).content.decode()
    assert made.number in page
    actions.accept(made, by=boss, now=timezone.now(), worker=kim)
    client.force_login(boss)
    assert made.number not in client.get(reverse("desks:supervisor")).content.decode()


def test_the_household_page_says_the_first_year_and_the_wish_for_an_interpreter(client, officer, kim, today):
    house, _handover = arrived(officer, kim, today, 40, members=["한송이"])
    wishes = {"channel": "any", "hours": "", "woman_worker": True, "safe_number": "", "wants_no_contact": False}
    words = {"language": "zh", "interpreter": True}
    record_preference(members_of(house)[0], stated_on=today, by=kim, **wishes, **words)
    Standing.objects.create(household=house, band=Band.WATCH, shown_band=Band.WATCH, limit_days=35)
    client.force_login(kim)
    text = client.get(reverse("desks:household", args=[house.number])).content.decode()
    assert "첫 해: 35일마다 (자체 기준)" in text
    assert "통역: 중국어" in text


def test_whom_a_conflict_bars_sees_neither_case_nor_what_is_due(client, officer, kim, boss, today):
    house, handover = arrived(officer, kim, today, 5, members=["한송이"])
    conflict_of(boss, members_of(house)[0])
    client.force_login(boss)
    for name, args in (("desks:case", house.number), ("households:handover", handover.number)):
        assert client.get(reverse(name, args=[args])).status_code == 404
    assert "한송이" not in client.get(reverse("households:courses")).content.decode()
    assert "한송이" not in client.get(reverse("desks:supervisor")).content.decode()


def test_the_form_that_assigns_says_that_a_woman_was_asked_for(client, officer, kim, boss, today):
    house, _handover = arrived(officer, kim, today, 40, members=["한송이"])
    wishes = {"channel": "any", "hours": "", "woman_worker": True, "safe_number": "", "wants_no_contact": False}
    record_preference(members_of(house)[0], stated_on=today, by=kim, language=None, interpreter=None, **wishes)
    client.force_login(boss)
    url = reverse("households:assign", args=[house.number])
    assert "한송이" in client.get(url).content.decode()
    data = {"worker": boss.pk, "kind": "main", "on": today.isoformat()}
    assert "이 시스템은 알지 못합니다" in client.post(url, data, follow=True).content.decode()
