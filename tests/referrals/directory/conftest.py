"""Who keeps services, and how pages are asked for."""

import pytest

from tests.factories.referrals import ReceiverFactory


@pytest.fixture
def keeper(db):
    return ReceiverFactory(name="구민서")
