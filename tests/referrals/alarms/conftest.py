"""The people who are told when a clock has run out: a centre and a city office, with everybody the ladder names."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from casework.clock import SEOUL
from referrals.models import Alarm
from tests.factories import UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.referrals import ReceiverFactory

FRIDAY = datetime(2026, 11, 13, 15, 20, tzinfo=SEOUL)


def make_people():
    """Return the people by rung: of the sending centre, the receiving office, the Ministry."""
    sender = UserFactory(name="서지훈")
    receiver = ReceiverFactory(name="구민서")
    return SimpleNamespace(
        sender=sender,
        receiver=receiver,
        boss=UserFactory(name="한팀장", agency=sender.agency, role="supervisor"),
        head=UserFactory(name="최센터장", agency=sender.agency, role="centre_head"),
        other=ReceiverFactory(name="다른주무관", agency=receiver.agency),
        desk=UserFactory(name="통일부담당", agency=AgencyFactory(kind="ministry"), role="ministry_officer"),
    )


@pytest.fixture
def people(db):
    return make_people()


@pytest.fixture
def told():
    """Return told(referral, rung) as the names of those who were told, and told(referral) as {rung: names}."""

    def names(referral, rung=None):
        rows = Alarm.objects.filter(referral=referral).select_related("to_user").order_by("rung", "id")
        found = {}
        for row in rows:
            found.setdefault(row.rung, set()).add(row.to_user.name)
        return found.get(rung, set()) if rung else found

    return names
