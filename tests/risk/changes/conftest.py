"""Two officers of the Ministry, and a household that a proposal would raise."""

import pytest

from risk.sweeps import sweep
from tests.factories import HouseholdFactory
from tests.factories.changes import as_now, officer
from tests.factories.risk import SignalFactory


@pytest.fixture
def proposer(db):
    return officer("송다인")


@pytest.fixture
def second(db):
    return officer("정해준")


@pytest.fixture
def household(db):
    """Two months of rent unpaid: below the criterion in force, above the one that is proposed."""
    household = HouseholdFactory()
    SignalFactory(household=household, code_id="S05", months=2)
    sweep(as_now())
    return household
