"""The servers of a test run: throwaway ones of its own, or those that DATABASE_URL and REDIS_URL name."""

import os
import secrets
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg2
import pytest
from django.conf import settings
from psycopg2 import sql

from casework.catalogue import compile_catalogues
from casework.servers.running import embedded_servers
from casework.servers.trouble import ServerTrouble

RUN = "CASEWORK_TEST_RUN"
_stack = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """In the controller: start the servers and put their addresses where settings and child processes look."""
    if hasattr(config, "workerinput"):
        return
    run = os.environ[RUN] = f"casework_test_{secrets.token_hex(4)}"
    compile_catalogues(settings.BASE_DIR)
    try:
        _have_servers(run)
    except (ServerTrouble, psycopg2.Error) as trouble:
        raise pytest.UsageError(str(trouble)) from trouble
    _tell_settings()


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        _stack.close()


def _have_servers(run):
    given, given_redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    folder = _stack.enter_context(tempfile.TemporaryDirectory(prefix="casework-test-", ignore_cleanup_errors=True))
    Path(folder).chmod(0o711)  # root lends PostgreSQL another OS user, which must pass; what is inside is 0700
    os.environ["CASEWORK_VAR"] = folder
    embedded = _stack.enter_context(
        embedded_servers(folder, want_postgres=not given, want_redis=not given_redis, throwaway=True)
    )
    if not given:
        os.environ |= {"DATABASE_URL": embedded.app, "DATABASE_URL_OWNER": embedded.owner}
    elif not os.environ.get("DATABASE_URL_OWNER"):
        os.environ |= {"DATABASE_URL_OWNER": given, "DATABASE_URL": _serving_role(given, run)}
    os.environ.setdefault("REDIS_URL", embedded.redis)
    _stack.callback(_drop_databases, os.environ["DATABASE_URL_OWNER"], run)


def _serving_role(owner_url, run):
    """Make a role that may only serve, for the length of the run; return the URL that logs in as it."""
    password = secrets.token_urlsafe(16)
    try:
        _as_owner(
            owner_url, sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(run), sql.Literal(password))
        )
    except psycopg2.errors.InsufficientPrivilege as error:
        raise ServerTrouble(
            "The role in DATABASE_URL may not make another one: give it CREATEROLE and CREATEDB, "
            "or name a role with CREATEDB in DATABASE_URL_OWNER and the one that serves in DATABASE_URL."
        ) from error
    _stack.callback(_as_owner, owner_url, sql.SQL("DROP ROLE {}").format(sql.Identifier(run)))
    parts = urlsplit(owner_url)
    return parts._replace(netloc=f"{run}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}").geturl()


def _drop_databases(owner_url, run):
    for (name,) in _as_owner(owner_url, "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [run]):
        _as_owner(owner_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _as_owner(url, statement, parameters=()):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def _tell_settings():
    """Settings were read before any conftest was: hand the addresses to the ones already loaded."""
    from importlib import reload

    from casework import settings as module

    reload(module)
    for name in ("VAR", "REDIS_URL", "CELERY_BROKER_URL", "MEDIA_ROOT"):
        setattr(settings, name, getattr(module, name))
    for alias, database in module.DATABASES.items():
        settings.DATABASES[alias].update(database)
