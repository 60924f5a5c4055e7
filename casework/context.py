"""What every page of the shell needs: the strip, the bar, the menu, the foot.

One lazy object, so that a page region swapped in by htmx, which has no shell, costs no query for it.
"""

from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext

from casework.agencies.request import Request
from casework.agencies.roles import roles_of
from casework.templatetags.format import fulltime


def shell(request: Request) -> dict[str, Any]:
    """Context processor: `shell` (see Shell) and `term`, the word for the people this work is for (one setting)."""
    return {"shell": Shell(request), "term": settings.CASEWORK_TERM}


def url_or_nothing(name: str, *args: Any) -> str:
    """The address of a named URL, or "" where this installation has none: no dead links."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class Shell:
    """The frame around a page, for one request. Read by templates/base.html only."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._user: Any = getattr(request, "user", None)

    @cached_property
    def inside(self) -> bool:
        """Whether somebody is logged in."""
        return bool(self._user and self._user.is_authenticated)

    @cached_property
    def demo(self) -> bool:
        return bool(settings.DEMO)

    @cached_property
    def name(self) -> str:
        return str(self._user) if self.inside else ""

    @cached_property
    def role(self) -> str:
        """The role granted first among those in force; the others stand on the user's own page."""
        roles = roles_of(self._user) if self.inside else []
        return str(roles[0].label) if roles else gettext("no role at present")

    @cached_property
    def agency(self) -> str:
        agency = self._user.agency if self.inside else None
        return str(agency) if agency else ""

    @cached_property
    def keys_on(self) -> bool:
        """Single-key shortcuts can be switched off by each user (WCAG 2.1.4)."""
        return bool(self.inside and self._user.keys_on)

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        """Menu items with `href`, label, count, key, current. The roof says which; the ground may not import it."""
        return [item | {"href": href} for item in _hook()(self._request) if (href := url_or_nothing(item["url_name"]))]

    @cached_property
    def rooms(self) -> list[dict[str, Any]]:
        """The rooms side by side behind the current menu item, each with `href`; none where there is one alone."""
        rooms = [room for item in self.nav for room in item.get("rooms", ())]
        return [room | {"href": href} for room in rooms if (href := url_or_nothing(room["url_name"]))]

    @cached_property
    def find_url(self) -> str:
        return url_or_nothing(getattr(settings, "CASEWORK_FIND", "desks:search")) if self.inside else ""

    @cached_property
    def language_url(self) -> str:
        """Language is kept per user; before the log-in the browser's own choice holds."""
        return url_or_nothing("agencies:language") if self.inside else ""

    @cached_property
    def logout_url(self) -> str:
        return url_or_nothing("account_logout")

    @cached_property
    def reset_url(self) -> str:
        """Where a new password is asked for by e-mail; "" without a mail server."""
        return url_or_nothing("account_reset_password") if settings.EMAIL_URL else ""

    @cached_property
    def me_url(self) -> str:
        return url_or_nothing("agencies:me")

    @cached_property
    def keys_url(self) -> str:
        return url_or_nothing("agencies:keys")

    @cached_property
    def stay_url(self) -> str:
        """Where the idle warning posts to stay logged in."""
        return url_or_nothing("agencies:awake")

    @cached_property
    def idle_minutes(self) -> int:
        return int(settings.CASEWORK_IDLE_MINUTES) if self.inside else 0

    @cached_property
    def build(self) -> str:
        return str(getattr(settings, "CASEWORK_BUILD", ""))

    @cached_property
    def printed(self) -> str:
        """The last line on paper: when it was printed and by whom."""
        return gettext("Printed %(when)s · %(who)s") % {"when": fulltime(timezone.now()), "who": self.name}

    @cached_property
    def krds(self) -> bool:
        """Whether the tokens and the font are installed; the pages look right without them."""
        return krds_installed()


_found: dict[str, bool] = {}


def krds_installed() -> bool:
    """Looked up once per process: the files come with an installation and do not appear later."""
    if "krds" not in _found:
        _found["krds"] = finders.find("krds/krds_tokens.css") is not None
    return _found["krds"]


def _hook() -> Any:
    """The function named by CASEWORK_NAV, `items(request) -> list of dicts`; without one there is no menu."""
    module, _, function = settings.CASEWORK_NAV.rpartition(".")
    if not module or find_spec(module) is None:
        return lambda request: []
    return getattr(import_module(module), function)
