"""What can happen to a planned visit: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class VisitStatus(models.TextChoices):
    """Where a visit stands. One of which nobody said that they are back is missing, whether or not it began."""

    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    STARTED = "started", pgettext_lazy("visit", "Under way")
    BACK = "back", pgettext_lazy("visit", "Back")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Called off")


S = VisitStatus  # short, so that the table reads as a table
OUT = (S.PLANNED, S.STARTED)


def is_goer(visit, user):
    """One of those who go."""
    return user.pk in (visit.worker_id, visit.companion_id) and can(user, May.RECORD_CONTACT)


def is_centre(visit, user):
    """Whoever sees the visit and works with households: a colleague whom they telephoned may say that they are back."""
    return can(user, May.RECORD_CONTACT)


VISIT = Workflow(
    step("start", {S.PLANNED}, S.STARTED, "goer", "visit: started", _("I am setting out")),
    step("back", {S.PLANNED, S.STARTED}, S.BACK, "centre", "visit: back", _("Back safely")),
    step(
        "cancel",
        {S.PLANNED},
        S.CANCELLED,
        "centre",
        "visit: called off",
        _("Call it off · reason"),
        needs_reason=True,
    ),
    actors={"goer": is_goer, "centre": is_centre},
)
