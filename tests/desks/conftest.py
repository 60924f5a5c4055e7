"""The people around the desks, and a way to see how many questions a page asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import Agency
from casework.clock import AsOf
from risk.sweeps import sweep
from tests.factories import CentreFactory, UserFactory

# Session, user, rights, menu, access log and the lines around them are not the page's own.
NOT_OWN = (
    "django_session",
    "agencies_user",
    "agencies_rolegrant",
    "agencies_agency",
    "audit_accesslog",
    "SAVEPOINT",
    "SET ",
)


@pytest.fixture
def centre(db):
    return CentreFactory(covers=["서울 관악구"])


@pytest.fixture
def worker(centre):
    return UserFactory(name="서지훈", agency=centre)


@pytest.fixture
def supervisor(centre):
    return UserFactory(name="문가영", agency=centre, role="supervisor")


@pytest.fixture
def stranger(db):
    return UserFactory(name="남의센터", role="supervisor")


@pytest.fixture
def swept():
    """Return a function that evaluates every household as of now."""
    return lambda: sweep(AsOf.live(timezone.now()))


@pytest.fixture
def own_queries(client):
    """Return count(user, url): the SQL questions of a page that are its own, asked a second time."""

    def count(user, url, **headers):
        client.force_login(user)
        client.get(url, headers=headers)  # menus, holidays and rights as SQL are kept after the first look
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.get(url, headers=headers)
        assert answer.status_code == 200
        asked = [query["sql"] for query in captured if 'INSERT INTO "audit_accesslog"' not in query["sql"]]
        first = [sql.split("FROM", 1)[-1].strip()[:40] for sql in asked]
        return [
            sql
            for sql in first
            if not sql.startswith(tuple(f'"{name}' for name in NOT_OWN)) and not sql.startswith(NOT_OWN)
        ]

    return count


@pytest.fixture
def look(client):
    """Return look(user, url, as_of=…, known_by=…) as text; a day is written as it stands in an address."""

    def at(user, url, status=200, **query):
        client.force_login(user)
        answer = client.get(url, {word: str(value) for word, value in query.items()})
        assert answer.status_code == status, answer.content.decode()[:300]
        return answer.content.decode()

    return at


@pytest.fixture
def head(centre):
    return UserFactory(role="centre_head", agency=centre)


@pytest.fixture
def ministry(db):
    return UserFactory(role="ministry_officer", agency=Agency.objects.filter(kind="ministry").first())
