"""Whoever sees a form with the members' names has looked, also where the form comes back with what was wrong."""

import pytest
from django.urls import reverse

from casework.audit.models import AccessLog
from tests.factories import ContactFactory
from tests.factories.stated import CircumstanceFactory, ScreeningFactory


def at(name, *args):
    return reverse(f"households:{name}", args=args)


PAGES = {
    "deed": lambda house, people, kim: at("birth", house.number),
    "person": lambda house, people, kim: at("name", people[0].case_number),
    "circumstance": lambda house, people, kim: at("circumstance", house.number),
    "circumstance_edit": lambda house, people, kim: at(
        "circumstance_edit", house.number, CircumstanceFactory(person=people[0], recorded_by=kim).fact_id
    ),
    "screening": lambda house, people, kim: at("screening", house.number),
    "screening_edit": lambda house, people, kim: at(
        "screening_edit", house.number, ScreeningFactory(person=people[0], recorded_by=kim).fact_id
    ),
    "contact": lambda house, people, kim: at("contact", house.number),
    "contact_edit": lambda house, people, kim: at(
        "contact_edit", house.number, ContactFactory(household=house, recorded_by=kim, worker=kim).fact_id
    ),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_form_that_comes_back_with_errors_is_a_look(house, people, kim, enter, page):
    url = PAGES[page](house, people, kim)
    answer = enter(kim).post(url, {"on": "내일"})
    assert answer.status_code == 422
    look = AccessLog.objects.get(households=[house.pk])
    assert (look.actor_id, look.act) == (kim.pk, "open")
    assert look.subjects == sorted(person.pk for person in people)
