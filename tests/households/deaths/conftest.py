"""The day of a death that is entered a little later."""

from datetime import timedelta

import pytest


@pytest.fixture
def died(today):
    return today - timedelta(days=3)
