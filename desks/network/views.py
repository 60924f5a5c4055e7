"""The referral network: the figures and their file, the board, and the records behind a number."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.downloads import ReasonForm, csv_file
from desks.network.asked import (
    BOUNDS,
    DAYS,
    MONTHS,
    SIDES,
    Asked,
    read,
    read_list,
    read_national,
    refused_days,
    side_of,
    sides_of,
)
from desks.network.board import board_of
from desks.network.listing import found_for
from desks.network.shown import figures_for, sees_all


@require_safe
def network(request: Request) -> HttpResponse:
    """How many referrals, with whom, where they wait, how long the steps took; of the own agency or of everybody."""
    check_counts(request.user)
    now = timezone.now()
    asked = _asked(request.user, request.GET, seoul_day(now))
    figures = figures_for(request.user, asked, now)
    looked(request, Act.LIST, detail={"figures": True, "days": [str(asked.first or ""), str(asked.last or "")]})
    choices = _choices(request.user, asked) | {"refused": refused_days(request.GET)}
    context = {"figures": figures, "asked": asked, "reason": ReasonForm(), "choices": choices, "bounds": BOUNDS}
    return render(request, "desks/network/figures.html", context)


@require_POST
def download(request: Request) -> HttpResponse:
    """The same figures as a file; the reason is kept."""
    check_counts(request.user)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "desks/reason.html", {"form": form, "back": "desks:network"}, status=422)
    now = timezone.now()
    asked = _asked(request.user, request.POST, seoul_day(now))
    figures = figures_for(request.user, asked, now)
    rows = figures.rows()
    told = {"figures": True, "national": figures.national, "filter": asked.query, "rows": len(rows)}
    looked(request, Act.EXPORT, reason=form.cleaned_data["reason"], detail=told)
    return csv_file("referrals.csv", figures.header(), rows)


@require_safe
def board(request: Request) -> HttpResponse:
    """The open referrals of the own agency, a column for each state; a card leads to its referral."""
    check_refers(request.user)
    side = side_of(request.user, request.GET.get("side"))
    shown = board_of(request.user, side, timezone.now())
    looked(request, Act.LIST, detail={"board": side}, **shown.looked_at)
    context = {"board": shown, "side": side, "sides": _sides(request.user, side), "counts": can_count(request.user)}
    return render(request, "desks/network/board.html", context)


@require_safe
def listed(request: Request) -> HttpResponse:
    """The referrals behind a number of the figures or at the head of a column, as far as the user may see them."""
    check_refers(request.user)
    asked = read_list(request.GET, request.user)
    found = found_for(request.user, asked, request.GET.get("page"), timezone.now())
    looked(request, Act.LIST, detail={"filter": asked.query}, **found.pop("looked_at"))
    context = {"asked": asked, "side": SIDES[asked.side], "counts": can_count(request.user), **found}
    return render(request, "desks/network/list.html", context)


def can_count(user: User) -> bool:
    """Tell whether the user sees figures of referrals: whoever leads an agency, and whoever counts everybody's."""
    return can(user, May.SEE_CENTRE) or can(user, May.SEE_FIGURES)


def check_counts(user: User) -> None:
    """Raise PermissionDenied unless the user sees figures of referrals."""
    if not can_count(user):
        raise PermissionDenied(
            _("Figures of referrals are for whoever leads an agency, the Ministry and the Foundation.")
        )


def check_refers(user: User) -> None:
    """Raise PermissionDenied unless the user sends or receives referrals."""
    if not (can(user, May.REFER) or can(user, May.RECEIVE)):
        raise PermissionDenied(_("This is for whoever sends or receives referrals."))


def _asked(user: User, given: Any, today: date) -> Asked:
    return read_national(given, today) if sees_all(user) else read(given, user, today)


def _sides(user: User, side: str) -> list[dict[str, Any]]:
    """Return the sides to choose from, the one shown marked; none where there is no choice."""
    sides = sides_of(user)
    return [{"name": one, "label": SIDES[one], "current": one == side} for one in sides if len(sides) > 1]


def _choices(user: User, asked: Asked) -> dict[str, Any]:
    """Return what the form of the page offers: the sides, the periods, and whether days may be typed in."""
    everybody = sees_all(user)
    typed = bool(not asked.period and (asked.first or asked.last))
    periods = [
        {"value": value, "label": label, "current": value == asked.period and not typed}
        for value, label in (MONTHS if everybody else DAYS).items()
    ]
    return {"sides": [] if everybody else _sides(user, asked.side), "periods": periods, "typed": typed}
