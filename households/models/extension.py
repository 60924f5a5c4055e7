"""A request to extend or to shorten a period of protection, what it gives as grounds, and what hangs beside it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.extensions.workflow import OPEN, REQUEST, RequestStatus
from households.models.conflict import barred_people
from households.models.ground import ExtensionGround
from households.models.person import Person

REQUEST_GROUPS = (4, 4)


def new_request_number():
    """Return a random request number with a check digit, such as "E-7QX4-1DTM-5"."""
    return f"E-{make_number(REQUEST_GROUPS)}"


class ExtensionRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A request is seen at the centre that keeps the person's file, by whoever sees the person there, by the
        Ministry's officers once it was submitted or where they took it down, and by the local government whose request
        it is, whose opinion was asked or which was told the decision. A share of the household opens no request; and
        whoever has a conflict of interest with the person, or somebody who lives with them, sees none, at whichever
        office."""
        asked = LocalOpinion.objects.filter(request=OuterRef("pk"), agency=agency_of(user)).order_by()
        told = LocalNotice.objects.filter(request=OuterRef("pk"), agency=agency_of(user)).order_by()
        register = Exists(granted(May.SEE_REGISTER, user)) & ~Q(person__in=barred_people(user))
        return self.filter(_read_whole(user) | ((Exists(asked) | Exists(told)) & register))

    def read_by(self, user):
        """Of `visible_to`, those whose reason, grounds and evidence the user reads: not where a local government was
        only asked for an opinion or told the decision, which reads the name, the periods, the wish and the result."""
        return self.filter(_read_whole(user))

    def open(self):
        """Return those on which somebody still has to act."""
        return self.filter(status__in=OPEN)


def _read_whole(user):
    people = Person.objects.kept_by(user).order_by().values("pk")
    here = agency_of(user)
    decides = Exists(granted(May.DECIDE_PROTECTION, user))
    ours = Q(route="local", agency=here) & Exists(granted(May.SEE_REGISTER, user))
    ministry = (Q(submitted_at__isnull=False) | Q(agency=here)) & decides
    return Q(person__in=people) | ((ours | ministry) & ~Q(person__in=barred_people(user)))


@pghistory.track()
class ExtensionRequest(models.Model):
    """One request with the fields of its form. Its status changes only through `extensions.workflow.REQUEST`.

    The text of 별지 제1호서식 was not found; the fields are our own reading of 시행규칙 제1조의2. No identity number.
    `period`: the `fact_id` of the period it speaks of, with its days as they stood when the form was written.
    """

    class Kind(models.TextChoices):
        EXTEND = "extend", _("Extend the period")
        SHORTEN = "shorten", _("Shorten the period")

    class Route(models.TextChoices):
        PERSON = "person", _("The person asks the Minister")
        LOCAL = "local", _("The head of the local government asks")

    class Signature(models.TextChoices):
        PAPER = "paper", _("On paper")
        DRAWN = "drawn", _("On a screen, before a worker")

    class Outcome(models.TextChoices):
        EXTENDED = "extended", _("Extended")
        SHORTENED = "shortened", _("Shortened")
        REFUSED = "refused", _("Not granted")

    class Way(models.TextChoices):
        REGISTERED = "registered", _("Registered mail")
        HANDED = "handed", _("Handed over")
        OTHER = "other", _("In another way")

    number = models.CharField(max_length=14, unique=True, default=new_request_number, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="extension_requests")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", help_text="that took it down")
    period = models.BigIntegerField(editable=False)
    period_from = models.DateField(null=True, editable=False)
    period_until = models.DateField(editable=False)
    kind = models.CharField(_("What the request asks"), max_length=8, choices=Kind, default=Kind.EXTEND)
    route = models.CharField(max_length=8, choices=Route, editable=False)
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.DRAFT, editable=False)
    applicant = models.CharField(_("Name of the person"), max_length=80)
    born_on = models.DateField(_("Date of birth"))
    place = models.CharField(_("Address: district and town"), max_length=120, blank=True)
    asked_until = models.DateField(_("Asked for until"))
    reason = models.TextField(_("Reason"), max_length=3000)
    written_on = models.DateField(_("Date on the form"))
    proxy = models.CharField(_("Name of the proxy"), max_length=80, blank=True)
    proxy_relation = models.CharField(_("How the proxy stands to the person"), max_length=60, blank=True)
    signature = models.CharField(max_length=6, choices=Signature, blank=True)
    signed_on = models.DateField(null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    sitting = models.ForeignKey("households.Sitting", models.PROTECT, null=True, related_name="requests")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, help_text="as prepared, then as decided")
    granted_until = models.DateField(null=True)
    reasons = models.TextField(max_length=3000, blank=True, help_text="that the person is told")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    told_on = models.DateField(null=True)
    reached_on = models.DateField(null=True, help_text="when the result reached the person")
    told_way = models.CharField(max_length=10, choices=Way, blank=True)
    told_proof = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = ExtensionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("extension_request", author="taken_by"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=OPEN),
                name="one_open_extension_request",
                violation_error_message=_("A request about this person's period is under way already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("prepared_by")),
                name="extension_decided_by_a_second",
                violation_error_message=_("A decision is made by somebody else than who prepared it."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_on=None)
                | Q(decided_by__isnull=False, decided_on__isnull=False, prepared_by__isnull=False)
                & ~Q(outcome="")
                & ~Q(reasons=""),
                name="extension_decided_with_reasons",
                violation_error_message=_("A decision names its result and its reasons."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[RequestStatus.DECIDED, RequestStatus.TOLD]) | Q(decided_by__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.TOLD) | (Q(told_on__isnull=False) & ~Q(told_way="")),
                name="extension_told_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(signature="", signed_on=None) | (~Q(signature="") & Q(signed_on__isnull=False)),
                name="extension_signed_on",
            ),
        ]
        indexes = [models.Index(fields=["status", "submitted_at"], name="extension_status")]
        triggers = [REQUEST.trigger()]

    def __str__(self):
        return self.number


class OfRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What a request says is read by whoever reads the whole request, not by who was only asked for an opinion."""
        return self.filter(request__in=ExtensionRequest.objects.read_by(user).order_by().values("pk"))


class RequestGround(models.Model):
    """A ground that a request gives; the form names it, the register is asked about it when somebody looks."""

    request = models.ForeignKey(ExtensionRequest, models.CASCADE, related_name="grounds")
    ground = models.ForeignKey(ExtensionGround, models.PROTECT, related_name="+")

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        ordering = ["ground__place", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "ground"], name="ground_given_once")]

    def __str__(self):
        return str(self.ground)


class RequestEvidence(models.Model):
    """One paper that goes with a request: what it is, of which day, and when it was added. Only ever added."""

    append_only = True

    request = models.ForeignKey(ExtensionRequest, models.PROTECT, related_name="evidence")
    what = models.CharField(_("What is attached"), max_length=200)
    dated_on = models.DateField(_("Date of the paper"), null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    client_key = models.UUIDField(null=True)

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [landed_once("request_evidence", author="added_by")]

    def __str__(self):
        return self.what


class LocalOpinionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An opinion is seen by whoever reads the whole request, and by the office that was asked, which sees its own
        alone, unless a conflict of interest bars the reader from the person."""
        asked = Q(agency=agency_of(user)) & Exists(granted(May.SEE_REGISTER, user))
        asked &= ~Q(request__person__in=barred_people(user))
        return self.filter(Q(request__in=ExtensionRequest.objects.read_by(user).order_by().values("pk")) | asked)


class LocalOpinion(models.Model):
    """The opinion of a local government, asked beside the request: it never holds it up."""

    request = models.ForeignKey(ExtensionRequest, models.PROTECT, related_name="opinions")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField()
    words = models.TextField(_("Opinion"), max_length=2000, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = LocalOpinionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "agency"],
                name="opinion_asked_once",
                violation_error_message=_("This office was asked for its opinion already."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, answered_by=None, words="")
                | (Q(answered_on__isnull=False, answered_by__isnull=False) & ~Q(words="")),
                name="opinion_answered_by",
            ),
        ]

    def __str__(self):
        return f"{self.request_id} · {self.agency_id}"


class LocalNoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A notice is seen by whoever reads the whole request, and by the office that it went to, but for whoever has
        a conflict of interest there."""
        told = Q(agency=agency_of(user)) & Exists(granted(May.SEE_REGISTER, user))
        told &= ~Q(request__person__in=barred_people(user))
        return self.filter(Q(request__in=ExtensionRequest.objects.read_by(user).order_by().values("pk")) | told)


class LocalNotice(models.Model):
    """A decision as it was told to the local government of the place where the person lived that day, on its desk."""

    append_only = True

    request = models.ForeignKey(ExtensionRequest, models.PROTECT, related_name="local_notices")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=ExtensionRequest.Outcome)
    until = models.DateField(null=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LocalNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.request_id} · {self.agency_id}"
