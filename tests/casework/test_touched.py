"""Whatever says something new of a household queues it: row by row, in bulk and by COPY (design §5)."""

import io

import pytest
from django.db import connection

from casework.touched import Touched
from households.models import Contact, Phone
from tests.factories.agencies import day_at
from tests.factories.households import HouseholdFactory, PersonFactory, a_month_ago

pytestmark = pytest.mark.django_db


def queued():
    ids = set(Touched.objects.values_list("household_id", flat=True))
    Touched.objects.all().delete()
    return ids


def test_a_fact_about_a_person_touches_every_household_of_the_person():
    household = HouseholdFactory(members=2)
    queued()
    Phone.objects.create(person=household.membership_set.first().person, number="010-0000-0001")
    assert queued() == {household.pk}


def test_a_person_without_a_household_touches_nobody():
    queued()
    Phone.objects.create(person=PersonFactory(), number="010-0000-0001")
    assert queued() == set()


def test_one_statement_over_many_rows_queues_each_household_once():
    homes = [HouseholdFactory() for _ in range(3)]
    queued()
    made = [
        Contact(household=home, occurred_at=day_at(a_month_ago()), channel="phone", contact_made=False)
        for home in homes
        for _ in range(2)
    ]
    Contact.objects.bulk_create(made)
    assert Touched.objects.count() == 3
    assert queued() == {home.pk for home in homes}


def test_copy_counts_too():
    person = HouseholdFactory().membership_set.get().person
    queued()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY households_phone (person_id, number, during) FROM STDIN",
            io.StringIO(f"{person.pk}\t010-0000-0002\t(,)\n"),
        )
    assert queued() == {person.membership_set.get().household_id}
