"""What came of the work with a person: a job, a school or a course, a treatment that began. How long a job was kept is
computed from its days, never stored."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfHouseholdQuerySet, OfPersonQuerySet
from households.models.circle import Household, OfHousehold
from households.models.person import OfPerson, Person
from households.models.screening import keepers_of


class OutcomeQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A job or a schooling is seen at the centre that keeps the person's file, by whoever may see the household
        there; a share does not open it. The Ministry reads counts only (`desks.figures.outcomes`)."""
        return self.filter(person__in=Person.objects.kept_by(user).order_by().values("pk"))


class TreatmentQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A treatment is seen like a screening: by the household's workers and by the supervisors and the head of the
        centre that answers for it. A share alone opens none, and no list shows one."""
        homes = Household.objects.filter(pk__in=keepers_of(user))
        return self.filter(person__in=Person.objects.living_in(homes).order_by().values("pk"))


def _spell(name):
    """Return the constraints that every outcome has; `name` is the table's short name."""
    return [
        one_version(name),
        landed_once(name, versions=True),
        models.CheckConstraint(
            condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
            name=f"{name}_ends_after_it_began",
            violation_error_message=_("The last day lies before the first."),
        ),
    ]


class Outcome(OfPerson):
    """Base: from which day, until which day (None: it goes on), and the referral (by number) that it came of."""

    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    source = models.CharField(max_length=20, blank=True, help_text="number of the referral that it came of")
    client_key = models.UUIDField(null=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = True


class Job(Outcome):
    """A job of one person. The kinds are our own (자체 분류); the incentives are those of domain.md §2.3."""

    class Kind(models.TextChoices):
        REGULAR = "regular", _("Regular job")
        FIXED_TERM = "fixed_term", _("Fixed-term job")
        DAY_LABOUR = "day_labour", _("Day labour")
        SELF_EMPLOYED = "self_employed", _("Self-employed")

    class Employer(models.TextChoices):
        COMPANY = "company", _("Private company")
        GOVERNMENT = "government", _("Government or local government")
        PUBLIC_BODY = "public_body", _("Public institution")
        WELFARE = "welfare", _("Welfare or non-profit organisation")
        OWN = "own", _("Own business")
        OTHER = "other", pgettext_lazy("employer", "Other")

    class Incentive(models.TextChoices):
        NONE = "none", pgettext_lazy("incentive", "None")
        WAGE_SUBSIDY = "wage_subsidy", _("Employment subsidy to the employer")
        TAX_CREDIT = "tax_credit", _("Tax credit to the employer")
        VOUCHER = "voucher", _("Employment voucher")
        OTHER = "other", pgettext_lazy("incentive", "Other")
        UNKNOWN = "unknown", pgettext_lazy("incentive", "Not known")

    class Found(models.TextChoices):
        REFERRAL = "referral", _("Through a referral")
        CENTRE = "centre", _("Through the centre")
        OWN = "own", _("By themselves")
        ACQUAINTANCE = "acquaintance", _("Through people they know")

    class End(models.TextChoices):
        OTHER_JOB = "other_job", _("Took another job")
        TERM = "term", _("The term ended")
        GAVE_UP = "gave_up", _("Gave it up")
        DISMISSED = "dismissed", _("Was dismissed")
        CLOSED = "closed", _("The business closed")
        HEALTH = "health", _("For health reasons")
        FAMILY = "family", _("For the family or care")
        MOVED = "moved", pgettext_lazy("end of a job", "Moved away")
        DIED = "died", pgettext_lazy("end of a job", "Died")
        OTHER = "other", pgettext_lazy("end of a job", "Other")

    kind = models.CharField(_("Kind of work"), max_length=14, choices=Kind)
    employer = models.CharField(_("Employer"), max_length=12, choices=Employer)
    public_sector = models.BooleanField(_("In the public sector"))
    incentive = models.CharField(_("Incentive used"), max_length=14, choices=Incentive, default=Incentive.UNKNOWN)
    found = models.CharField(_("How it was found"), max_length=14, choices=Found)
    end_why = models.CharField(_("Why it ended"), max_length=12, choices=End, blank=True)

    class Meta(Outcome.Meta):
        abstract = False
        constraints = [
            *_spell("job"),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_why="") | (Q(ended_on__isnull=False) & ~Q(end_why="")),
                name="job_ended_with_why",
                violation_error_message=_("The last day and the reason go together."),
            ),
            models.CheckConstraint(
                condition=Q(public_sector=False) | ~(Q(kind="self_employed") | Q(employer="own")),
                name="own_business_is_not_public",
                violation_error_message=_("An own business is not in the public sector."),
            ),
        ]
        indexes = [models.Index(fields=["person"], name="job_person")]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.get_employer_display()}"


