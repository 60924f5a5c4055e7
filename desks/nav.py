"""The menu: which desks a user has, from the words of their grants. The shell asks for it by a dotted path."""

from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can, roles_of
from desks.menu import CASEWORK, MENU, REFERRING, Item, Room
from referrals.models import Alarm, Concern, Referral
from risk.bands import Band
from risk.models import Standing

KEPT_SECONDS = 60


def items(request: Request) -> list[dict[str, Any]]:
    """Menu items in order: url_name, label, count, key (after G), current, and the `rooms` behind the current one:
    each with url_name, label, count, current. The shell drops what does not resolve.

    An item counts what waits in all of its rooms that the user may enter, and leads to the first of them; with one
    room alone it bears that room's name.
    """
    if not request.user.is_authenticated:
        return []
    counts = counts_for(request.user)
    here = request.resolver_match.view_name if request.resolver_match else ""
    open_rooms = [(item, [room for room in item.rooms if _enters(request.user, room)]) for item in MENU]
    return [_item(item, rooms, counts, here) for item, rooms in open_rooms if rooms]


def _enters(user: User, room: Room) -> bool:
    return any(can(user, word) for word in room.words)


def _item(item: Item, rooms: list[Room], counts: dict[str, int], here: str) -> dict[str, Any]:
    several, current = len(rooms) > 1, any(room.holds(here) for room in rooms)
    return {
        "url_name": rooms[0].url_name,
        "label": item.label if several else rooms[0].label,
        "count": sum(counts.get(room.url_name, 0) for room in rooms),
        "key": item.key,
        "current": current,
        "rooms": [_room(room, counts, here) for room in rooms] if several and current else [],
    }


def _room(room: Room, counts: dict[str, int], here: str) -> dict[str, Any]:
    count = counts.get(room.url_name)
    return {"url_name": room.url_name, "label": room.label, "count": count, "current": room.holds(here)}


def counts_for(user: User) -> dict[str, int]:
    """Return how many Emergencies the user sees and how many referrals wait for the user's side.

    One query, at most once a minute for a user and process: it stands on every page and may be a minute old. The roles
    in force and the agency are part of the key, so that what was taken back is not counted for a minute longer.
    """
    roles = ".".join(sorted(role.code for role in roles_of(user)))
    key = f"desks.nav.{user.pk}.{user.agency_id}.{roles}"
    if (counts := cache.get(key)) is None:
        counts = _count(user)
        cache.set(key, counts, KEPT_SECONDS)
    return counts


def _count(user: User) -> dict[str, int]:
    parts = [(name, question(user.pk)) for name, question, words in COUNTED if any(can(user, word) for word in words)]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'({sql})' for name, (sql, asked) in parts)}",
            [value for name, (sql, asked) in parts for value in asked],
        )
        return dict(zip([name for name, asked in parts], cursor.fetchone(), strict=True))


@lru_cache(maxsize=2048)
def _emergencies(user_id: int) -> tuple[str, tuple[Any, ...]]:
    rows = Standing.objects.visible_to(User(pk=user_id)).filter(shown_band=Band.EMERGENCY)
    return _counted(rows)


@lru_cache(maxsize=2048)
def _our_turn(user_id: int) -> tuple[str, tuple[Any, ...]]:
    user = User(pk=user_id)
    return _counted(Referral.objects.waiting_on(user))


@lru_cache(maxsize=2048)
def _alarms(user_id: int) -> tuple[str, tuple[Any, ...]]:
    return _counted(Alarm.objects.named(User(pk=user_id)).open())


@lru_cache(maxsize=2048)
def _concerns(user_id: int) -> tuple[str, tuple[Any, ...]]:
    return _counted(Concern.objects.decided_by(User(pk=user_id)).waiting())


def _counted(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """Return the question as SQL; the caller keeps it: it depends on the id alone and reads rights when it runs."""
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    return f"SELECT count(*) FROM ({sql}) counted", params


# What is counted beside its menu item, and for whom.
COUNTED = (
    ("desks:list", _emergencies, CASEWORK),
    ("referrals:inbox", _our_turn, REFERRING),
    ("referrals:alarms", _alarms, REFERRING),
    ("referrals:concerns", _concerns, (May.ASSIGN,)),
)
