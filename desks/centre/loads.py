"""A centre's households by who looks after them. Workers stand by name: nothing here ranks people."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery

from casework.agencies.models import User
from casework.agencies.roles import May, holders
from casework.clock import day_ends
from households.models import Assignment, Membership, Responsibility
from risk.bands import Band
from risk.closings.heard import closed_at, quiet
from risk.models import Standing

MAIN = Assignment.Kind.MAIN


@dataclass
class Load:
    """What one worker (None: nobody) looks after: people, households by band, contacts owed this week and overdue."""

    worker: Any
    people: int = 0
    owed: int = 0
    overdue: int = 0
    covered: int = 0
    bands: Counter = field(default_factory=Counter)

    @property
    def households(self) -> int:
        return sum(self.bands.values())

    @property
    def urgent(self) -> int:
        return self.bands[int(Band.EMERGENCY)] + self.bands[int(Band.HIGH)]

    @property
    def moderate(self) -> int:
        return self.bands[int(Band.MODERATE)]

    @property
    def away(self) -> bool:
        """Whether the worker looks after households without being able to open them: a closed log-in, an ended role."""
        return bool(self.worker and not (self.worker.is_active and self.worker.able))

    @property
    def beyond(self) -> bool:
        """Whether more contacts are owed this week than the worker's week can hold."""
        return bool(self.worker and self.owed > self.worker.weekly_contacts)


def standings_of(user: User, *, on: date) -> Any:
    """Return the standings of the households that the user's own centre answers for today, without closed cases of
    which nothing new was heard."""
    ours = Responsibility.objects.current().filter(during__contains=on, center=user.agency_id).values("household")
    standings: Any = Standing.objects
    return standings.visible_to(user).filter(household__in=ours).exclude(quiet(day_ends(on)))


def nobody_in(user: User, *, on: date) -> list[Standing]:
    """Return the standings of the centre's households that have no main worker, as the at-risk list ranks them."""
    held = Assignment.objects.current().filter(during__contains=on, kind=MAIN).values("household")
    closed = closed_at(day_ends(on)).values("household")  # those stand apart: reopened, somebody is named
    return list(standings_of(user, on=on).exclude(household__in=held).exclude(household__in=closed).ranked())


def loads_of(user: User, *, on: date) -> list[Load]:
    """Return a Load for every worker who looks after households or may, by name; three queries."""
    found: dict[int | None, Load] = {}
    for row in _counted(user, on):
        load = found.setdefault(row["worker"], Load(None))
        load.bands[row["shown_band"]] += row["n"]
        load.people += row["people"]
        load.owed += row["owed"]
        load.overdue += row["overdue"]
        load.covered += row["covered"]
    workers = User.objects.annotate(able=holders(May.SEE_CASELOAD))
    known = workers.filter(Q(pk__in=[pk for pk in found if pk]) | Q(able=True, agency=user.agency_id, is_active=True))
    loads = []
    for worker in known.order_by("name", "id"):
        load = found.get(worker.pk) or Load(None)
        load.worker = worker
        loads.append(load)
    return loads + ([found[None]] if None in found else [])


def _counted(user: User, on: date) -> list[dict[str, Any]]:
    """One row per worker and band."""
    sunday = on + timedelta(days=6 - on.weekday())
    main = FilteredRelation(
        "household__assignment",
        condition=Q(
            household__assignment__superseded_at=None,
            household__assignment__kind=MAIN,
            household__assignment__during__contains=on,
        ),
    )
    stand_ins = Assignment.objects.current().filter(during__contains=on, kind=Assignment.Kind.SUBSTITUTE)
    rows = (
        standings_of(user, on=on)
        .annotate(main=main)
        .values("shown_band", worker=F("main__worker"))
        .annotate(
            n=Count("pk"),
            owed=Count("pk", filter=Q(contact_due_on__lte=sunday)),
            overdue=Count("pk", filter=Q(contact_due_on__lt=on)),
            covered=Count("pk", filter=Q(household__in=stand_ins.values("household"))),
        )
        .order_by()
    )
    people = _people(user, on)
    return [row | {"people": people[row["worker"], row["shown_band"]]} for row in rows]


def _people(user: User, on: date) -> Counter:
    """Return {(worker, band): people}."""
    members = Membership.objects.current().filter(
        during__contains=on, household__in=standings_of(user, on=on).values("household")
    )
    main = Assignment.objects.current().filter(household=OuterRef("household"), during__contains=on, kind=MAIN)
    rows = members.values(
        band=F("household__standing__shown_band"), worker=Subquery(main.values("worker")[:1])
    ).annotate(n=Count("pk"))
    return Counter({(row["worker"], row["band"]): row["n"] for row in rows.order_by()})
