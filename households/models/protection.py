"""Protection: what was decided, for how long, and what the person agreed to."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfPersonQuerySet
from households.models.circle import TODAY, Dwelling, Membership
from households.models.conflict import barred_from, barred_people
from households.models.person import OfPerson, Residence

GONE = (Residence.Status.DECEASED, Residence.Status.EMIGRATED)
TOLD_AHEAD, TOLD_AFTER = timedelta(days=180), timedelta(days=90)
"""How long before and after its end the Ministry's officers see a period by name: our own criterion."""

ONE, FIVE = 1, 5
"""Years that the law allows: a facility within one; residence, an extension and personal protection within five
each time."""


def no_longer_than(years):
    """Return the condition that `during` lasts at most so many years; a range without a first or last day passes.

    Counted as everywhere here (계산 기준: 자체 해석): from 29 February to 28 February, from 1 March to the end of
    February. The database adds years to the day and takes 28 February for 29; so either its answer from the first day
    or that from the day before may hold.
    """
    return Q(
        models.Func(
            F("during"),
            template=(
                f"(upper(%(expressions)s) <= lower(%(expressions)s) + interval '{years} years' OR "
                f"upper(%(expressions)s) - 1 <= lower(%(expressions)s) - 1 + interval '{years} years')"
            ),
            output_field=models.BooleanField(),
        )
    )


class ProtectionDecision(OfPerson):
    """What was decided about the person's protection (북한이탈주민법 제8조, 제27조) on some days: by whom, when and
    on what basis. What a register states has no more than the decision itself.
    """

    class Decision(models.TextChoices):
        PROTECTED = "protected", _("Protected")
        NON_PROTECTED = "non_protected", _("Not protected (decision)")
        PENDING = "pending", _("Decision pending")
        NONE = "none", _("No decision")
        CHANGED = "changed", _("Protection changed")
        SUSPENDED = "suspended", _("Protection suspended")
        ENDED = "ended", _("Protection ended by decision")

    decision = models.CharField(max_length=15, choices=Decision)
    during = DateRangeField(default=(None, None))
    basis = models.CharField(max_length=200, blank=True, default="", db_default="")
    decider = models.CharField(max_length=80, blank=True, default="", db_default="")
    decision_on = models.DateField(null=True)
    client_key = models.UUIDField(null=True)

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("protection_decision"),
            ExclusionConstraint(
                name="one_protection_decision_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("This person already has a protection decision on some of these days."),
            ),
            models.CheckConstraint(
                name="protection_decision_says_why",
                condition=~Q(decision__in=["changed", "suspended", "ended"])
                | (Q(decision_on__isnull=False) & ~Q(basis="") & ~Q(decider="")),
                violation_error_message=_("A change, a suspension and an end name their basis, who decided, and when."),
            ),
            landed_once("protection_decision", versions=True),
        ]
        indexes = [models.Index(fields=["person"], name="decision_person")]


RESIDENCE_BASES = ("residence", "extension")
DAY = models.DateField()


class ProtectionPeriodQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A protection period is seen by whoever may see the person, and, by name, town, period and centre only,
        by the residence-protection officer of the district where the person's household lives today."""
        return super().visible_to(user) | self.in_register_of(user)

    def in_register_of(self, user):
        """The residence-protection register (거주지보호대장) of the user's district: its residents' running periods,
        without the households from which a conflict of interest bars the user."""
        dwellings = Dwelling.objects.current().filter(
            during__contains=TODAY,
            district__jurisdiction__during__contains=TODAY,
            district__jurisdiction__agency__user__in=granted(May.SEE_REGISTER, user),
        )
        members = (
            Membership.objects.current()
            .filter(during__contains=TODAY, household__in=dwellings.values("household"))
            .exclude(household__in=barred_from(user))
        )
        return self.filter(superseded_at=None, during__contains=TODAY, person__in=members.values("person"))

    def last_of_runs(self):
        """Return the standing periods in a district after which no later one is on record: their last day is the last
        day of the person's residence protection, extensions counted in. A period in a facility is none of them."""
        of_residence = ProtectionPeriod.objects.current().filter(basis__in=RESIDENCE_BASES, during__isempty=False)
        later = of_residence.filter(person=OuterRef("person")).filter(
            Q(during__endswith__gt=OuterRef("during__endswith")) | Q(during__upper_inf=True)
        )
        standing = self.filter(superseded_at=None, basis__in=RESIDENCE_BASES, during__isempty=False)
        return standing.filter(~Exists(later.order_by()), during__upper_inf=False)

    def ending_between(self, first, last):
        """Return those of `last_of_runs` whose last day lies from `first` to `last`, both included; nobody who died or
        left the country, nobody whose protection a decision ended."""
        gone = Residence.objects.current().filter(
            person=OuterRef("person"), status__in=GONE, during__contains=OuterRef("until")
        )
        ended = ProtectionDecision.objects.current().filter(
            person=OuterRef("person"), decision="ended", during__contains=OuterRef("until")
        )
        ends = self.last_of_runs().filter(during__endswith__gt=first, during__endswith__lte=last + timedelta(days=1))
        dated = ends.annotate(until=models.functions.Coalesce(F("during__endswith"), F("during__startswith")))
        return dated.filter(~Exists(gone.order_by()), ~Exists(ended.order_by()))

    def to_be_told_by(self, user, *, on):
        """An officer of the Ministry who decides on protection sees, by name, case number, period and centre only,
        those whose protection ends within 180 days, or ended within the last 90 without a written notice on record that
        did not come back; nobody with whom a conflict of interest is on record."""
        from households.models.ending import EndNotice

        told = EndNotice.objects.current().filter(
            person=OuterRef("person"),
            last_day=models.ExpressionWrapper(OuterRef("during__endswith") - 1, DAY),
            returned_on=None,
        )
        ends = self.filter(Exists(granted(May.DECIDE_PROTECTION, user)), ~Q(person__in=barred_people(user)))
        ends = ends.ending_between(on - TOLD_AFTER, on + TOLD_AHEAD)
        return ends.filter(Q(during__endswith__gt=on) | ~Exists(told.order_by()))


