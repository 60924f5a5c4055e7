"""What fails a test by itself: an unknown template variable, an unordered list, a write inside GET, a foreign socket.

Warnings are errors too: pyproject.toml says so.
"""

import os
import re
import socket
import sys
from functools import wraps
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.template import Node, defaulttags, engines
from django.test.client import ClientHandler
from django.utils import translation

# A GET may leave only the traces that it is there to leave: who looked, that the session is alive, and that a token of
# a system was used.
WRITABLE_BY_GET = ("django_session", "access_log", "audit_accesslog", "api_use")
# Tables of one transaction, gone at its end: explaining a household judges it without keeping anything.
TEMPORARY = "sweep_"
_REMARKS = re.compile(r"/\*.*?\*/|--[^\n]*", re.S)
_WRITE = re.compile(
    r"(?:^\s*|\bAS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(\s*|;\s*)"
    r"(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|COPY|TRUNCATE)\s+(?:ONLY\s+)?\"?(\w+)\"?",
    re.I,
)


class UnknownVariable(AssertionError):
    """A template names a variable that nothing defines."""


class _Raising(str):
    """Django's `string_if_invalid` that raises; templates of installed packages may stay as they are."""

    __slots__ = ()

    def __contains__(self, part):
        return True

    def __mod__(self, variable):
        template = _template_being_rendered()
        if "site-packages" in template:
            return ""
        raise UnknownVariable(f"{template}: nothing defines {variable}")


def _template_being_rendered():
    """Return the file that the innermost node being rendered was written in, not the page that includes it."""
    frame = sys._getframe(2)
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin.name)
        frame = frame.f_back
    return "a template"


class _Ordered:
    """The sequence of a `{% for %}` that refuses a queryset in no particular order."""

    def __init__(self, expression):
        self.expression = expression

    def resolve(self, context, *arguments, **options):
        rows = self.expression.resolve(context, *arguments, **options)
        if isinstance(rows, QuerySet) and not rows.ordered and not rows.query.is_empty():
            raise AssertionError(f"{{% for … in {self.expression} %}} lists {rows.model.__name__} in no order.")
        return rows

    def __str__(self):
        return str(self.expression)


@pytest.fixture(scope="session", autouse=True)
def strict_templates():
    """Unknown variables and unordered lists raise, in every template."""
    engines["django"].engine.string_if_invalid = _Raising("%s")
    plain = defaulttags.ForNode.__init__

    @wraps(plain)
    def ordered(node, loopvars, sequence, *arguments, **options):
        plain(node, loopvars, _Ordered(sequence), *arguments, **options)

    defaulttags.ForNode.__init__ = ordered
    yield
    defaulttags.ForNode.__init__ = plain


@pytest.fixture(scope="session", autouse=True)
def get_writes_nothing():
    """A GET or HEAD of the test client that changes a table raises."""
    plain = ClientHandler.__call__

    @wraps(plain)
    def watched(handler, environ):
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return plain(handler, environ)
        with connection.execute_wrapper(_refuse_write):
            return plain(handler, environ)

    ClientHandler.__call__ = watched
    yield
    ClientHandler.__call__ = plain


def _refuse_write(execute, statement, params, many, context):
    for table in _WRITE.findall(_REMARKS.sub(" ", str(statement))):
        if table not in WRITABLE_BY_GET and not table.startswith(TEMPORARY):
            raise AssertionError(f"A GET writes: {statement}")
    return execute(statement, params, many, context)


@pytest.fixture(scope="session", autouse=True)
def sockets_stay_here():
    """No connection, no message and no look-up of a name to anywhere but this machine and the servers under test."""
    plain = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
    look_up = socket.getaddrinfo

    def guarded(method):
        @wraps(method)
        def reach(self, *arguments):
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                _refuse_elsewhere(arguments[-1][0])
            return method(self, *arguments)

        return reach

    @wraps(look_up)
    def guarded_look_up(host, *arguments, **options):
        _refuse_elsewhere(host)
        return look_up(host, *arguments, **options)

    for name, method in plain.items():
        setattr(socket.socket, name, guarded(method))
    socket.getaddrinfo = guarded_look_up
    yield
    socket.getaddrinfo = look_up
    for name in plain:
        delattr(socket.socket, name)


def _refuse_elsewhere(host):
    if not _is_here(host):
        raise AssertionError(f"A test reaches out to {host}.")


def _is_here(host):
    if not host or host in {"localhost", urlsplit(os.environ.get("REDIS_URL", "")).hostname}:
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def the_language_of_the_house():
    """Begin each test in Korean: a request in English of the test before leaves its language in the thread."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)
