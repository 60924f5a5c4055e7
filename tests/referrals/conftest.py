"""The people of a referral: who sends, who receives, and who has nothing to do with it."""

import pytest

from tests.factories import HouseholdFactory, UserFactory
from tests.factories.referrals import ReceiverFactory


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
