"""A household of the worker, and a colleague."""

import pytest

from tests.factories import HouseholdFactory, UserFactory


@pytest.fixture
def colleague(centre):
    return UserFactory(agency=centre, name="이동료")


@pytest.fixture
def house(worker):
    return HouseholdFactory(worker=worker, members=["정금주"])
