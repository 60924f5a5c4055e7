"""What can happen to a settlement report: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class ReportStatus(models.TextChoices):
    """Where a report stands. From "ready" on it shows what was frozen then; sent again, it is a new version."""

    DRAFT = "draft", pgettext_lazy("report", "Being prepared")
    READY = "ready", pgettext_lazy("report", "Waits for the second person")
    SIGNED = "signed", pgettext_lazy("report", "Signed off")
    SENT = "sent", pgettext_lazy("report", "Sent")


S = ReportStatus  # short, so that the table reads as a table
FROZEN = (S.READY, S.SIGNED, S.SENT)


def drafts(user):
    """Tell whether the user prepares reports: the residence-protection officers of a city, county or district."""
    return user.agency is not None and user.agency.kind == Kind.CITY and can(user, May.SEE_REGISTER)


def reads(user):
    """Tell whether the user reads the reports of the own local government: its officers and its supervisors."""
    return drafts(user) or (user.agency is not None and user.agency.kind == Kind.CITY and can(user, May.REVIEW))


def is_drafter(report, user):
    """Any residence-protection officer of the local government: a report waits for nobody's holiday."""
    return report.agency_id == user.agency_id and drafts(user)


def is_office(report, user):
    """An officer or a supervisor of the local government."""
    return report.agency_id == user.agency_id and reads(user)


def is_second(report, user):
    """Another officer, or a supervisor, of the local government than the one who made it ready."""
    return is_office(report, user) and report.ready_by_id != user.pk


REPORT = Workflow(
    step("ready", {S.DRAFT}, S.READY, "drafter", "settlement report: ready", _("Freeze it for signing off")),
    step(
        "back",
        {S.READY, S.SIGNED},
        S.DRAFT,
        "office",
        "settlement report: back",
        _("Back to preparing · reason"),
        needs_reason=True,
    ),
    step("sign", {S.READY}, S.SIGNED, "second", "settlement report: signed", _("Sign off")),
    step("send", {S.SIGNED}, S.SENT, "drafter", "settlement report: sent", _("Record that it was sent")),
    actors={"drafter": is_drafter, "office": is_office, "second": is_second},
)
