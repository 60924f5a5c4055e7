"""Who surveys: the Ministry, and a centre with its head and a case manager."""

import pytest

from casework.agencies.models import Agency
from tests.factories import CentreFactory, UserFactory


@pytest.fixture
def ministry(db):
    return UserFactory(role="ministry_officer", agency=Agency.objects.filter(kind="ministry").first())


@pytest.fixture
def centre(db):
    return CentreFactory(covers=["서울 관악구"])


@pytest.fixture
def head(centre):
    return UserFactory(role="centre_head", agency=centre)


@pytest.fixture
def worker(centre):
    return UserFactory(role="case_manager", agency=centre)
