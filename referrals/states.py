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
    REROUTED = "rerouted", _("Passed on to another agency")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    PROVIDED = "provided", _("Outcome provided")
    CONFIRMED = "confirmed", _("Confirmed by the sender")
    DISPUTED = "disputed", _("Not received, says the sender")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Could not be carried out")


SENDERS_TURN = (Status.DRAFT, Status.DECLINED, Status.PROVIDED, Status.CONFIRMED, Status.FAILED)
RECEIVERS_TURN = (
    Status.SENT,
    Status.RECEIVED,
    Status.ACCEPTED,
    Status.IN_PROGRESS,
    Status.ON_HOLD,
    Status.DISPUTED,
)
FINISHED = (Status.CLOSED, Status.CANCELLED, Status.REROUTED)
UNANSWERED = (Status.SENT, Status.RECEIVED)
UNDER_WAY = (Status.ACCEPTED, Status.IN_PROGRESS, Status.ON_HOLD, Status.DISPUTED)
CAME_BACK = (Status.DECLINED, Status.FAILED)

TODO = {
    Status.DRAFT: _("check what will be seen, and send"),
    Status.SENT: _("acknowledge receipt"),
    Status.RECEIVED: _("answer whether it is accepted"),
    Status.ACCEPTED: _("meet the person, and record the first contact"),
    Status.DECLINED: _("ask another agency, or end the request"),
    Status.REROUTED: "",
    Status.IN_PROGRESS: _("report the outcome"),
    Status.ON_HOLD: _("take it up again when what it waits for has come"),
    Status.PROVIDED: _("confirm that the help arrived"),
    Status.CONFIRMED: _("close"),
    Status.DISPUTED: _("put right what did not arrive"),
    Status.CLOSED: "",
    Status.CANCELLED: "",
    Status.FAILED: _("ask another agency, or end the request"),
}

# The moments of a referral that both sides are told, as columns.
MOMENTS = (
    "sent_at",
    "acknowledged_at",
    "answered_at",
    "contacted_at",
    "failed_at",
    "provided_at",
    "confirmed_at",
    "closed_at",
)

# FHIR R4 Task: status and businessStatus. The pair is one to one with ours; a Task has no word of its own for
# "passed on", "confirmed by who asked" or "disputed".
FHIR = {
    Status.DRAFT: ("draft", "draft"),
    Status.SENT: ("requested", "sent"),
    Status.RECEIVED: ("received", "received"),
    Status.ACCEPTED: ("accepted", "accepted"),
    Status.DECLINED: ("rejected", "declined"),
    Status.REROUTED: ("rejected", "rerouted"),
    Status.IN_PROGRESS: ("in-progress", "in_progress"),
    Status.ON_HOLD: ("on-hold", "on_hold"),
    Status.PROVIDED: ("completed", "provided"),
    Status.CONFIRMED: ("completed", "confirmed"),
    Status.DISPUTED: ("in-progress", "disputed"),
    Status.CLOSED: ("completed", "closed"),
    Status.CANCELLED: ("cancelled", "cancelled"),
    Status.FAILED: ("failed", "failed"),
}

NEEDS = [
    ("livelihood", _("Livelihood")),
    ("utilities", _("Power, water, gas")),
    ("housing", _("Housing")),
    ("health", _("Health")),
    ("mind", _("Mental health")),
    ("family", _("Family and care")),
    ("safety", _("Safety")),
    ("work", _("Employment")),
    ("training", _("Training")),
    ("education", _("Children and schooling")),
    ("debt", _("Debt and law")),
    ("protection", _("Protection period")),
    ("whereabouts", _("Well-being check")),
    ("other", _("Other need")),
]


class Urgency(models.TextChoices):
    """How soon somebody has to answer. The clocks of each come from the table of routes."""

    USUAL = "usual", _("Usual")
    URGENT = "urgent", _("Urgent")


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


class Waits(models.TextChoices):
    """For whom a referral waits while the receiver cannot go on."""

    SENDER = "sender", _("the sending agency's answer")
    CLIENT = "client", _("the person")
    OTHER = "other", _("another body")
