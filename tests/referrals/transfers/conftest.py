"""Two centres: the one that answers for the household, and the one where it lives now."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from casework.agencies.models import Agency
from households.models import Responsibility
from referrals.transfers import actions
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.referrals.conftest import page

__all__ = ["page"]
OLD_PLACE, NEW_PLACE = "서울 관악구", "제주 제주시"


@pytest.fixture
def centres():
    """Who works at the old centre (worker, boss) and at the new one (new_worker, new_boss)."""
    old, new = CentreFactory(covers=[OLD_PLACE], name_ko="옛 하나센터"), Agency.objects.get(name_ko="제주하나센터")
    return SimpleNamespace(
        old=old,
        new=new,
        worker=UserFactory(agency=old, name="서지훈"),
        boss=UserFactory(agency=old, role="supervisor", name="오세린"),
        new_worker=UserFactory(agency=new, name="고은별"),
        new_boss=UserFactory(agency=new, role="supervisor", name="한도경"),
    )


@pytest.fixture
def household(centres):
    return HouseholdFactory(worker=centres.worker, district=NEW_PLACE, town="", members=["정금주", "정유나"])


@pytest.fixture
def at(centres, household):
    """Return a transfer brought to a state by the verbs, its proposal eight hours ago."""

    def stands(status, since=None):
        since = since or timezone.now() - timedelta(hours=8)
        made = actions.propose(household, to=centres.new, by=centres.worker, now=since)
        if status in ("accepted", "done"):
            made = actions.accept(made, by=centres.new_boss, now=since + timedelta(hours=1), worker=centres.new_worker)
        if status == "declined":
            made = actions.decline(made, by=centres.new_boss, now=since + timedelta(hours=1), reason="관할이 아닙니다.")
        return made

    return stands


@pytest.fixture
def answers(household):
    """Return a function that says which centre answers for the household today."""
    return lambda: Responsibility.objects.current().during(timezone.localdate()).get(household=household).center
