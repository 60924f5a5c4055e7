"""What a plan hands on to the one that takes its place: the steps that are open, and the decisions they came from."""

from households.models import ConferenceDecision, PlanStep
from households.models.plan import PlanGoal

ENDS = ("done_on", "done_by_id", "off_on", "off_why", "off_by_id")


def copied(step, plan, goal):
    """Return a PlanStep like `step` for another plan, not saved."""
    return PlanStep(
        plan=plan,
        goal=goal,
        what=step.what,
        owner_id=step.owner_id,
        owner_words=step.owner_words,
        due_on=step.due_on,
        source=step.source,
        added_by_id=step.added_by_id,
        added_at=step.added_at,
    )


def carry_over(old, new):
    """Bring the steps of `new` up to those of `old`, whose place it takes; both are held.

    What is open in the old one and has no copy is copied; what was done or taken off there meanwhile is so in its copy
    too; a decision of a conference that became a step is followed at the copy. A copy that was taken off stays off.
    """
    there: dict = {}
    for step in PlanStep.objects.filter(plan=new).order_by("-id"):
        there.setdefault(_alike(step), []).append(step)
    goals = {_said(goal): goal for goal in PlanGoal.objects.filter(plan=new)}
    heirs = {}
    # The open ones come first: of two that say the same, a copy belongs to the one that was open.
    rows = PlanStep.objects.filter(plan=old).select_related("goal").order_by("id")
    for step in sorted(rows, key=_over):
        copies = there.get(_alike(step), [])
        copy = copies.pop() if copies else None
        if copy is None and not _over(step):
            copy = copied(step, new, goals.get(_said(step.goal)) if step.goal else None)
            copy.save()
        elif copy is not None and _over(step) and not _over(copy):
            for name in ENDS:
                setattr(copy, name, getattr(step, name))
            copy.save(update_fields=ENDS)
        if copy is not None:
            heirs[step.pk] = copy.pk
    _follow(heirs, old.household_id)


def let_go(plan):
    """Give the decisions that became steps of a plan that never began back to their conference, where they are due."""
    _follow(
        dict.fromkeys(PlanStep.objects.filter(plan=plan).order_by().values_list("pk", flat=True)), plan.household_id
    )


def _follow(heirs, household):
    kind = ConferenceDecision.Kind.STEP.value
    keys = {f"{kind}:{step}": f"{kind}:{heir}" if heir else "" for step, heir in heirs.items()}
    for one in ConferenceDecision.objects.filter(item__household=household, led_to__in=keys).order_by("id"):
        one.led_to = keys[one.led_to]
        one.save(update_fields=["led_to"])


def _alike(step):
    return (step.source, step.what, *(() if step.source else (step.owner_id, step.owner_words, step.due_on)))


def _said(goal):
    return (goal.domain, goal.client_words)


def _over(step):
    return bool(step.done_on or step.off_on)
