"""What the pages of closings and of deaths show."""

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Value, When
from django.urls import reverse

from casework.agencies.models import User
from casework.audit.models import Event
from desks.closings.words import SAID
from desks.day.closings import SOURCES
from desks.day.due import Scope, due_of
from households.closings.actions import due_after
from households.closings.workflow import CLOSING, ClosingStatus
from households.deaths.workflow import ReviewStatus
from households.models import Closing, DeathReview, Household
from risk.closings.heard import closed_at, heard_of, quiet
from risk.models import Standing

ROWS = 50


def proposed_to(user: User) -> Any:
    """Return the closings that wait for a second person, the oldest first."""
    rows = Closing.objects.visible_to(user).filter(status=ClosingStatus.PROPOSED, centre=user.agency_id)
    return rows.select_related("household", "proposed_by").order_by("proposed_at", "id")


def closed_page(user: User, *, now: datetime, asked: Any = None) -> Any:
    """Return a page of the closed cases, those of which something new was heard on top (`heard`)."""
    still = Standing.objects.filter(household=OuterRef("household")).filter(quiet(now))
    stands = Standing.objects.filter(household=OuterRef("household"))
    news = Case(When(Exists(stands.order_by()) & ~Exists(still.order_by()), then=Value(True)), default=Value(False))
    seen = Closing.objects.visible_to(user).order_by().values("pk")
    rows = closed_at(now).filter(pk__in=seen).annotate(heard=news).select_related("household", "asks_later")
    return Paginator(rows.order_by("-heard", F("approved_at").desc(), "-id"), ROWS).get_page(asked)


def due_here(user: User, on: date) -> list[dict[str, Any]]:
    """Return what is due after endings in the households whose file the user's centre keeps; one query."""
    kept = Household.objects.kept_by(user).order_by().values("pk")
    named = {source.kind: source for source in SOURCES}
    return [
        {"due": one, "source": named[one.kind], "href": named[one.kind].href(one, "")}
        for one in due_of(SOURCES, Scope(user, kept, on))
    ]


def counts_of(user: User, *, now: datetime) -> dict[str, int]:
    """Return how many endings wait on the desk of who leads a centre, by what they wait for; one query."""
    reviews = DeathReview.objects.visible_to(user).filter(status=ReviewStatus.DRAFT)
    parts = {
        "proposed": proposed_to(user).select_related(None),
        "heard": heard_of(Standing.objects.visible_to(user), now),
        "reviews": reviews,
    }
    first, *others = (
        rows.order_by().annotate(what=Value(name)).values("what").annotate(n=Count("pk"))
        for name, rows in parts.items()
    )
    found = {row["what"]: row["n"] for row in first.union(*others, all=True)}
    return {name: found.get(name, 0) for name in parts}


def after_of(closing: Closing, on: date) -> list[dict[str, Any]]:
    """Return when somebody asks after a closed case, and what came of it."""
    done = {row.months: row for row in closing.after_care.select_related("recorded_by").order_by("months")}
    return [
        {"months": months, "day": day, "done": done.get(months), "late": months not in done and day < on}
        for months, day in due_after(closing)
    ]


def rests_on(closing: Closing, user: User) -> dict[str, Any]:
    """Return what a closing rests on as the page names it: the talk, the other file."""
    talk = ""
    if closing.contact:
        talk = reverse("households:contact_page", args=[closing.household.number, closing.contact])
    return {"talk": talk, "same_as": closing.same_as, "evidence": closing.evidence}


def buttons_of(closing: Closing, user: User) -> set[str]:
    """Return the verbs of the table that the user can take now."""
    return {step.verb for step in CLOSING.open_to(closing, user)}


def happened(subject: Any) -> list[dict[str, Any]]:
    """Return the events of a closing or of a review, the latest first, in words."""
    rows = Event.objects.about(subject).order_by("-id")
    return [{"event": row, "said": said_of(row.verb)} for row in rows]


def said_of(verb: str) -> str:
    """Return what an event is called."""
    return str(SAID.get(verb, verb))
