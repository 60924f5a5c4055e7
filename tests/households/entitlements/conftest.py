"""Two officers of the Ministry, who keep the catalogue together."""

import pytest

from tests.factories.changes import officer


@pytest.fixture
def drawer(db):
    """The officer who draws up a version."""
    return officer("송다인")


@pytest.fixture
def second(drawer):
    """Another officer of the Ministry."""
    return officer("한지우")
