"""What can happen to the review of a death: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class ReviewStatus(models.TextChoices):
    """Where the review of a death stands."""

    DRAFT = "draft", _("Being reviewed")
    FINISHED = "finished", pgettext_lazy("death review", "Finished")
    WITHDRAWN = "withdrawn", _("The death was recorded by mistake")


S = ReviewStatus  # short, so that the table reads as a table


def is_leader(review, user):
    """Whoever decides over the work of the centre where the death was recorded."""
    return review.centre_id == user.agency_id and can(user, May.ASSIGN)


def is_register(review, user):
    """Whoever keeps the register of the centre where the death was recorded."""
    return review.centre_id == user.agency_id and can(user, May.INTAKE)


DEATH_REVIEW = Workflow(
    step("write", {S.DRAFT}, S.DRAFT, "leader", "death review written", _("Save the review")),
    step("finish", {S.DRAFT}, S.FINISHED, "leader", "death review finished", _("Finish the review")),
    step(
        "mistaken",
        {S.DRAFT, S.FINISHED},
        S.WITHDRAWN,
        "register",
        "death recorded by mistake",
        _("The person is alive: correct the record"),
        needs_reason=True,
    ),
    actors={"leader": is_leader, "register": is_register},
)
