"""What can happen to a data request: one table, from which come its verbs, its trigger and its diagram."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class DataStatus(models.TextChoices):
    """Where a data request stands. Whether its days have passed is computed from its dates."""

    RECEIVED = "received", _("Taken down")
    CHECKED = "checked", _("Identity seen")
    PROPOSED = "proposed", _("Waiting for a second signature")
    ANSWERED = "answered", _("Answered, to be told")
    TOLD = "told", _("Answer told")
    WITHDRAWN = "withdrawn", _("Withdrawn by who asked")


S = DataStatus  # short, so that the table reads as a table
UNDECIDED = (S.RECEIVED, S.CHECKED, S.PROPOSED)
OPEN = (*UNDECIDED, S.ANSWERED)


def is_handler(request, user):
    """The supervisor or the head of the centre that keeps the person's file."""
    return can(user, May.REVIEW) and keeps(request, user)


def is_second(request, user):
    """Another of them than the one who wrote the answer."""
    return is_handler(request, user) and request.answered_by_id != user.pk


def is_taker(request, user):
    """Whoever records contacts with the person at the centre that keeps the file."""
    return can(user, May.RECORD_CONTACT) and keeps(request, user)


def keeps(request, user):
    """Tell whether the user's own centre keeps the person's file, and the user sees it there."""
    from households.models import Person

    return Person.objects.kept_by(user).filter(pk=request.person_id).exists()


DATA = Workflow(
    step("check", {S.RECEIVED}, S.CHECKED, "handler", "identity seen", _("Record that the identity was seen")),
    step(
        "extend",
        {S.CHECKED},
        S.CHECKED,
        "handler",
        "answer put off",
        _("Put the answer off once · reason"),
        needs_reason=True,
    ),
    step("answer", {S.CHECKED}, S.ANSWERED, "handler", "request granted", _("Answer")),
    step("propose", {S.CHECKED}, S.PROPOSED, "handler", "refusal written", _("Write a refusal")),
    step(
        "send_back",
        {S.PROPOSED},
        S.CHECKED,
        "second",
        "refusal sent back",
        _("Send the refusal back · reason"),
        needs_reason=True,
    ),
    step("sign", {S.PROPOSED}, S.ANSWERED, "second", "refusal signed", _("Sign as the second person")),
    step("tell", {S.ANSWERED}, S.TOLD, "handler", "answer told", _("Record that the answer was told")),
    step(
        "withdraw",
        set(UNDECIDED),
        S.WITHDRAWN,
        "taker",
        "data request withdrawn",
        _("Record a withdrawal · reason"),
        needs_reason=True,
    ),
    actors={"handler": is_handler, "second": is_second, "taker": is_taker},
)
