"""Whether the list is up to date, and what can be done where it is not: whom to call, and a button to run it again."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from casework.agencies.models import User
from casework.agencies.roles import CentreHead, May, Supervisor, can
from casework.audit.record import record
from casework.context import url_or_nothing
from casework.touched import Touched
from desks.atrisk.views import honest
from households.models import Absence
from risk.models import Sweep
from risk.tasks import tick

log = logging.getLogger(__name__)
STUCK = timedelta(minutes=10)
WHOM = 3


def health(now: datetime) -> dict[str, Any]:
    """Return whether changes reach the list: the last small sweep, how many changes wait, and since when the oldest."""
    last = Sweep.objects.filter(kind=Sweep.Kind.TOUCHED, finished_at__isnull=False).order_by("-finished_at").first()
    oldest = Touched.objects.order_by("at").values_list("at", flat=True).first()
    waiting = Touched.objects.values("household_id").distinct().count() if oldest else 0
    stuck = bool(oldest and now - oldest > STUCK)
    return {"last": last.finished_at if last else None, "waiting": waiting, "oldest": oldest, "stuck": stuck}


def remedies(user: User, said: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return what can be done about `said` (what `honest` found) and `found` (what `health` found).

    `again`: the evaluation can be asked for; `upload`: where a late feed's file is taken in; `whom`: the administrators
    to call, by name with their desk telephone. Nothing is offered where nothing is wrong.
    """
    behind = bool(said["missed"] or not said["at"] or found["stuck"])
    wrong = behind or bool(said["feeds"])
    return {
        "again": behind and can(user, May.ASSIGN),
        "upload": url_or_nothing("imports:upload") if said["feeds"] and can(user, May.IMPORT) else "",
        "whom": administrators() if wrong else [],
    }


def administrators() -> list[User]:
    """Return the first few users who keep the system, those with a telephone first."""
    people = User.objects.who_may(May.ADMINISTER)
    return sorted(people.order_by("name", "id")[: 5 * WHOM], key=lambda user: not user.phone)[:WHOM]


def leaders(user: User, *, on: date) -> dict[str, Any]:
    """Return who decides at the user's agency on the day: the `supervisors` and the `heads` who are not away."""
    away = Absence.objects.current().filter(during__contains=on).values("worker")
    here = User.objects.filter(agency=user.agency_id, is_active=True).exclude(pk__in=away)
    found = {}
    for word, role in (("supervisors", Supervisor), ("heads", CentreHead)):
        held = here.filter(grants__role=role.code, grants__during__contains=timezone.now())
        found[word] = list(held.order_by("name", "id").distinct())
    return found


@require_POST
def run_again(request) -> HttpResponse:
    """Ask for what the ledger says is due: the missed evaluation, and the changes that wait. Twice does it once."""
    if not can(request.user, May.ASSIGN):
        raise PermissionDenied(_("The evaluation is asked for by the supervisor or the head of the centre."))
    now = timezone.now()
    said, found = honest(now), health(now)
    if not remedies(request.user, said, found)["again"]:
        messages.info(request, _("The list is up to date: there is nothing to run again."))
        return redirect("desks:supervisor")
    record("evaluation asked for", request.user.agency or request.user, by=request.user)
    transaction.on_commit(_ring)
    messages.success(
        request, _("The evaluation was asked for. If this page still says so in ten minutes, call the administrator.")
    )
    return redirect("desks:supervisor")


def _ring() -> None:
    """Ring for the tick; where nobody hears it, the next minute's tick finds the same in the ledger."""
    try:
        tick.apply_async(retry=False, expires=60)
    except (OperationalError, OSError):
        log.info("tick_not_heard")
