"""A month that has ended, and a household of the centre for which it answered all along."""

import pytest
from django.utils import timezone

from casework.clock import add_months, seoul_day
from tests.factories import HouseholdFactory


@pytest.fixture
def month():
    """The month that ended last."""
    return add_months(seoul_day(timezone.now()).replace(day=1), -1)


@pytest.fixture
def house(worker, month):
    return HouseholdFactory(worker=worker, members=2, registered_on=add_months(month, -2))
