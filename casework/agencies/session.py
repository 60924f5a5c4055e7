"""What a session carries: the user's language, and the clock that logs out who has left the desk."""

import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
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
            return _to_log_in(request)
        if POLL not in request.headers and (seen is None or now - seen >= 60):
            request.session[SEEN] = now
        return get_response(request)

    return middleware


def _to_log_in(request):
    """Lead to the log-in, and from there back to the page: what was sent is not sent again, its page is shown."""
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    here = f"{page.path}?{page.query}" if page.query else page.path
    back = request.get_full_path() if request.method == "GET" and "HX-Request" not in request.headers else here
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'idle': 1, 'next': back or '/'})}"
    if "HX-Request" in request.headers:  # a part of a page would be filled with the log-in
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
