"""What can happen to a meeting: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.workflow import Workflow, step

LOCAL = (Kind.PROVINCE, Kind.CITY, Kind.TOWN)


class MeetingStatus(models.TextChoices):
    """Where a meeting stands. What is shown for it is shown from the sending of the agenda to a stated end."""

    PLANNED = "planned", _("Meeting planned")
    SENT = "sent", _("Agenda sent")
    HELD = "held", _("Meeting held")
    MINUTED = "minuted", _("Minutes closed")
    CANCELLED = "cancelled", _("Meeting cancelled")


S = MeetingStatus  # short, so that the table reads as a table
OPEN = (S.PLANNED, S.SENT)
SHOWING = (S.SENT, S.HELD, S.MINUTED)
TYPED = (S.SENT, S.HELD)


def convenes(user):
    """Tell whether the user convenes councils: the residence-protection officers of a local government."""
    return user.agency is not None and user.agency.kind in LOCAL and can(user, May.SEE_REGISTER)


def keeps(council, user):
    """Tell whether the user keeps this council: its meetings, its members, its decisions."""
    return council.convened_by_id == user.agency_id and convenes(user)


def is_keeper(meeting, user):
    """The residence-protection officers of the convening agency; the meeting waits for nobody's holiday."""
    return keeps(meeting.council, user)


MEETING = Workflow(
    step("send", {S.PLANNED}, S.SENT, "keeper", "agenda sent", _("Send the agenda")),
    step("hold", {S.SENT}, S.HELD, "keeper", "meeting held", _("The meeting was held")),
    step("close", {S.HELD}, S.MINUTED, "keeper", "minutes closed", _("Close the minutes")),
    step(
        "cancel",
        {S.PLANNED, S.SENT},
        S.CANCELLED,
        "keeper",
        "meeting cancelled",
        _("Cancel the meeting · reason"),
        needs_reason=True,
    ),
    actors={"keeper": is_keeper},
)
