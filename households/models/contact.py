"""A contact: a visit, a talk, a call, a message, an errand together, and every attempt that met nobody."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.facts import one_version
from casework.landing import landed_once
from casework.touched import touches
from households.models.base import OfHouseholdQuerySet
from households.models.circle import Assignment, Household, OfHousehold, caseload_of, overseen_by
from households.models.person import Person

TAGS = [
    "self_harm",
    "violence",
    "child_harm",
    "no_food",
    "no_heat_power",
    "utilities_ok",
    "safety_plan",
    "recovered",
    "number_invalid",
    "eviction_notice",
    "lease_cancelled",
    "returned_mail",
    "address_mismatch",
    "declined",
    "covered_elsewhere",
    "school_absence",
    "divorce",
    "bereavement",
    "release",
    "long_absence",
    "childbirth",
    "pregnancy",
    "alcohol",
    "chronic_illness",
    "disability",
    "isolation",
    "job_loss",
    "scam",
    "unsafe_home",
]
# Topics are offered by the template of the form; old systems bring words of their own, which stand as they are.
TOPIC_LENGTH = 20


class Channel(models.TextChoices):
    VISIT = "visit", _("Visit")
    OFFICE = "office", _("At the centre")
    PHONE = "phone", _("Telephone")
    MESSAGE = "message", _("Message")
    ONLINE = "online", _("Online")
    ACCOMPANY = "accompany", _("Accompanied errand")


class Answer(models.TextChoices):
    """The three-way answer of a risk question; an empty answer means it was not asked of anybody."""

    NO = "no", _("No")
    YES = "yes", _("Yes")
    NOT_ASKED = "not_asked", _("Could not ask")


class Level(models.TextChoices):
    CENTRE = "centre", _("Workers of the household and supervisors")
    RESPONSIBLE = "responsible", _("The author, the responsible worker and supervisors")
    COUNSELLING = "counselling", _("The author and counsellors")


class ContactQuerySet(OfHouseholdQuerySet):
    def visible_to(self, user):
        """That a contact took place is seen by whoever may see the household."""
        return super().visible_to(user)

    def readable_by(self, user):
        """What was said is read by its author; at centre level by the household's workers and the supervisors of
        the centre that answers for it; at responsible level by the main worker and those supervisors; at counselling
        level by the household's counsellors. A share alone opens no note."""
        mine, over = caseload_of(user), overseen_by(user).values("household")
        counsel = mine.filter(worker__in=granted(May.READ_COUNSELLING, user)).values("household")
        return self.visible_to(user).filter(
            Q(recorded_by=user.pk)
            | Q(level=Level.CENTRE, household__in=mine.values("household"))
            | Q(level__in=[Level.CENTRE, Level.RESPONSIBLE], household__in=over)
            | Q(level=Level.RESPONSIBLE, household__in=mine.filter(kind=Assignment.Kind.MAIN).values("household"))
            | Q(level=Level.COUNSELLING, household__in=counsel)
        )


class Contact(OfHousehold):
    """One contact or one attempt; attempts have the same form, the same weight and the same place in the history."""

    occurred_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel)
    contact_made = models.BooleanField()
    minutes = models.PositiveSmallIntegerField(null=True)
    topics = ArrayField(models.CharField(max_length=TOPIC_LENGTH), default=list)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    summary = models.TextField(blank=True)
    seen = models.CharField(max_length=200, blank=True)
    asked_self_harm = models.CharField(max_length=10, choices=Answer, blank=True)
    asked_violence = models.CharField(max_length=10, choices=Answer, blank=True)
    asked_child = models.CharField(max_length=10, choices=Answer, blank=True)
    asked_basics = models.CharField(max_length=10, choices=Answer, blank=True)
    alone = models.BooleanField(null=True)
    next_at = models.DateTimeField(null=True)
    next_channel = models.CharField(max_length=10, choices=Channel, blank=True)
    level = models.CharField(max_length=12, choices=Level, default=Level.CENTRE)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    client_key = models.UUIDField(null=True)

    objects = ContactQuerySet.as_manager()

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("contact"),
            models.UniqueConstraint(
                fields=["source", "reference"],
                condition=Q(superseded_at=None) & ~Q(reference=""),
                name="contact_reference_once",
            ),
            landed_once("contact", versions=True),
            models.CheckConstraint(condition=Q(tags__contained_by=TAGS), name="contact_known_tags"),
        ]
        indexes = [
            models.Index("household", F("occurred_at").desc(), name="contact_house"),
            models.Index(
                fields=["next_at"],
                include=["household", "occurred_at"],
                condition=Q(superseded_at=None, next_at__isnull=False),
                name="contact_next",
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} {self.occurred_at:%Y-%m-%d}"


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who was spoken with is seen by whoever may see the contact."""
        return self.filter(contact__in=Contact.objects.visible_to(user).values("pk"))


class Participant(models.Model):
    """A member who was spoken with (or, when nobody was met, was sought); belongs to one version of the contact."""

    append_only = True

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="participants", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "person"], name="participant_once")]
        indexes = [models.Index(fields=["person"], include=["contact"], name="participant_person")]
        triggers = [
            touches(
                "SELECT contact.household_id FROM new_rows "
                "JOIN households_contact contact ON contact.id = new_rows.contact_id"
            )
        ]


class AddendumQuerySet(models.QuerySet):
    def readable_by(self, user):
        """An addendum is read by whoever may read the note it stands under."""
        facts = Contact.objects.readable_by(user).values("fact_id")
        return self.filter(contact_fact_id__in=facts)

    visible_to = readable_by


class Addendum(models.Model):
    """What is added under a contact after its 24 hours; the original stays as it was."""

    append_only = True

    contact_fact_id = models.BigIntegerField(db_index=True)
    household = models.ForeignKey(Household, models.PROTECT)
    text = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = AddendumQuerySet.as_manager()

    class Meta:
        constraints = [landed_once("addendum")]
