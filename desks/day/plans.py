"""What is due of service plans: the first one, its steps, its reviews. Whoever left, the household keeps them."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.day.assessments import AHEAD
from desks.day.due import Due, Scope, Source, due_rows
from households.models import PlanStep, ServicePlan
from households.plans.workflow import LIVE
from households.taken_over import FIRST_PLAN, alive, died, taken_over


def _plan(scope: Scope) -> QuerySet[Any]:
    agreed = ServicePlan.objects.filter(household=OuterRef("household"), agreed_on__isnull=False).order_by()
    rows = taken_over(scope.households, scope.on, FIRST_PLAN).filter(~Exists(agreed))
    return due_rows(rows, "plan", day="due", household="household", key="fact_id")


def _steps(scope: Scope) -> QuerySet[Any]:
    # What a step says was typed by somebody: it is read on the plan, not in a list beside a name.
    rows = PlanStep.objects.open().filter(plan__in=_live(scope).values("pk"), due_on__lte=scope.on + AHEAD)
    key = Concat(Cast("plan_id", CharField()), Value("-"), Cast("pk", CharField()))
    return due_rows(rows, "plan_step", day="due_on", household="plan__household", person="plan__person", key=key)


def _reviews(scope: Scope) -> QuerySet[Any]:
    rows = _live(scope).with_next_review().filter(review_due__lte=scope.on + AHEAD)
    return due_rows(rows, "plan_review", day="review_due", household="household", person="person")


def _live(scope: Scope) -> Any:
    """The live plans of the scope that are about somebody who is alive."""
    rows = ServicePlan.objects.filter(status__in=LIVE, household__in=scope.households)
    rows = rows.annotate(alive=alive("household", scope.on)).filter(alive__isnull=False)
    return rows.filter(~Exists(died("person", scope.on)))


def _step(due: Due, number: str) -> str:
    plan, _dash, step = due.key.partition("-")
    return reverse("households:plan", args=[number, plan]) + f"#step-{step}"


def _plans(_due: Due, number: str) -> str:
    return reverse("households:plans", args=[number])


def _review(due: Due, number: str) -> str:
    return reverse("households:plan_review", args=[number, due.key])


PLANS = (
    Source("plan", _("Service plan"), _plan, _plans),
    Source("plan_step", _("A step of the plan"), _steps, _step),
    Source("plan_review", _("Review of the plan"), _reviews, _review),
)
