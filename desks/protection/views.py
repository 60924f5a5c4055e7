"""Whose protection ends: the runway, the month, the file and the feed of one's own calendar."""

import re
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import add_months, seoul_day
from desks.protection.entries import DAY, Entry, entries
from desks.protection.feeds import end_feed, feed_of, make_feed
from desks.protection.ics import calendar_file
from desks.protection.runway import fill, lines_of, months_of, name, within
from households.models import CalendarFeed
from households.protection.standing import alert_of

ROWS = 30
LETTERS = 5
ICS = "text/calendar; charset=utf-8"


@require_safe
def protection(request: Request) -> HttpResponse:
    """The people of one's households whose protection ends within 180 days, or ended within the last year."""
    check_follows(request.user)
    on, past = seoul_day(timezone.now()), request.GET.get("show") == "past"
    year = lines_of(request.user, on=on, past=past)
    near = year if past else within(year)
    fill(near, on=on)
    page = Paginator(near, ROWS).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    name(shown, on=on)
    homes = {line.home.household for line in shown if line.home.household}
    looked(request, Act.LIST, subjects=[line.person for line in shown], households=homes, detail={"past": past})
    context = {
        "lines": shown,
        "page": page,
        "query": "show=past" if past else "",
        "past": past,
        "on": on,
        "count": len(near),
        "alert": alert_of(near),
        "months": [] if past else months_of(year, on),
        "ending_year": len(year),
        "letters": [line for line in shown if line.ending.notice_state][:LETTERS],
    }
    return render(request, "desks/protection/runway.html", context)


@require_safe
def protection_calendar(request: Request) -> HttpResponse:
    """What is due in a month, day by day (`?month=2026-11`)."""
    check_follows(request.user)
    on = seoul_day(timezone.now())
    first = _month(request.GET.get("month", ""), on)
    found = entries(request.user, on, first=first, last=add_months(first, 1) - DAY)
    days: dict[date, list[Entry]] = {}
    for one in found:
        days.setdefault(one.day, []).append(one)
    looked(request, Act.LIST, subjects={one.person for one in found if one.person}, detail={"month": f"{first:%Y-%m}"})
    context = {
        "first": first,
        "days": sorted(days.items()),
        "on": on,
        "before": f"{add_months(first, -1):%Y-%m}",
        "after": f"{add_months(first, 1):%Y-%m}",
    }
    return render(request, "desks/protection/calendar.html", context)


@never_cache
@require_safe
def protection_ics(request: Request) -> HttpResponse:
    """What is due from a month ago to in a year, as a file for a calendar program."""
    check_follows(request.user)
    return _file(request, request.user)


@require_http_methods(["GET", "POST"])
def protection_feed(request: Request) -> HttpResponse:
    """The address that one's calendar program asks by itself; making one shows it once and ends the one before."""
    check_follows(request.user)
    secret = make_feed(by=request.user, now=timezone.now()) if request.method == "POST" else ""
    address = request.build_absolute_uri(reverse("desks:protection_feed_file", args=[secret])) if secret else ""
    feed = CalendarFeed.objects.visible_to(request.user).filter(revoked_at=None).first()
    return render(request, "desks/protection/feed.html", {"feed": feed, "address": address})


@require_POST
def protection_feed_end(request: Request) -> HttpResponse:
    """End the feed for good."""
    check_follows(request.user)
    if end_feed(by=request.user, now=timezone.now()):
        messages.success(request, _("The address answers no more."))
    return redirect("desks:protection_feed")


@login_not_required
@never_cache
@require_safe
def protection_feed_file(request: Request, secret: str) -> HttpResponse:
    """The calendar of whose secret this is, with that person's rights of this moment; logged as theirs."""
    feed = feed_of(secret)
    if feed is None or not can(feed.user, May.SEE_CASELOAD):
        raise Http404
    request.user = feed.user
    with override(feed.user.language):
        return _file(request, feed.user)


def check_follows(user: User) -> None:
    """Raise PermissionDenied unless the user looks after households."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("These pages are for those who look after households."))


def _file(request: Request, user: User) -> HttpResponse:
    now = timezone.now()
    found = entries(user, seoul_day(now))
    looked(request, Act.EXPORT, subjects={one.person for one in found if one.person}, detail={"entries": len(found)})
    response = HttpResponse(calendar_file(found, title=_("Casework: days before the end"), now=now), content_type=ICS)
    response["Content-Disposition"] = 'attachment; filename="casework.ics"'
    return response


def _month(said: str, on: date) -> date:
    """Return the first day of the month that was asked for, else of this one."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", said)
    return date(int(found[1]), int(found[2]), 1) if found else on.replace(day=1)
