"""One person under two records that a centre keeps, whoever works there, and who supervises."""

import pytest

from tests.factories import CentreFactory, UserFactory
from tests.factories.links import twins


@pytest.fixture
def kim():
    return UserFactory(agency=CentreFactory(covers=["서울 관악구"]), name="김담당")


@pytest.fixture
def boss(kim):
    return UserFactory(agency=kim.agency, role="supervisor")


@pytest.fixture
def pair(kim):
    return twins(kim)
