"""What can happen to a monthly report: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class MonthlyStatus(models.TextChoices):
    """Where a report stands. From "ready" on it shows what was frozen then; sent again, it is a new version."""

    DRAFT = "draft", pgettext_lazy("report", "Being prepared")
    READY = "ready", pgettext_lazy("report", "Waits for the second person")
    SIGNED = "signed", pgettext_lazy("report", "Signed off")
    SENT = "sent", pgettext_lazy("report", "Sent")


S = MonthlyStatus  # short, so that the table reads as a table
FROZEN = (S.READY, S.SIGNED, S.SENT)


def leads(user):
    """Tell whether the user leads a Hana Center: its supervisors and its head prepare and sign the report."""
    return user.agency is not None and user.agency.kind == Kind.HANA_CENTER and can(user, May.SEE_CENTRE)


def is_leader(report, user):
    """Anybody who leads the centre: a report waits for nobody's holiday."""
    return report.center_id == user.agency_id and leads(user)


def is_second(report, user):
    """Somebody else who leads the centre than the one who made it ready."""
    return is_leader(report, user) and report.ready_by_id != user.pk


MONTHLY = Workflow(
    step("ready", {S.DRAFT}, S.READY, "leader", "monthly report: ready", _("Freeze it for signing off")),
    step(
        "back",
        {S.READY, S.SIGNED},
        S.DRAFT,
        "leader",
        "monthly report: back",
        _("Back to preparing · reason"),
        needs_reason=True,
    ),
    step("sign", {S.READY}, S.SIGNED, "second", "monthly report: signed", _("Sign off")),
    step("send", {S.SIGNED}, S.SENT, "leader", "monthly report: sent", _("Record that it was sent")),
    actors={"leader": is_leader, "second": is_second},
)
