"""What can happen to the closing of a case: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class ClosingStatus(models.TextChoices):
    """Where a closing stands. Nothing is taken out of the file: a closed case is reopened in one step."""

    PROPOSED = "proposed", _("Closing proposed")
    APPROVED = "approved", pgettext_lazy("case", "Closed")
    SENT_BACK = "sent_back", _("Closing sent back")
    WITHDRAWN = "withdrawn", _("Closing withdrawn")
    REOPENED = "reopened", pgettext_lazy("case", "Reopened")


S = ClosingStatus  # short, so that the table reads as a table
OPEN = (S.PROPOSED, S.APPROVED)


def is_worker(closing, user):
    """Anybody who keeps the register of the centre that proposed it: it waits for nobody's holiday."""
    return closing.centre_id == user.agency_id and can(user, May.INTAKE)


def is_leader(closing, user):
    """Whoever decides over the work of the centre that proposed it."""
    return closing.centre_id == user.agency_id and can(user, May.ASSIGN)


def is_second(closing, user):
    """Whoever decides over the work there, other than who proposed it, while that centre answers for the household: a
    transfer alone is closed after it has moved."""
    moved = closing.reason == "transferred" or closing.answers
    return is_leader(closing, user) and closing.proposed_by_id != user.pk and moved


def is_keeper(closing, user):
    """Whoever decides over the work of the centre that closed the case, while it answers for the household."""
    return is_leader(closing, user) and closing.answers


CLOSING = Workflow(
    step("approve", {S.PROPOSED}, S.APPROVED, "second", "closing approved", _("Approve: the case is closed")),
    step(
        "send_back",
        {S.PROPOSED},
        S.SENT_BACK,
        "leader",
        "closing sent back",
        _("Send back · reason"),
        needs_reason=True,
    ),
    step("withdraw", {S.PROPOSED}, S.WITHDRAWN, "worker", "closing withdrawn", _("Withdraw the proposal")),
    step("reopen", {S.APPROVED}, S.REOPENED, "keeper", "case reopened", _("Reopen · reason"), needs_reason=True),
    actors={"worker": is_worker, "leader": is_leader, "second": is_second, "keeper": is_keeper},
)
