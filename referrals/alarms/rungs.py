"""The ladder: who is told how long after a clock has run out. All of it is our own criterion (자체 기준)."""

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Rung(IntegerChoices):
    """Who is told. From the second rung on the sender's side is told as well: it stays responsible."""

    WORKER = 1, _("Person in charge")
    SUPERVISOR = 2, _("Supervisor")
    HEAD = 3, _("Head of the centre or department")
    MINISTRY = 4, _("Ministry desk")


# Rung by rung: working days after a clock of working days has run out, hours after a clock of hours has.
LADDER = {"wd": (0, 1, 3, 5), "h": (0, 4, 12, 24)}
# What has a clock beside the steps of a referral: its name in the ledger, and its words.
WAITS = {
    "decision": _("Statutory decision"),
    "look": _("Second look"),
    "agenda_look": _("Second look, council agenda"),
    "transfer": _("Answer to a transfer"),
    "meet": _("First contact after a transfer"),
    "triage": _("First look at a concern"),
    "owed": _("Contact after a concern"),
}


def ladder_lines():
    """Return (unit, rung, how long after the run-out) for every rung of both ladders."""
    return [(unit, rung, after) for unit, steps in LADDER.items() for rung, after in zip(Rung, steps, strict=True)]
