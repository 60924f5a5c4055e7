"""The plans of a household on the page of its case: how far they are, and when they are looked at again."""

from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.templatetags.format import fullday
from desks.case.section import Line, Section
from households.models import Draft, GoalStanding, Household, PlanGoal, PlanReview, ServicePlan
from households.models.plan import Outcome
from households.plans.workflow import LIVE, OPEN, PlanStatus


def plans(household: Household, user: User, now: datetime) -> Section:
    """The plans that are written or live, else the last one; progress, the next review; what the user is typing."""
    rows = list(ServicePlan.objects.visible_to(user).filter(household=household).with_next_review().order_by("-id"))
    shown = [plan for plan in rows if plan.status in OPEN] or rows[:1]
    goals = _progress([plan.pk for plan in shown])
    lines = [line for plan in shown for line in _lines(plan, goals.get(plan.pk, (0, 0)), household, seoul_day(now))]
    for draft in Draft.objects.visible_to(user).filter(household=household, kind=Draft.Kind.PLAN)[:2]:
        href = reverse("households:draft", args=[draft.client_key])
        lines.insert(0, Line(_("Being written by you"), fullday(draft.saved_at), href, "soon"))
    acts = [(_("All plans"), reverse("households:plans", args=[household.number]))] if rows else []
    drafts = any(plan.status == PlanStatus.DRAFT for plan in rows)
    if not drafts and can(user, May.RECORD_CONTACT):
        acts.append((_("New plan"), reverse("households:plan_new", args=[household.number])))
    return Section(_("Service plan"), "plans", lines, _("No plan on record."), acts)


def _progress(keys):
    """Return {plan id: (goals reached, goals)}; two queries."""
    last = (
        PlanReview.objects.filter(plan__in=keys).order_by("plan_id", "-done_on", "-id").distinct("plan_id").values("pk")
    )
    reached = GoalStanding.objects.filter(review__in=last, stands="reached").order_by().values("goal")
    counted = PlanGoal.objects.filter(plan__in=keys).order_by().values("plan")
    by_end, by_review = Q(outcome=Outcome.REACHED), Q(outcome="", pk__in=reached)
    rows = counted.annotate(all=Count("pk"), done=Count("pk", filter=by_end | by_review))
    return {row["plan"]: (row["done"], row["all"]) for row in rows}


def _lines(plan, progress, household, on) -> list[Line]:
    about = plan.get_status_display()
    words = _("%(done)s of %(all)s goals reached") % {"done": progress[0], "all": progress[1]} if progress[1] else ""
    done = "done" if progress[1] and progress[0] == progress[1] else ""
    lines = [Line(about, words, reverse("households:plan", args=[household.number, plan.pk]), done)]
    if plan.status in LIVE:
        href = reverse("households:plan_review", args=[household.number, plan.pk])
        state = "late" if plan.review_due < on else ""
        lines.append(Line(_("Next review"), fullday(plan.review_due), href, state))
    return lines
