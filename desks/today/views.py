"""The desk of a case manager or counsellor: whom to see first, what is owed, what changed (LOOK, today)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.context import url_or_nothing
from casework.templatetags.format import hourmin
from desks.atrisk.ranking import work_calendar
from desks.atrisk.rows import gap_of, next_step, reason_of
from desks.atrisk.views import honest
from desks.day.shown import missing_visits
from desks.moving import moving_of
from desks.titles import Title, shown_people, titles_of
from desks.today.caseload import Caseload, caseload_of
from desks.today.news import last_time, news_of
from desks.unreachable import lost_of, lost_page, lost_shown
from households.models import Draft
from households.models.contact import Channel
from referrals import clocks
from referrals.alarms.shown import waiting_for
from referrals.concerns import shown as concerns
from referrals.council.shown import households_of, owed_by
from referrals.models import Referral
from referrals.packet import titled

SHOWN = 10
ICONS = {
    "visit": "door",
    "office": "home",
    "phone": "phone",
    "message": "mail",
    "online": "mail",
    "accompany": "people",
}
IN_PERSON = (Channel.VISIT, Channel.ACCOMPANY)


@require_safe
def today(request) -> HttpResponse:
    """One's own caseload, in the order in which it needs somebody."""
    if not can(request.user, May.SEE_CASELOAD):
        raise PermissionDenied(_("This desk is for those who look after households."))
    now = timezone.now()
    mine = caseload_of(request.user, now=now)
    since = last_time(request.user, now)
    news = news_of(mine.ids, since=since, by_others_than=request.user)
    waiting, moving = referrals_of(request.user, now), moving_of(request.user, now)
    drafts = list(Draft.objects.visible_to(request.user).select_related("household")[: SHOWN + 1])
    lost = lost_page(lost_of(mine.rows, now=now), request.GET.get("page"), size=SHOWN)
    shown = _households(mine, news, waiting, drafts) | {found.row["household_id"] for found in lost} | moving.households
    titles = titles_of(request.user, shown, on=mine.on)
    asked = owed_by(request.user, now)
    named = {*titles, *households_of(asked)}
    looked(request, Act.LIST, subjects=shown_people(titles), households=named, detail={"desk": "today"})
    context = {
        "now": now,
        "since": since,
        "mine": mine,
        **_contacts(mine, titles, now),
        "can_hold": request.user.weekly_contacts,
        "lost": lost_shown(lost, titles),
        "lost_page": lost,
        "news": [{"news": item, "title": titles[item.household]} for item in news[:SHOWN] if item.household in titles],
        "news_count": len(news),
        "waiting": waiting[:SHOWN],
        "waiting_count": len(waiting),
        "alarms": waiting_for(request.user, now),
        "missing": missing_visits(request.user, now),
        "concerns": concerns.mine(request.user, now),
        "asked_by_councils": asked,
        **moving.shown(titles),
        "drafts": [_draft(draft, titles) for draft in drafts[:SHOWN]],
        "honest": honest(now),
        "centre_too": can(request.user, May.SEE_CENTRE),
        "intake_url": url_or_nothing("households:intake") if can(request.user, May.INTAKE) else "",
    }
    return render(request, "desks/today.html", context)


def _contacts(mine: Caseload, titles: dict[int, Title], now: datetime) -> dict[str, Any]:
    """Whom to see first, with whom something is agreed, and with whom contact is owed this week."""
    return {
        "first": [_first(row, titles, now) for row in mine.first()],
        "appointments": [_appointment(row, titles, now) for row in mine.appointments()],
        "owed": [_owed(row, titles, now) for row in mine.this_week[:SHOWN]],
    }


def referrals_of(user: User, now: datetime) -> list[dict[str, Any]]:
    """Return the referrals in which the user's side must do the next step, the most urgent first; one query."""
    rows = (
        Referral.objects.waiting_on(user)
        .with_clocks(now)
        .with_veil()
        .select_related("to_agency", "from_agency")
        .order_by("sent_at", "id")
    )
    calendar = work_calendar(now)
    found = [
        {
            "referral": row,
            "title": titled(row, user),
            "due": clocks.due(row, now, calendar),
            "ours": row.from_agency_id == user.agency_id,
        }
        for row in rows
    ]
    return sorted(found, key=lambda item: (item["due"] is None, item["due"].at if item["due"] else now))


def _households(mine: Caseload, news: list, waiting: list, drafts: list) -> set[int]:
    rows = [*mine.first(), *mine.appointments(), *mine.this_week[:SHOWN]]
    shown = {row["household_id"] for row in rows} | {item.household for item in news[:SHOWN]}
    shown |= {item["referral"].household_id for item in waiting[:SHOWN]}
    return shown | {draft.household_id for draft in drafts[:SHOWN] if draft.household_id}


def _first(row: dict[str, Any], titles: dict[int, Title], now: datetime) -> dict[str, Any]:
    step, due = next_step(row, now)
    title = titles[row["household_id"]]
    return {
        "row": row,
        "title": title,
        "why": reason_of(row, seoul_day(now)),
        "step": step,
        "due": due,
        "log": _log(title),
    }


def _appointment(row: dict[str, Any], titles: dict[int, Title], now: datetime) -> dict[str, Any]:
    channel = Channel(row["next_channel"] or Channel.PHONE)
    title = titles[row["household_id"]]
    return {
        "at": hourmin(row["next_at"]),
        "passed": row["next_at"] < now,
        "title": title,
        "channel": channel.label,
        "icon": ICONS.get(channel.value, "note"),
        "tone": "red" if channel in IN_PERSON else "green",
        "contact_on": row["contact_on"],
        "log": _log(title),
    }


def _owed(row: dict[str, Any], titles: dict[int, Title], now: datetime) -> dict[str, Any]:
    step, due = next_step(row, now)
    return {
        "row": row,
        "title": titles[row["household_id"]],
        "gap": gap_of(row, seoul_day(now)),
        "step": step,
        "due": due,
    }


def _draft(draft: Draft, titles: dict[int, Title]) -> dict[str, Any]:
    title = titles.get(draft.household_id) if draft.household_id else None
    return {"draft": draft, "name": title.name if title else ""}


def _log(title: Title) -> str:
    return url_or_nothing("households:contact", title.number)
