"""One week of a centre on a page to print: what came in, what was decided, who is out of reach, what is late.

And how many contacts were owed and made. Computed when it is asked for, of any week; nothing of it is stored.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casework.agencies.models import User
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import AsOf, day_begins, day_ends, seoul_day
from casework.imports.models import Batch, State
from desks.centre.loads import standings_of
from desks.centre.supervisor import check_leads
from desks.titles import shown_people, titles_of
from desks.unreachable import lost_page, lost_shown, out_of_reach
from households.models import Contact, Membership, Responsibility
from referrals.lateness import overdue
from referrals.models import Referral
from risk.bands import Band
from risk.models import Endorsement, Flag, Review, RuleVersion, SearchEnd, Signal, Standing
from risk.past import as_it_was

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
LOST_ON_A_PAGE = 30
KEPT_SECONDS = 60 * 60


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday; `now` is the moment that its end is looked at from: its last, or this one."""

    monday: date
    now: datetime
    running: bool

    @property
    def sunday(self) -> date:
        return self.monday + 6 * DAY

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first moment up to the last that is looked at."""
        return day_begins(self.monday), self.now

    @property
    def code(self) -> str:
        """The ISO week, as the address names it: "2026-W47"."""
        return week_code(self.monday)


def week_code(day: date) -> str:
    """Return the ISO week of a day."""
    year, week, __ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_of(text: str, now: datetime) -> Week | None:
    """Return the week of "2026-W47", this one for "", None for nonsense and for a week that has not begun."""
    today = seoul_day(now)
    this = today - timedelta(days=today.weekday())
    try:
        monday = date.fromisoformat(f"{text}-1") if text else this
    except ValueError:
        return None
    if monday > this or monday.year < 2000 or monday.weekday():
        return None
    running = monday == this
    return Week(monday, now if running else day_ends(monday + 6 * DAY) - datetime.resolution, running)


@require_safe
def digest(request) -> HttpResponse:
    """The week of the user's centre; `?week=2026-W47` asks for another one, `page` for more of who is out of reach."""
    check_leads(request.user)
    now = timezone.now()
    asked = week_of(request.GET.get("week", ""), now)
    week = asked or week_of("", now)
    assert week is not None  # noqa: S101  (this week has begun)
    seen = list(standings_of(request.user, on=seoul_day(now)).order_by("pk").values_list("pk", flat=True))
    owed = _owed(seen, week)
    with _end_of(week, seen):
        standings: Any = Standing.objects.filter(household__in=seen)
        late, lost = _late(standings, request.user, week), out_of_reach(standings, now=week.now)
    page = lost_page(lost, request.GET.get("page"), size=LOST_ON_A_PAGE)
    titles = titles_of(request.user, {found.row["household_id"] for found in page}, on=seoul_day(now))
    detail = {"digest": week.code, "page": page.number}
    looked(request, Act.LIST, subjects=shown_people(titles), households=titles, detail=detail)
    context = {
        "week": week,
        "nonsense": asked is None,
        "before": week_code(week.monday - WEEK),
        "after": "" if week.running else week_code(week.monday + WEEK),
        "households": len(seen),
        "came": came_in(request.user, seen, week),
        "decided": decided(seen, week),
        "contacts": contacts(seen, owed, week),
        "late": late,
        "lost": lost_shown(page, titles),
        "lost_page": page,
        "lost_count": len(lost),
    }
    return render(request, "desks/digest.html", context)


