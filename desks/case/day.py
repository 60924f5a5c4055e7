"""Of a case: the tasks and the planned visits of the household, and whether its address asks for care."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.clock import day_begins, seoul_day
from casework.templatetags.format import daytime, rowday
from desks.case.section import Line, Section
from households.actions.rights import allowed, check_can_record_contact
from households.models import AddressWarning, Household, PlannedVisit, Task
from households.visits.workflow import OUT

LATELY = timedelta(days=14)


def tasks(household: Household, user: User, now: datetime) -> Section | None:
    """The tasks that are open, and who has them; one query."""
    on = seoul_day(now)
    rows = Task.objects.visible_to(user).open().filter(household=household).select_related("owner")
    lines = [
        Line(
            task.what,
            f"{rowday(task.due_on)}{f' · {task.owner}' if task.owner else ''}",
            reverse("households:task", args=[task.pk]),
            "late" if task.due_on < on else "soon" if task.due_on == on else "",
        )
        for task in rows.order_by("due_on", "id")
    ]
    acts = [(_("New task"), reverse("households:task_new", args=[household.number]))]
    if not allowed(check_can_record_contact, user, household):
        acts = []
    return Section(_("Tasks"), "tasks", lines, _("No task is open."), acts)


def visits(household: Household, user: User, now: datetime) -> Section | None:
    """The visits to come and of the last days, the next first; that there are warnings, not which. Two queries."""
    on = seoul_day(now)
    recent = Q(status__in=OUT) | Q(begins__gte=day_begins(on - LATELY))
    rows = PlannedVisit.objects.visible_to(user).filter(recent, household=household).select_related("worker")
    lines = [
        Line(
            f"{daytime(visit.begins)} · {visit.worker}",
            str(visit.get_status_display()),
            reverse("households:visit", args=[visit.pk]),
            "late" if visit.missing(now) else "done" if visit.status == "back" else "",
        )
        for visit in rows.order_by("-begins", "-id")
    ]
    warned = AddressWarning.objects.current().visible_to(user).filter(household=household, during__contains=on).exists()
    if warned:
        words = _("read before you go")
        lines.insert(0, Line(_("Careful at this address"), words, _warnings(household), "soon"))
    acts = [
        (_("Plan a visit"), reverse("households:visit_new", args=[household.number])),
        (_("Warnings about the address"), _warnings(household)),
    ]
    if not allowed(check_can_record_contact, user, household):
        acts = []
    return Section(_("Planned visits"), "visits", lines, _("No visit is planned."), acts)


def _warnings(household: Household) -> str:
    return reverse("households:warning_new", args=[household.number])
