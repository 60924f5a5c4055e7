"""A band that people decided on under a second record follows the link: the higher one holds, undone it goes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import AsOf
from casework.touched import Touched
from households.duplicates import actions
from risk.actions import endorse, needs_second_person, review
from risk.sweeps import sweep
from tests.factories import UserFactory
from tests.factories.households import PersonFactory
from tests.factories.links import linked, twins
from tests.factories.risk import contact
from tests.risk.linked.test_records import home, standing, swept, told

pytestmark = pytest.mark.django_db


def decided(person, by, band, today, *, days=30):
    """An own band of the person's home, agreed to by a second person where it lowers High."""
    words = {"decision": "adjust", "band": band, "reason": "만나 보고 정함"}
    made = review(home(person), by=by, on=today, review_on=today + timedelta(days=days), **words)
    if needs_second_person(made):
        endorse(made, by=UserFactory(role="centre_head"))
    return made


def bands(person):
    found = standing(person)
    return (found.shown_band, found.decided_band, found.decided_until) if found else None


def test_a_band_decided_at_the_second_home_holds_at_the_kept_one_and_undone_at_its_own(kim, boss, pair, today):
    kept, second = pair
    for person in pair:
        contact(home(person), today, 3)
    made = decided(second, boss, 4, today)
    swept()
    before = [bands(person) for person in pair]
    assert before == [(1, None, None), (4, 4, made.review_on)]
    link = linked(kept, second, by=kim, second=boss)
    swept(set(Touched.objects.values_list("household_id", flat=True)))
    assert [bands(person) for person in pair] == [(4, 4, made.review_on), None]
    swept({home(kept).pk})
    assert bands(kept) == (4, 4, made.review_on)
    actions.undo(link, reason="다른 분", by=boss, now=timezone.now())
    swept(set(Touched.objects.values_list("household_id", flat=True)))
    assert [bands(person) for person in pair] == before


@pytest.mark.parametrize(("here", "there", "shown"), [(2, 3, 3), (3, 2, 3), (3, 3, 3)])
def test_of_two_decided_bands_the_higher_one_holds(kim, boss, pair, today, here, there, shown):
    kept, second = pair
    for person in pair:
        contact(home(person), today, 3)
    decided(kept, boss, here, today, days=20)
    decided(second, boss, there, today, days=30)
    linked(kept, second, by=kim, second=boss)
    swept()
    until = today + timedelta(days=20 if here > there else 30)
    assert bands(kept) == (shown, shown, until)


def test_a_band_lowered_at_the_second_home_lowers_nothing_at_the_kept_one(kim, boss, pair, today):
    kept, second = pair
    for person in pair:
        contact(home(person), today, 3)
        told(today, person)
    swept()
    machine = standing(kept).band
    assert machine >= 4
    decided(second, boss, 2, today)
    swept()
    assert bands(second)[0] == 2
    linked(kept, second, by=kim, second=boss)
    swept()
    assert bands(kept) == (machine, None, None)


def test_a_decided_band_follows_no_longer_than_it_holds_and_stays_where_others_live(kim, boss, today):
    kept, second = twins(kim)
    for person in (kept, second):
        contact(home(person), today, 3)
    decided(second, boss, 4, today, days=1)
    linked(kept, second, by=kim, second=boss)
    swept()
    assert bands(kept)[0] == 4
    PersonFactory(household=home(second), role="spouse", name="박철수")
    swept()
    assert [bands(kept)[0], bands(second)[0]] == [1, 4]
    sweep(AsOf.live(timezone.now() + timedelta(days=1)))
    assert [bands(kept)[0], bands(second)[0]] == [1, 1]
