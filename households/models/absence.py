"""Days on which somebody who looks after households is away, and the records of work that was given to others."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.facts import Fact, FactQuerySet, one_version
from casework.landing import landed_once
from households.models.base import BesideHouseholdQuerySet


class AbsenceQuerySet(FactQuerySet):
    def visible_to(self, user):
        """That a colleague is away is seen by those who work at the same agency; why is not kept beyond one word."""
        return self.filter(worker__agency__user=user.pk)


class Absence(Fact):
    """`worker` is away on the days of `during`; `substitute` (None: nobody was named) stands in."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave")
        TRAINING = "training", _("Training or business trip")
        OTHER = "other", _("Other absence")

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", db_index=False)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.LEAVE)
    during = DateRangeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        constraints = [
            one_version("absence"),
            ExclusionConstraint(
                name="one_absence_at_a_time",
                expressions=[("worker", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("This worker is already recorded as away on some of these days."),
            ),
        ]
        indexes = [models.Index(fields=["worker"], condition=Q(superseded_at=None), name="absence_worker")]


class ReassignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Which work a centre gave to others is seen by those who assign work at that centre."""
        return self.filter(center__user__in=granted(May.ASSIGN, user))


class Reassignment(models.Model):
    """Many households of one centre were given to other workers at once; `undoes` names the one it takes back."""

    append_only = True

    center = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone")
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = ReassignmentQuerySet.as_manager()

    class Meta:
        constraints = [landed_once("reassignment")]
        indexes = [models.Index("center", F("recorded_at").desc(), name="reassignment_centre")]


class ReassignedQuerySet(BesideHouseholdQuerySet):
    """One household of a reassignment; seen with the household."""


class Reassigned(models.Model):
    """One household of a Reassignment: the assignments (by `fact_id`) that ended (`was`) and that began (`made`). None:
    nobody looked after it before, or, taken back, nobody does again."""

    append_only = True

    reassignment = models.ForeignKey(Reassignment, models.PROTECT, related_name="rows")
    household = models.ForeignKey("households.Household", models.PROTECT, db_index=False)
    was = models.BigIntegerField(null=True)
    made = models.BigIntegerField(null=True)

    objects = ReassignedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reassignment", "household"], name="reassigned_once")]
