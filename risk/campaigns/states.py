"""What can happen to a survey: one table, from which come the verbs, the trigger and the buttons."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class CampaignStatus(models.TextChoices):
    """Where a survey stands. Who is asked can be changed until it is frozen, and never afterwards."""

    DRAFT = "draft", pgettext_lazy("survey", "Draft")
    RUNNING = "running", pgettext_lazy("survey", "Running")
    CLOSED = "closed", pgettext_lazy("survey", "Closed")
    DISCARDED = "discarded", pgettext_lazy("survey", "Discarded")


S = CampaignStatus  # short, so that the table reads as a table


def is_opener(campaign, user):
    """Whoever opens surveys of this reach: a head those of the own centre, the Ministry those of everybody."""
    return can(user, May.SURVEY) and campaign.agency_id == reach_of(user)


def reach_of(user):
    """Return the id of the agency whose households the user's surveys are about; None is everybody."""
    return user.agency_id if can(user, May.SEE_CENTRE) else None


CAMPAIGN = Workflow(
    step("freeze", {S.DRAFT}, S.RUNNING, "opener", "survey frozen", _("Freeze and begin")),
    step("close", {S.RUNNING}, S.CLOSED, "opener", "survey closed", _("Close the survey")),
    step("discard", {S.DRAFT}, S.DISCARDED, "opener", "survey discarded", _("Discard the draft")),
    actors={"opener": is_opener},
)
