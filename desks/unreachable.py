"""Who cannot be reached: at which contact step, who must act by when, what was tried and what is suggested next.

The state is computed from the attempts each time it is asked for; nothing stores it, so nothing can forget it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, Func, JSONField, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from casework.clock import seoul_day
from casework.templatetags.format import dayslate, hourmin, rowdayw
from casework.touched import Touched, TouchedLease
from desks.atrisk.rows import Said
from desks.steps import ladder_of, proposal_of
from desks.titles import Title
from desks.tries import Attempt, attempts_of, tries
from households.ladder import SUPERVISOR, SUPERVISORS, Ladder
from households.models import Assignment
from households.models.contact import Channel
from risk.bands import Band

ENOUGH = 2
"""Attempts from which a household below Moderate is called out of reach; from Moderate on, one is enough."""


@dataclass(frozen=True)
class Lost:
    """A household that nobody reaches. `owner` is "worker" or "supervisor"; `ended` where every step was taken."""

    row: dict[str, Any]
    step: str
    key: str
    due: Said
    owner: str
    ended: bool
    tried: str
    proposal: str
    order: tuple[Any, ...]

    @property
    def late(self) -> bool:
        return self.due.state == "late"

    @property
    def asks_others(self) -> bool:
        """Whether the next step is to ask another office, rather than to try the person."""
        return self.key in SUPERVISORS

    @property
    def with_supervisor(self) -> bool:
        return self.owner == SUPERVISOR


def out_of_reach(standings: Any, *, now: datetime) -> list[Lost]:
    """Return those of `standings` (a queryset) that nobody reaches, the longest overdue first; one query."""
    on = seoul_day(now)
    main = Assignment.objects.current().filter(
        household=OuterRef("household"), during__contains=on, kind=Assignment.Kind.MAIN
    )
    rows = standings.filter(_tried_enough() | _not_judged_yet()).annotate(
        tries=Func(template=tries("risk_standing", on), output_field=JSONField()),
        worker_id=Subquery(main.values("worker")[:1]),
        worker_name=Subquery(main.values("worker__name")[:1]),
    )
    columns = (
        "household_id",
        "shown_band",
        "band_since",
        "limit_days",
        "attempts",
        "tries",
        "worker_id",
        "worker_name",
    )
    return lost_of(list(rows.order_by("household_id").values(*columns)), now=now)


def lost_of(rows: list[dict[str, Any]], *, now: datetime) -> list[Lost]:
    """Return those of `rows` (as `steps.ladder_of` takes them) that nobody reaches, the longest overdue first."""
    found = []
    for row in rows:
        trail = attempts_of(row["tries"])
        tried = [attempt for attempt in trail if attempt.tried]
        if len(tried) >= (1 if row["shown_band"] >= Band.MODERATE else ENOUGH):
            found.append(_lost(row, tried, ladder_of(row, now), now))
    return sorted(found, key=lambda lost: lost.order)


def lost_page(lost: list[Lost], asked: Any, *, size: int) -> Page:
    """Return the page of `lost` that an address asks for; nothing cuts the list, so that everybody is on some page."""
    return Paginator(lost, size).get_page(asked)


def lost_shown(lost: Iterable[Lost], titles: dict[int, Title]) -> list[dict[str, Any]]:
    """Return the households out of reach with how they are called, those that the user may see."""
    return [
        {"lost": found, "title": titles[found.row["household_id"]]}
        for found in lost
        if found.row["household_id"] in titles
    ]


def _tried_enough() -> Q:
    return Q(attempts__gte=ENOUGH) | Q(attempts__gte=1, shown_band__gte=Band.MODERATE)


def _not_judged_yet() -> Q:
    """Of whom something was saved since the last sweep: it may be an attempt, which counts at once."""
    claimed = Func("household_ids", function="unnest", output_field=BigIntegerField())
    swept_now = TouchedLease.objects.annotate(one=claimed).values("one")
    return Q(household__in=Touched.objects.values("household_id")) | Q(household__in=swept_now)


def _lost(row: dict[str, Any], tried: list[Attempt], steps: Ladder, now: datetime) -> Lost:
    step = steps.next
    due = step.due if step else None
    first = min(attempt.occurred_at for attempt in tried)
    return Lost(
        row=row,
        step=str(step.label) if step else _("Decide: 112 · 119, or an end with evidence"),
        key=step.key if step else "",
        due=_due(due, now) if step else Said(_("all steps were taken"), "late"),
        owner=step.owner if step else SUPERVISOR,
        ended=step is None,
        tried=_tried(tried, steps),
        proposal=proposal_of(steps),
        order=(step is not None and (due is None or due > now), due or first, -row["shown_band"], row["household_id"]),
    )


def _due(due: datetime | None, now: datetime) -> Said:
    if due is None:
        return Said("")
    late = (seoul_day(now) - seoul_day(due)).days
    if due < now:
        return Said(dayslate(late) if late else _("passed today"), "late")
    return Said(_("by %(day)s %(hour)s") % {"day": rowdayw(due), "hour": hourmin(due)}, "" if late < 0 else "soon")


def _tried(tried: list[Attempt], steps: Ladder) -> str:
    """Return what was tried by which means, and since when: "Telephone 3, visit 1 since 3 Nov"."""
    means = Counter(attempt.channel for attempt in tried)
    words = ", ".join(f"{channel.label} {means[channel]}" for channel in Channel if means[channel])
    since = _("%(means)s since %(day)s") % {"means": words, "day": rowdayw(min(a.occurred_at for a in tried))}
    return _("%(tried)s · all in office hours") % {"tried": since} if steps.daytime_only else since
