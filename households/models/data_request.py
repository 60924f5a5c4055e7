"""What a person asks about their own data, the restriction that follows, and the words that stand beside a fact."""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.facts import one_version
from casework.landing import landed_once
from casework.numbers import make_number
from households.models.base import OfPersonQuerySet
from households.models.duplicate import either_record
from households.models.person import OfPerson, Person
from households.requests.workflow import DATA, OPEN, DataStatus

NUMBER_GROUPS = (4, 4)
ANSWERED = (DataStatus.ANSWERED, DataStatus.TOLD)


def new_data_number():
    """Return a random number with a check digit, such as "D-7QX4-1DTM-5"."""
    return f"D-{make_number(NUMBER_GROUPS)}"


class Scope(models.TextChoices):
    """What a restriction stops. What goes on all the same is said where it is asked for."""

    SURVEYS = "surveys", _("No use for surveys")
    SHARING = "sharing", _("No sharing with other agencies")
    EVALUATION = "evaluation", _("No judging by rules beyond the safety of life")


class DataRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A data request is seen at the centre that keeps the person's file, by whoever sees the person there: the
        workers who take it down, the supervisors and the head who answer it. A share opens none."""
        return self.filter(person__in=Person.objects.kept_by(user).order_by().values("pk"))

    def open(self):
        """Return those on which somebody still has to act."""
        return self.filter(status__in=OPEN)

    def dated(self):
        """Annotate `until`: the last day for the answer, put off or not."""
        return self.annotate(until=Coalesce("extended_until", "due_on"))


@pghistory.track()
class DataRequest(models.Model):
    """One request (개인정보 보호법 제35조–제37조의2). Its status changes only through `requests.workflow.DATA`.

    `fact`: the `fact_id` of the entry that is to be corrected, where it was named. `harm_words`: why giving what is
    asked endangers nobody, decided where a marker stands on a household of the person. `notes_given`: what a counsellor
    decided about counselling notes, None while nobody has. `done_facts`: the `fact_id`s by which a correction was
    carried out.
    """

    class Kind(models.TextChoices):
        SEE = "see", _("See the own data")
        CORRECT = "correct", _("Have data corrected or deleted")
        RESTRICT = "restrict", _("Have the use of data stopped")
        EXPLAIN = "explain", _("Have a judgement by rules explained")

    class Way(models.TextChoices):
        PERSON = "person", _("In person")
        LETTER = "letter", _("By letter")
        PHONE = "phone", _("By telephone")
        ONLINE = "online", _("By e-mail or message")

    class Asker(models.TextChoices):
        SELF = "self", _("The person")
        REPRESENTATIVE = "representative", _("A representative")

    class Identity(models.TextChoices):
        DOCUMENT = "document", _("A document with a picture was seen")
        KNOWN = "known", _("Known to the worker, met face to face")
        CALLED = "called", _("Called back on the number on file")

    class Outcome(models.TextChoices):
        GRANTED = "granted", pgettext_lazy("data request", "Granted")
        PARTLY = "partly", _("Granted in part")
        REFUSED = "refused", _("Not granted")

    class Told(models.TextChoices):
        HANDED = "handed", _("Handed over")
        LETTER = "letter", _("By letter")
        SPOKEN = "spoken", _("Read out and explained")

    number = models.CharField(max_length=14, unique=True, default=new_data_number, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="data_requests")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", help_text="that took it down")
    kind = models.CharField(pgettext_lazy("data request", "What is asked"), max_length=8, choices=Kind)
    status = models.CharField(max_length=9, choices=DataStatus, default=DataStatus.RECEIVED, editable=False)
    received_on = models.DateField(_("Received on"))
    way = models.CharField(_("How it came"), max_length=6, choices=Way)
    asker = models.CharField(_("Who asks"), max_length=14, choices=Asker, default=Asker.SELF)
    representative = models.CharField(_("Name of the representative"), max_length=80, blank=True)
    relation = models.CharField(_("How the representative stands to the person"), max_length=60, blank=True)
    words = models.TextField(_("What is asked, in the person's words"), max_length=3000)
    fact = models.BigIntegerField(null=True, editable=False)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(editable=False)
    extended_until = models.DateField(null=True, editable=False)
    extended_why = models.CharField(max_length=500, blank=True)
    identity = models.CharField(max_length=8, choices=Identity, blank=True)
    proof_seen = models.BooleanField(default=False)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_on = models.DateField(null=True)
    harm_words = models.TextField(max_length=2000, blank=True)
    harm_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    notes_given = models.BooleanField(null=True)
    notes_words = models.CharField(max_length=500, blank=True)
    notes_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    reasons = models.TextField(max_length=3000, blank=True, help_text="that the person is told")
    legal_ground = models.CharField(max_length=500, blank=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), default=list)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_facts = ArrayField(models.BigIntegerField(), default=list)
    done_words = models.CharField(max_length=500, blank=True)
    told_on = models.DateField(null=True)
    told_way = models.CharField(max_length=6, choices=Told, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("data_request", author="taken_by"),
            models.CheckConstraint(
                condition=Q(asker="self", representative="", relation="")
                | (Q(asker="representative") & ~Q(representative="") & ~Q(relation="")),
                name="data_request_names_its_asker",
                violation_error_message=_("Please say who the representative is, and how they stand to the person."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["received", "withdrawn"])
                | (~Q(identity="") & Q(checked_by__isnull=False, checked_on__isnull=False)),
                name="data_request_answered_to_somebody_known",
                violation_error_message=_("Nothing is answered before the identity was seen."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["received", "withdrawn"]) | Q(asker="self") | Q(proof_seen=True),
                name="data_request_proof_of_representative",
                violation_error_message=_("A representative shows a proof before anything is answered."),
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None, extended_why="")
                | (Q(extended_until__gt=F("due_on"), kind="see") & ~Q(extended_why="")),
                name="data_request_put_off_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["proposed", *ANSWERED])
                | (Q(answered_by__isnull=False) & ~Q(outcome="") & ~Q(reasons="")),
                name="data_request_answered_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "granted"]) | ~Q(legal_ground=""),
                name="data_request_refused_on_a_ground",
                violation_error_message=_("A refusal names the ground in the law."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ANSWERED)
                | Q(outcome="granted", answered_on__isnull=False)
                | Q(signed_by__isnull=False, answered_on__isnull=False),
                name="data_request_refused_by_two",
                violation_error_message=_("A refusal is signed by a second person."),
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("answered_by")),
                name="data_request_second_is_another",
                violation_error_message=_("A refusal is signed by somebody else than who wrote it."),
            ),
            models.CheckConstraint(
                condition=~Q(status="told") | (Q(told_on__isnull=False) & ~Q(told_way="")),
                name="data_request_told_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(status__in=OPEN), name="data_request_open"),
        ]
        triggers = [DATA.trigger()]

    def __str__(self):
        return self.number


class RestrictionQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """That somebody asked to stop the use of their data is seen by whoever may see the person, so that it is
        obeyed; why it was asked stands in the request, which only the centre that keeps the file reads."""
        return super().visible_to(user)

    def stops(self, scope):
        """Return those that stop something (a Scope)."""
        return self.filter(scopes__contains=[scope])

    def reaching(self, people):
        """Return those that reach one of `people` (ids, or a queryset of keys): asked for under this record of the
        person, or under one that is linked to it, whichever of the two is kept."""
        asked = Person.objects.filter(pk__in=people).order_by().values("pk")
        return self.filter(person__in=either_record(asked))

    def people(self):
        """Return the keys of everybody whom they reach, as `reaching` says; some twice."""
        return either_record(self.order_by().values("person"))


class Restriction(OfPerson):
    """The use of a person's data is stopped on some days, as far as `scopes` say (처리정지, 개인정보 보호법 제37조)."""

    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="restrictions")
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    during = DateRangeField()
    lifted_why = models.CharField(_("Why it is lifted"), max_length=300, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("restriction"),
            ExclusionConstraint(
                name="one_restriction_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("The use of this person's data is stopped already on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0),
                name="restriction_stops_something",
                violation_error_message=_("Please say what is to be stopped."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], include=["during"], condition=Q(superseded_at=None), name="restricted_person"
            )
        ]


class CorrectionStatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What a person says against an entry stands beside it for whoever may see the person."""
        return self.filter(person__in=Person.objects.visible_to(user).order_by().values("pk"))


class CorrectionStatement(models.Model):
    """The person's own words beside what was not corrected; kept as said, whatever becomes of the entry."""

    append_only = True

    request = models.OneToOneField(DataRequest, models.PROTECT, related_name="statement")
    person = models.ForeignKey(Person, models.PROTECT, related_name="correction_statements")
    fact = models.BigIntegerField(null=True)
    text = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CorrectionStatementQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.person_id} · {self.request_id}"
