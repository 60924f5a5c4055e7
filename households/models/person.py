"""A person on file, and what is dated about them. Never an identity number."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.facts import Fact, one_version
from casework.numbers import PERSON_GROUPS, make_number
from casework.touched import OF_PERSON, touches
from households.models.base import OfPersonQuerySet

LANGUAGES = [("ko", _("Korean")), ("zh", _("Chinese")), ("ru", _("Russian")), ("en", _("English"))]


def new_case_number():
    """Return a random case number with a check digit, such as "7QX4-1DTM-5"."""
    return make_number(PERSON_GROUPS)


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person is seen by whoever may see the household that the person belongs to, or belonged to last: whoever
        lives in another household since is not found through the old one, for moving away can be flight."""
        from households.models.circle import Household

        return self.living_in(Household.objects.visible_to(user))

    def kept_by(self, user):
        """Of `visible_to`, those of the households whose file the user's own centre keeps."""
        from households.models.circle import Household

        return self.living_in(Household.objects.kept_by(user))

    def decided_by(self, user):
        """An officer of the Ministry who decides on protection reaches anybody by the whole case number, to enter what
        was decided, and sees of them days and decisions only: no name, no town, no household."""
        return self.filter(Exists(granted(May.DECIDE_PROTECTION, user)))

    def asked_for_by(self, user):
        """Those for whom an office that keeps no file may ask for help: who stands in the residence-protection register
        of the user's district today, and who lives in a household that is shared with the user today. To ask opens
        nothing: neither the household nor anybody else of it."""
        from households.models.circle import TODAY, Membership
        from households.models.protection import ProtectionPeriod
        from households.models.share import shared_with

        shared = Q()
        for rows in shared_with(user):
            shared |= Q(household__in=rows.order_by().values("household"))
        living = Membership.objects.current().filter(shared, during__contains=TODAY, kind="living")
        register = ProtectionPeriod.objects.in_register_of(user)
        either = Q(pk__in=register.order_by().values("person")) | Q(pk__in=living.order_by().values("person"))
        return self.filter(either, Exists(granted(May.ASK_FOR, user)))

    def living_in(self, households):
        """Return those whose household now, or last, is among `households` (a queryset, or keys)."""
        from households.models.circle import Membership

        last = Membership.objects.current().filter(_no_later_home(), during__isempty=False, household__in=households)
        return self.filter(pk__in=last.values("person"))


def _no_later_home():
    """The condition on a membership that none in another household of its kind has begun since it ended."""
    from households.models.circle import TODAY, Membership

    later = (
        Membership.objects.current()
        .filter(person=OuterRef("person"), kind=OuterRef("kind"))
        .filter(during__startswith__gte=OuterRef("during__endswith"), during__startswith__lte=TODAY)
        .exclude(household=OuterRef("household"))
    )
    return Q(during__upper_inf=True) | ~Exists(later.order_by())


class Person(models.Model):
    """The anchor of everything known about one person; the facts stand in tables of their own."""

    case_number = models.CharField(max_length=12, unique=True, default=new_case_number, editable=False)
    register_ref = models.CharField(max_length=60, unique=True, null=True, editable=False)
    known_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.case_number


class OfPerson(Fact):
    """Base of the facts about one person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="%(class)s_set", db_index=False)

    objects = OfPersonQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = True
        triggers = [*Fact.Meta.triggers, touches(OF_PERSON)]


class PersonName(OfPerson):
    """A name as of some days: the Hangul name, a Latin spelling, a former name, an alias."""

    class Kind(models.TextChoices):
        HANGUL = "hangul", _("Name in Hangul")
        LATIN = "latin", _("Name in Latin letters")
        FORMER = "former", _("Former name")
        ALIAS = "alias", _("Other name")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HANGUL)
    family = models.CharField(max_length=40, blank=True)
    given = models.CharField(max_length=80)
    during = DateRangeField(default=(None, None))

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("person_name"),
            ExclusionConstraint(
                name="one_hangul_name_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None, kind="hangul"),
                violation_error_message=_("This person already has a name in Hangul on some of these days."),
            ),
        ]
        indexes = [models.Index(fields=["person"], include=["kind", "family", "given"], name="person_name_person")]

    def __str__(self):
        """Family first; Hangul without a space."""
        return f"{self.family} {self.given}".strip() if self.kind == self.Kind.LATIN else f"{self.family}{self.given}"


class NameKey(models.Model):
    """A derived search key of a person's names; made again whenever a name is recorded."""

    person = models.ForeignKey(Person, models.CASCADE, db_index=False)
    kind = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="name_key_once")]
        indexes = [models.Index(OpClass("key", "text_pattern_ops"), "kind", name="name_key_prefix")]


