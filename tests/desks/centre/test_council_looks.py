"""Urgent danger claimed before a council stands on the sheet of second looks of the supervisor's desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import HouseholdFactory, UserFactory
from tests.factories.councils import agenda_of
from tests.factories.referrals import OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(db):
    return UserFactory(name="서지훈")


@pytest.fixture
def boss(worker):
    return UserFactory(agency=worker.agency, role="supervisor", name="한팀장")


def brought(worker):
    household = HouseholdFactory(worker=worker)
    agenda_of(household, by=worker, convener=OfficeFactory())
    return household


def test_it_stands_on_the_desk_with_a_way_to_the_look(client, worker, boss):
    household = brought(worker)
    client.force_login(boss)
    shown = client.get(reverse("desks:supervisor"))
    assert [row["item"].household for row in shown.context["brought"]] == [household]
    assert f"{reverse('referrals:ground_reviews')}#brought" in shown.content.decode()
    assert shown.context["grounds_count"] == 1


def test_another_centre_does_not_see_it(client, worker):
    household = brought(worker)
    client.force_login(UserFactory(role="supervisor"))
    assert household.number not in client.get(reverse("desks:supervisor")).content.decode()


def test_it_asks_as_often_for_eight_as_for_two(client, worker, boss):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("desks:supervisor")).status_code == 200
        return len(caught)

    client.force_login(boss)
    for _n in range(2):
        brought(worker)
    queries()
    few = queries()
    for _n in range(6):
        brought(worker)
    assert queries() == few
