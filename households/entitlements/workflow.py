"""What can happen to a version of an entitlement: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class VersionStatus(models.TextChoices):
    """Where a version of an entitlement stands."""

    DRAFT = "draft", _("Draft")
    REQUESTED = "requested", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", _("Discarded")


S = VersionStatus  # short, so that the table reads as a table
OPEN = {S.DRAFT, S.REQUESTED}


def is_proposer(version, user):
    """Whoever drew it up, as long as they hold the word."""
    return version.proposed_by_id == user.pk and can(user, May.KEEP_ENTITLEMENTS)


def is_second(version, user):
    """Anybody else who holds the word: nobody approves what they drew up."""
    return version.proposed_by_id != user.pk and can(user, May.KEEP_ENTITLEMENTS)


def is_keeper(version, user):
    """Anybody who keeps the catalogue."""
    return can(user, May.KEEP_ENTITLEMENTS)


ENTITLEMENT = Workflow(
    step("edit", OPEN, S.DRAFT, "proposer", "entitlement edited", _("Save the draft")),
    step("request", {S.DRAFT}, S.REQUESTED, "proposer", "entitlement submitted", _("Ask for approval")),
    step("approve", {S.REQUESTED}, S.APPROVED, "second", "entitlement approved", _("Approve")),
    step(
        "discard",
        OPEN,
        S.DISCARDED,
        "keeper",
        "entitlement discarded",
        _("Discard · reason"),
        needs_reason=True,
    ),
    actors={"proposer": is_proposer, "second": is_second, "keeper": is_keeper},
)
