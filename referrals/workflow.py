"""What can happen to a referral: one table, from which come the verbs, the trigger and the diagram."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.workflow import Workflow, step
from referrals.states import Status

S = Status  # short, so that the table reads as a table
EARLY = {S.DRAFT, S.SENT, S.RECEIVED}  # before anybody accepted


def is_sender(referral, user):
    """Anybody of the sending agency who may refer: the file does not wait for one person's holiday."""
    return referral.from_agency_id == user.agency_id and can(user, May.REFER)


def is_receiver(referral, user):
    """Anybody of the receiving agency who may receive."""
    return referral.to_agency_id == user.agency_id and can(user, May.RECEIVE)


REFERRAL = Workflow(
    step("send", {S.DRAFT}, S.SENT, "sender", "sent", _("Send the referral")),
    step("cancel", EARLY, S.CANCELLED, "sender", "cancelled", _("Cancel · reason"), needs_reason=True),
    step("acknowledge", {S.SENT}, S.RECEIVED, "receiver", "acknowledged", _("Acknowledge receipt")),
    step("accept", {S.SENT, S.RECEIVED}, S.ACCEPTED, "receiver", "accepted", _("Accept and take")),
    step("decline", {S.SENT, S.RECEIVED}, S.DECLINED, "receiver", "declined", _("Decline · reason"), needs_reason=True),
    step("provide", {S.ACCEPTED}, S.PROVIDED, "receiver", "outcome provided", _("Report the outcome")),
    step("confirm", {S.PROVIDED}, S.CONFIRMED, "sender", "confirmed", _("Confirm that help arrived")),
    step("return", {S.PROVIDED}, S.ACCEPTED, "sender", "not received", _("Not received · reason"), needs_reason=True),
    step("close", {S.CONFIRMED, S.DECLINED}, S.CLOSED, "sender", "closed", _("Close the referral")),
    actors={"sender": is_sender, "receiver": is_receiver},
)
