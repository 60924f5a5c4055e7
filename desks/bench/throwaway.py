"""A database of the benchmark's own, on whatever server is used, gone when it is done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

ALIASES = ("default", "owner")
VARIABLES = ("DATABASE_URL", "DATABASE_URL_OWNER")


@contextmanager
def database(purpose: str) -> Iterator[str]:
    """Make and migrate a database, point this process and its children at it, and drop it at the end."""
    name = f"casework_bench_{os.getpid()}_{purpose}"
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    kept = {variable: os.environ[variable] for variable in VARIABLES if variable in os.environ}
    _as_owner(before["owner"], sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        _speak_to(dict.fromkeys(ALIASES, name))
        os.environ.update({v: urlsplit(url)._replace(path=f"/{name}").geturl() for v, url in kept.items()})
        call_command("migrate", interactive=False, verbosity=0)
        yield name
    finally:
        _speak_to(before)
        os.environ.update(kept)
        _as_owner(before["owner"], sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _speak_to(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _as_owner(database_name: str, statement: sql.Composed) -> None:
    own = connections["owner"].settings_dict
    # Outside a transaction, as making and dropping databases asks for.
    link = psycopg2.connect(
        dbname=database_name,
        user=own["USER"],
        password=own["PASSWORD"],
        host=own["HOST"] or None,
        port=own["PORT"] or None,
    )
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement)
    finally:
        link.close()
