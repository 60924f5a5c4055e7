"""What the material of a conference says of the latest assessment and the plan: domains and counts, nobody's words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from casework.templatetags.format import fullday
from households.assessments.shown import could_not_ask
from households.models import Household, NeedsAssessment, PlanGoal, ServicePlan
from households.models.assessment import Domain, Need


def planned(households: Sequence[int]) -> QuerySet[Any]:
    """Return (id, latest assessment, live plan, number of its goals) of households, as {…} or None; one query."""
    told = {name: name for name in Domain.values}
    latest = NeedsAssessment.objects.current().filter(household=OuterRef("pk"), person=None)
    latest = latest.order_by("-assessed_on", "-id").values(told=JSONObject(on="assessed_on", **told))[:1]
    plans = ServicePlan.objects.live().filter(household=OuterRef("pk"), person=None).order_by("-id")
    plan = plans.with_next_review().values(told=JSONObject(agreed="agreed_on", review="review_due"))[:1]
    goals = PlanGoal.objects.filter(plan__in=plans.order_by().values("pk")).order_by().values("plan__household")
    many = goals.annotate(n=Count("pk")).values("n")[:1]
    rows = Household.objects.filter(pk__in=list(households)).order_by()
    return rows.values_list(
        "pk",
        Subquery(latest),
        Subquery(plan),
        Subquery(many, output_field=IntegerField()),
    )


def assessed_lines(told: dict[str, Any]) -> list[str]:
    """Return the day of an assessment and the domains in which it found a serious need; how many could not be
    asked."""
    day = _("Assessed on %(day)s") % {"day": fullday(date.fromisoformat(told["on"]))}
    serious = [str(domain.label) for domain in Domain if told[domain.value] == "serious"]
    lines = [day, _("Serious need: %(domains)s") % {"domains": ", ".join(serious)}] if serious else [day]
    unasked = sum(told[domain.value] == Need.NOT_ASKED for domain in Domain)
    return [*lines, could_not_ask(unasked)] if unasked else lines


def plan_line(told: dict[str, Any], goals: int | None) -> str:
    """Return since when a plan holds, how many goals it has, and when it is looked at next."""
    words = _("Plan since %(day)s, goals: %(goals)s, next review %(review)s")
    return words % {
        "day": fullday(date.fromisoformat(told["agreed"])),
        "goals": goals or 0,
        "review": fullday(date.fromisoformat(told["review"])),
    }


def planned_words(households: Sequence[int]) -> dict[int, list[str]]:
    """Return {household id: lines} of households that were found through the user; one query."""
    return {
        key: [
            *(assessed_lines(assessment) if assessment else []),
            *([plan_line(plan, goals)] if plan else []),
        ]
        for key, assessment, plan, goals in planned(households)
    }
