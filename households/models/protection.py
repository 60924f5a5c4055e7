"""Protection: what was decided, for how long, and what the person agreed to."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.facts import one_version
from households.models.base import OfPersonQuerySet
from households.models.circle import TODAY, Dwelling, Membership
from households.models.person import OfPerson


class ProtectionDecision(OfPerson):
    """Whether the person is protected, by decision of the Minister (북한이탈주민법 제8조); as of some days."""

    class Decision(models.TextChoices):
        PROTECTED = "protected", _("Protected")
        NON_PROTECTED = "non_protected", _("Not protected (decision)")
        PENDING = "pending", _("Decision pending")
        NONE = "none", _("No decision")

    decision = models.CharField(max_length=15, choices=Decision)
    during = DateRangeField(default=(None, None))

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
        ]
        indexes = [models.Index(fields=["person"], name="decision_person")]


class ProtectionPeriodQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A protection period is seen by whoever may see the person, and, by name, town, period and centre only,
        by the residence-protection officer of the district where the person's household lives today."""
        return super().visible_to(user) | self.in_register_of(user)

    def in_register_of(self, user):
        """The residence-protection register (거주지보호대장) of the user's district: its residents' running periods."""
        dwellings = Dwelling.objects.current().filter(
            during__contains=TODAY,
            district__jurisdiction__during__contains=TODAY,
            district__jurisdiction__agency__user__in=granted(May.SEE_REGISTER, user),
        )
        members = Membership.objects.current().filter(
            during__contains=TODAY, household__in=dwellings.values("household")
        )
        return self.filter(superseded_at=None, during__contains=TODAY, person__in=members.values("person"))


class ProtectionPeriod(OfPerson):
    """A run of days under protection. Its last day is the day before the upper bound; it is stated once."""

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
        ]
        indexes = [
            models.Index(fields=["person"], include=["during"], name="period_person"),
            models.Index(models.Func("during", function="upper", output_field=models.DateField()), name="period_end"),
        ]


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