class Schooling(Outcome):
    """A school that somebody attends, or a training or course."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("School or university")
        TRAINING = "training", _("Training or course")

    class Level(models.TextChoices):
        ELEMENTARY = "elementary", _("Elementary school")
        MIDDLE = "middle", _("Middle school")
        HIGH = "high", _("High school")
        ALTERNATIVE = "alternative", _("Alternative school")
        UNIVERSITY = "university", _("College or university")
        GRADUATE = "graduate", _("Graduate school")
        VOCATIONAL = "vocational", _("Vocational training")
        EXAM = "exam", _("Course for the school qualification exam")
        LANGUAGE = "language", _("Language or computer course")
        OTHER = "other", pgettext_lazy("schooling", "Other")

    class Result(models.TextChoices):
        COMPLETED = "completed", _("Completed or graduated")
        LEFT = "left", _("Left before the end")
        MOVED_ON = "moved_on", _("Went on elsewhere")

    kind = models.CharField(_("School or training"), max_length=10, choices=Kind)
    level = models.CharField(_("Level"), max_length=12, choices=Level)
    result = models.CharField(_("Result"), max_length=10, choices=Result, blank=True)

    class Meta(Outcome.Meta):
        abstract = False
        constraints = [
            *_spell("schooling"),
            models.CheckConstraint(
                condition=Q(ended_on=None, result="") | (Q(ended_on__isnull=False) & ~Q(result="")),
                name="schooling_ended_with_result",
                violation_error_message=_("The last day and the result go together."),
            ),
        ]
        indexes = [models.Index(fields=["person"], name="schooling_person")]

    def __str__(self):
        return str(self.get_level_display())


class Treatment(Outcome):
    """That a treatment began, in the broadest words: no illness, no name of a place, nothing of what was found."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", pgettext_lazy("treatment", "Physical health")
        MENTAL = "mental", pgettext_lazy("treatment", "Mental health")
        DENTAL = "dental", pgettext_lazy("treatment", "Teeth")
        OTHER = "other", pgettext_lazy("treatment", "Other")

    class Place(models.TextChoices):
        HOSPITAL = "hospital", _("Hospital")
        CLINIC = "clinic", _("Doctor's practice")
        HEALTH_CENTRE = "health_centre", _("Public health centre")
        MENTAL_CENTRE = "mental_centre", _("Mental health welfare centre")
        OTHER = "other", pgettext_lazy("place of treatment", "Other")

    kind = models.CharField(_("Kind of treatment"), max_length=10, choices=Kind)
    place = models.CharField(_("Kind of place"), max_length=14, choices=Place)

    objects = TreatmentQuerySet.as_manager()

    class Meta(Outcome.Meta):
        abstract = False
        constraints = _spell("treatment")
        indexes = [models.Index(fields=["person"], name="treatment_person")]

    def __str__(self):
        return str(self.get_kind_display())


class NothingCameQuerySet(OfHouseholdQuerySet):
    def visible_to(self, user):
        """That nothing is to be recorded of a referral is seen at the centre that keeps the household's file."""
        return self.filter(household__in=Household.objects.kept_by(user).order_by().values("pk"))


class NothingCame(OfHousehold):
    """Of a referral (by number) that was confirmed, no job, schooling or treatment is to be recorded, and why not."""

    class Why(models.TextChoices):
        ADVICE = "advice", _("It was advice only")
        ALREADY = "already", _("It is on record already")
        NOT_WANTED = "not_wanted", _("The person does not want it recorded")
        OTHER = "other", _("Something else came of it")

    source = models.CharField(max_length=20)
    why = models.CharField(_("Why"), max_length=12, choices=Why)

    objects = NothingCameQuerySet.as_manager()

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("nothing_came"),
            models.UniqueConstraint(
                fields=["household", "source"], condition=Q(superseded_at=None), name="nothing_came_once"
            ),
        ]
