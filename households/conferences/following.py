"""What a decision becomes in another room: a step of the service plan, or a task, from then on followed there.

A referral is written by a person, on the floor above, and is found again by the decision it names. Where a household
has no plan to add a step to, the decision is followed here, by its owner and its day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.clock import seoul_day
from households.models import PlanStep, ServicePlan, Task
from households.models.conference_item import ConferenceDecision
from households.plans.actions import add_step
from households.plans.workflow import PlanStatus
from households.tasklist.actions import add_task

Kind = ConferenceDecision.Kind


@dataclass(frozen=True)
class Way:
    """How a room follows a decision: `begin` makes it there and returns its number, or None where it can make nothing;
    `ended` returns {number: day} of what is done there; one query."""

    begin: Callable[..., int | None]
    ended: Callable[[Iterable[int]], dict[int, date]]


def follow(decision: Any, *, by: Any, now: datetime) -> str:
    """Begin what follows from a decision; return the key of what another room made of it ("task:12"), or ""."""
    way = WAYS.get(decision.kind)
    made = way.begin(decision, by=by, now=now) if way else None
    return f"{decision.kind}:{made}" if made else ""


def ended(decisions: Iterable[Any]) -> dict[str, date]:
    """Return {key: day} of what other rooms made of `decisions` and is done; a query for each kind that is there."""
    numbers: dict[str, list[int]] = {}
    for one in decisions:
        if one.led_to:
            numbers.setdefault(one.kind, []).append(int(one.led_to.rpartition(":")[2]))
    return {
        f"{kind}:{number}": day for kind, wanted in numbers.items() for number, day in WAYS[kind].ended(wanted).items()
    }


def _step(decision: Any, *, by: Any, now: datetime) -> int | None:
    """A step of the household's plan: the live one, else the one that is being written, the newest first."""
    plans = ServicePlan.objects.filter(household=decision.item.household, person=None).order_by("-id")
    plan = plans.live().first() or plans.filter(status=PlanStatus.DRAFT).first()
    if plan is None:
        return None
    source = f"conference-decision:{decision.pk}"
    made: PlanStep = add_step(
        plan,
        what=_cut(decision.what, PlanStep),
        due_on=decision.due_on,
        owner=decision.owner,
        source=source,
        by=by,
        now=now,
    )
    return made.pk


def _steps_ended(numbers: Iterable[int]) -> dict[int, date]:
    """What is still open of a plan that ended is over with it: what went on in the next plan is followed there."""
    rows = PlanStep.objects.filter(pk__in=list(numbers)).select_related("plan").order_by()
    return {row.pk: day for row in rows if (day := row.done_on or row.off_on or row.plan.ended_on)}


def _cut(words: str, model: Any) -> str:
    """The decision's words, as long as the room that follows it keeps them; the whole stands in the decision."""
    longest = model._meta.get_field("what").max_length
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _task(decision: Any, *, by: Any, now: datetime) -> int | None:
    made: Task = add_task(
        household=decision.item.household,
        what=_cut(decision.what, Task),
        due_on=decision.due_on,
        owner=decision.owner,
        by=by,
        now=now,
        source=str(decision.item.conference),
    )
    return made.pk


def _tasks_ended(numbers: Iterable[int]) -> dict[int, date]:
    rows = Task.objects.filter(pk__in=list(numbers)).exclude(settled_at=None).order_by()
    return {row.pk: seoul_day(row.settled_at) for row in rows if row.settled_at}


WAYS = {Kind.STEP.value: Way(_step, _steps_ended), Kind.TASK.value: Way(_task, _tasks_ended)}
