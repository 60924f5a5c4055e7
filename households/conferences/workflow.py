"""What can happen to a case conference: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class ConferenceStatus(models.TextChoices):
    """Where a conference stands. Decisions are written while it is held; closing freezes the record."""

    PLANNED = "planned", pgettext_lazy("case conference", "Planned")
    ANNOUNCED = "announced", pgettext_lazy("case conference", "Announced")
    HELD = "held", pgettext_lazy("case conference", "Held, record open")
    CLOSED = "closed", pgettext_lazy("case conference", "Record closed")
    CANCELLED = "cancelled", pgettext_lazy("case conference", "Cancelled")


S = ConferenceStatus  # short, so that the table reads as a table
OPEN = (S.PLANNED, S.ANNOUNCED)
TOOK_PLACE = (S.HELD, S.CLOSED)


def is_keeper(conference, user):
    """Whoever decides over the work of the centre: a conference waits for nobody's holiday."""
    return conference.centre_id == user.agency_id and can(user, May.ASSIGN)


CONFERENCE = Workflow(
    step("announce", {S.PLANNED}, S.ANNOUNCED, "keeper", "conference announced", _("Announce the conference")),
    step("hold", {S.PLANNED, S.ANNOUNCED}, S.HELD, "keeper", "conference held", _("The conference begins")),
    step("close", {S.HELD}, S.CLOSED, "keeper", "conference closed", _("Close the record")),
    step(
        "cancel",
        {S.PLANNED, S.ANNOUNCED},
        S.CANCELLED,
        "keeper",
        "conference cancelled",
        _("Cancel the conference · reason"),
        needs_reason=True,
    ),
    actors={"keeper": is_keeper},
)
