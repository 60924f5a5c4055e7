"""How often one user may ask about the past. Each such page makes dozens of tables in the database and takes them back
again; whoever leafs through years by a program would make them by the thousand.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.audit.models import AccessLog

LOCK = 0x50415354  # "PAST"
MINUTE = timedelta(minutes=1)
# A page about the past is told in the access log by the words that its address used; an inquiry by its view.
PAST = Q(detail__has_any_keys=["as_of", "known_by"]) | Q(view__in=["desks:inquiry", "desks:inquiry_file"])


class TooOften(Exception):
    """The user has asked about the past as often in the last minute as is allowed."""


@contextmanager
def one_turn(user: User) -> Iterator[None]:
    """Answer the user's questions about the past one after the other; raise TooOften from the one too many on.

    They are counted in the access log, which each of them is written to before the next one has its turn.
    """
    place = [LOCK, user.pk % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", place)
    try:
        if settings.CASEWORK_PAST_PAGES and asked_lately(user) >= settings.CASEWORK_PAST_PAGES:
            raise TooOften
        yield
    finally:
        # A connection that was lost has given the lock back itself.
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", place)


def asked_lately(user: User) -> int:
    """Return how many pages about the past the user has looked at in the last minute."""
    return AccessLog.objects.filter(PAST, actor_id=user.pk, at__gt=timezone.now() - MINUTE).count()


def in_turn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the view, which is always about the past, wait for its turn; too many are answered with a sentence (429)."""

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with one_turn(request.user):
                return view(request, *args, **kwargs)
        except TooOften:
            return too_often(request)

    return answered


def too_often(request: Request) -> HttpResponse:
    """Answer that there were too many for a minute, and how to go on."""
    shown = {"most": settings.CASEWORK_PAST_PAGES, "again": request.get_full_path(), "today": request.path}
    answer = render(request, "desks/asof/often.html", shown, status=429)
    answer.headers["Retry-After"] = str(int(MINUTE.total_seconds()))
    return answer
