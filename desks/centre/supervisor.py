"""The desk of a supervisor or the head of a centre: reviews owed, caseloads, households with nobody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import day_begins, seoul_day, working_days_between
from casework.context import url_or_nothing
from desks.atrisk.ranking import work_calendar
from desks.atrisk.rows import reason_of, short_duty_of
from desks.atrisk.views import assignable_by, honest
from desks.centre.absences import Away, away_of
from desks.centre.loads import Load, loads_of, nobody_in, standings_of
from desks.centre.second import Waiting, waiting_for_second
from desks.centre.uptodate import health, leaders, remedies
from desks.closings.shown import counts_of
from desks.day.shown import missing_visits
from desks.moving import moving_of
from desks.titles import Title, shown_people, titles_of
from desks.unreachable import lost_shown, out_of_reach
from households.actions import Refused, assign
from households.handover.shown import waiting_at
from households.models import Household
from households.preferences import ask_for_a_woman, not_known_to_be_a_woman
from referrals import clocks
from referrals.alarms.shown import waiting_for
from referrals.concerns import shown as concerns
from referrals.council.shown import households_of, owed_by
from referrals.models import Referral
from referrals.packet import titled
from referrals.reviewing import council_looks, second_looks
from risk.bands import Band

SHOWN = 10


@require_safe
def supervisor(request) -> HttpResponse:
    """The whole centre, as far as it needs a decision."""
    check_leads(request.user)
    now = timezone.now()
    on = seoul_day(now)
    found = _found(request.user, now)
    titles = titles_of(request.user, found.households, on=on)
    named = {*titles, *households_of(found.asked)}
    looked(request, Act.LIST, subjects=shown_people(titles), households=named, detail={"desk": "supervisor"})
    context = {
        "now": now,
        **_owed_here(found, titles, now),
        "second": [_second(item, titles) for item in found.second if item.household in titles],
        "grounds": found.grounds[:SHOWN],
        "brought": found.brought[:SHOWN],
        "grounds_count": len(found.grounds) + len(found.brought),
        "alarms": waiting_for(request.user, now),
        "missing": missing_visits(request.user, now),
        "concerns": concerns.waiting(request.user, now),
        "asked_by_councils": found.asked,
        "handovers": waiting_at(request.user, on, work_calendar(now).holidays),
        "endings": counts_of(request.user, now=now),
        **found.moving.shown(titles),
        **_team(request.user, on),
        **_up_to_date(request.user, now),
    }
    return render(request, "desks/supervisor.html", context)


@dataclass(frozen=True)
class Found:
    """What waits in the centre, before it is named: every list whole, in the order in which it needs somebody."""

    queue: list[Any]
    nobody: list[Any]
    late: list[dict[str, Any]]
    grounds: list[dict[str, Any]]
    brought: list[dict[str, Any]]
    second: list[Any]
    lost: list[Any]
    asked: list[Any]
    moving: Any

    @property
    def households(self) -> set[int]:
        """The households that the page shows."""
        shown = {row.household_id for row in (*self.queue[:SHOWN], *self.nobody[:SHOWN])}
        shown |= {item["referral"].household_id for item in (*self.late[:SHOWN], *self.grounds[:SHOWN])}
        shown |= {row["item"].household_id for row in self.brought[:SHOWN]}
        shown |= {item.household for item in self.second} | self.moving.households
        return shown | {found.row["household_id"] for found in self.lost[:SHOWN]}


def _found(user: User, now: datetime) -> Found:
    on = seoul_day(now)
    standings = standings_of(user, on=on)
    return Found(
        queue=review_queue(user, on),
        nobody=nobody_in(user, on=on),
        late=late_referrals(user, now),
        grounds=second_looks(user, now),
        brought=council_looks(user, now),
        second=waiting_for_second(user, standings.order_by().values("household"), on=on),
        lost=out_of_reach(standings, now=now),
        asked=owed_by(user, now),
        moving=moving_of(user, now),
    )


def _owed_here(found: Found, titles: dict[int, Title], now: datetime) -> dict[str, Any]:
    """What is owed of households and referrals: the first of each list, and how many there are."""
    on = seoul_day(now)
    return {
        "queue": [_waiting(row, titles, now) for row in found.queue[:SHOWN] if row.household_id in titles],
        "queue_count": len(found.queue),
        "queue_late": sum(row.review_due_on < on for row in found.queue),
        "nobody": [_alone(row, titles, on) for row in found.nobody[:SHOWN] if row.household_id in titles],
        "nobody_count": len(found.nobody),
        "late": found.late[:SHOWN],
        "late_count": len(found.late),
        "late_ours": sum(item["ours"] for item in found.late),
        "late_theirs": sum(not item["ours"] for item in found.late),
        "lost": lost_shown(found.lost[:SHOWN], titles),
        "lost_count": len(found.lost),
        "lost_late": sum(row.late for row in found.lost),
    }


def _team(user: User, on: date) -> dict[str, Any]:
    """Who works in the centre, how much each has, who is away, whom work can be given to."""
    loads, away = loads_of(user, on=on), away_of(user, on=on)
    team = {"loads": loads, "team": team_of(loads, away), "away": away, "tally": tally_of(loads)}
    return team | {"assignable": assignable_by(user), "leaders": leaders(user, on=on)}


@require_POST
def assign_one(request, number: str) -> HttpResponse:
    """Give a household that nobody looks after to a worker of the centre."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    if not can(request.user, May.ASSIGN):
        raise PermissionDenied(_("Work is assigned by the supervisor or the head of the centre."))
    chosen = request.POST.get("worker", "")
    worker = next((user for user in assignable_by(request.user) if str(user.pk) == chosen), None)
    if worker is None:
        messages.warning(request, _("Please choose a worker."))
        return redirect("desks:supervisor")
    try:
        on = seoul_day(timezone.now())
        assign(household, worker=worker, on=on, by=request.user)
        messages.success(request, _("%(worker)s now looks after %(number)s.") % {"worker": worker, "number": number})
        if said := not_known_to_be_a_woman(worker, ask_for_a_woman(household, on)):
            messages.warning(request, said)
    except Refused as refused:
        messages.error(request, f"{number}: {refused}")
    return redirect("desks:supervisor")


