"""The states and the steps of such a report; each kind of report names who takes them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.workflow import step


class ReportStatus(models.TextChoices):
    """Where a report stands. From "ready" on it shows what was frozen then; sent again, it is a new version."""

    DRAFT = "draft", pgettext_lazy("report", "Being prepared")
    READY = "ready", pgettext_lazy("report", "Waits for the second person")
    SIGNED = "signed", pgettext_lazy("report", "Signed off")
    SENT = "sent", pgettext_lazy("report", "Sent")


S = ReportStatus  # short, so that the table reads as a table
FROZEN = (S.READY, S.SIGNED, S.SENT)


def steps_of(kind, *, preparer, takes_back):
    """Return the steps of a kind of report, such as "monthly report". `preparer`, `takes_back`: the names of the actors
    who prepare and send it, and who take it back; the actor "second" signs."""
    return (
        step("ready", {S.DRAFT}, S.READY, preparer, f"{kind}: ready", _("Freeze it for signing off")),
        step(
            "back",
            {S.READY, S.SIGNED},
            S.DRAFT,
            takes_back,
            f"{kind}: back",
            _("Back to preparing · reason"),
            needs_reason=True,
        ),
        step("sign", {S.READY}, S.SIGNED, "second", f"{kind}: signed", _("Sign off")),
        step("send", {S.SIGNED}, S.SENT, preparer, f"{kind}: sent", _("Record that it was sent")),
    )
