"""The register and the grounds: met, not met, cannot be told, and always the fact with its day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from casework.facts import supersede
from households.extensions import conditions
from households.models import Membership, Particulars, Whereabouts
from tests.factories import HouseholdFactory, PersonFactory
from tests.factories.households import members_of
from tests.factories.stated import CircumstanceFactory

pytestmark = pytest.mark.django_db


def of(cast, person=None):
    person = person or cast.person
    return conditions.checked([person.pk], on=cast.on)[person.pk]


def test_nothing_on_record_is_never_no(cast):
    found = of(cast)
    assert {name for name, met in found.items() if met.state == "ask"} == {
        "illness",
        "disability",
        "livelihood",
        "absence",
    }
    assert found["elderly_alone"].state == "yes"
    assert "만 66세" in found["elderly_alone"].fact
    assert found["minor_child"].state == "no"


@pytest.mark.parametrize(
    ("kind", "value", "detail", "name", "state"),
    [
        ("illness", "serious", "", "illness", "yes"),
        ("illness", "chronic", "", "illness", "no"),
        ("disability", "mild", "", "disability", "yes"),
        ("disability", "none", "", "disability", "no"),
        ("income", "below_line", "", "livelihood", "yes"),
        ("income", "near_line", "", "livelihood", "ask"),
        ("income", "above_line", "", "livelihood", "no"),
        ("benefit", "receiving", "livelihood", "livelihood", "yes"),
        ("benefit", "refused", "livelihood", "livelihood", "ask"),
    ],
)
def test_what_was_stated_speaks_with_its_days(cast, kind, value, detail, name, state):
    since = cast.on - timedelta(days=20)
    CircumstanceFactory(person=cast.person, kind=kind, value=value, detail=detail, since=since)
    met = of(cast)[name]
    assert met.state == state
    if (kind, value) != ("benefit", "refused"):
        assert f"{since.year}. {since.month}. {since.day}." in met.fact


def test_a_lone_mother_with_a_child(cast):
    house = HouseholdFactory(center=cast.centre, members=["리복순"], person_born=cast.on.replace(year=1990, day=1))
    mother = members_of(house)[0]
    PersonFactory(household=house, role="child", born=cast.on.replace(year=cast.on.year - 7, day=1))
    assert of(cast, mother)["minor_child"].state == "yes"
    assert of(cast, mother)["single_parent"].state == "ask"
    CircumstanceFactory(person=mother, kind="marital", value="bereaved")
    assert of(cast, mother)["single_parent"].state == "yes"
    PersonFactory(household=house, role="spouse")
    assert of(cast, mother)["single_parent"].state == "no"
    assert of(cast, mother)["elderly_alone"].state == "no"


@pytest.mark.parametrize(("years", "role", "state"), [(20, "head", "yes"), (24, "head", "yes"), (25, "head", "no")])
def test_an_unaccompanied_youth_by_age(cast, years, role, state):
    house = HouseholdFactory(members=1, person_born=cast.on.replace(year=cast.on.year - years, day=1))
    assert of(cast, members_of(house)[0])["youth"].state == state


def test_a_youth_with_a_parent_and_one_of_unknown_age(cast):
    house = HouseholdFactory(members=["김철수"])
    child = PersonFactory(household=house, role="child", born=cast.on.replace(year=cast.on.year - 20, day=1))
    assert of(cast, child)["youth"].state == "no"
    nobody = PersonFactory(household=HouseholdFactory(members=0), role="head", born=None)
    assert of(cast, nobody)["youth"].state == "ask"
    assert of(cast, nobody)["elderly_alone"].state == "ask"


def test_alone_since_the_last_other_person_left(cast):
    other = PersonFactory(household=cast.household)
    left = cast.on - timedelta(days=9)
    there = Membership.objects.current().get(person=other)
    supersede(there, by=cast.worker, during=DateRange(there.during.lower, left))
    assert of(cast)["elderly_alone"].state == "yes"
    assert f"{left.year}. {left.month}. {left.day}." in of(cast)["elderly_alone"].fact


@pytest.mark.parametrize(
    ("years", "name", "state"),
    [
        (67, "elderly_alone", "yes"),
        (65, "elderly_alone", "ask"),
        (63, "elderly_alone", "no"),
        (23, "youth", "yes"),
        (25, "youth", "ask"),
        (27, "youth", "no"),
    ],
)
def test_of_a_birth_known_to_the_year_every_reading_has_to_fit(cast, years, name, state):
    on = date(cast.on.year + 1, 6, 15)
    about = Particulars.objects.current().get(person=cast.person)
    supersede(about, by=cast.worker, birth_on=date(on.year - years, 1, 1), birth_precision="year")
    assert conditions.checked([cast.person.pk], on=on)[cast.person.pk][name].state == state


def test_custody_is_told_with_both_days(cast):
    Whereabouts.objects.create(
        person=cast.person, where="custody", evidence="office", words="교정시설 확인", observed_on=cast.on
    )
    assert of(cast)["absence"].state == "yes"


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(cast):
    people = [member.pk for n in (2, 3) for member in members_of(HouseholdFactory(members=n))]
    counts = []
    for some in (people[:1], people):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            conditions.checked(some, on=cast.on)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5