def check_leads(user: User) -> None:
    """Raise PermissionDenied unless the user sees a whole centre."""
    if not can(user, May.SEE_CENTRE):
        raise PermissionDenied(_("This desk is for supervisors and heads of centres."))


def review_queue(user: User, on: date) -> list[Any]:
    """Return the standings whose review is owed, Emergencies on top, then what is due first. Nothing but a review takes
    one away."""
    rows = standings_of(user, on=on).awaiting_review(on=on)
    first = Case(When(shown_band=Band.EMERGENCY, then=0), default=1)
    return list(rows.order_by(first, "review_due_on", "-shown_band", "household_id"))


def late_referrals(user: User, now: datetime) -> list[dict[str, Any]]:
    """Return the referrals of the centre that are past their date, whoever's turn it is, the latest first."""
    calendar = work_calendar(now)
    rows = Referral.objects.visible_to(user).open().overdue(now=now).with_clocks(now).with_turn(user).with_veil()
    found = [
        {"referral": row, "title": titled(row, user), "due": clocks.due(row, now, calendar), "ours": row.ours}
        for row in rows.select_related("to_agency", "from_agency", "sender")
    ]
    return sorted((item for item in found if item["due"]), key=lambda item: item["due"].at)


def tally_of(loads: list[Load]) -> list[dict[str, Any]]:
    """Return the centre's households by band, the highest first."""
    return [
        {"level": int(band), "count": sum(load.bands[int(band)] for load in loads), "duty": short_duty_of(band)}
        for band in sorted(Band, reverse=True)
    ]


def team_of(loads: list[Load], away: list[Away]) -> dict[str, int]:
    """Return the contacts that the centre owes this week, and how many those who are at work today can make.

    Of who is away today, whoever it is, the room does not count; households with nobody are owed all the same.
    """
    gone = {item.absence.worker_id for item in away if item.today}
    carrying = [load for load in loads if load.worker and load.households and not load.away]
    here = [load.worker for load in carrying if load.worker.pk not in gone]
    return {
        "owed": sum(load.owed for load in loads),
        "can": sum(worker.weekly_contacts for worker in here),
        "people": len(here),
        "gone": len(carrying) - len(here),
    }


def _second(item: Waiting, titles: dict[int, Title]) -> dict[str, Any]:
    return {"item": item, "title": titles[item.household]}


def _up_to_date(user: User, now: datetime) -> dict[str, Any]:
    said, found = honest(now), health(now)
    return {"honest": said, "health": found, "remedies": remedies(user, said, found)}


def _waiting(row: Any, titles: dict[int, Title], now: datetime) -> dict[str, Any]:
    title, on, holidays = titles[row.household_id], seoul_day(now), work_calendar(now).holidays
    passed = working_days_between(row.review_due_on, on, holidays) if row.review_due_on < on else 0
    return {
        "row": row,
        "title": title,
        "why": _why(row, on),
        "late": passed,
        "today": row.review_due_on == on,
        "begun": day_begins(row.review_due_on),
        "review": url_or_nothing("risk:review", title.number),
    }


def _alone(row: Any, titles: dict[int, Title], on: date) -> dict[str, Any]:
    return {"row": row, "title": titles[row.household_id], "why": _why(row, on)}


def _why(row: Any, on: date) -> str:
    found = {name: getattr(row, name) for name in ("reason_rule", "reason_since", "reason_evidence")}
    return reason_of(found, on)
