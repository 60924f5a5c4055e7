"""What can happen to a task: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class TaskStatus(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", pgettext_lazy("task", "To be done")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Not to be done any more")


S = TaskStatus  # short, so that the table reads as a table


def is_worker(task, user):
    """Whoever works with households at the centre and sees the task: a colleague may do what is to be done."""
    return can(user, May.RECORD_CONTACT)


TASK = Workflow(
    step("done", {S.OPEN}, S.DONE, "worker", "task: done", pgettext_lazy("task", "It is done")),
    step(
        "drop",
        {S.OPEN},
        S.DROPPED,
        "worker",
        "task: dropped",
        pgettext_lazy("task", "Not needed any more · reason"),
        needs_reason=True,
    ),
    step("reopen", {S.DONE, S.DROPPED}, S.OPEN, "worker", "task: open again", _("Open it again")),
    actors={"worker": is_worker},
)
