"""What happens with a plan: its steps, the client's agreement, the reviews, its end.

Each verb holds the household first and then the plan, so that of two at once one wins and the other is told.
"""

from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow
from households.actions.refusal import Refused
from households.actions.rights import check_can_record_contact
from households.actions.verb import verb
from households.models import GoalStanding, Membership, PlanGoal, PlanReview, PlanSignature, PlanStep, ServicePlan
from households.plans import dates, drawn
from households.plans.carrying import carry_over
from households.plans.workflow import LIVE, OPEN, PLAN, PlanStatus
from households.plans.writing import Overtaken, goals_of, locked, touch

Way = PlanSignature.Way


@verb
def add_step(plan_or_goal, *, what, due_on, by, now, owner=None, owner_words="", source="", client_key=None):
    """Add a step to a plan, or towards one of its goals; return the PlanStep.

    `owner`: a worker; `owner_words`: another agency or person; neither: the client. `source`: what brought it, such as
    "conference:12"; the same step from the same source lands once. Raises `NotAllowed` outside the centre that answers
    for the household, `NotNow` for a plan that ended.
    """
    goal = plan_or_goal if isinstance(plan_or_goal, PlanGoal) else None
    plan = goal.plan if goal else plan_or_goal
    check_can_record_contact(by, plan.household)
    held = locked(plan)
    steps = PlanStep.objects.filter(plan=held)
    if first := landed(steps, by=by, client_key=client_key, author="added_by"):
        return first
    if source and (same := steps.filter(source=source, what=what).first()):
        return same
    if held.status not in OPEN:
        raise NotNow(held.status)
    made = PlanStep.objects.create(
        plan=held,
        goal=goal,
        what=what,
        due_on=due_on,
        owner=owner,
        owner_words=owner_words,
        source=source,
        added_by=by,
        added_at=now,
        client_key=client_key,
    )
    if held.status == PlanStatus.DRAFT:
        touch(held, by=by, now=now)  # the client agrees to the steps too
    record("plan step added", held, by=by, data={"step": made.pk})
    return made


@verb
def finish_step(step, *, done_on, by, now):
    """Say that a step was done on a day; return it. Twice changes nothing; the first step done puts the plan under
    way. Raises `NotNow` for a plan that is not live, `Refused` for a day to come."""
    held, fresh = _step(step, by)
    if fresh.done_on:
        return fresh
    _check_past(done_on, now, "done_on")
    fresh.done_on, fresh.done_by = done_on, by
    fresh.save(update_fields=["done_on", "done_by"])
    _under_way(held, by)
    record("plan step done", held, by=by, data={"step": fresh.pk})
    return fresh


@verb
def take_off(step, *, reason, by, now):
    """Take a step off the plan, with the reason; it stays to be read. Twice changes nothing; `Refused` for one that
    was done, `NotNow` for a plan that ended."""
    held, fresh = _step(step, by, OPEN)
    if fresh.off_on:
        return fresh
    if fresh.done_on:
        raise Refused(_("This step is done already."))
    fresh.off_on, fresh.off_why, fresh.off_by = seoul_day(now), reason, by
    fresh.save(update_fields=["off_on", "off_why", "off_by"])
    if held.status == PlanStatus.DRAFT:
        touch(held, by=by, now=now)
    record("plan step taken off", held, by=by, reason=reason, data={"step": fresh.pk})
    return fresh


@verb
def agree(plan, *, version, way, signed_on, person, by, now, points="", witness="", reason=""):
    """Record how the client agreed to a plan, and let it begin; return it. A live plan of the same ends with it;
    what is open of it by then goes on in the new one.

    `way`: a word of PlanSignature.Way; with a drawn one `points` (a path of SVG), on paper the `witness`, declined the
    `reason`: the plan may run all the same. Raises `Overtaken` when the plan was changed since `version`, so that
    nobody agrees to what they did not read; `Refused` for a plan without a goal and what does not belong together.
    """
    held = locked(plan)
    PLAN.check(held, "agree", by)
    if held.version != version:
        raise Overtaken(held)
    if not goals_of(held):
        raise Refused(_("A plan needs a goal before the client agrees to it."))
    _check_past(signed_on, now, "signed_on")
    _check_signer(held, person, signed_on)
    told = {"drawn": "", "witness": "", "reason": ""}
    told |= {
        Way.DRAWN: {"drawn": drawn.checked(points) if way == Way.DRAWN else ""},
        Way.PAPER: {"witness": witness},
        Way.DECLINED: {"reason": reason},
    }[way]
    for old in ServicePlan.objects.live().filter(household=held.household).about(held.person):
        carry_over(old, held)
        PLAN.perform(old, "replace", by=by, data={"by": held.pk}, ended_on=signed_on)
    signed = PlanSignature.objects.create(
        plan=held, person=person, way=way, signed_on=signed_on, recorded_by=by, **told
    )
    return PLAN.perform(held, "agree", by=by, data={"way": signed.way}, agreed_on=signed_on)


