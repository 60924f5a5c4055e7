"""What a session carries: the user's language, and the clock that logs out who has left the desk."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import translation

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
            return redirect(f"{settings.LOGIN_URL}?idle=1&next={request.path}")
        if POLL not in request.headers and (seen is None or now - seen >= 60):
            request.session[SEEN] = now
        return get_response(request)

    return middleware
