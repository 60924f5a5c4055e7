"""A flag: a rule's condition holds for a household or one of its members; raised once, cleared with history."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from households.models.base import BesideHouseholdQuerySet
from risk.bands import Band


class FlagQuerySet(BesideHouseholdQuerySet):
    """Flags; seen with the household."""

    def open(self):
        return self.filter(cleared_at=None)


class Flag(models.Model):
    """Open while the condition holds. At most one open flag per rule, household and person, whoever sweeps."""

    household = models.ForeignKey("households.Household", models.PROTECT, db_index=False)
    person = models.ForeignKey("households.Person", models.PROTECT, null=True, db_index=False)
    rule = models.CharField(max_length=20)
    version = models.ForeignKey("risk.RuleVersion", models.PROTECT, db_index=False)
    since = models.DateField(help_text="since when the condition has been true")
    weight = models.PositiveSmallIntegerField(default=0, help_text="the rule's points before the group's cap")
    points = models.PositiveSmallIntegerField(default=0, help_text="points after the cap")
    floor = models.PositiveSmallIntegerField(choices=Band, null=True)
    trump = models.BooleanField(default=False)
    evidence = models.JSONField(default=dict, help_text='{"v": 1, "facts": [...], "params": {...}}')
    facts = models.PositiveSmallIntegerField(default=0, help_text="distinct facts, to see whether it worsened")
    raised_by = models.ForeignKey("risk.Sweep", models.PROTECT, related_name="raised", db_index=False)
    raised_at = models.DateTimeField(db_default=Now())
    cleared_by = models.ForeignKey(
        "risk.Sweep", models.PROTECT, null=True, related_name="cleared_flags", db_index=False
    )
    cleared_at = models.DateTimeField(null=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "household", "person"],
                condition=Q(cleared_at=None),
                nulls_distinct=False,
                name="one_open_flag",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_by=None) | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="cleared_when_and_by",
            ),
        ]
        indexes = [models.Index(fields=["household"], name="flag_house")]

    def __str__(self):
        return f"{self.rule} {self.household_id}"
