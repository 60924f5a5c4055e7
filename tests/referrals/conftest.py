"""The people of a referral: who sends, who receives, and who has nothing to do with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import seoul_day
from households.actions import give_consent
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory, ReceiverFactory

EVERYTHING = ["family", "name", "address", "health"]


@pytest.fixture
def sender(db):
    return UserFactory(name="서지훈")


@pytest.fixture
def receiver(db):
    return ReceiverFactory(name="구민서")


@pytest.fixture
def household(sender):
    return HouseholdFactory(worker=sender, members=["정금주", "정유나", "리복순"])


@pytest.fixture
def page(client):
    """Return get(user, url) and post(user, url, **data) of the test client, logged in as that user."""

    class Page:
        def get(self, user, url, **data):
            client.force_login(user)
            return client.get(url, data)

        def post(self, user, url, **data):
            client.force_login(user)
            return client.post(url, data, follow=True)

    return Page()


def today():
    return seoul_day(timezone.now())


@pytest.fixture
def private(sender):
    return ReceiverFactory(agency=OfficeFactory(kind="mental_health", private=True))


@pytest.fixture
def supervisor(sender):
    return UserFactory(agency=sender.agency, role="supervisor")


def agreed(household, agency, by, *, items=EVERYTHING, on=None, until=None, who=0):
    """Record that a member (the `who`th) agreed that `items` are told to an agency, from nine days ago."""
    person = members_of(household)[who]
    day = on or today() - timedelta(days=9)
    return give_consent(person, purpose="의뢰", items=items, recipient=agency, on=day, until=until, by=by)
