"""What was looked at again of a plan, and the client's signature. Only ever added."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.landing import landed_once
from households.models.person import Person
from households.models.plan import OfPlanQuerySet, PlanGoal, ServicePlan


class PlanReview(models.Model):
    """One review: how the plan stands on a day. `due_day`: the days after the agreement on which it was due; None for
    one that was held besides. The rows are the ledger from which the next one is counted."""

    append_only = True

    plan = models.ForeignKey(ServicePlan, models.PROTECT, related_name="reviews")
    due_day = models.PositiveIntegerField(null=True)
    done_on = models.DateField(_("Reviewed on"))
    words = models.TextField(_("How it goes"), max_length=3000)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-id"]
        constraints = [
            landed_once("plan_review", author="done_by"),
            models.UniqueConstraint(
                fields=["plan", "due_day"],
                name="plan_review_once",
                violation_error_message=_("Somebody recorded this review just now. Please look at it first."),
            ),
        ]

    def __str__(self):
        return f"{self.plan_id} · {self.done_on:%Y-%m-%d}"


class Stands(models.TextChoices):
    """How a goal stands when somebody looks."""

    WELL = "well", pgettext_lazy("goal stands", "Goes well")
    SLOW = "slow", pgettext_lazy("goal stands", "Goes slowly")
    STUCK = "stuck", pgettext_lazy("goal stands", "Does not move")
    REACHED = "reached", pgettext_lazy("goal stands", "Reached")
    UNWANTED = "unwanted", pgettext_lazy("goal stands", "No longer wanted")


class GoalStandingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """How a goal stood is read by whoever reads the plan."""
        return self.filter(review__in=PlanReview.objects.visible_to(user).order_by().values("pk"))


class GoalStanding(models.Model):
    """How one goal stood at a review."""

    append_only = True

    review = models.ForeignKey(PlanReview, models.PROTECT, related_name="standings")
    goal = models.ForeignKey(PlanGoal, models.PROTECT, related_name="standings")
    stands = models.CharField(max_length=8, choices=Stands)

    objects = GoalStandingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "goal"], name="goal_stands_once")]

    def __str__(self):
        return f"{self.goal_id} · {self.stands}"


class PlanSignature(models.Model):
    """The client's agreement with a plan: drawn on a screen, given on paper before a witness, or declined with the
    reason. `drawn`: strokes as a path of SVG, checked by `plans.drawn` before it is kept."""

    append_only = True

    class Way(models.TextChoices):
        DRAWN = "drawn", _("Drawn on this screen")
        PAPER = "paper", _("Given on paper")
        DECLINED = "declined", _("The client did not want to sign")

    plan = models.OneToOneField(ServicePlan, models.PROTECT, related_name="signature")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    way = models.CharField(_("How the client agreed"), max_length=8, choices=Way)
    signed_on = models.DateField(_("Agreed on"))
    drawn = models.TextField(blank=True)
    witness = models.CharField(_("Who was there when it was signed"), max_length=80, blank=True)
    reason = models.CharField(_("What the client said about it"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="drawn", witness="", reason="") & ~Q(drawn="")
                | Q(way="paper", drawn="", reason="") & ~Q(witness="")
                | Q(way="declined", drawn="", witness="") & ~Q(reason=""),
                name="plan_signature_of_its_way",
                violation_error_message=_("Please say how the client agreed, and who was there or why not."),
            )
        ]

    def __str__(self):
        return f"{self.plan_id} · {self.way}"
