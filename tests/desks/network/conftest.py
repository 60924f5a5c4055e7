"""Who looks at the network: those who send, those who receive, who leads them, and who counts everybody's."""

import pytest

from tests.factories import HouseholdFactory, UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory


@pytest.fixture
def sender(db):
    return UserFactory(name="서지훈")


@pytest.fixture
def receiver(db):
    return ReceiverFactory(name="구민서")


@pytest.fixture
def supervisor(sender):
    return UserFactory(name="고은채", agency=sender.agency, role="supervisor")


@pytest.fixture
def refer(sender, receiver):
    """Return a function that makes referrals from `sender` to `receiver` about one household."""
    household = HouseholdFactory(worker=sender, members=2)

    def make(stands="sent", **words):
        words = {"sender": sender, "receiver": receiver, "household": household} | words
        return ReferralFactory(stands=stands, **words)

    return make


@pytest.fixture
def look(client):
    """Return a function that opens a page as a user and returns the answer."""

    def open_page(user, url, **asked):
        client.force_login(user)
        return client.get(url, asked)

    return open_page
