"""One endpoint: a function for a resource, its methods with the scopes they ask for, landing once, a bounded body."""

from functools import wraps

from django.conf import settings
from django.http import HttpRequest
from rest_framework.decorators import api_view

from casework.api.answers import landing_once
from casework.api.problems import Problem


def endpoint(again=None, **scopes):
    """Make an API view of a function; `GET=Scope.X` names the scope of a method, a tuple those of which one is enough.

    A POST lands once under its `Idempotency-Key`; `again` reads anew what it made (see `landing_once`). Errors raised
    inside become problems (see `problems`).
    """
    asked = {method: given if isinstance(given, tuple) else (given,) for method, given in scopes.items()}

    def made(function):
        @wraps(function)
        def called(request, *args, **kwargs):
            if request.method != "POST":
                return function(request, *args, **kwargs)
            read_body(request._request)
            return landing_once(request, lambda: function(request, *args, **kwargs), again)

        view = api_view(list(scopes))(called)
        view.cls.scopes = asked
        return view

    return made


def read_body(request: HttpRequest):
    """Read the body once, for its fingerprint and its parser. Raises Problem for one that is too large.

    Django's own limit for bodies in memory is meant for forms of a browser.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > settings.API_MOST_BYTES:
        raise Problem("too_large")
    body = request.read(settings.API_MOST_BYTES + 1)
    if len(body) > settings.API_MOST_BYTES:
        raise Problem("too_large")
    request._body = body
