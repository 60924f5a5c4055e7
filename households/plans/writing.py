"""Writing a plan until the client agrees to it: begin, change, take over from the one before, set aside."""

from django.db.models import Max
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow
from households.actions.refusal import Refused
from households.actions.rights import check_can_record_contact
from households.actions.verb import lock, verb
from households.models import Draft, Membership, PlanGoal, PlanStep, ServicePlan
from households.plans.carrying import copied, let_go
from households.plans.workflow import LIVE, PLAN, PlanStatus

GOALS = 10
"""Goals of one plan at most: more than that nobody carries at once (our own criterion)."""


class Overtaken(Refused):
    """Somebody changed the plan since the form was opened; `plan` is how it stands now."""

    def __init__(self, plan):
        super().__init__(_("Somebody changed this plan while you were writing. What you typed is still here."))
        self.plan = plan


@verb
def begin(household, *, by, now, person=None, client_key=None, draft=None, wish="", summary="", goals=()):
    """Begin a plan of the household, or of `person`; return it, or the one that is being written already.

    `goals`: [{"domain", "client_words", "words"}]. `draft`: the key of what was kept while it was typed.
    Raises `NotAllowed` for whoever does not work at the centre that answers for the household, `Refused` for somebody
    who does not live there.
    """
    check_can_record_contact(by, household)
    lock(household)
    if first := landed(ServicePlan.objects, by=by, client_key=client_key, author="begun_by"):
        return first
    plans = ServicePlan.objects.filter(household=household).about(person)
    if plans.filter(status=PlanStatus.DRAFT).exists():
        raise Refused(_("A plan is being written already. Please go on with that one."))
    _check_lives_here(household, person, seoul_day(now))
    made = ServicePlan.objects.create(
        household=household,
        person=person,
        wish=wish,
        summary=summary,
        replaces=plans.filter(status__in=LIVE).first(),
        client_key=client_key,
        **_written(by, now),
        begun_by=by,
        begun_at=now,
    )
    _put_goals(made, goals)
    _typed(draft, by).delete()
    record("plan begun", made, by=by, data={"person": made.person_id})
    return made


@verb
def renew(plan, *, by, now):
    """Begin a plan that takes over what is still open of a live one; return it, or the one being written already. The
    old one goes on until the client agrees to the new one."""
    check_can_record_contact(by, plan.household)
    held = locked(plan)
    if held.status not in LIVE:
        raise NotNow(held.status)
    there = ServicePlan.objects.filter(household=held.household).about(held.person)
    if draft := there.filter(status=PlanStatus.DRAFT).first():
        return draft
    made = ServicePlan.objects.create(
        household=held.household,
        person=held.person,
        wish=held.wish,
        summary=held.summary,
        replaces=held,
        **_written(by, now),
        begun_by=by,
        begun_at=now,
    )
    _take_over(held, made)
    record("plan begun", made, by=by, data={"person": made.person_id, "after": held.pk})
    return made


@verb
def write(plan, *, version, by, now, wish, summary, goals, draft=None):
    """Change a plan that is being written; return it. `goals`: as for `begin`, with "pk" for one that stands; one that
    is left out is taken away, its steps stay with the plan as a whole. `draft`: as for `begin`.

    Raises `NotNow` once it was agreed, `Overtaken` when somebody changed it since `version`, unless nothing but steps
    was added. The same again changes nothing.
    """
    check_can_record_contact(by, plan.household)
    held = locked(plan)
    if held.status != PlanStatus.DRAFT:
        raise NotNow(held.status)
    standing = goals_of(held)
    if (held.wish, held.summary) == (wish, summary) and _same(standing, goals):
        _typed(draft, by).delete()
        return held
    if held.version != version:
        raise Overtaken(held)
    _typed(draft, by).delete()
    kept = {goal["pk"] for goal in goals if goal.get("pk")}
    for gone in [goal for goal in standing if goal.pk not in kept]:
        gone.steps.update(goal=None)
        gone.delete()
    _put_goals(held, goals, {goal.pk: goal for goal in standing})
    held.wish, held.summary = wish, summary
    touch(held, by=by, now=now, also=("wish", "summary"))
    record("plan changed", held, by=by, data={"version": held.version})
    return held


@verb
def drop(plan, *, by, now, reason):
    """Set a draft aside, with the reason; it can be read afterwards."""
    lock(plan.household)
    dropped = PLAN.perform(plan, "drop", by=by, reason=reason, changed_by=by, changed_at=now)
    let_go(dropped)
    return dropped


def locked(plan):
    """Return the plan as it stands now, its household held first, both until the transaction ends."""
    lock(plan.household)
    rows = ServicePlan.objects.select_for_update(of=("self",)).select_related("household", "person")
    return rows.get(pk=plan.pk)


def goals_of(plan):
    """Return the goals of a plan in their order."""
    return list(PlanGoal.objects.filter(plan=plan).order_by("place", "id"))


def touch(plan, *, by, now, also=()):
    """Count a change of a plan that is held, and say whose it was."""
    plan.version, plan.changed_by, plan.changed_at = plan.version + 1, by, now
    plan.save(update_fields=["version", "changed_by", "changed_at", *also])


def _typed(key, by):
    """What somebody has typed under a key so far."""
    return Draft.objects.filter(author=by, client_key=key, kind=Draft.Kind.PLAN)


def _written(by, now):
    return {"changed_by": by, "changed_at": now}


def _same(standing, goals):
    """Tell whether goals say what stands already."""
    said = [(goal.get("pk"), goal["domain"], goal["client_words"], goal["words"]) for goal in goals]
    return said == [(goal.pk, goal.domain, goal.client_words, goal.words) for goal in standing]


def _put_goals(plan, goals, standing=None):
    """Write goals: those that stand are changed, the rest come after them. `Refused` for more than GOALS."""
    if len(goals) > GOALS:
        raise Refused(_("A plan has at most %(n)s goals.") % {"n": GOALS})
    place = (PlanGoal.objects.filter(plan=plan).aggregate(last=Max("place"))["last"] or 0) + 1
    for said in goals:
        words = {name: said[name] for name in ("domain", "client_words", "words")}
        goal = (standing or {}).get(said.get("pk"))
        if goal is None:
            PlanGoal.objects.create(plan=plan, place=place, **words)
            place += 1
        elif any(getattr(goal, name) != value for name, value in words.items()):
            for name, value in words.items():
                setattr(goal, name, value)
            goal.save(update_fields=list(words))


def _take_over(old, new):
    """Copy the goals that were not closed, and the steps that are open; the old plan keeps its own."""
    made = {}
    for goal in goals_of(old):
        if not goal.outcome:
            words = {"domain": goal.domain, "client_words": goal.client_words, "words": goal.words}
            made[goal.pk] = PlanGoal.objects.create(plan=new, place=len(made) + 1, **words)
    open_still = PlanStep.objects.filter(plan=old).open().order_by("id")
    PlanStep.objects.bulk_create(copied(step, new, made.get(step.goal_id)) for step in open_still)


def _check_lives_here(household, person, day):
    if person is None:
        return
    if not Membership.objects.current().filter(household=household, person=person, during__contains=day).exists():
        raise Refused(_("This person does not live in this household."), field="subject")