class ProtectionPeriod(OfPerson):
    """A run of days under protection. Its last day is the day before the upper bound; it is stated once, and put right
    by a later version with the reason (`decision`). A stay in a facility lasts a year at most (제5조제3항), an
    extension five years each time (시행령 제1조의4제3항)."""

    class Basis(models.TextChoices):
        RESIDENCE = "residence", _("Residence protection, five years from the first move-in")
        EXTENSION = "extension", _("Extension")
        FACILITY = "facility", _("Facility protection")

    during = DateRangeField()
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.RESIDENCE)
    decision = models.CharField(max_length=200, blank=True)

    objects = ProtectionPeriodQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("protection_period"),
            ExclusionConstraint(
                name="protection_periods_do_not_overlap",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("This person is already under protection on some of these days."),
            ),
            models.CheckConstraint(
                name="facility_protection_within_a_year",
                condition=~Q(basis="facility") | no_longer_than(ONE),
                violation_error_message=_("Protection in a facility lasts a year at most."),
            ),
            models.CheckConstraint(
                name="residence_within_five_years",
                condition=~Q(basis="residence") | no_longer_than(FIVE),
                violation_error_message=_("Residence protection lasts five years at most; an extension is decided."),
            ),
            models.CheckConstraint(
                name="extension_within_five_years",
                condition=~Q(basis="extension") | Q(no_longer_than(FIVE), during__upper_inf=False),
                violation_error_message=_("An extension lasts five years at most, each time."),
            ),
        ]
        indexes = [
            models.Index(fields=["person"], include=["during"], name="period_person"),
            models.Index(models.Func("during", function="upper", output_field=models.DateField()), name="period_end"),
        ]


class PersonalProtectionPeriodQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """The days of personal protection are seen by whoever may see the person. They are days and nothing else: how
        much somebody is in danger is never kept here."""
        return super().visible_to(user)


class PersonalProtectionPeriod(OfPerson):
    """Days on which the police protect the person (거주지에서의 신변보호, 북한이탈주민법 제22조의2): a clock of its
    own beside residence protection, at most five years each time; it may begin anew after it ended."""

    during = DateRangeField()
    decision_on = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    client_key = models.UUIDField(null=True)

    objects = PersonalProtectionPeriodQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("personal_protection_period"),
            ExclusionConstraint(
                name="personal_protections_do_not_overlap",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("The police already protect this person on some of these days."),
            ),
            models.CheckConstraint(
                name="personal_protection_within_five_years",
                condition=no_longer_than(FIVE),
                violation_error_message=_("Personal protection lasts five years at most, each time."),
            ),
            landed_once("personal_protection_period", versions=True),
        ]
        indexes = [models.Index(fields=["person"], name="guarded_period_person")]


class Consent(OfPerson):
    """What the person agreed may be shared: purpose, items, recipient, days; withdrawn on a day."""

    purpose = models.CharField(_("Purpose"), max_length=200)
    items = ArrayField(models.CharField(max_length=60), default=list)
    recipient = models.ForeignKey("agencies.Agency", models.PROTECT, null=True)
    during = DateRangeField()
    withdrawn_on = models.DateField(null=True)

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [one_version("consent")]
        indexes = [
            models.Index(fields=["person"], name="consent_person"),
            models.Index(
                fields=["recorded_at"],
                condition=Q(withdrawn_on__isnull=False, superseded_at=None),
                name="consent_withdrawn",
            ),
        ]
