"""How much each worker carries, weighed by band, and suggestions who could give which households to whom.

The weights are our own criterion, dated numbers of the bands. Nothing here ranks people: a suggestion evens out work.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from casework.agencies.models import User
from casework.agencies.roles import May, holders
from desks.centre.loads import standings_of
from households.actions.many import MOST
from households.models import Absence, Assignment, Membership, Particulars
from risk.bands import Band
from risk.judge import in_force

MAIN = Assignment.Kind.MAIN
ENOUGH = 0.05
"""A worker within this share of what would be even is left alone."""


@dataclass(frozen=True)
class Holding:
    """A household with its main worker (None: nobody), the row of that assignment, its weight, and whether contact is
    owed this week. `stays`: it is not suggested to anybody else."""

    household: int
    number: str
    band: int
    worker: int | None
    assignment: int | None
    weight: int
    owed: bool
    stays: bool


@dataclass(frozen=True)
class Worker:
    """Somebody who carries a caseload: `room` is how many contacts a week can hold, 0 for somebody who cannot log in;
    `takes`: may be suggested more (at work, no counsellor, no supervisor)."""

    user: User
    room: int
    takes: bool
    gone: bool


@dataclass(frozen=True)
class Load:
    """What one worker carries before and after a plan: households, weight, contacts owed this week."""

    worker: User | None
    room: int
    before: tuple[int, int, int]
    after: tuple[int, int, int]

    @property
    def changes(self) -> bool:
        return self.before != self.after


Plan = list[tuple[Holding, int]]
"""Which household goes to which worker (id)."""


def weigher(on: date) -> Callable[[int], int]:
    """Return the function from a band to its weight in force on the day; one query."""
    criteria, __ = in_force(on)
    return criteria.load


def holdings_of(user: User, *, on: date) -> list[Holding]:
    """Return the households of the user's own centre; two queries.

    Clients of counsellors, families who do not speak Korean, Emergencies and whoever cannot be reached `stay`.
    """
    weight, sunday = weigher(on), on + timedelta(days=6 - on.weekday())
    today = Assignment.objects.current().filter(household=OuterRef("household"), during__contains=on)
    members = Membership.objects.current().filter(household=OuterRef("household"), during__contains=on)
    rows = standings_of(user, on=on).annotate(
        worker=Subquery(today.filter(kind=MAIN).values("worker")[:1]),
        assigned=Subquery(today.filter(kind=MAIN).values("pk")[:1]),
        counselled=Exists(today.filter(kind=Assignment.Kind.COUNSELLOR)),
        foreign=Exists(members.filter(person__in=_foreign())),
    )
    columns = (
        "household_id",
        "shown_band",
        "worker",
        "assigned",
        "counselled",
        "foreign",
        "contact_due_on",
        "attempts",
    )
    return [
        Holding(
            household=row["household_id"],
            number=row["number"],
            band=row["shown_band"],
            worker=row["worker"],
            assignment=row["assigned"],
            weight=weight(row["shown_band"]),
            owed=bool(row["contact_due_on"] and row["contact_due_on"] <= sunday),
            stays=bool(row["counselled"] or row["foreign"] or row["attempts"] or row["shown_band"] == Band.EMERGENCY),
        )
        for row in rows.order_by("household_id").values(*columns, number=F("household__number"))
    ]


def _foreign() -> Any:
    return Particulars.objects.current().exclude(language__in=("", "ko")).values("person")


def workers_of(user: User, holdings: list[Holding], *, on: date) -> list[Worker]:
    """Return everybody who carries a household of the centre or may be given one, by name; one query."""
    away = Absence.objects.current().filter(worker=OuterRef("pk"), during__contains=on)
    people = User.objects.annotate(
        able=holders(May.SEE_CASELOAD),
        leads=holders(May.SEE_CENTRE),
        counsels=holders(May.READ_COUNSELLING),
        away=Exists(away),
    )
    carrying = {holding.worker for holding in holdings if holding.worker}
    known = people.filter(pk__in=carrying) | people.filter(agency=user.agency_id, is_active=True, able=True)
    found = []
    for one in known.order_by("name", "id").distinct():
        works = one.is_active and one.able and one.agency_id == user.agency_id
        takes = works and not (one.away or one.leads or one.counsels)
        found.append(Worker(one, one.weekly_contacts if works else 0, takes, gone=not works))
    return found


def balanced(holdings: list[Holding], workers: list[Worker]) -> Plan:
    """Return few moves that even out the weights: the heaviest first, at most MOST, none of what `stays`.

    What is even is each one's share of the whole by the contacts a week can hold. Households with nobody, and those of
    somebody who cannot log in any more, are given away whole; who is on leave, counsels or leads is left as it is.
    """
    takers = {worker.user.pk: worker for worker in workers if worker.takes and worker.room}
    if not takers:
        return []
    gone = {worker.user.pk for worker in workers if worker.gone}
    carried = dict.fromkeys(takers, 0)
    homeless, free = [], {pk: [] for pk in takers}
    for holding in holdings:
        if holding.worker is None or holding.worker in gone:
            homeless.append(holding)
        elif holding.worker in takers:
            carried[holding.worker] += holding.weight
            if not holding.stays:
                free[holding.worker].append(holding)
    rooms = sum(worker.room for worker in takers.values())
    whole = sum(carried.values()) + sum(holding.weight for holding in homeless)
    even = {pk: whole * worker.room / rooms for pk, worker in takers.items()}
    plan = _given_away(homeless, carried, even)
    return plan + _evened(free, carried, even, MOST - len(plan))


def _given_away(homeless: list[Holding], carried: dict[int, int], even: dict[int, float]) -> Plan:
    plan = []
    for holding in sorted(homeless, key=lambda one: (-one.weight, one.household))[:MOST]:
        to = max(carried, key=lambda pk: (even[pk] - carried[pk], -pk))
        carried[to] += holding.weight
        plan.append((holding, to))
    return plan


def _evened(free: dict[int, list[Holding]], carried: dict[int, int], even: dict[int, float], room: int) -> Plan:
    plan: Plan = []
    for held in free.values():
        held.sort(key=lambda one: (-one.weight, one.household))
    while len(plan) < room:
        giver = max(carried, key=lambda pk: (carried[pk] - even[pk], -pk))
        taker = max(carried, key=lambda pk: (even[pk] - carried[pk], -pk))
        over, under = carried[giver] - even[giver], even[taker] - carried[taker]
        if over <= ENOUGH * even[giver] or under <= 0:
            break
        fits = min(over, under)
        chosen = next((one for one in free[giver] if 0 < one.weight <= fits), None)
        if chosen is None:
            break
        free[giver].remove(chosen)
        carried[giver] -= chosen.weight
        carried[taker] += chosen.weight
        plan.append((chosen, taker))
    return plan


def loads_after(holdings: list[Holding], workers: list[Worker], plan: Plan) -> list[Load]:
    """Return the Load of every worker, by name, and of nobody at the end where there is such a household."""
    to = {holding.household: worker for holding, worker in plan}
    after = [replace(holding, worker=to.get(holding.household, holding.worker)) for holding in holdings]
    rows = [Load(worker.user, worker.room, *_both(holdings, after, worker.user.pk)) for worker in workers]
    nobody = Load(None, 0, *_both(holdings, after, None))
    return [*rows, nobody] if nobody.before[0] or nobody.after[0] else rows


def _both(before: list[Holding], after: list[Holding], worker: int | None) -> tuple[Any, Any]:
    return _sum(before, worker), _sum(after, worker)


def _sum(holdings: list[Holding], worker: int | None) -> tuple[int, int, int]:
    mine = [holding for holding in holdings if holding.worker == worker]
    return len(mine), sum(holding.weight for holding in mine), sum(holding.owed for holding in mine)