class Particulars(OfPerson):
    """Birth, sex, arrival: what is corrected rather than what changes."""

    class Sex(models.TextChoices):
        MALE = "M", _("Man")
        FEMALE = "F", _("Woman")
        UNKNOWN = "U", _("Not known")

    class Precision(models.TextChoices):
        DAY = "day", _("Day")
        MONTH = "month", _("Month")
        YEAR = "year", _("Year")

    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    birth_on = models.DateField(null=True, help_text="First day of the month or year when less is known")
    birth_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    is_defector = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="ko")
    entered_on = models.DateField(null=True)
    moved_in_on = models.DateField(null=True, help_text="First move-in: the anchor of residence protection")

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("particulars"),
            models.UniqueConstraint(fields=["person"], condition=Q(superseded_at=None), name="one_particulars"),
        ]
        indexes = [
            models.Index(fields=["person"], name="particulars_person"),
            models.Index(
                fields=["moved_in_on"], include=["person"], condition=Q(superseded_at=None), name="particulars_moved_in"
            ),
        ]


class Residence(OfPerson):
    """Where the person stands to the register: resident, deceased, emigrated, unknown; as of some days."""

    class Status(models.TextChoices):
        RESIDENT = "resident", _("Resident")
        DECEASED = "deceased", _("Deceased")
        EMIGRATED = "emigrated", _("Emigrated")
        UNKNOWN = "unknown", _("Not known")

    status = models.CharField(max_length=10, choices=Status)
    during = DateRangeField(default=(None, None))

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("residence"),
            ExclusionConstraint(
                name="one_residence_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("This person already has a residence status on some of these days."),
            ),
        ]
        indexes = [models.Index(fields=["person"], name="residence_person")]


class Phone(OfPerson):
    """A telephone number as of some days; shown masked, revealed with a reason."""

    number = models.CharField(max_length=30)
    during = DateRangeField(default=(None, None))

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [one_version("phone")]
        indexes = [
            models.Index(fields=["person"], name="phone_person"),
            models.Index(models.functions.Right("number", 4), name="phone_last_four"),
        ]


class ContactPreference(OfPerson):
    """How the person wishes to be reached; "does not want contact" is said on a day and is not a risk by itself."""

    class Channel(models.TextChoices):
        ANY = "any", _("Any way")
        PHONE = "phone", _("Telephone")
        MESSAGE = "message", _("Message")
        VISIT = "visit", _("Visit")
        OFFICE = "office", _("At the centre")

    channel = models.CharField(_("By"), max_length=10, choices=Channel, default=Channel.ANY)
    hours = models.CharField(_("Hours"), max_length=80, blank=True)
    woman_worker = models.BooleanField(_("Prefers a woman worker"), default=False)
    safe_number = models.CharField(_("Safe number"), max_length=30, blank=True)
    wants_no_contact = models.BooleanField(_("Does not want contact"), default=False)
    language = models.CharField(_("Would rather speak"), max_length=10, choices=LANGUAGES, null=True)
    interpreter = models.BooleanField(_("Needs an interpreter"), null=True, help_text="None: not asked")
    stated_on = models.DateField(_("Said on"))

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [one_version("contact_preference")]
        indexes = [models.Index("person", F("stated_on").desc(), name="preference_person")]
