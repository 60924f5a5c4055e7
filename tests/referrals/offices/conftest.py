"""A local government whose officer knows one resident by the register, the centre that answers, and the Ministry."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import actions as referring
from referrals.offices import actions
from tests.factories import AgencyFactory, CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory, ReceiverFactory
from tests.referrals.conftest import page

__all__ = ["page"]
HERE = "서울 관악구"


@pytest.fixture
def people(db):
    """Who works at the city office (officer, second), the centre (worker, boss), a job centre, the Ministry."""
    city, centre = OfficeFactory(name_ko="시험 구청"), CentreFactory(name_ko="시험 하나센터", covers=[HERE])
    jobs = AgencyFactory(kind="job_centre", name_ko="시험 고용센터", covers=[HERE])
    return SimpleNamespace(
        city=city,
        centre=centre,
        jobs=jobs,
        officer=ReceiverFactory(agency=city, name="강다솜"),
        second=ReceiverFactory(agency=city, name="문해온"),
        worker=UserFactory(agency=centre, name="서지훈"),
        boss=UserFactory(agency=centre, role="supervisor", name="오세린"),
        helper=UserFactory(agency=jobs, role="receiving_worker", name="하도윤"),
        ministry=UserFactory(agency=AgencyFactory(kind="ministry"), role="ministry_officer", name="민서원"),
        stranger=ReceiverFactory(name="남기범", agency=OfficeFactory(covers=["부산 해운대구"])),
    )


@pytest.fixture
def household(people):
    return HouseholdFactory(
        worker=people.worker, members=["정금주", "정유나"], under_protection=True, person_phone="010-0000-1234"
    )


@pytest.fixture
def person(household):
    return members_of(household)[0]


def url_of(person):
    return reverse("referrals:ask_for", args=[person.pk])


def typed(people, **words):
    """What an officer types: livelihood, asked of the centre, on the duty to refer."""
    first = {"need": "livelihood", "to_agency": people.centre.pk, "request": "방문을 부탁드립니다.", "ground": "duty"}
    return first | {"client_key": uuid4()} | words


@pytest.fixture
def ask(people, person):
    """Return a function that makes a request of the officer and takes it as far as `verbs` say."""

    def asked(*verbs, by=people.officer, about=person, **words):
        told = {"need": "livelihood", "to_agency": people.centre, "request": "방문을 부탁드립니다.", "ground": "duty"}
        made = actions.save_request(about, by=by, now=timezone.now(), client_key=uuid4(), **told | words)
        for verb, who, said in verbs:
            made = referring.VERBS[verb](made, by=who, now=timezone.now(), **said)
        return made

    return asked
