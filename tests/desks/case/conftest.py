"""The case manager of a case, and who supervises."""

import pytest

from tests.factories import UserFactory


@pytest.fixture
def kim(centre):
    return UserFactory(agency=centre, name="김담당")


@pytest.fixture
def boss(centre):
    return UserFactory(agency=centre, name="박팀장", role="supervisor")
