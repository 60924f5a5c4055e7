"""The strict harness (design §9). What each part forbids or gives stands in tests/harness/."""

import pytest
from django.utils import timezone

from casework.clock import seoul_day

pytest_plugins = [
    "tests.harness.servers",
    "tests.harness.database",
    "tests.harness.strict",
    "tests.harness.browser",
    "tests.harness.asking",
    "tests.harness.memory",
    "tests.harness.paper",
]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return seoul_day(now)
