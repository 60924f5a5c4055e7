"""A household with which contact is old, its case manager, and who approves that its case ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ContactFactory, HouseholdFactory, UserFactory


@pytest.fixture
def kim(db):
    return UserFactory(name="김담당")


@pytest.fixture
def boss(kim):
    return UserFactory(name="박팀장", agency=kim.agency, role="supervisor")


@pytest.fixture
def house(kim):
    house = HouseholdFactory(worker=kim)
    ContactFactory(household=house, occurred_at=timezone.now() - timedelta(days=300))
    return house
