"""Both sides of a referral with their addresses, and what was told to whom."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.telling.models import Notification
from households.models import Absence
from referrals import actions
from tests.factories import UserFactory
from tests.factories.referrals import SAID, ReceiverFactory, ReferralFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = ["정금주", "정유나", "리복순"]


@pytest.fixture
def people(sender, receiver):
    """Everybody with an e-mail address: both sides, and a third centre and office that have nothing to do with it."""
    third = ReceiverFactory(name="셋째주무관")
    made = SimpleNamespace(
        sender=sender,
        mate=UserFactory(name="옆상담사", agency=sender.agency),
        boss=UserFactory(name="한팀장", agency=sender.agency, role="supervisor"),
        receiver=receiver,
        other=ReceiverFactory(name="다른주무관", agency=receiver.agency),
        third=third,
        stranger=UserFactory(name="먼상담사", role="supervisor"),
    )
    for user in vars(made).values():
        user.email = f"{user.username}@agency.example"
        user.save(update_fields=["email"])
    return made


@pytest.fixture
def at(people, household):
    """Return at(stands, …): a referral brought there, with what was told on the way forgotten."""

    def made(stands="sent", **words):
        words = {"sender": people.sender, "receiver": people.receiver, "household": household, **words}
        referral = ReferralFactory(stands=stands, **words)
        Notification.objects.all().delete()
        return referral

    return made


def told(kind=None):
    """Return {kind: names of who was told}, or the names of one kind."""
    found = {}
    for row in Notification.objects.select_related("user").order_by("id"):
        found.setdefault(row.kind, set()).add(row.user.name)
    return found.get(kind, set()) if kind else found


def step(referral, verb, by, **words):
    return actions.VERBS[verb](referral, by=by, now=timezone.now(), **{**SAID.get(verb, {}), **words})


@pytest.fixture
def away():
    """Return away(worker, substitute): on leave today; without one, nobody stands in."""

    def put(worker, substitute=None):
        today = timezone.localdate()
        days = DateRange(today, today + DAY)
        return Absence.objects.create(worker=worker, substitute=substitute, during=days, recorded_by=worker)

    return put