def came_in(user: User, seen: list[int], week: Week) -> dict[str, Any]:
    """Return what was learned in the week: signals by group, households that were raised to High or above, new ones."""
    people = Membership.objects.current().filter(household__in=seen).values("person")
    signals = Signal.objects.current().filter(person__in=people, known_at__range=week.span)
    name = "code__group_en" if get_language() == "en" else "code__group_ko"
    groups = signals.values_list(name).annotate(n=Count("fact_id", distinct=True)).order_by("-n", name)
    high = Q(trump=True) | Q(floor__gte=Band.HIGH)
    raised = Flag.objects.filter(high, household__in=seen, raised_at__range=week.span)
    new = Responsibility.objects.current().filter(
        household__in=seen, center=user.agency_id, during__startswith__range=(week.monday, week.sunday)
    )
    return {
        "groups": list(groups),
        "signals": sum(n for __, n in groups),
        "raised": raised.values("household").distinct().count(),
        "new": new.values("household").distinct().count(),
        "referrals": Referral.objects.filter(to_agency=user.agency_id, sent_at__range=week.span).count(),
    }


def decided(seen: list[int], week: Week) -> dict[str, int]:
    """Return how many decisions of each kind people took in the week, second looks among them."""
    reviews = Review.objects.filter(household__in=seen, recorded_at__range=week.span).aggregate(
        **{word: Count("pk", filter=Q(decision=word)) for word in Review.Decision.values}
    )
    second = Endorsement.objects.filter(review__household__in=seen, recorded_at__range=week.span).count()
    ended = SearchEnd.objects.filter(household__in=seen, recorded_at__range=week.span).count()
    return {**reviews, "second": second, "ended": ended}


def contacts(seen: list[int], owed: list[int], week: Week) -> dict[str, int]:
    """Return contacts owed as the week began and how many of those households were reached, and all that was done."""
    done = Contact.objects.current().filter(household__in=seen, occurred_at__range=week.span)
    reached = done.filter(contact_made=True, household__in=owed).values("household").distinct().count()
    return {
        "owed": len(owed),
        "reached": reached,
        "open": len(owed) - reached,
        "made": done.filter(contact_made=True).count(),
        "attempts": done.filter(contact_made=False).count(),
    }


def _owed(seen: list[int], week: Week) -> list[int]:
    """Return the households whose contact date fell on the week's Sunday or before, as known when the week began.

    A whole centre is judged anew for it, which takes seconds; what was known then seldom changes, so each process keeps
    it for a while. Not in Redis: who reads Redis asks nobody's rights, and it may be emptied at any moment.
    """
    key = _owed_key(seen, week)
    if (owed := cache.get(key)) is None:
        owed = _judged(seen, week)
        cache.set(key, owed, KEPT_SECONDS)
    return owed


def _owed_key(seen: list[int], week: Week) -> str:
    """Name the very question, so that whoever sees other households never gets this answer, and what may still change
    it: a file that brings what was known before it came, and the criteria of the day."""
    brought = Batch.objects.filter(dry_run=False, state=State.DONE).aggregate(Max("finished_at"), Max("pk"))
    versions = RuleVersion.objects.in_force(on=week.monday).order_by("id").values_list("pk", flat=True)
    told = (week.monday, seen, list(brought.values()), list(versions))
    return f"owed-{sha256(repr(told).encode()).hexdigest()}"


def _judged(seen: list[int], week: Week) -> list[int]:
    with as_it_was(AsOf(week.monday, day_begins(week.monday)), households=seen):
        due = Standing.objects.filter(household__in=seen, contact_due_on__lte=week.sunday)
        return list(due.order_by("pk").values_list("pk", flat=True))


def _end_of(week: Week, seen: list[int]) -> Any:
    """Cover the tables by what they held as the week ended; of the running week they stand as they are."""
    return nullcontext() if week.running else as_it_was(AsOf(week.sunday, week.now), households=seen)


def _late(standings: Any, user: User, week: Week) -> dict[str, int]:
    on = seoul_day(week.now)
    reviewed = Review.objects.filter(household=OuterRef("household"), recorded_at__gte=OuterRef("band_since"))
    late = Referral.objects.filter(overdue(week.now), from_agency=user.agency_id).open()
    return {
        "reviews": standings.filter(~Exists(reviewed), review_due_on__lt=on).count(),
        "contacts": standings.filter(contact_due_on__lt=on).count(),
        "referrals": late.count(),
    }
