"""Where somebody is led to: the one rule for an address that a form, a header or a stored draft names.

Only pages of this system are led to. On the way over the log-in an address keeps its path and, of its query, what is no
words: whoever walks up to a desk that was logged out must not read in the address whom somebody looked for.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

HARMLESS = frozenset(
    [
        "again",
        "as",
        "as_of",
        "at",
        "band",
        "box",
        "case",
        "code",
        "do",
        "draft",
        "edit",
        "from",
        "goal",
        "half",
        "kind",
        "list",
        "month",
        "on",
        "page",
        "report",
        "run",
        "show",
        "side",
        "step",
        "table",
        "week",
        "worker",
    ]
)
"""Parameters that name a day, a choice or a record; one that may hold what somebody typed is not among them."""
CODE = re.compile(r"[0-9A-Za-z_.:|-]{1,40}")


def led_to(request, target, otherwise="/"):
    """Return `target` as an address within this system, or `otherwise` where it leads elsewhere or is none."""
    if not _is_ours(request, target):
        return otherwise
    parts = urlsplit(target)
    inside = parts._replace(scheme="", netloc="").geturl()
    return inside if parts.path.startswith("/") and _is_ours(request, inside) else otherwise


def without_words(address):
    """Return the path of an address with the harmless ones of its parameters."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name in HARMLESS and CODE.fullmatch(value)]
    return f"{parts.path}?{urlencode(kept)}" if kept else parts.path


def log_in_address(request, **said):
    """Return the address of the log-in, which leads back to the page where the user was: what was sent is not sent
    again, its page is shown. `said`: what else the address says."""
    here = request.get_full_path()
    if request.method not in ("GET", "HEAD") or "HX-Request" in request.headers:
        here = led_to(request, request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    back = led_to(request, without_words(here))
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({**said, 'next': back})}"


def _is_ours(request, address):
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
