"""What can happen to a referral: one table, from which come the verbs, the trigger and the diagram."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step
from referrals.states import CAME_BACK, UNANSWERED, Status

S = Status  # short, so that the table reads as a table
WAITING = set(UNANSWERED)
RUNNING = {S.ACCEPTED, S.IN_PROGRESS, S.ON_HOLD, S.DISPUTED}
ENDING = {S.DRAFT, *WAITING, *CAME_BACK}  # before anybody accepted, or after it came back


def is_sender(referral, user):
    """Anybody of the sending agency who may refer, or ask without a file: it does not wait for one person's holiday."""
    return referral.from_agency_id == user.agency_id and (can(user, May.REFER) or can(user, May.ASK_FOR))


def is_receiver(referral, user):
    """Anybody of the receiving agency who may receive."""
    return referral.to_agency_id == user.agency_id and can(user, May.RECEIVE)


def is_forwarder(referral, user):
    """Anybody who may receive at the agency that passed it on: their act sends it, the sender answers for it still."""
    before = referral.rerouted_from
    return before is not None and before.to_agency_id == user.agency_id and can(user, May.RECEIVE)


def is_bereaved(referral, user):
    """Once everybody whom it is about has died: a sender, or whoever keeps the register of the household's centre."""
    theirs = is_sender(referral, user) or (can(user, May.INTAKE) and _answers(referral, user))
    return theirs and referral.of_the_dead


def _answers(referral, user):
    from households.models.circle import ours

    return ours(user).filter(household=referral.household_id).exists()


REFERRAL = Workflow(
    step("send", {S.DRAFT}, S.SENT, "sender", "sent", _("Send the referral")),
    step("forward", {S.DRAFT}, S.SENT, "forwarder", "passed on", _("Pass on to the next agency")),
    step("cancel", ENDING, S.CANCELLED, "sender", "cancelled", _("Cancel · reason"), needs_reason=True),
    step("acknowledge", {S.SENT}, S.RECEIVED, "receiver", "acknowledged", _("Acknowledge receipt")),
    step("accept", WAITING, S.ACCEPTED, "receiver", "accepted", _("Accept and take")),
    step("reroute", WAITING, S.REROUTED, "receiver", "rerouted", _("Pass on · reason"), needs_reason=True),
    step("decline", WAITING, S.DECLINED, "receiver", "declined", _("Decline · reason"), needs_reason=True),
    step("begin", {S.ACCEPTED}, S.IN_PROGRESS, "receiver", "first contact", _("First contact made")),
    step("hold", {S.IN_PROGRESS}, S.ON_HOLD, "receiver", "put on hold", _("Put on hold · for whom"), needs_reason=True),
    step("resume", {S.ON_HOLD, S.DISPUTED}, S.IN_PROGRESS, "receiver", "resumed", _("Take up again")),
    step("provide", RUNNING, S.PROVIDED, "receiver", "outcome provided", _("Report the outcome")),
    step("fail", RUNNING, S.FAILED, "receiver", "failed", _("Cannot be carried out · reason"), needs_reason=True),
    step("confirm", {S.PROVIDED}, S.CONFIRMED, "sender", "confirmed", _("Confirm that help arrived")),
    step("return", {S.PROVIDED}, S.DISPUTED, "sender", "not received", _("Not received · reason"), needs_reason=True),
    step("close", {S.CONFIRMED}, S.CLOSED, "sender", "closed", _("Close the referral")),
    step(
        "end",
        {*ENDING, *RUNNING, S.PROVIDED, S.CONFIRMED},
        S.CANCELLED,
        "bereaved",
        "ended: the person has died",
        _("End: the person has died"),
    ),
    actors={"sender": is_sender, "receiver": is_receiver, "forwarder": is_forwarder, "bereaved": is_bereaved},
)
