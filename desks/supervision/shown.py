"""What stands beside the numbers on a sheet: absences of the last year and to come, and the notes of the two."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from casework.agencies.models import User
from casework.clock import add_months
from desks.supervision.numbers import Numbers, Waiting, caseload, numbers_of, waiting_of
from households.models import Absence, SupervisionNote, SupervisionStep

DAY = timedelta(days=1)
BACK = 12
"""Months for which absences are shown: our own criterion."""
NOTES = 20


@dataclass(frozen=True)
class Away:
    """One absence: its days, of what kind, and who stands in."""

    first: date
    last: date
    kind: str
    substitute: str


@dataclass(frozen=True)
class Sheet:
    """What a reader sees of one worker on a day, on screen and on paper."""

    worker: User
    on: date
    numbers: Numbers
    waiting: list[Waiting]
    absences: list[Away]
    notes: list["Talk"]


def sheet_of(user: User, worker: User, on: date) -> Sheet:
    """Return the sheet of a worker as `user` may read it; five queries."""
    homes = caseload(user, worker, on)
    numbers, waiting = numbers_of(worker, homes, on), waiting_of(worker, homes, on)
    return Sheet(worker, on, numbers, waiting, absences_of(user, worker, on), notes_of(user, worker))


def absences_of(user: User, worker: User, on: date) -> list[Away]:
    """Return a worker's absences of the last twelve months and those to come, the latest first; one query."""
    rows = Absence.objects.current().visible_to(user).filter(worker=worker.pk, during__isempty=False)
    rows = rows.filter(during__endswith__gt=add_months(on, -BACK)).select_related("substitute")
    return [
        Away(row.during.lower, row.during.upper - DAY, row.get_kind_display(), str(row.substitute or ""))
        for row in rows.order_by("-during", "-id")
    ]


@dataclass(frozen=True)
class Agreed:
    """One agreed step: its words, by when, whether it is done."""

    text: str
    due_on: date | None
    done: bool


@dataclass(frozen=True)
class Talk:
    """One note, as the sheet lists it."""

    pk: int
    held_on: date
    supervisor: str
    steps: list[Agreed]


def notes_of(user: User, worker: User) -> list[Talk]:
    """Return the notes about a worker that the user may read, the latest first, with their steps; one query."""
    steps = SupervisionStep.objects.filter(note=OuterRef("pk")).order_by("place")
    told = steps.values(told=JSONObject(text="text", due_on="due_on", done_at="done_at"))
    rows = SupervisionNote.objects.visible_to(user).filter(worker=worker.pk).annotate(agreed=ArraySubquery(told))
    found = rows.order_by("-held_on", "-id").values_list("pk", "held_on", "supervisor__name", "agreed")[:NOTES]
    return [Talk(pk, held_on, name, [_agreed(step) for step in agreed]) for pk, held_on, name, agreed in found]


def _agreed(step: dict[str, Any]) -> Agreed:
    due_on = date.fromisoformat(step["due_on"]) if step["due_on"] else None
    return Agreed(step["text"], due_on, bool(step["done_at"]))
