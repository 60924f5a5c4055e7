"""What can happen to a request, a sitting and an objection: three tables, from which come verbs, triggers, diagrams."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.workflow import Workflow, step


class RequestStatus(models.TextChoices):
    """Where a request stands. Whether its result still stands open to an objection is computed from the days."""

    DRAFT = "draft", _("Being written")
    SIGNED = "signed", _("Signed")
    SUBMITTED = "submitted", _("Submitted to the Ministry")
    RECEIVED = "received", _("Received by the Ministry")
    AGENDA = "agenda", _("Before the Consultative Council")
    PREPARED = "prepared", _("Decision prepared")
    DECIDED = "decided", _("Decided, to be told")
    TOLD = "told", _("Result told")
    WITHDRAWN = "withdrawn", _("Withdrawn by who asked")


class SittingStatus(models.TextChoices):
    """Where a sitting of the Consultative Council stands."""

    PLANNED = "planned", _("Sitting planned")
    ANNOUNCED = "announced", _("Members notified")
    HELD = "held", _("Sitting held")
    CLOSED = "closed", _("Record of the sitting closed")
    CANCELLED = "cancelled", _("Sitting cancelled")


class ObjectionStatus(models.TextChoices):
    """Where an objection stands. That it counts as accepted is computed from the days and never stored."""

    RECEIVED = "received", _("Objection received")
    PREPARED = "prepared", _("Answer prepared")
    ANSWERED = "answered", _("Objection settled")
    WITHDRAWN = "withdrawn", _("Objection withdrawn")


S = RequestStatus  # short, so that the tables read as tables
M = SittingStatus
O = ObjectionStatus  # noqa: E741
UNDECIDED = (S.DRAFT, S.SIGNED, S.SUBMITTED, S.RECEIVED, S.AGENDA, S.PREPARED)
OPEN = (*UNDECIDED, S.DECIDED)
OUR_TURN = (S.SUBMITTED, S.RECEIVED, S.AGENDA, S.PREPARED, S.DECIDED)


def is_ministry(_obj, user):
    """The officers of the Ministry who receive, prepare and decide."""
    return can(user, May.DECIDE_PROTECTION)


def is_second(obj, user):
    """An officer of the Ministry other than the one who prepared it."""
    return can(user, May.DECIDE_PROTECTION) and obj.prepared_by_id != user.pk


def is_writer(request, user):
    """Whoever keeps the request: at the centre those who look after the person, else the office that took it down;
    a local government only while the person stands in its register."""
    if request.agency.kind == Kind.HANA_CENTER:
        return can(user, May.RECORD_CONTACT) and _keeps(request, user)
    word = May.DECIDE_PROTECTION if request.agency.kind == Kind.MINISTRY else May.SEE_REGISTER
    if request.agency_id != user.agency_id or not can(user, word):
        return False
    return word == May.DECIDE_PROTECTION or _in_register(request, user)


def _keeps(request, user):
    from households.models import Person

    return Person.objects.kept_by(user).filter(pk=request.person_id).exists()


def _in_register(request, user):
    from households.models import ProtectionPeriod

    return ProtectionPeriod.objects.in_register_of(user).filter(person=request.person_id).exists()


def is_side(request, user):
    """Who may write down that the person withdraws: who keeps the request, or the Ministry once it has it."""
    return is_writer(request, user) or (request.submitted_at is not None and is_ministry(request, user))


REQUEST = Workflow(
    step("sign", {S.DRAFT}, S.SIGNED, "writer", "request signed", _("Record the signature")),
    step("rewrite", {S.SIGNED}, S.DRAFT, "writer", "request reopened", _("Change the form again")),
    step("submit", {S.SIGNED}, S.SUBMITTED, "writer", "request submitted", _("Submit to the Ministry")),
    step("receive", {S.SUBMITTED}, S.RECEIVED, "ministry", "request received", _("Receive")),
    step("put", {S.RECEIVED}, S.AGENDA, "ministry", "put on the agenda", _("Put on the agenda of a sitting")),
    step(
        "take_off",
        {S.AGENDA},
        S.RECEIVED,
        "ministry",
        "taken off the agenda",
        _("Take off the agenda · reason"),
        needs_reason=True,
    ),
    step("prepare", {S.AGENDA}, S.PREPARED, "ministry", "decision prepared", _("Prepare the decision")),
    step(
        "send_back",
        {S.PREPARED},
        S.AGENDA,
        "ministry",
        "decision sent back",
        _("Send the prepared decision back · reason"),
        needs_reason=True,
    ),
    step("decide", {S.PREPARED}, S.DECIDED, "second", "request decided", _("Decide as prepared")),
    step("tell", {S.DECIDED}, S.TOLD, "ministry", "result told", _("Record that the result was told")),
    step("reach", {S.TOLD}, S.TOLD, "ministry", "result reached the person", _("Record when it reached the person")),
    step(
        "withdraw",
        set(UNDECIDED),
        S.WITHDRAWN,
        "side",
        "request withdrawn",
        _("Record a withdrawal · reason"),
        needs_reason=True,
    ),
    actors={"writer": is_writer, "ministry": is_ministry, "second": is_second, "side": is_side},
)
SITTING = Workflow(
    step("announce", {M.PLANNED}, M.ANNOUNCED, "ministry", "sitting announced", _("Notify the members")),
    step("hold", {M.ANNOUNCED}, M.HELD, "ministry", "sitting held", _("The sitting was held")),
    step("close", {M.HELD}, M.CLOSED, "ministry", "record closed", _("Close the record")),
    step(
        "cancel",
        {M.PLANNED, M.ANNOUNCED},
        M.CANCELLED,
        "ministry",
        "sitting cancelled",
        _("Cancel the sitting · reason"),
        needs_reason=True,
    ),
    actors={"ministry": is_ministry},
)
OBJECTION = Workflow(
    step("prepare", {O.RECEIVED}, O.PREPARED, "ministry", "answer prepared", _("Prepare the answer")),
    step(
        "send_back",
        {O.PREPARED},
        O.RECEIVED,
        "ministry",
        "answer sent back",
        _("Send the prepared answer back · reason"),
        needs_reason=True,
    ),
    step("confirm", {O.PREPARED}, O.ANSWERED, "second", "objection settled", _("Confirm as prepared")),
    step(
        "withdraw",
        {O.RECEIVED, O.PREPARED},
        O.WITHDRAWN,
        "ministry",
        "objection withdrawn",
        _("Record that the objection is withdrawn · reason"),
        needs_reason=True,
    ),
    actors={"ministry": is_ministry, "second": is_second},
)
