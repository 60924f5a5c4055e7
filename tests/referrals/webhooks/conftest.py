"""A listening system, an administrator and a subscription."""

import pytest

from referrals.webhooks import subscribing
from referrals.webhooks.outbox import EVENTS
from tests.factories.api import administrator
from tests.factories.referrals import ReceiverFactory
from tests.referrals.webhooks.listening import Listener


@pytest.fixture
def listener(tmp_path, settings):
    heard = Listener(tmp_path)
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    settings.WEBHOOK_CA = str(heard.certificate)
    yield heard
    heard.close()


@pytest.fixture
def admin(db):
    return administrator()


@pytest.fixture
def receiver(db):
    return ReceiverFactory()


@pytest.fixture
def subscription(listener, admin, receiver):
    return subscribing.subscribe(receiver.agency, url=listener.url, events=EVENTS, by=admin)
