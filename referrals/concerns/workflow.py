"""What can happen to a concern: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class ConcernStatus(models.TextChoices):
    """Where a concern stands. Until somebody of the centre has looked at it, a clock runs."""

    WAITING = "waiting", _("Nobody has looked at it yet")
    CONTACT = "contact", _("To be contacted")
    REFERRAL = "referral", _("Another agency is to be asked")
    SAME = "same", _("Told before")
    NOTHING = "nothing", _("Nothing further")


S = ConcernStatus  # short, so that the table reads as a table
FOLLOWED = (S.CONTACT, S.REFERRAL)


def is_decider(concern, user):
    """Whoever decides over the work of the centre that has the concern before it."""
    return concern.centre_id == user.agency_id and can(user, May.ASSIGN)


CONCERN = Workflow(
    step("contact", {S.WAITING}, S.CONTACT, "decider", "concern: to be contacted", _("Have them contacted")),
    step("refer", {S.WAITING}, S.REFERRAL, "decider", "concern: agency to be asked", _("Ask another agency")),
    step("join", {S.WAITING}, S.SAME, "decider", "concern: told before", _("It was told before")),
    step(
        "nothing",
        {S.WAITING},
        S.NOTHING,
        "decider",
        "concern: nothing further",
        _("Nothing further · reason"),
        needs_reason=True,
    ),
    step(
        "pass_on",
        {S.WAITING},
        S.WAITING,
        "decider",
        "concern passed on",
        _("Pass on to another centre · reason"),
        needs_reason=True,
    ),
    step(
        "again",
        {S.CONTACT, S.REFERRAL, S.SAME, S.NOTHING},
        S.WAITING,
        "decider",
        "concern: looked at again",
        _("Look at it again · reason"),
        needs_reason=True,
    ),
    actors={"decider": is_decider},
)
