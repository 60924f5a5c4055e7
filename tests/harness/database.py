"""Databases of the tests: migrated once into a template, cloned for each worker and for each test that commits.

Nothing is ever flushed: that would take the reference data with it, and the serving role may not.
"""

import os
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from tests.harness.servers import RUN

_ALIASES = ("default", "owner")


@dataclass
class Clone:
    """A database of one's own, with everything that stands after `migrate`."""

    name: str
    environment: dict = field(default_factory=dict)

    def __post_init__(self):
        for variable in ("DATABASE_URL", "DATABASE_URL_OWNER"):
            self.environment[variable] = urlsplit(os.environ[variable])._replace(path=f"/{self.name}").geturl()

    @contextmanager
    def connected(self):
        """Let Django's two connections speak to this database for as long as the block runs."""
        before = {alias: connections[alias].settings_dict["NAME"] for alias in _ALIASES}
        kept = {alias: connections[alias].connection for alias in _ALIASES}
        if any(kept.values()) and any(connections[alias].in_atomic_block for alias in _ALIASES):
            raise RuntimeError("A test with a database of its own takes committed_db or live_product instead of db.")
        _speak_to(dict.fromkeys(_ALIASES, self.name))
        try:
            yield self
        finally:
            _speak_to(before)


def _speak_to(names):
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def _maintenance():
    """A connection of the owner's to a database that is not under test, holding the lock of this test run."""
    connection = psycopg2.connect(os.environ["DATABASE_URL_OWNER"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [os.environ[RUN]])
            yield cursor
    finally:
        connection.close()


def _exists(cursor, name):
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def _template():
    """Return the name of the migrated template; the first worker to come makes it."""
    finished, partial = f"{os.environ[RUN]}_template", f"{os.environ[RUN]}_partial"
    with _maintenance() as cursor:
        if not _exists(cursor, finished):
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(partial)))
            with Clone(partial).connected():
                call_command("migrate", interactive=False, verbosity=0)
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(partial), sql.Identifier(finished))
            )
    return finished


def make_clone(name):
    """Copy the template under `name`; takes a fraction of a second."""
    template = _template()
    name = f"{os.environ[RUN]}_{name}"
    with _maintenance() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    return Clone(name)


def drop_clone(clone):
    """Remove the database, whoever still speaks to it.

    Not by FORCE: that wants the right over every session there, an autovacuum worker's too, and on a given server
    `owner` has it over its own alone. Without it PostgreSQL asks such workers to end, and waits.
    """
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection:
        connection.autocommit = True
        _end_sessions(connection.cursor(), clone.name)
    with _maintenance() as cursor:
        _end_sessions(cursor, clone.name)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(clone.name)))


def _end_sessions(cursor, name):
    """End the sessions of the cursor's own role in a database."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        [name],
    )


@pytest.fixture(scope="session")
def worker_name():
    """The name of this xdist worker, or "solo"."""
    return os.environ.get("PYTEST_XDIST_WORKER", "solo")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_name):
    """Give this worker its clone; a test then runs in a transaction that is rolled back."""
    with django_db_blocker.unblock():
        clone = make_clone(worker_name)
    with clone.connected():
        # Blocked until a test asks for `db`: what a fixture wrote before it would stay for every later test.
        yield
    with django_db_blocker.unblock():
        drop_clone(clone)


@pytest.fixture(scope="session")
def clone_database(django_db_blocker, worker_name):
    """Return a function that makes a `Clone`; its `.connected()` and `.environment` lead there. Dropped at the end."""
    made = []

    def make():
        with django_db_blocker.unblock():
            made.append(make_clone(f"{worker_name}_{len(made)}"))
        return made[-1]

    yield make
    with django_db_blocker.unblock():
        for clone in made:
            drop_clone(clone)


@pytest.fixture
def committed_db(clone_database, django_db_blocker):
    """A database of this test's own in which commits are commits: for faults, locks, several connections, COPY."""
    clone = clone_database()
    with django_db_blocker.unblock(), clone.connected():
        yield clone
    with django_db_blocker.unblock():
        drop_clone(clone)


@pytest.fixture
def transactional_db():
    """Refused: it empties every table, reference data too."""
    pytest.fail("transactional_db flushes reference data: take committed_db.")


def pytest_collection_modifyitems(items):
    """Refuse `django_db(transaction=True)` for the same reason."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and (mark.kwargs.get("transaction") or (mark.args and mark.args[0])):
            raise pytest.UsageError(f"{item.nodeid}: django_db(transaction=True) flushes: take committed_db.")
