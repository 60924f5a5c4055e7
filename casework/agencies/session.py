"""What a session carries: the user's language, and the clock that logs out who has left the desk."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from casework.agencies.leading import log_in_address

SEEN = "seen_at"
POLL = "X-Casework-Poll"


def user_language(get_response):
    """Middleware: speak the logged-in user's language; before log-in the browser's choice stands."""

    def middleware(request):
        if not request.user.is_authenticated:
            return get_response(request)
        language = request.user.language  # a log-out leaves nobody to ask
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

    return middleware


def idle_logout(get_response):
    """Middleware: log out after CASEWORK_IDLE_MINUTES without activity.

    Last-seen is written at most once a minute, and a poll (header X-Casework-Poll) is not activity.
    """

    def middleware(request):
        if not request.user.is_authenticated:
            return get_response(request)
        now = int(time.time())
        seen = request.session.get(SEEN)
        if seen is not None and now - seen > settings.CASEWORK_IDLE_MINUTES * 60:
            logout(request)
            return _to_log_in(request, idle=1)
        if POLL not in request.headers and (seen is None or now - seen >= 60):
            request.session[SEEN] = now
        return get_response(request)

    return middleware


class LogInFirst(LoginRequiredMiddleware):
    """Middleware: whoever is not logged in logs in first, and comes back by the same rule as after an idle session."""

    def handle_no_permission(self, request, view_func):
        """Lead to the log-in."""
        return _to_log_in(request)


def _to_log_in(request, **said):
    address = log_in_address(request, **said)
    if "HX-Request" in request.headers:  # a part of a page would be filled with the log-in
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
