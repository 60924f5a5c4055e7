"""The numbers of one worker's caseload, each set in one statement; nothing here is laid beside another worker's."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from casework.agencies.models import User
from casework.prepared import Question
from desks.centre.loads import MAIN
from desks.day.due import Source
from desks.day.question import GIVEN, due_sql
from desks.day.sources import SOURCES
from households.models import Assignment, Membership, Responsibility
from households.models.circle import scope_of
from risk.bands import Band
from risk.models import Review, Standing


@dataclass(frozen=True)
class Numbers:
    """What a worker looks after today as the responsible one: households by band, people, what is owed and late."""

    bands: dict[int, int]
    people: int
    owed: int
    overdue: int
    reviews: int
    reviews_late: int
    covered: int
    room: int

    @property
    def households(self) -> int:
        return sum(self.bands.values())

    @property
    def beyond(self) -> bool:
        """Whether more contacts are owed this week than a week can hold."""
        return self.owed > self.room

    @property
    def tally(self) -> list[dict[str, int]]:
        """The bands, the highest first."""
        return [{"level": int(band), "count": self.bands[int(band)]} for band in sorted(Band, reverse=True)]


@dataclass(frozen=True)
class Waiting:
    """How many things of one kind are due, and how many of them are past their day."""

    label: str
    due: int
    late: int


def caseload(user: User, worker: User, on: date) -> list[int]:
    """Return the keys of the households of the user's centre for which the worker is responsible today, as far as
    `user` sees them; one query. Asked first, so that what follows looks at these and not at the whole centre."""
    main = Assignment.objects.current().filter(worker=worker.pk, during__contains=on, kind=MAIN)
    here = Responsibility.objects.current().filter(household=OuterRef("household"), during__contains=on)
    ours = Exists(here.filter(center=user.agency_id).order_by())
    return list(main.filter(ours, household__in=scope_of(user)).order_by().values_list("household", flat=True))


def numbers_of(worker: User, homes: list[int], on: date) -> Numbers:
    """Return the numbers of a worker's `homes` (of `caseload`); one statement."""
    sunday = on + timedelta(days=6 - on.weekday())
    members = Membership.objects.current().filter(household=OuterRef("household"), during__contains=on).order_by()
    stand_in = Assignment.objects.current().filter(household=OuterRef("household"), during__contains=on)
    decided = Review.objects.filter(household=OuterRef("household"), recorded_at__gte=OuterRef("band_since"))
    awaits = Q(review_due_on__isnull=False) & (Q(review_due_on__lte=on) | ~Exists(decided.order_by()))
    rows = Standing.objects.filter(household__in=homes).annotate(
        living=Coalesce(Subquery(members.values("household").annotate(n=Count("pk")).values("n")), 0),
        stands_in=Exists(stand_in.filter(kind=Assignment.Kind.SUBSTITUTE).order_by()),
        awaits=Case(When(awaits, then=Value(1)), default=Value(0), output_field=IntegerField()),
    )
    found = rows.aggregate(
        **{f"band_{int(band)}": Count("pk", filter=Q(shown_band=band)) for band in Band},
        people=Coalesce(Sum("living"), 0),
        owed=Count("pk", filter=Q(contact_due_on__lte=sunday)),
        overdue=Count("pk", filter=Q(contact_due_on__lt=on)),
        reviews=Count("pk", filter=Q(awaits=1)),
        reviews_late=Count("pk", filter=Q(awaits=1, review_due_on__lt=on)),
        covered=Count("pk", filter=Q(stands_in=True)),
    )
    bands = {int(band): found.pop(f"band_{int(band)}") for band in Band}
    return Numbers(bands=bands, room=worker.weekly_contacts, **found)


def waiting_of(worker: User, homes: list[int], on: date) -> list[Waiting]:
    """Return what is due of a worker's `homes` by kind, in the order of the sources; one statement."""
    if not SOURCES:
        return []
    given = {"me": worker.pk, "our_agency": worker.agency_id, "here": homes, "also_closed": homes}
    rows = _counted(SOURCES, on, get_language()).ask(**given)
    found = {kind: (due, late) for kind, due, late in rows}
    return [Waiting(source.label, *found[source.kind]) for source in SOURCES if source.kind in found]


@lru_cache(maxsize=8)
def _counted(found: tuple[Source, ...], on: date, language: str | None) -> Question:
    """`language`: a source may carry words."""
    due, values = due_sql(found, on=on)
    asked = f"SELECT due_kind, count(*), count(*) FILTER (WHERE due_day < %(on)s) FROM {due} GROUP BY due_kind"
    return Question(asked, {**values, "on": on}, GIVEN)
