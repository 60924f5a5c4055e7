"""A household and the way to its inquiry."""

import pytest

from tests.factories import HouseholdFactory
from tests.harness.asking import ago, inquiry_of


@pytest.fixture
def household(worker):
    return HouseholdFactory(worker=worker, members=["오춘화", "오하나"], registered_on=ago(500), town="신림동")


@pytest.fixture
def inquired(client, supervisor):
    """Return inquired(household, on): the page as text, after its reason was given."""

    def at(household, on, user=supervisor):
        client.force_login(user)
        answer = client.post(inquiry_of(household), {"on": str(on), "reason": "경위 확인"}, follow=True)
        assert answer.status_code == 200, answer.content.decode()[:300]
        return answer.content.decode()

    return at
