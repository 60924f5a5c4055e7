"""What is given by hand, task by task and visit by visit, is not given to whom a conflict of interest bars."""

from datetime import timedelta

import pytest

from casework.clock import seoul_day
from casework.telling.models import Notification
from households import actions as register
from households.actions import Refused
from households.conflicts import actions
from households.models import AddressWarning, Assignment, Closing, PlannedVisit
from households.models.conflict import barred_pairs
from households.tasklist.actions import add_task, hand
from households.visits.actions import plan_visit
from tests.factories import UserFactory
from tests.factories.day import task_of, visit_of, warning_of
from tests.factories.handovers import conflict_of
from tests.factories.links import linked, twins

HOUR = timedelta(hours=1)


@pytest.fixture
def cousin(centre):
    return UserFactory(agency=centre, name="사촌동생")


def test_nobody_whom_it_bars_goes_on_a_visit_or_reads_of_one(house, people, kim, cousin, now):
    visit_of(house, worker=cousin)
    warning_of(house, by=kim)
    assert PlannedVisit.objects.visible_to(cousin).exists()
    conflict_of(cousin, people[0])
    assert not PlannedVisit.objects.visible_to(cousin).exists()
    assert not AddressWarning.objects.visible_to(cousin).exists()
    moments = {"begins": now + HOUR, "expected_back": now + 2 * HOUR}
    for who in ({"worker": cousin}, {"worker": kim, "companion": cousin}):
        with pytest.raises(Refused, match="사촌동생"):
            plan_visit(house, by=kim, now=now, **moments, **who)


def test_no_task_is_given_to_whom_it_bars_and_those_they_had_go_back(house, people, kim, boss, cousin, now):
    had = task_of(house, by=boss, owner=cousin)
    actions.declare(people[0], user=cousin, kind="kin", by=boss, now=now)
    had.refresh_from_db()
    assert had.owner is None
    with pytest.raises(Refused, match="사촌동생"):
        hand(had, to=cousin, by=boss, now=now)
    with pytest.raises(Refused, match="사촌동생"):
        add_task(household=house, what="전화", due_on=seoul_day(now), owner=cousin, by=boss, now=now)


def test_a_linked_record_bars_as_well(kim, boss, cousin, now):
    one, two = twins(kim)
    linked(one, two, by=kim, second=boss)
    homes = [person.membership_set.get().household_id for person in (one, two)]
    conflict_of(cousin, two)
    assert barred_pairs([cousin.pk], homes) == {(cousin.pk, home) for home in homes}
    assert {home.pk for home in actions.homes_of(one)} == set(homes)
    on = seoul_day(now)
    register.record_absence(kim, first=on, last=on, substitute=cousin, by=boss)
    assert not Assignment.objects.filter(worker=cousin).exists()


def test_a_closing_of_a_household_that_moved_is_closed_to_them_too(house, people, kim, boss, centre, now):
    register_words = {"proposed_by": kim, "proposed_at": now, "words": "옮김"}
    Closing.objects.create(household=house, centre=centre, reason="transferred", transfer=1, **register_words)
    assert Closing.objects.visible_to(boss).exists()
    conflict_of(boss, people[0])
    assert not Closing.objects.visible_to(boss).exists()


def test_who_stands_in_for_a_supervisor_is_not_told_of_their_own_conflict(house, people, kim, boss, centre, now):
    head, on = UserFactory(agency=centre, role="centre_head"), seoul_day(now)
    register.record_absence(boss, first=on, last=on, substitute=kim, by=head)
    actions.declare(people[0], user=kim, kind="kin", by=head, now=now)
    told = Notification.objects.filter(kind="conflict_declared").values_list("user", flat=True)
    assert set(told) == {boss.pk}
