"""A change of a rule as a decision: what is proposed, what it would do to everybody, who read it, who approved."""

import hashlib
import json

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.landing import landed_once
from risk.changes.workflow import CHANGE, OPEN, ChangeStatus

# What was tried out, requested and approved is what was proposed: content changes only together with the step to draft.
CONTENT_STANDS = pgtrigger.Trigger(
    name="content_stands",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
        IF NEW.code <> OLD.code OR NEW.proposed_by_id <> OLD.proposed_by_id OR (
            NEW.status <> 'draft' AND (
                NEW.parameters, NEW.off, NEW.pattern, NEW.name_ko, NEW.name_en, NEW.base_id, NEW.why
            ) IS DISTINCT FROM (
                OLD.parameters, OLD.off, OLD.pattern, OLD.name_ko, OLD.name_en, OLD.base_id, OLD.why
            )
        ) THEN
            RAISE EXCEPTION 'What is proposed changes only while it is a draft.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class RuleChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may change criteria sees every change. A centre's supervisors and head see what waits for approval
        and what was approved: it decides what their people will have to do."""
        setters = granted(May.SET_CRITERIA, user)
        centres = granted(May.SEE_CENTRE, user)
        told = Q(status__in=[ChangeStatus.REQUESTED, ChangeStatus.APPROVED])
        return self.filter(models.Exists(setters) | (models.Exists(centres) & told))

    def open(self):
        """Return what is neither approved nor discarded."""
        return self.filter(status__in=OPEN)


@pghistory.track()
class RuleChange(models.Model):
    """A proposal to give rule `code` other numbers, to switch it off, or to add or change a signal pattern.

    `base` is the version it starts from, null for a new pattern. `parameters` are all numbers, not only the changed
    ones. Its status changes only through `risk.changes.workflow.CHANGE`; an approved change becomes a RuleVersion.
    """

    code = models.CharField(max_length=20)
    base = models.ForeignKey("risk.RuleVersion", models.PROTECT, null=True, related_name="+", db_index=False)
    parameters = models.JSONField(default=dict)
    off = models.BooleanField(default=False)
    pattern = models.JSONField(null=True)
    name_ko = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    why = models.TextField(_("Why"), help_text="the proposer's reason")
    status = models.CharField(
        max_length=10, choices=ChangeStatus, default=ChangeStatus.DRAFT, editable=False, db_index=True
    )
    starts_on = models.DateField(null=True, help_text="the first day in force, set on approval")
    discarded_because = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("rule_change", author="proposed_by"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(status__in=sorted(OPEN)),
                name="one_open_change_of_a_rule",
                violation_error_message=_("A change of this rule is open already."),
            ),
            models.CheckConstraint(
                condition=~Q(status=ChangeStatus.APPROVED)
                | (Q(decided_by__isnull=False, decided_at__isnull=False, starts_on__isnull=False))
                & ~Q(decided_by=F("proposed_by")),
                name="approved_by_a_second_person",
                violation_error_message=_("Whoever proposed the change cannot approve it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=ChangeStatus.DISCARDED) | ~Q(discarded_because=""),
                name="discarded_with_a_reason",
                violation_error_message=_("Write why the change is discarded."),
            ),
        ]
        triggers = [CHANGE.trigger(), CONTENT_STANDS]

    def __str__(self):
        return f"{self.code} {self.pk}"

    @property
    def numbers(self):
        """The digest of exactly what is proposed: a simulation and its readings count for these numbers only."""
        told = {name: getattr(self, name) for name in ("code", "parameters", "off", "pattern", "base_id")}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]

    def last_simulation(self):
        """Return the latest simulation of exactly these numbers, or None."""
        return self.simulations.filter(numbers=self.numbers).order_by("-id").first()


class OfChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to a change is seen with the change; which households were read, only by those who may change
        criteria."""
        return self.filter(
            models.Exists(granted(May.SET_CRITERIA, user)), change__in=RuleChange.objects.visible_to(user).values("pk")
        )


class Simulation(models.Model):
    """What a change would do to everybody, computed from the facts as of `on` and `known_by`.

    `result`: the object of `risk.changes.effect.Effect.as_json()`. `sample`: the households to read, each with its
    bands before and after and the hits that come, go or differ. `rests_on`: RuleVersionQuerySet.standing() of then.
    """

    append_only = True

    change = models.ForeignKey(RuleChange, models.PROTECT, related_name="simulations")
    numbers = models.CharField(max_length=32)
    on = models.DateField()
    known_by = models.DateTimeField()
    seconds = models.FloatField()
    households = models.PositiveIntegerField()
    result = models.JSONField()
    sample = models.JSONField()
    rests_on = models.JSONField(default=dict)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OfChangeQuerySet.as_manager()


class ChangeReading(models.Model):
    """Somebody read one household of the sample and says whether the change is right for it; the latest word counts."""

    append_only = True

    class Verdict(models.TextChoices):
        RIGHT = "right", _("Right")
        WORRYING = "worrying", _("Worrying")

    change = models.ForeignKey(RuleChange, models.PROTECT, related_name="readings")
    numbers = models.CharField(max_length=32)
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(max_length=8, choices=Verdict)
    words = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = OfChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            landed_once("reading"),
            models.CheckConstraint(
                condition=Q(verdict="right") | ~Q(words=""),
                name="worrying_says_why",
                violation_error_message=_("Write what is worrying about it."),
            ),
        ]
