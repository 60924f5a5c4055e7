"""A centre with its people, and one household of three that Kim looks after."""

import pytest

from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of


@pytest.fixture
def centre(db):
    return CentreFactory(name_ko="관악 하나센터", covers=["서울 관악구"])


@pytest.fixture
def kim(centre):
    """The case manager."""
    return UserFactory(agency=centre, name="김담당")


@pytest.fixture
def boss(centre):
    """The supervisor of the same centre."""
    return UserFactory(agency=centre, name="박팀장", role="supervisor")


@pytest.fixture
def stranger(db):
    """A case manager of another centre."""
    return UserFactory(name="남일꾼")


@pytest.fixture
def house(kim):
    """정금주 (head), 김철수 (spouse), 김유나 (child)."""
    return HouseholdFactory(worker=kim, members=["정금주", "김철수", "김유나"], person_phone="010-0000-1234")


@pytest.fixture
def people(house):
    """The members, head first."""
    return members_of(house)


@pytest.fixture
def enter(client):
    """Return a client that is logged in as the user."""

    def log_in(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in


@pytest.fixture
def go(client):
    """Return go(user, method, url, **data): the answer to that user, redirects followed."""

    def ask(user, method, url, **data):
        client.force_login(user)
        return getattr(client, method)(url, data, follow=True)

    return ask
