"""The feed goes on after somebody has died: the row is kept, no rule speaks, whoever brought the file in is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import User
from casework.clock import AsOf
from casework.imports.models import Batch
from casework.imports.refused import warned
from households.actions import record_death
from households.models import Household
from risk.models import Flag, Signal, Standing
from risk.sweeps import sweep
from tests.factories import HouseholdFactory, PersonFactory, UserFactory
from tests.factories.imports import SIGNAL, bring, counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    return UserFactory(name="김담당")


@pytest.fixture
def boss(kim):
    return UserFactory(agency=kim.agency, role="supervisor")


@pytest.fixture
def house(kim):
    return HouseholdFactory(worker=kim, members=["한송이"])


def brought(today, *rows):
    return bring("signals", [{**SIGNAL, **row} for row in rows], known_at=timezone.now(), received_on=today)


def test_the_rows_are_kept_and_the_file_says_how_many_are_of_the_dead(house, kim, today):
    gone = PersonFactory(name="리영희", register_ref="P-1", household=house)
    PersonFactory(name="박복순", register_ref="P-2", household=house)
    record_death(gone, on=today - timedelta(days=7), by=kim)
    day, before = (today - timedelta(days=1)).isoformat(), (today - timedelta(days=9)).isoformat()
    batch = brought(
        today,
        {"reference": "a", "observed_on": day},
        {"reference": "b", "observed_on": day, "signal": "S01"},
        {"reference": "c", "observed_on": before},
        {"reference": "d", "observed_on": day, "person_ref": "P-2"},
    )
    assert counts(batch)[0] == 4
    assert Signal.objects.filter(person=gone).count() == 3
    (warning,) = batch.warnings
    assert (warning["code"], warning["rows"]) == ("of_the_dead", 2)
    assert "사망" in warned(batch)[0]
    assert "2" in warned(batch)[0]


def test_no_rule_speaks_and_the_page_of_the_household_tells_it_under_its_history(house, kim, boss, today, client):
    gone = PersonFactory(name="리영희", register_ref="P-1", household=house, role="spouse")
    record_death(gone, on=today - timedelta(days=7), by=kim)
    batch = brought(today, {"observed_on": (today - timedelta(days=1)).isoformat()})
    sweep(AsOf.live(timezone.now()))
    assert not Flag.objects.open().filter(person=gone).exists()
    assert not Flag.objects.open().filter(rule="R-UTIL-CUT").exists()
    client.force_login(boss)
    page = client.get(reverse("desks:household", args=[house.number]) + "?show=signals").content.decode()
    assert "단전" in page or "S14" in page or "전기" in page or "가스" in page
    importer = User.objects.get(pk=batch.brought_by_id)
    assert Batch.objects.filter(brought_by=importer).exists()


def test_of_a_home_in_which_nobody_is_left_no_list_speaks(kim, boss, today, client):
    house = HouseholdFactory(worker=kim)
    gone = PersonFactory(name="리영희", register_ref="P-1", household=house)
    other = Household.objects.get(pk=house.pk)
    for person in [row.person for row in other.membership_set.select_related("person") if row.person_id != gone.pk]:
        record_death(person, on=today - timedelta(days=8), new_head=gone, by=kim)
    record_death(gone, on=today - timedelta(days=7), by=kim)
    brought(today, {"observed_on": (today - timedelta(days=1)).isoformat()})
    sweep(AsOf.live(timezone.now()))
    assert not Standing.objects.filter(household=house).exists()
    client.force_login(boss)
    listed = client.get(reverse("desks:list") + "?band=4&band=5&band=3&band=2&band=1").content.decode()
    assert house.number not in listed
