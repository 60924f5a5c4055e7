"""Two hands at once, on real connections: a double tap and two supervisors."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from casework.audit.models import Event
from casework.touched import Touched
from households import actions
from households.actions import Refused
from households.models import Assignment, Contact, Participant
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of


def at_once(*deeds):
    """Do all of `deeds` at the same moment, each on a connection of its own; return what they gave or raised."""
    gate, results = threading.Barrier(len(deeds)), []

    def go(deed):
        gate.wait()
        try:
            results.append(deed())
        except Refused as refused:
            results.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def team(committed_db):
    centre = CentreFactory()
    return [UserFactory(agency=centre) for _n in range(3)]


def test_a_double_tap_on_two_connections_lands_once_and_touches_the_household(team):
    house, key = HouseholdFactory(worker=team[0]), uuid4()
    person = members_of(house)[0]
    Touched.objects.all().delete()
    entry = {"occurred_at": timezone.now(), "channel": "phone", "contact_made": True}

    def tap():
        return actions.log_contact(house, people=[person], by=team[0], client_key=key, **entry)

    results = at_once(tap, tap)
    assert len({contact.pk for contact in results}) == 1
    assert (Contact.objects.count(), Participant.objects.count()) == (1, 1)
    assert Event.objects.filter(verb="contact_logged").count() == 1
    assert set(Touched.objects.values_list("household_id", flat=True)) == {house.pk}


def test_two_supervisors_assign_at_once_and_one_worker_is_responsible(team):
    house = HouseholdFactory(worker=team[0])
    day = date(2026, 5, 4)

    def give(worker):
        return lambda: actions.assign(house, worker=worker, on=day, by=team[0])

    at_once(give(team[1]), give(team[2]))
    main = Assignment.objects.current().filter(household=house, kind="main", during__contains=day)
    assert main.count() == 1


def test_a_verb_that_fails_in_the_middle_leaves_nothing(team):
    house = HouseholdFactory(worker=team[0], members=2)
    head, other = members_of(house)
    before = Event.objects.count()
    with pytest.raises(Refused):
        actions.record_death(head, on=date(2026, 5, 4), new_head=head, by=team[0])
    assert Event.objects.count() == before
    assert {person.pk for person in members_of(house)} == {head.pk, other.pk}
