"""Versions of rules: the parameters in force on which days. Immutable; a change is a new version."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now


class RuleVersionQuerySet(models.QuerySet):
    def in_force(self, *, on):
        return self.filter(in_force__contains=on)


class RuleVersion(models.Model):
    """Rule `code` with `parameters` on the days of `in_force`; each flag names the version that raised it."""

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    parameters = models.JSONField(default=dict)
    in_force = DateRangeField(default=(None, None))
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_version_once"),
            ExclusionConstraint(
                name="one_version_in_force",
                expressions=[("code", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self):
        return f"{self.code} v{self.version}"
