"""Versions of rules: the numbers in force on which days. Immutable; a change is a new version (issue: decisions)."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

TODAY = "(statement_timestamp() AT TIME ZONE 'Asia/Seoul')::date"

# The first version of a rule comes with the product; every other one comes from a change that a second person approved,
# and never holds for a day that has begun.
DECIDED = pgtrigger.Trigger(
    name="decided",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
        IF NEW.change_id IS NULL THEN
            IF NEW.version <> 1 OR NEW.pattern IS NOT NULL OR NOT lower_inf(NEW.in_force)
                OR NOT upper_inf(NEW.in_force) THEN
                RAISE EXCEPTION 'A version comes from a change that was approved.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        ELSIF lower_inf(NEW.in_force) OR lower(NEW.in_force) <= {TODAY} OR NOT EXISTS (
            SELECT FROM risk_rulechange change
            WHERE change.id = NEW.change_id AND change.status = 'approved' AND change.code = NEW.code
                AND change.starts_on = lower(NEW.in_force) AND change.parameters = NEW.parameters
                AND change.off = NEW.off AND change.pattern IS NOT DISTINCT FROM NEW.pattern
        ) THEN
            RAISE EXCEPTION 'A version is what was approved, from tomorrow at the earliest.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)

# A version ends once, on the day on which the next one that was approved begins; nothing else of it changes.
ENDS_ONCE = pgtrigger.Trigger(
    name="ends_once",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=f"""
        IF to_jsonb(NEW) - 'in_force' <> to_jsonb(OLD) - 'in_force'
            OR NOT upper_inf(OLD.in_force) OR upper_inf(NEW.in_force) OR isempty(NEW.in_force)
            OR lower(NEW.in_force) IS DISTINCT FROM lower(OLD.in_force)
            OR upper(NEW.in_force) <= {TODAY}
            OR NOT EXISTS (
                SELECT FROM risk_rulechange change
                WHERE change.code = NEW.code AND change.status = 'approved'
                    AND change.starts_on = upper(NEW.in_force)
            ) THEN
            RAISE EXCEPTION 'A version is never changed; it ends when the next one begins.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class RuleVersionQuerySet(models.QuerySet):
    def in_force(self, *, on):
        """Return the versions of the day, those of rules that are switched off included."""
        return self.filter(in_force__contains=on)

    def latest(self):
        """Return for each code the version that nothing follows yet; it may begin in the future."""
        return self.filter(in_force__endswith=None)

    def standing(self, *, on):
        """Return what a trial of the day rests on: {"in_force": ids of the versions of the day, "decided": ids of those
        that were approved to begin later}. One query."""
        rows = self.filter(Q(in_force__contains=on) | Q(in_force__startswith__gt=on)).order_by("id")
        told = list(rows.values_list("id", "in_force"))
        return {
            "in_force": [version for version, days in told if on in days],
            "decided": [version for version, days in told if on not in days],
        }


class RuleVersion(models.Model):
    """Rule `code` with `parameters` on the days of `in_force`; each flag names the version that raised it.

    `off`: the rule is switched off on those days. `pattern`: a signal pattern that people composed (rules.pattern),
    with the names they gave it; null for a rule that is written in code.
    """

    may_only_end = ("in_force",)

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    parameters = models.JSONField(default=dict)
    off = models.BooleanField(default=False, db_default=False)
    pattern = models.JSONField(null=True)
    name_ko = models.CharField(max_length=60, blank=True, default="", db_default="")
    name_en = models.CharField(max_length=80, blank=True, default="", db_default="")
    change = models.ForeignKey("risk.RuleChange", models.PROTECT, null=True, related_name="versions", db_index=False)
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
            models.CheckConstraint(
                condition=Q(pattern=None) | (~Q(name_ko="") & ~Q(name_en="")), name="pattern_has_names"
            ),
        ]
        triggers = [DECIDED, ENDS_ONCE]

    def __str__(self):
        return f"{self.code} v{self.version}"
