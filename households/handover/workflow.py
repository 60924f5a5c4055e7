"""What can happen to a handover: one table, from which come its verbs, its trigger and its diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class HandoverStatus(models.TextChoices):
    """Where a handover stands. Whether anybody is late is computed from the day of the move."""

    ANNOUNCED = "announced", _("Announced to the centre")
    ACCEPTED = "accepted", _("Accepted, worker named")
    DECLINED = "declined", _("Declined by the centre")
    MOVED_IN = "moved_in", _("Moved in")
    WITHDRAWN = "withdrawn", _("Withdrawn by the Ministry")


S = HandoverStatus  # short, so that the table reads as a table
WAITING = (S.ANNOUNCED, S.DECLINED)
COMING = (S.ANNOUNCED, S.ACCEPTED, S.DECLINED)


def is_ministry(_handover, user):
    """The officers of the Ministry, to which Hanawon belongs."""
    return can(user, May.DECIDE_PROTECTION)


def leads_centre(handover, user):
    """Whoever assigns the work of the centre to which the handover is addressed."""
    return can(user, May.ASSIGN) and user.agency_id == handover.center_id


def receives(handover, user):
    """Whoever takes the household in at that centre: the named worker, or who assigns the work there."""
    if not can(user, May.INTAKE) or user.agency_id != handover.center_id:
        return False
    return handover.worker_id == user.pk or can(user, May.ASSIGN)


HANDOVER = Workflow(
    #    verb        from                        to          actor       recorded as           button
    step("accept", {S.ANNOUNCED}, S.ACCEPTED, "centre", "handover accepted", _("Accept and name a worker")),
    step("name", {S.ACCEPTED}, S.ACCEPTED, "centre", "handover worker changed", _("Name another worker")),
    step("move_in", {S.ACCEPTED}, S.MOVED_IN, "receiver", "handover moved in", _("Record the move-in")),
    step(
        "decline",
        {S.ANNOUNCED},
        S.DECLINED,
        "centre",
        "handover declined",
        pgettext_lazy("handover", "Decline"),
        needs_reason=True,
    ),
    step("readdress", {S.DECLINED}, S.ANNOUNCED, "ministry", "handover addressed anew", _("Address to a centre")),
    step("postpone", {S.ANNOUNCED}, S.ANNOUNCED, "ministry", "handover day changed", _("Change the day of the move")),
    step("move_day", {S.ACCEPTED}, S.ACCEPTED, "ministry", "handover day changed", _("Change the day of the move")),
    step(
        "withdraw",
        {S.ANNOUNCED, S.ACCEPTED, S.DECLINED},
        S.WITHDRAWN,
        "ministry",
        "handover withdrawn",
        pgettext_lazy("handover", "Withdraw"),
        needs_reason=True,
    ),
    actors={"ministry": is_ministry, "centre": leads_centre, "receiver": receives},
)
