"""Where a household lives, who answers for it, who looks after it, and to whom it is shown."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework.audit.models import Event
from households import actions
from households.actions import Refused
from households.models import Assignment, Dwelling, Household, Responsibility, Share
from tests.factories import AgencyFactory, CentreFactory, ShareFactory, UserFactory, district

DAY = date(2026, 5, 4)
BEFORE = DAY - timedelta(days=1)


def workers(household, day, kind="main"):
    rows = Assignment.objects.current().filter(household=household, kind=kind, during__contains=day)
    return [row.worker for row in rows.order_by("id")]


def test_a_move_to_another_district_keeps_the_centre_until_another_takes_over(house, kim):
    actions.change_district(house, district=district("경기 부천시"), town="중동", on=DAY, by=kim)
    homes = Dwelling.objects.current().filter(household=house)
    assert homes.get(during__contains=DAY).district.name == "부천시"
    assert homes.get(during__contains=BEFORE).district.name == "관악구"
    assert Responsibility.objects.current().get(household=house).center == kim.agency


def test_a_transfer_hands_over_the_file_and_ends_the_work_of_the_old_centre(house, kim):
    other = CentreFactory()
    actions.change_district(house, district=district("경기 부천시"), center=other, on=DAY, by=kim)
    duties = Responsibility.objects.current().filter(household=house)
    assert duties.get(during__contains=DAY).center == other
    assert duties.get(during__contains=BEFORE).center == kim.agency
    assert workers(house, DAY) == []
    assert not Household.objects.visible_to(kim).exists()


def test_the_same_address_again_changes_nothing(house, kim):
    for _time in range(2):
        actions.change_district(house, district=district("경기 부천시"), town="중동", on=DAY, by=kim)
    assert Event.objects.filter(verb="district_changed").count() == 1


def test_a_new_main_worker_takes_the_place_of_the_old_one(house, kim, boss):
    lee = UserFactory(agency=kim.agency)
    actions.assign(house, worker=lee, on=DAY, by=boss)
    actions.assign(house, worker=lee, on=DAY, by=boss)
    assert workers(house, BEFORE) == [kim]
    assert workers(house, DAY) == [lee]
    assert Event.objects.filter(verb="assigned").count() == 1


def test_a_substitute_stands_in_up_to_and_including_a_day(house, kim, boss):
    lee = UserFactory(agency=kim.agency)
    actions.assign(house, worker=lee, kind="substitute", on=DAY, until=DAY + timedelta(days=6), by=boss)
    assert workers(house, DAY + timedelta(days=6), "substitute") == [lee]
    assert workers(house, DAY + timedelta(days=7), "substitute") == []
    assert workers(house, DAY) == [kim]


def test_work_is_not_given_to_somebody_of_another_centre(house, boss, stranger):
    with pytest.raises(Refused) as refused:
        actions.assign(house, worker=stranger, on=DAY, by=boss)
    assert refused.value.field == "worker"


def test_an_ended_assignment_leaves_nobody_and_ending_it_twice_changes_nothing(house, kim, boss):
    actions.unassign(house, worker=kim, on=DAY, reason="휴직", by=boss)
    assert actions.unassign(house, worker=kim, on=DAY, reason="휴직", by=boss) is None
    assert workers(house, DAY) == []
    assert Event.objects.get(verb="unassigned").reason == "휴직"


def test_a_share_opens_the_household_and_its_end_closes_it_at_once(house, boss, stranger):
    now = timezone.now()
    made = actions.share(house, stranger, reason="전입 준비", until=now + timedelta(days=7), now=now, by=boss)
    assert Household.objects.visible_to(stranger).get() == house
    actions.end_share(made, now=timezone.now(), by=boss)
    assert not Household.objects.visible_to(stranger).exists()
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["household_shared", "share_ended"]


def test_sharing_twice_shares_once(house, boss, stranger):
    now = timezone.now()
    until = now + timedelta(days=7)
    first = actions.share(house, stranger, reason="전입 준비", until=until, now=now, by=boss)
    assert actions.share(house, stranger, reason="전입 준비", until=until, now=now, by=boss) == first
    assert Share.objects.count() == 1


def test_two_overlapping_shares_stay_two(house, stranger):
    ShareFactory(household=house, to_user=stranger)
    second = ShareFactory(
        household=house, to_user=stranger, reason="공동 방문", until=timezone.now() + timedelta(days=90)
    )
    actions.end_share(second, now=timezone.now(), by=stranger)
    assert Household.objects.visible_to(stranger).exists()


def test_an_expired_share_shows_nothing(house, stranger):
    ShareFactory(household=house, to_user=stranger, expired=True)
    assert not Household.objects.visible_to(stranger).exists()


def test_a_share_with_an_agency_reaches_its_people(house, boss):
    office = AgencyFactory(kind="city")
    officer = UserFactory(agency=office, role="residence_officer")
    now = timezone.now()
    actions.share(house, office, reason="지역협의회", until=now + timedelta(days=7), now=now, by=boss)
    assert Household.objects.visible_to(officer).get() == house


def test_a_share_needs_a_reason_and_an_end_that_lies_ahead(house, boss, stranger):
    now = timezone.now()
    with pytest.raises(Refused):
        actions.share(house, stranger, reason=" ", until=now + timedelta(days=7), now=now, by=boss)
    with pytest.raises(Refused):
        actions.share(house, stranger, reason="회의", until=now, now=now, by=boss)
    assert not Share.objects.exists()


def test_when_the_file_goes_nothing_planned_at_the_old_centre_comes_back_later(house, kim, boss):
    other = CentreFactory(name_ko="부천 하나센터")
    holiday = DAY + timedelta(days=30)
    actions.assign(house, worker=boss, kind="substitute", on=holiday, until=holiday + timedelta(days=7), by=boss)
    actions.hand_over(house, center=other, on=DAY, by=boss)
    for day in (DAY, holiday, holiday + timedelta(days=3)):
        assert workers(house, day) == []
        assert workers(house, day, "substitute") == []
    assert workers(house, DAY - timedelta(days=1)) == [kim]
