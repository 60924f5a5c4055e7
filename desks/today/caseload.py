"""The households that one worker looks after today, as a main worker, a substitute or a counsellor; one query."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Func, JSONField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from casework.agencies.models import User
from casework.clock import seoul_day
from desks.tries import tries
from households.models import Assignment, Contact, Membership
from risk.bands import Band
from risk.models import Standing

WEEK = timedelta(days=7)


@dataclass
class Caseload:
    """Rows of standings in the order of the at-risk list, with the numbers that a day begins with."""

    rows: list[dict[str, Any]]
    on: date
    worker: int | None = None

    @property
    def people(self) -> int:
        return sum(row["people"] for row in self.rows)

    @property
    def others(self) -> int:
        """Households whose main worker is somebody else: here one is substitute or counsellor."""
        return sum(row["worker_id"] != self.worker for row in self.rows)

    @property
    def ids(self) -> list[int]:
        return [row["household_id"] for row in self.rows]

    @property
    def this_week(self) -> list[dict[str, Any]]:
        """Rows whose contact date falls on this week's Sunday or before: what is owed, the higher band first."""
        return [row for row in self.rows if row["contact_due_on"] and row["contact_due_on"] <= self.sunday]

    @property
    def sunday(self) -> date:
        return self.on + timedelta(days=6 - self.on.weekday())

    @property
    def overdue(self) -> int:
        return sum(bool(row["overdue"]) for row in self.rows)

    def groups(self) -> list[dict[str, int]]:
        """Return the bands for the drawing: level, count, and how many are past their contact date."""
        bands = Counter(row["shown_band"] for row in self.rows)
        late = Counter(row["shown_band"] for row in self.rows if row["overdue"])
        return [
            {"level": int(band), "count": bands[int(band)], "over": late[int(band)]}
            for band in sorted(Band, reverse=True)
            if bands[int(band)]
        ]

    def first(self, count: int = 3) -> list[dict[str, Any]]:
        """Return the first places: ranked, and only where something is due by tomorrow."""
        due = [row for row in self.rows if _to_do_by(row, self.on + timedelta(days=1))]
        return due[:count]

    def appointments(self) -> list[dict[str, Any]]:
        """Return what was planned for today at the latest contact, by the hour."""
        planned = [row for row in self.rows if row["next_at"] and seoul_day(row["next_at"]) == self.on]
        return sorted(planned, key=lambda row: row["next_at"])


def caseload_of(user: User, *, now: datetime) -> Caseload:
    """Return the caseload of `user`: assignments of today that `visible_to` still stands behind."""
    on = seoul_day(now)
    mine = Assignment.objects.current().filter(worker=user.pk, during__contains=on).values("household")
    members = Membership.objects.current().filter(household=OuterRef("household"), during__contains=on)
    latest = Contact.objects.current().filter(household=OuterRef("household")).order_by("-occurred_at", "-id")
    main = Assignment.objects.current().filter(
        household=OuterRef("household"), during__contains=on, kind=Assignment.Kind.MAIN
    )
    standings: Any = Standing.objects
    rows = (
        standings.visible_to(user)
        .filter(household__in=mine)
        .ranked()
        .annotate(
            people=Coalesce(Subquery(members.order_by().values("household").annotate(n=Count("pk")).values("n")), 0),
            next_at=Subquery(latest.values("next_at")[:1]),
            next_channel=Subquery(latest.values("next_channel")[:1]),
            tries=Func(template=tries("risk_standing", on), output_field=JSONField()),
            worker_id=Subquery(main.values("worker")[:1]),
            worker_name=Subquery(main.values("worker__name")[:1]),
        )
        .values(*_COLUMNS, household_number=F("household__number"))
    )
    found = list(rows)
    for row in found:
        row["overdue"] = bool(row["contact_due_on"] and row["contact_due_on"] < on)
    return Caseload(found, on, user.pk)


def _to_do_by(row: dict[str, Any], day: date) -> bool:
    planned = row["next_at"] and seoul_day(row["next_at"]) <= day
    owed = row["contact_due_on"] and row["contact_due_on"] <= day
    return bool(planned or owed or (row["shown_band"] == Band.EMERGENCY and not row["limit_days"]))


_COLUMNS = (
    "household_id",
    "shown_band",
    "band_since",
    "reason_rule",
    "reason_since",
    "reason_evidence",
    "reasons",
    "address_protected",
    "contact_on",
    "limit_days",
    "contact_due_on",
    "review_due_on",
    "attempts",
    "acted_at",
    "people",
    "next_at",
    "next_channel",
    "tries",
    "worker_id",
    "worker_name",
)
