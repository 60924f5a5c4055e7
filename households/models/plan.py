"""A service plan (서비스 제공계획): goals in the client's words, and the steps towards them."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.landing import landed_once
from households.models.assessment import Domain
from households.models.circle import Household
from households.models.person import Person
from households.plans.workflow import LIVE, PLAN, PlanStatus

# Days after the agreement on which a plan is looked at again, then every 90 (domain.md §7.2: our own criterion).
REVIEWS, EVERY = (14, 30, 90), 90


class ServicePlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A plan is read at the centre that keeps the household's file, by whoever sees the household there. A share
        of the household opens none."""
        return self.filter(household__in=Household.objects.kept_by(user).order_by().values("pk"))

    def live(self):
        """Return the plans that were agreed and have not ended."""
        return self.filter(status__in=LIVE)

    def about(self, person):
        """Return those of one person, or, for None, those of the household as a whole."""
        return self.filter(person=person) if person else self.filter(person=None)

    def with_next_review(self):
        """Add `review_due`: the day of the next review, counted from the agreement and from the ledger of reviews, so
        that nothing is lost on a night when nobody looked; None before the agreement."""
        from households.models.planreview import PlanReview

        done = PlanReview.objects.filter(plan=OuterRef("pk"), due_day__isnull=False).order_by("-due_day")
        rows = self.annotate(reviewed_day=Subquery(done.values("due_day")[:1]))
        first, *later = REVIEWS
        cases = [When(reviewed_day=None, then=first)]
        cases += [When(reviewed_day__lt=day, then=day) for day in later]
        day = Case(*cases, default=F("reviewed_day") + EVERY, output_field=models.IntegerField())
        return rows.annotate(review_due=ExpressionWrapper(F("agreed_on") + day, output_field=models.DateField()))


class Outcome(models.TextChoices):
    """What came of a goal, or of a plan as a whole."""

    REACHED = "reached", pgettext_lazy("goal", "Reached")
    PARTLY = "partly", pgettext_lazy("goal", "Partly reached")
    NOT = "not", pgettext_lazy("goal", "Not reached")
    UNWANTED = "unwanted", pgettext_lazy("goal", "No longer wanted by the client")


@pghistory.track()
class ServicePlan(models.Model):
    """One plan of a household, or of one person of it. Its status changes only through `plans.workflow.PLAN`.

    `version` counts what was changed while it was written: a form says at which one it was opened.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=8, choices=PlanStatus, default=PlanStatus.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1)
    wish = models.TextField(_("What the client wishes for, in their own words"), max_length=2000, blank=True)
    summary = models.TextField(_("What the plan is about, in our words"), max_length=2000, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    agreed_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    ended_words = models.TextField(max_length=2000, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = ServicePlanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("service_plan", author="begun_by"),
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=Q(status=PlanStatus.DRAFT),
                name="one_plan_being_written",
                nulls_distinct=False,
                violation_error_message=_("A plan is being written already. Please go on with that one."),
            ),
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=Q(status__in=LIVE),
                name="one_live_plan",
                nulls_distinct=False,
                violation_error_message=_("Another plan was agreed just now. Please look again."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[PlanStatus.DRAFT, PlanStatus.DROPPED], agreed_on=None)
                | Q(agreed_on__isnull=False),
                name="plan_agreed_on",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, outcome="", ended_words="")
                & ~Q(status__in=[PlanStatus.ENDED, PlanStatus.REPLACED])
                | Q(ended_on__isnull=False, status=PlanStatus.REPLACED)
                | Q(ended_on__isnull=False, status=PlanStatus.ENDED) & ~Q(outcome=""),
                name="plan_ended_with_outcome",
                violation_error_message=_("A plan ends with what came of it."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("agreed_on")),
                name="plan_ends_after_agreement",
                violation_error_message=_("A plan cannot end before it was agreed."),
            ),
        ]
        triggers = [PLAN.trigger()]

    def __str__(self):
        return f"{self.household_id} · {self.pk}"


class OfPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to a plan is read by whoever reads the plan."""
        return self.filter(plan__in=ServicePlan.objects.visible_to(user).order_by().values("pk"))


# What the client agreed to stays as it was read: a new wish is a new plan.
AS_AGREED = pgtrigger.Trigger(
    name="as_agreed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'outcome' = to_jsonb(OLD) - 'outcome' THEN
            RETURN NEW;
        END IF;
        IF (SELECT status FROM households_serviceplan WHERE id = COALESCE(NEW.plan_id, OLD.plan_id)) <> 'draft' THEN
            RAISE EXCEPTION 'The goals of a plan stand as the client agreed to them.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN COALESCE(NEW, OLD);
    """,
)


@pghistory.track()
class PlanGoal(models.Model):
    """One goal: what the client said, and the same in our words. Written until the plan is agreed; then only what
    came of it is added."""

    plan = models.ForeignKey(ServicePlan, models.PROTECT, related_name="goals")
    place = models.PositiveSmallIntegerField()
    domain = models.CharField(_("Domain"), max_length=7, choices=Domain)
    client_words = models.CharField(_("In the client's words"), max_length=500)
    words = models.CharField(_("In our words"), max_length=500, blank=True)
    outcome = models.CharField(_("What came of it"), max_length=8, choices=Outcome, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "place"], name="goal_place_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        triggers = [AS_AGREED]

    def __str__(self):
        return f"{self.plan_id} · {self.place}"


class PlanStepQuerySet(OfPlanQuerySet):
    def visible_to(self, user):
        """A step is read by whoever reads its plan; that somebody owns it opens nothing."""
        return super().visible_to(user)

    def open(self):
        """Return the steps that are neither done nor taken off."""
        return self.filter(done_on=None, off_on=None)


@pghistory.track()
class PlanStep(models.Model):
    """One step: what, by whom, until when. `owner`: a worker; `owner_words`: another agency or person in words; where
    both are empty it is the client's. `goal`: None for a step of the plan as a whole. `source`: what brought it, such
    as a case conference; the same source does not bring the same step twice."""

    plan = models.ForeignKey(ServicePlan, models.PROTECT, related_name="steps")
    goal = models.ForeignKey(PlanGoal, models.PROTECT, null=True, related_name="steps")
    what = models.CharField(_("What is to be done"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    owner_words = models.CharField(_("Which agency or person"), max_length=80, blank=True)
    due_on = models.DateField(_("To be done until"))
    done_on = models.DateField(_("Done on"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    off_on = models.DateField(null=True)
    off_why = models.CharField(_("Why it is taken off"), max_length=200, blank=True)
    off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=60, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    client_key = models.UUIDField(null=True)

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            landed_once("plan_step", author="added_by"),
            models.UniqueConstraint(
                fields=["plan", "source", "what"], condition=~Q(source=""), name="plan_step_from_source_once"
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(owner_words=""),
                name="plan_step_one_owner",
                violation_error_message=_("A step has one owner: a worker, the client, or another agency."),
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None) | Q(done_on__isnull=False, done_by__isnull=False, off_on=None),
                name="plan_step_done_by",
                violation_error_message=_("This step was taken off the plan."),
            ),
            models.CheckConstraint(
                condition=Q(off_on=None, off_by=None, off_why="")
                | (Q(off_on__isnull=False, off_by__isnull=False) & ~Q(off_why="")),
                name="plan_step_off_with_reason",
                violation_error_message=_("Please say why the step is taken off."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], include=["plan"], condition=Q(done_on=None, off_on=None), name="plan_step_open"
            )
        ]

    def __str__(self):
        return f"{self.plan_id} · {self.pk}"
