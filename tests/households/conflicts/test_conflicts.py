"""Conflicts of interest: denied both ways, whatever role, share or assignment; ended by somebody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.clock import seoul_day
from casework.telling.models import Notification
from households import actions as register
from households.actions import Move, NotAllowed, Refused
from households.conflicts import actions, shown
from households.models import (
    Assignment,
    ConflictOfInterest,
    Contact,
    Household,
    Membership,
    Person,
    Phone,
)
from households.models.conflict import barred_from, barred_pairs
from referrals.models import Referral
from risk.bands import Band
from risk.models import Standing
from tests.factories import (
    AgencyFactory,
    ContactFactory,
    HouseholdFactory,
    PersonFactory,
    ShareFactory,
    UserFactory,
)
from tests.factories.handovers import conflict_of
from tests.factories.referrals import ReferralFactory


def sees(user, household):
    return Household.objects.visible_to(user).filter(pk=household.pk).exists()


def test_the_worker_who_declares_loses_the_household_at_once_and_nobody_is_responsible(house, people, kim, boss, now):
    made = actions.declare(people[1], user=kim, kind="kin", words="사촌", by=kim, now=now)
    assert not sees(kim, house)
    assert not Person.objects.visible_to(kim).exists()
    assert not Phone.objects.visible_to(kim).exists()
    standing = Assignment.objects.current().filter(household=house, during__contains=seoul_day(now))
    assert not standing.exists()
    assert Notification.objects.get(user=boss).label == house.number
    assert actions.declare(people[1], user=kim, kind="kin", by=kim, now=now) == made
    assert ConflictOfInterest.objects.count() == 1


@pytest.mark.parametrize("role", ["case_manager", "counsellor", "supervisor", "centre_head"])
def test_no_role_assignment_or_share_opens_it(house, people, centre, role):
    user = UserFactory(agency=centre, role=role)
    conflict_of(user, people[2])
    Assignment.objects.create(household=house, worker=user, kind="counsellor", during=(None, None))
    ShareFactory(household=house, to_agency=centre)
    assert not sees(user, house)
    assert not Person.objects.visible_to(user).exists()
    assert not Contact.objects.readable_by(user).exists()


def test_a_share_to_another_agency_stays_shut_for_who_is_kin_there(house, people):
    office = AgencyFactory(kind="city")
    kin, other = (UserFactory(agency=office, role="residence_officer") for _n in range(2))
    conflict_of(kin, people[0])
    ShareFactory(household=house, to_agency=office)
    assert (sees(kin, house), sees(other, house)) == (False, True)


def test_a_note_of_ones_own_a_referral_and_its_answer_are_closed_too(house, people, kim, boss):
    ContactFactory(household=house, recorded_by=kim)
    made = ReferralFactory(household=house, sender=kim, status="requested")
    receiver = UserFactory(agency=made.to_agency, role="town_worker")
    assert [Referral.objects.visible_to(user).count() for user in (kim, boss, receiver)] == [1, 1, 1]
    for user in (kim, boss, receiver):
        conflict_of(user, people[0])
    assert [Referral.objects.visible_to(user).count() for user in (kim, boss, receiver)] == [0, 0, 0]
    assert not Contact.objects.readable_by(kim).exists()


def test_an_ended_or_later_conflict_bars_nothing_and_the_other_households_stay_open(house, people, kim, today):
    other = HouseholdFactory(worker=kim)
    conflict_of(kim, people[0], during=(today - timedelta(days=9), today))
    assert sees(kim, house)
    conflict_of(kim, people[0], during=(today, None))
    assert (sees(kim, house), sees(kim, other)) == (False, True)
    assert set(Household.objects.filter(pk__in=barred_from(kim))) == {house}
    assert barred_pairs([kim.pk], [house.pk, other.pk]) == {(kim.pk, house.pk)}


def test_the_household_that_the_person_left_stays_shut_for_its_file_tells_of_them(house, people, kim, today):
    own = register.move_out(people[1], on=today, by=kim, district=None)
    conflict_of(kim, people[1])
    assert not sees(kim, house)
    assert not sees(kim, own)


def test_work_is_not_given_to_whom_it_bars(house, people, centre, kim, boss, now, today):
    other = UserFactory(agency=centre, name="사촌동생")
    conflict_of(other, people[0])
    with pytest.raises(Refused, match="사촌동생"):
        register.assign(house, worker=other, on=today, by=boss)
    was = Assignment.objects.current().get(household=house).pk
    with pytest.raises(Refused, match="사촌동생"):
        register.reassign([Move(house.pk, other.pk, was)], on=today, by=boss)
    with pytest.raises(Refused, match="사촌동생"):
        register.share(house, other, reason="사례회의", until=now + timedelta(days=3), now=now, by=boss)
    register.record_absence(kim, first=today, last=today + timedelta(days=2), substitute=other, by=boss)
    assert not Assignment.objects.filter(worker=other).exists()


def test_the_supervisor_records_it_for_a_worker_and_a_worker_for_nobody_else(house, people, kim, boss, now):
    other = UserFactory(agency=boss.agency)
    with pytest.raises(NotAllowed):
        actions.declare(people[0], user=other, kind="kin", by=kim, now=now)
    with pytest.raises(NotAllowed):
        actions.declare(people[0], user=UserFactory(), kind="kin", by=boss, now=now)
    actions.declare(people[0], user=kim, kind="former", by=boss, now=now)
    assert not sees(kim, house)


def test_nobody_declares_about_people_one_does_not_see(house, people, stranger, now):
    with pytest.raises(NotAllowed):
        actions.declare(people[0], user=stranger, kind="kin", by=stranger, now=now)


def test_it_is_ended_by_somebody_else_and_nothing_comes_back_by_itself(house, people, kim, boss, now):
    made = conflict_of(kim, people[0])
    with pytest.raises(NotAllowed):
        actions.end(made, by=kim, now=now)
    actions.end(made, by=boss, now=now)
    actions.end(made, by=boss, now=now)
    assert ConflictOfInterest.objects.count() == 2
    assert sees(kim, house)


def test_who_moves_in_later_shows_whom_to_replace(house, kim, boss, today):
    cousin = PersonFactory(household=HouseholdFactory(worker=boss, members=0), name="조카")
    conflict_of(kim, cousin)
    assert shown.lists_of(boss, today)["left"] == []
    Membership.objects.current().filter(person=cousin).get()
    register.move_person(cousin, to=house, on=today, by=boss)
    assert [row.household for row in shown.lists_of(boss, today)["left"]] == [house]
    assert not sees(kim, house)


def test_a_supervisor_does_not_read_of_conflicts_with_a_household_that_is_closed_to_them(house, people, kim, boss):
    conflict_of(kim, people[0])
    conflict_of(boss, people[1])
    assert [row.user for row in ConflictOfInterest.objects.visible_to(boss)] == [boss]


def test_a_worker_declares_on_the_page_and_no_longer_finds_the_household(enter, house, people, kim, boss):
    browser, url = enter(kim), reverse("households:conflict_new", args=[house.number])
    assert "정금주" in browser.get(url).content.decode()
    assert browser.post(url, {"kind": "kin"}).status_code == 422
    answer = browser.post(url, {"person": people[0].case_number, "user": kim.pk, "kind": "kin"}, follow=True)
    assert people[0].case_number in answer.content.decode()
    assert "정금주" not in answer.content.decode()
    assert browser.get(url).status_code == 404
    assert browser.get(reverse("desks:household", args=[house.number])).status_code == 404
    listed = enter(boss).get(reverse("households:conflicts")).content.decode()
    assert "김담당" in listed
    assert "정금주" in listed


def test_the_button_that_ends_one(enter, people, kim, boss, stranger):
    made = conflict_of(kim, people[0])
    url = reverse("households:conflict_end", args=[made.fact_id])
    assert enter(boss).get(url).status_code == 405
    assert enter(stranger).post(url).status_code == 404
    assert enter(kim).post(url).status_code == 403
    for _twice in range(2):
        assert enter(boss).post(url).status_code == 302
    assert ConflictOfInterest.objects.count() == 2


def test_the_supervisors_desk_says_that_nobody_is_responsible(enter, house, people, kim, boss, now):
    Standing.objects.create(household=house, band=Band.WATCH, shown_band=Band.WATCH)
    actions.declare(people[0], user=kim, kind="kin", by=kim, now=now)
    assert "담당자 없음 1" in enter(boss).get(reverse("desks:supervisor")).content.decode()
