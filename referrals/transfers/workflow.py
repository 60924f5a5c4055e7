"""What can happen to a transfer: one table, from which come the verbs, the trigger and the diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class TransferStatus(models.TextChoices):
    """Where a transfer stands. Until it is done the sending centre answers for the household."""

    PROPOSED = "proposed", _("Transfer proposed")
    ACCEPTED = "accepted", _("Accepted, first contact to come")
    DONE = "done", _("Taken over")
    DECLINED = "declined", _("Came back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


S = TransferStatus  # short, so that the table reads as a table
OPEN = (S.PROPOSED, S.ACCEPTED)


def is_sender(transfer, user):
    """Anybody of the sending centre who keeps its register: the file does not wait for one person's holiday."""
    return transfer.from_agency_id == user.agency_id and can(user, May.INTAKE)


def is_receiver(transfer, user):
    """Whoever decides over the work of the receiving centre."""
    return transfer.to_agency_id == user.agency_id and can(user, May.ASSIGN)


def is_worker(transfer, user):
    """The worker who was named at the receiving centre; whoever decides over its work may name another."""
    mine = transfer.to_agency_id == user.agency_id and transfer.worker_id == user.pk
    return mine and can(user, May.RECORD_CONTACT)


TRANSFER = Workflow(
    step("accept", {S.PROPOSED}, S.ACCEPTED, "receiver", "transfer accepted", _("Accept and name a worker")),
    step(
        "decline",
        {S.PROPOSED},
        S.DECLINED,
        "receiver",
        "transfer declined",
        _("Decline the transfer · reason"),
        needs_reason=True,
    ),
    step("name", {S.ACCEPTED}, S.ACCEPTED, "receiver", "transfer: worker named", _("Name a worker again")),
    step("meet", {S.ACCEPTED}, S.DONE, "worker", "transfer: first contact", _("Record the first contact")),
    step(
        "give_back",
        {S.ACCEPTED},
        S.DECLINED,
        "receiver",
        "transfer given back",
        _("Give back · reason"),
        needs_reason=True,
    ),
    step(
        "withdraw",
        {*OPEN, S.DECLINED},
        S.WITHDRAWN,
        "sender",
        "transfer withdrawn",
        _("Withdraw: the file stays here · reason"),
        needs_reason=True,
    ),
    actors={"sender": is_sender, "receiver": is_receiver, "worker": is_worker},
)