@verb
def start(plan, *, by, now):
    """Put an agreed plan under way; whoever comes second gets `NotNow`."""
    return PLAN.perform(locked(plan), "start", by=by, changed_by=by, changed_at=now)


@verb
def review(plan, *, done_on, words, stands, by, now, seen=0, client_key=None):
    """Record how a live plan stands on a day; return the PlanReview. `stands`: {id of a goal: a word of Stands}.

    It answers the reviews that were due by that day; held earlier, it is one besides. `seen`: the newest review that
    the author knew of. Raises `NotNow` for a plan that is not live, `Refused` when somebody reviewed it meanwhile.
    """
    check_can_record_contact(by, plan.household)
    held = locked(plan)
    reviews = PlanReview.objects.filter(plan=held)
    if first := landed(reviews, by=by, client_key=client_key, author="done_by"):
        return first
    if held.status not in LIVE:
        raise NotNow(held.status)
    if reviews.filter(pk__gt=seen).exists():
        raise Refused(_("Somebody recorded a review while you were writing. Please look at it first, then save yours."))
    _check_past(done_on, now, "done_on")
    if done_on < held.agreed_on:
        raise Refused(_("This day lies before the plan was agreed."), field="done_on")
    day = dates.answered(held.agreed_on, dates.last_reviewed(held), done_on)
    made = PlanReview.objects.create(
        plan=held, due_day=day, done_on=done_on, words=words, done_by=by, client_key=client_key
    )
    known = {goal.pk for goal in goals_of(held)}
    GoalStanding.objects.bulk_create(
        GoalStanding(review=made, goal_id=goal, stands=word) for goal, word in stands.items() if goal in known
    )
    _under_way(held, by)
    record("plan reviewed", held, by=by, data={"review": made.pk, "day": day})
    return made


@verb
def end(plan, *, ended_on, outcome, words, outcomes, by, now):
    """End a live plan with what came of it and of each goal: `outcomes` {id of a goal: a word of Outcome}; return it.
    Its open steps are no longer due; they stay to be read. Raises `Refused` unless every goal has its outcome."""
    held = locked(plan)
    PLAN.check(held, "end", by)
    _check_past(ended_on, now, "ended_on")
    goals = goals_of(held)
    if any(not outcomes.get(goal.pk) for goal in goals):
        raise Refused(_("Please say of each goal what came of it."))
    for goal in goals:
        goal.outcome = outcomes[goal.pk]
        goal.save(update_fields=["outcome"])
    return PLAN.perform(held, "end", by=by, ended_on=ended_on, outcome=outcome, ended_words=words)


def _step(step, by, states=LIVE):
    """Return the plan and the step as they stand, both held."""
    check_can_record_contact(by, step.plan.household)
    held = locked(step.plan)
    fresh = PlanStep.objects.select_for_update().get(pk=step.pk)
    if held.status not in states and not (fresh.done_on or fresh.off_on):
        raise NotNow(held.status)
    return held, fresh


def _under_way(plan, by):
    if plan.status == PlanStatus.AGREED:
        PLAN.perform(plan, "start", by=by)


def _check_past(day, now, field):
    if day > seoul_day(now):
        raise Refused(_("This day is still to come."), field=field)


def _check_signer(plan, person, day):
    living = Membership.objects.current().filter(household=plan.household, person=person, during__contains=day)
    if not living.exists():
        raise Refused(_("This person did not live in this household on that day."), field="person")
