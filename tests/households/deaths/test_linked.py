"""A death and the links of records: what holds for both, what holds for one alone once the link is undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from households.actions import Refused, correct_death, move_person, record_death
from households.duplicates.actions import undo
from households.models import DeathReview, Membership, Residence
from tests.factories import HouseholdFactory
from tests.factories.links import linked, twins


@pytest.fixture
def link(kim, boss):
    one, two = twins(kim)
    return linked(one, two, by=kim, second=boss)


def dead(person, today):
    rows = Residence.objects.current().filter(person=person, status="deceased", during__contains=today)
    return rows.exists()


def lives(person, today):
    return Membership.objects.current().filter(person=person, during__contains=today).exists()


def test_after_the_link_is_undone_a_death_holds_for_one_alone(link, kim, now, today):
    undo(link, reason="다른 분으로 확인됨", by=kim, now=now)
    record_death(link.person, on=today - timedelta(days=3), by=kim)
    assert (dead(link.person, today), dead(link.duplicate, today)) == (True, False)
    assert (lives(link.person, today), lives(link.duplicate, today)) == (False, True)


def test_a_later_home_of_the_other_record_ends_with_the_death_too(link, kim, today):
    other = HouseholdFactory(worker=kim)
    move_person(link.duplicate, to=other, on=today - timedelta(days=1), by=kim)
    record_death(link.person, on=today - timedelta(days=3), by=kim)
    standing = Membership.objects.current().filter(person=link.duplicate, household=other)
    assert not standing.exclude(during__isempty=True).exists()
    assert not lives(link.duplicate, today)


def test_a_link_is_not_undone_under_a_death_that_stands_for_both(link, kim, boss, now, today):
    other = HouseholdFactory(worker=kim)
    move_person(link.duplicate, to=other, on=today - timedelta(days=1), by=kim)
    died = today - timedelta(days=3)
    record_death(link.person, on=died, by=kim)
    with pytest.raises(Refused, match="사망"):
        undo(link, reason="다른 분으로 확인됨", by=boss, now=timezone.now())
    correct_death(DeathReview.objects.get(), by=kim, now=now, reason="다른 분이 사망함")
    made = undo(link, reason="다른 분으로 확인됨", by=boss, now=timezone.now())
    assert made.status == "undone"
    assert Membership.objects.current().get(person=link.duplicate, household=other).during.lower == died + 2 * DAY
    record_death(link.person, on=died, by=kim)
    assert (lives(link.duplicate, today), dead(link.duplicate, today)) == (True, False)


DAY = timedelta(days=1)
