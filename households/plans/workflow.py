"""What can happen to a service plan: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.workflow import Workflow, step


class PlanStatus(models.TextChoices):
    """Where a plan stands. From "agreed" on its goals stand as the client agreed to them; a new wish is a new plan."""

    DRAFT = "draft", pgettext_lazy("plan", "Being written")
    AGREED = "agreed", pgettext_lazy("plan", "Agreed")
    RUNNING = "running", pgettext_lazy("plan", "Under way")
    ENDED = "ended", pgettext_lazy("plan", "Ended")
    REPLACED = "replaced", pgettext_lazy("plan", "Replaced by a new plan")
    DROPPED = "dropped", pgettext_lazy("plan", "Draft set aside")


S = PlanStatus  # short, so that the table reads as a table
LIVE = (S.AGREED, S.RUNNING)
OPEN = (S.DRAFT, *LIVE)


def is_worker(plan, user):
    """Whoever records contacts at the centre that answers for the household: a plan waits for nobody's holiday."""
    from households.actions.rights import allowed, check_can_record_contact

    return allowed(check_can_record_contact, user, plan.household)


PLAN = Workflow(
    step("agree", {S.DRAFT}, S.AGREED, "worker", "plan agreed", _("Record the client's agreement")),
    step("start", {S.AGREED}, S.RUNNING, "worker", "plan under way", _("Put under way")),
    step("end", {S.AGREED, S.RUNNING}, S.ENDED, "worker", "plan ended", _("End the plan")),
    step("replace", {S.AGREED, S.RUNNING}, S.REPLACED, "worker", "plan replaced", _("Replace by a new plan")),
    step(
        "drop",
        {S.DRAFT},
        S.DROPPED,
        "worker",
        "plan draft set aside",
        _("Set the draft aside · reason"),
        needs_reason=True,
    ),
    actors={"worker": is_worker},
)
