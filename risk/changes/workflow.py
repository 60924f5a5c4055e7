"""What can happen to a change of a rule: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class ChangeStatus(models.TextChoices):
    """Where a change of a rule stands."""

    DRAFT = "draft", _("Draft")
    SIMULATED = "simulated", _("Tried out")
    REQUESTED = "requested", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", _("Discarded")


S = ChangeStatus  # short, so that the table reads as a table
OPEN = {S.DRAFT, S.SIMULATED, S.REQUESTED}


def is_proposer(change, user):
    """Whoever proposed the change, as long as they hold the word."""
    return change.proposed_by_id == user.pk and can(user, May.SET_CRITERIA)


def is_second(change, user):
    """Anybody else who holds the word: nobody approves what they proposed."""
    return change.proposed_by_id != user.pk and can(user, May.SET_CRITERIA)


def is_setter(change, user):
    """Anybody who may change criteria."""
    return can(user, May.SET_CRITERIA)


CHANGE = Workflow(
    step("edit", OPEN, S.DRAFT, "proposer", "change edited", _("Change the numbers")),
    step("simulate", {S.DRAFT, S.SIMULATED}, S.SIMULATED, "setter", "change tried out", _("Calculate again")),
    step("renew", {S.REQUESTED}, S.REQUESTED, "setter", "change tried out", _("Calculate again")),
    step("request", {S.SIMULATED}, S.REQUESTED, "proposer", "approval requested", _("Ask for approval")),
    step("approve", {S.REQUESTED}, S.APPROVED, "second", "change approved", _("Approve")),
    step("discard", OPEN, S.DISCARDED, "setter", "change discarded", _("Discard · reason"), needs_reason=True),
    actors={"proposer": is_proposer, "second": is_second, "setter": is_setter},
)
