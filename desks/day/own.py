"""A worker's own: tasks, planned visits, drafts left lying."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import agency_of
from casework.clock import day_begins
from desks.day.due import Due, Scope, Source, due_rows
from households.models import Draft, PlannedVisit, Task
from referrals.lateness import SeoulDay

LYING = timedelta(days=7)
"""How long a draft may lie until it is called to mind: our own criterion."""
DAY = timedelta(days=1)


def tasks(scope: Scope) -> QuerySet[Any]:
    """Return the open tasks of the households; beside them those that the user sees without a household, and what was
    given to the user by name."""
    rows: Any = Task.objects
    wanted = Q(household__in=scope.households)
    if scope.beside:
        wanted |= Q(pk__in=rows.beside(scope.user).order_by().values("pk"))
    return due_rows(rows.open().filter(wanted), "task", day="due_on", household="household", words="what")


def visits(scope: Scope) -> QuerySet[Any]:
    """Return the planned visits from which nobody is back yet."""
    rows: Any = PlannedVisit.objects
    wanted = Q(household__in=scope.households)
    if scope.beside:
        mine = Q(worker=scope.user.pk) | Q(companion=scope.user.pk)
        wanted |= mine & Q(agency=agency_of(scope.user))
    return due_rows(rows.out().filter(wanted), "visit", day=SeoulDay("begins"), household="household")


def drafts(scope: Scope) -> QuerySet[Any]:
    """Return the user's own drafts that have lain for a week, of these households or, beside them, of none."""
    rows: Any = Draft.objects
    mine = rows.visible_to(scope.user).filter(saved_at__lt=day_begins(scope.on - LYING + DAY))
    wanted = Q(household__in=scope.households)
    wanted |= Q(household=None) if scope.beside else Q(pk__in=[])
    day = SeoulDay(F("saved_at") + LYING)
    return due_rows(mine.filter(wanted), "draft", day=day, household="household", key="client_key")


def _task(due: Due, number: str) -> str:
    return reverse("households:task", args=[due.key])


def _visit(due: Due, number: str) -> str:
    return reverse("households:visit", args=[due.key])


def _draft(due: Due, number: str) -> str:
    return reverse("households:draft", args=[due.key])


OF_ONES_OWN = (
    Source("visit", _("Planned visit"), visits, _visit, waits=False),
    Source("task", _("Task"), tasks, _task),
    Source("draft", _("A draft lies unfinished"), drafts, _draft),
)
