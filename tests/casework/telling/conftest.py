"""Somebody who is told, and the moments of a week."""

from datetime import datetime

import pytest

from casework.clock import SEOUL
from casework.telling.actions import tell
from casework.telling.models import Mail, Notification
from tests.factories import UserFactory
from tests.factories.api import administrator

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=SEOUL)
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=SEOUL)  # a Wednesday


@pytest.fixture
def worker(db):
    return UserFactory(name="서지훈", email="worker@centre.example")


@pytest.fixture
def other(db):
    return UserFactory(name="하도윤", email="other@centre.example")


@pytest.fixture
def admin(db):
    return administrator()


@pytest.fixture
def served(settings):
    """A mail server; what arrives there stands in `django.core.mail.outbox`."""
    settings.EMAIL_URL = "smtp://mail.example"
    settings.CASEWORK_URL = "https://work.example"


@pytest.fixture
def told():
    """Return told(user, …), which tells one user of one event and returns the Notification."""

    def write(user, kind="arrived", label="R-7QX4-1DTM-5", now=NOON, key=""):
        tell([user], kind, label=label, url=("referrals:detail", label), now=now, key=key)
        return Notification.objects.filter(user=user, kind=kind, label=label).order_by("-id").first()

    return write


@pytest.fixture
def mailed(told):
    """Return mailed(user, …): the Mail that goes with it."""

    def write(user, **words):
        notice = told(user, **words)
        return Mail.objects.get(user=user, key=f"{notice.kind} {notice.key}")

    return write
