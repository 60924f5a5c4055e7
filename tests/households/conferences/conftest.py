"""A centre with a supervisor, a head and two case managers, and a conference that has begun."""

from types import SimpleNamespace

import pytest

from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.conferences import brought, held, planned


@pytest.fixture
def people(db):
    centre = CentreFactory(name_ko="시험 하나센터")
    return SimpleNamespace(
        centre=centre,
        worker=UserFactory(agency=centre, name="서지훈"),
        other=UserFactory(agency=centre, name="하도윤"),
        boss=UserFactory(agency=centre, name="문가영", role="supervisor"),
        head=UserFactory(agency=centre, name="오세린", role="centre_head"),
        stranger=UserFactory(agency=CentreFactory(), name="남의센터", role="supervisor"),
    )


@pytest.fixture
def household(people):
    return HouseholdFactory(worker=people.worker, members=["정금주", "정유나"])


@pytest.fixture
def conference(people):
    return planned(people.boss)


@pytest.fixture
def item(conference, household, people):
    return brought(conference, household, by=people.worker)[0]


@pytest.fixture
def begun(item, people):
    """Return the item while the conference is being held."""
    held(item.conference, people.boss)
    item.refresh_from_db()
    return item
