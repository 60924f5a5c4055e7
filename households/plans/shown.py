"""A plan as its pages show it: goals with their steps, the calendar of reviews, what happened, in a few queries."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from casework.audit.models import Event
from households.assessments.shown import named
from households.models import Assignment, GoalStanding, PlanReview, PlanSignature, PlanStep, ServicePlan
from households.models.plan import Outcome
from households.plans import dates
from households.plans.drawn import HEIGHT, WIDTH
from households.plans.workflow import LIVE, OPEN, PLAN, PlanStatus, is_worker
from households.plans.writing import goals_of

BESIDE = ("household", "person", "begun_by", "changed_by")


def plans_of(household, user):
    """Return the plans of a household, the newest first, with `review_due`; one query."""
    rows = ServicePlan.objects.visible_to(user).filter(household=household).with_next_review()
    return list(rows.select_related(*BESIDE).order_by("-id"))


def workers_of(household, on):
    """Return the users who look after a household on a day, the main worker first; one query."""
    rows = Assignment.objects.current().filter(household=household, during__contains=on).order_by()
    found = get_user_model().objects.filter(pk__in=rows.values("worker"), is_active=True)
    mains = set(rows.filter(kind=Assignment.Kind.MAIN).values_list("worker", flat=True))
    return sorted(found.order_by("name", "pk"), key=lambda user: user.pk not in mains)


def steps_of(plan, on):
    """Return {goal id or None: [{"step", "who", "state", "said"}]} of a plan; one query."""
    rows = PlanStep.objects.filter(plan=plan).select_related("owner").order_by("due_on", "id")
    found = {}
    for step in rows:
        row = {"step": step, "who": owner_of(step), "state": state_of(step, on, plan)}
        found.setdefault(step.goal_id, []).append(row)
    return found


def owner_of(step):
    """Return in words who does a step."""
    if step.owner_id:
        return str(step.owner)
    return step.owner_words or _("The client")


def state_of(step, on, plan):
    """Return "done", "off", "late" or "open"; in a plan that is not live nothing is late."""
    if step.done_on:
        return "done"
    if step.off_on:
        return "off"
    return "late" if plan.status in LIVE and step.due_on < on else "open"


def goals_with(plan, on):
    """Return [{"goal", "n", "steps", "stands"}] and the steps of the plan as a whole; three queries."""
    steps = steps_of(plan, on)
    last = PlanReview.objects.filter(plan=plan).order_by("-done_on", "-id").values("pk")[:1]
    stands = {one.goal_id: one for one in GoalStanding.objects.filter(review__in=last)}
    rows = [
        {"goal": goal, "n": n, "steps": steps.get(goal.pk, []), "stands": stands.get(goal.pk)}
        for n, goal in enumerate(goals_of(plan), start=1)
    ]
    return rows, steps.get(None, [])


def progress_of(goals):
    """Return how many of the goals were reached, in words; "" for a plan without goals."""
    if not goals:
        return ""
    reached = sum(1 for row in goals if row["goal"].outcome == Outcome.REACHED or _stands_reached(row))
    return _("%(done)s of %(all)s goals reached") % {"done": reached, "all": len(goals)}


def page_of(plan, user, names, on):
    """Return what the page of one plan shows. `names`: {person id: how the person is called}."""
    goals, whole = goals_with(plan, on)
    reviews = list(PlanReview.objects.filter(plan=plan).select_related("done_by").order_by("-done_on", "-id"))
    signature = PlanSignature.objects.filter(plan=plan).select_related("person", "recorded_by").first()
    steps = PLAN.steps.values() if is_worker(plan, user) else ()
    buttons = {step.verb for step in steps if plan.status in step.sources}
    return {
        "plan": plan,
        "about": named(plan, names),
        "goals": goals,
        "whole": whole,
        "progress": progress_of(goals),
        "reviews": reviews,
        "calendar": dates.calendar_of(plan, reviews, on) if plan.status in LIVE else [],
        "signature": signature,
        "signer": (names.get(signature.person_id) or signature.person.case_number) if signature else "",
        "canvas": {"width": WIDTH, "height": HEIGHT},
        "buttons": buttons,
        "may_step": plan.status in OPEN and bool(buttons),
        "live": plan.status in LIVE,
        "draft": plan.status == PlanStatus.DRAFT,
        "events": events_of(plan),
        "next_plan": plan.followed_by.filter(status__in=OPEN).order_by("-id").first(),
    }


def events_of(plan):
    """Return the Events of a plan, the newest first, each with `said`: its verb in words."""
    rows = list(Event.objects.about(plan)[:50])
    for row in rows:
        row.said = said(row.verb)
    return rows


def said(verb):
    """Return an Event's verb in words."""
    return {
        "plan begun": _("Plan begun"),
        "plan changed": _("Plan changed"),
        "plan agreed": _("The client agreed"),
        "plan under way": _("Put under way"),
        "plan ended": _("Plan ended"),
        "plan replaced": _("Replaced by a new plan"),
        "plan draft set aside": _("Draft set aside"),
        "plan step added": _("Step added"),
        "plan step done": _("Step done"),
        "plan step taken off": _("Step taken off"),
        "plan reviewed": _("Plan reviewed"),
    }.get(verb, verb)


def _stands_reached(row):
    return bool(row["stands"]) and row["stands"].stands == "reached" and not row["goal"].outcome
