"""Who keeps services, and how pages are asked for."""

import pytest

from tests.factories.referrals import ReceiverFactory


@pytest.fixture
def keeper(db):
    return ReceiverFactory(name="구민서")


@pytest.fixture
def ask(client):
    def go(user, method, url, /, **data):
        client.force_login(user)
        return getattr(client, method)(url, data)

    return go
