"""What follows from the record of a death: each floor says its own (`settings.CASEWORK_AFTER_DEATH`).

A function there takes a Death, in the transaction of the record, and returns what others were told, as words; it must
not refuse. What it tells cannot be taken back, should the record turn out to be a mistake.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from casework.clock import seoul_day


@dataclass(frozen=True)
class Death:
    """Somebody died `on` a day, recorded `by` a user `now`; `homes` are the households the person belonged to,
    `emptied` those of them in which nobody is left."""

    person: Any
    on: date
    by: Any
    now: datetime
    homes: tuple[Any, ...]
    emptied: tuple[Any, ...]


def follow(death: Death) -> list[str]:
    """Let every floor do what follows; return what others were told, as words."""
    return [said for function in followers() for said in function(death)]


@cache
def followers():
    """Return the functions of every floor, in the order of the setting."""
    return tuple(getattr(import_module(path.rpartition(".")[0]), path.rpartition(".")[2]) for path in _paths())


def _paths():
    return settings.CASEWORK_AFTER_DEATH


def end_requests(death: Death) -> list[str]:
    """Withdraw what the person asked about a period of protection, where whoever records the death may."""
    from households.extensions.drafting import withdraw
    from households.extensions.workflow import REQUEST
    from households.models import ExtensionRequest

    said = []
    for request in ExtensionRequest.objects.open().filter(person=death.person).order_by("id"):
        step = REQUEST.steps["withdraw"]
        if request.status in step.sources and REQUEST.actors[step.actor](request, death.by):
            withdraw(request, by=death.by, now=death.now, reason=_("A death is on record."))
            said.append(_("Request %(number)s was withdrawn.") % {"number": request.number})
        else:
            said.append(_("Request %(number)s stays open: who keeps it ends it.") % {"number": request.number})
    return said


def cancel_visits(death: Death) -> list[str]:
    """Call off the visits that are planned to a home in which nobody is left."""
    from households.models import PlannedVisit
    from households.visits.actions import cancel
    from households.visits.workflow import VISIT, VisitStatus

    said = []
    for visit in PlannedVisit.objects.filter(household__in=death.emptied, status=VisitStatus.PLANNED).order_by("id"):
        words = {"day": seoul_day(visit.begins).isoformat()}
        if VISIT.actors[VISIT.steps["cancel"].actor](visit, death.by):
            cancel(visit, by=death.by, now=death.now, reason=_("A death is on record."))
            said.append(_("The visit of %(day)s was called off.") % words)
        else:
            said.append(_("The visit of %(day)s stays planned: who goes calls it off.") % words)
    return said
