"""A centre's conference with one household on its agenda, as its pages see it."""

import pytest

from tests.factories import HouseholdFactory, UserFactory
from tests.factories.conferences import brought, held, planned
from tests.factories.standings import stands
from tests.referrals.conftest import page

__all__ = ["page"]


@pytest.fixture
def other(centre):
    return UserFactory(name="하도윤", agency=centre)


@pytest.fixture
def household(worker):
    made = HouseholdFactory(worker=worker, members=["정금주", "정유나"], under_protection=True)
    stands(made, 4)
    return made


@pytest.fixture
def conference(supervisor):
    return planned(supervisor)


@pytest.fixture
def item(conference, household, worker):
    return brought(conference, household, by=worker)[0]


@pytest.fixture
def begun(item, supervisor):
    """Return the item while the conference is being held."""
    held(item.conference, supervisor)
    item.refresh_from_db()
    return item
