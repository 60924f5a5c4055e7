"""The states of a referral, whose turn each one is, and the words it can be asked in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a referral stands; whose turn it is follows from it."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    PROVIDED = "provided", _("Outcome provided")
    CONFIRMED = "confirmed", _("Confirmed by the sender")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


SENDERS_TURN = (Status.DRAFT, Status.DECLINED, Status.PROVIDED, Status.CONFIRMED)
RECEIVERS_TURN = (Status.SENT, Status.RECEIVED, Status.ACCEPTED)
FINISHED = (Status.CLOSED, Status.CANCELLED)

TODO = {
    Status.DRAFT: _("check what will be seen, and send"),
    Status.SENT: _("acknowledge receipt"),
    Status.RECEIVED: _("answer whether it is accepted"),
    Status.ACCEPTED: _("report the outcome"),
    Status.DECLINED: _("ask another agency, or close"),
    Status.PROVIDED: _("confirm that the help arrived"),
    Status.CONFIRMED: _("close"),
    Status.CLOSED: "",
    Status.CANCELLED: "",
}

NEEDS = [
    ("livelihood", _("Livelihood")),
    ("utilities", _("Power, water, gas")),
    ("housing", _("Housing")),
    ("health", _("Health")),
    ("mind", _("Mental health")),
    ("safety", _("Safety")),
    ("work", _("Employment")),
    ("education", _("Education")),
    ("debt", _("Debt and law")),
    ("whereabouts", _("Well-being check")),
    ("other", _("Other need")),
]


class Ground(models.TextChoices):
    """Why the law lets these facts be told to another agency."""

    CONSENT = "consent", _("The person agreed")
    DUTY = "duty", _("Duty to refer (Social Security Benefits Act, Article 16(2))")
    DANGER = "danger", _("Urgent danger (Personal Information Protection Act, Article 18(2)3)")


class Outcome(models.TextChoices):
    """What came of it."""

    PROVIDED = "provided", _("Provided")
    PARTIAL = "partial", _("Provided in part")
    NOT_PROVIDED = "not_provided", _("Not provided")
