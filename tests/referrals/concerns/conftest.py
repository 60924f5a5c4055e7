"""A centre that covers 관악구, its people, a household there, and somebody elsewhere who is told of a worry."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from casework.clock import seoul_day
from referrals.concerns import actions
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import AgencyFactory, district
from tests.referrals.conftest import page

__all__ = ["page"]
PLACE = "서울 관악구"


@pytest.fixture
def centre():
    """The agency, its supervisor (boss), two workers, and somebody at a call centre of the Foundation (caller)."""
    agency = actions.centre_of(district(PLACE), on=seoul_day(timezone.now()))
    hall = AgencyFactory(kind="foundation", name_ko="상담 전화")
    return SimpleNamespace(
        agency=agency,
        boss=UserFactory(agency=agency, role="supervisor", name="오세린"),
        worker=UserFactory(agency=agency, name="서지훈"),
        other=UserFactory(agency=agency, name="구민서"),
        caller=UserFactory(agency=hall, role="foundation_officer", name="하도윤"),
    )


@pytest.fixture
def household(centre):
    return HouseholdFactory(worker=centre.worker, district=PLACE, town="", members=["정금주", "정유나"])


@pytest.fixture
def told(centre):
    """Return a function that takes a concern down, as the call centre does."""

    def take(now=None, **words):
        now = now or timezone.now()
        words = {
            "way": "neighbour",
            "told_by": "윗집 010-0000-7777",
            "heard_name": "정금주",
            "heard_phone": "",
            "heard_place": "행복빌라 3층",
            "words": "일주일째 불이 켜지지 않고 우편물이 쌓여 있습니다.",
            "urgent": False,
            "seen_on": seoul_day(now),
            "district": district(PLACE),
            **words,
        }
        return actions.take_down(by=words.pop("by", centre.caller), now=now, **words)

    return take
