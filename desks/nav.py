"""The menu: which desks a user has, from the words of their grants. The shell asks for it by a dotted path."""

from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can, roles_of
from referrals.concerns.actions import TAKES
from referrals.models import Alarm, Concern, Referral
from risk.bands import Band
from risk.models import Standing

CASEWORK = (May.SEE_CASELOAD, May.SEE_CENTRE)
REFERRING = (May.REFER, May.RECEIVE)
KEPT_SECONDS = 60


def items(request: Request) -> list[dict[str, Any]]:
    """Menu items in order: url_name, label, count, key (after G) and current; the shell drops what does not resolve."""
    if not request.user.is_authenticated:
        return []
    counts = counts_for(request.user)
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"url_name": name, "label": label, "count": counts.get(name), "key": key, "current": here in (name, *under)}
        for name, label, key, words, under in _menu()
        if any(can(request.user, word) for word in words)
    ]


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


def _menu() -> list[tuple[str, str, str, tuple[May, ...], tuple[str, ...]]]:
    return [
        (
            "desks:home",
            _("Today"),
            "T",
            (*CASEWORK, May.SEE_REGISTER),
            ("desks:today", "desks:supervisor", "desks:receiving"),
        ),
        ("desks:list", _("At risk"), "L", CASEWORK, ("desks:household", "risk:review")),
        ("referrals:inbox", _("Referrals"), "R", REFERRING, ("referrals:detail", "referrals:new")),
        ("referrals:concerns", _("Concerns"), "", TAKES, ("referrals:concern", "referrals:concern_new")),
        ("referrals:transfers", _("Transfers"), "", CASEWORK, ("referrals:transfer", "referrals:propose_transfer")),
        (
            "referrals:councils",
            _("Council meetings"),
            "",
            REFERRING,
            ("referrals:council", "referrals:meeting", "referrals:council_propose"),
        ),
        ("referrals:alarms", _("Deadline alarms"), "", REFERRING, ("agencies:duty", "agencies:closures")),
        (
            "referrals:directory",
            _("Services"),
            "",
            (*REFERRING, May.ADMINISTER),
            ("referrals:service", "referrals:service_new", "referrals:service_edit", "referrals:booklet"),
        ),
        ("households:register", _("Residence-protection register"), "P", (May.SEE_REGISTER,), ()),
        ("households:intake", _("Intake"), "I", (May.INTAKE,), ()),
        (
            "imports:list",
            _("Files"),
            "F",
            (May.IMPORT, May.ADMINISTER),
            ("imports:upload", "imports:batch", "imports:row"),
        ),
        ("desks:map", _("Figures"), "C", (May.SEE_FIGURES,), ()),
        ("desks:backtest", _("Back-test"), "", (May.SET_CRITERIA,), ()),
        ("desks:campaigns", _("Surveys"), "", (May.SEE_CASELOAD, May.SEE_FIGURES), ("desks:campaign",)),
        (
            "risk:criteria",
            _("Risk criteria"),
            "",
            (*CASEWORK, May.SEE_FIGURES),
            ("desks:changes", "desks:change", "desks:change_new"),
        ),
        ("desks:logs", _("Access log"), "", (May.SEE_LOGS,), ()),
        ("desks:people", _("Users and agencies"), "", (May.ADMINISTER,), ()),
        (
            "interfaces:tokens",
            _("Interfaces"),
            "",
            (May.ADMINISTER,),
            ("interfaces:issue", "referrals:webhooks", "referrals:webhook_add"),
        ),
    ]
