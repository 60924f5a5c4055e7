"""What is owed once a centre has taken a household over: a first assessment and a first plan, and to whom."""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, TruncDate

from households.models import Household, Membership, Particulars, Residence, Responsibility

FIRST_ASSESSMENT = 10
"""Days for the first assessment, as districts publish them for case management (domain.md §4.4): our own criterion."""
FIRST_PLAN = 30
"""Days from taking over to the plan, as districts publish them (domain.md §4.4 and §7.2): our own criterion."""
LEARNT = 60
"""A first assessment or plan is owed where this system learned of the taking over within so many days of it, and then
until it is made. Of what was older when it was loaded, no record here does not say that it was not done (our own
criterion)."""


def taken_over(households: Any, on: date, days: int) -> QuerySet[Responsibility]:
    """Return the responsibilities of `households` on a day that this system learned of in time (`LEARNT`), with `due`:
    the number of days after the first move-in of the household, or after the centre took over when that was later."""
    moved = (
        Particulars.objects.current()
        .filter(person__in=living_in(OuterRef(OuterRef("household")), on), moved_in_on__isnull=False)
        .order_by()
        .values("superseded_at")
        .annotate(first=Min("moved_in_on"))
    )
    began = Greatest(_began("during"), Subquery(moved.values("first")), output_field=DateField())
    before = Responsibility.objects.filter(household__in=households, superseded_at__isnull=False).order_by()
    # A version of later was learned of when the first one was.
    in_time = _in_time() | Q(fact_id__in=_learnt(before).filter(_in_time()).values("fact_id"))
    return (
        _learnt(Responsibility.objects.current())
        .filter(household__in=households, household__kind=Household.Kind.LIVING)
        .filter(during__contains=on)
        # Who lives there is asked of those that pass alone: a register that was loaded holds thousands that do not.
        .annotate(alive=Case(When(in_time, then=alive("household", on))))
        .filter(alive__isnull=False)
        .annotate(due=ExpressionWrapper(began + Value(days), output_field=DateField()))
    )


def _began(during: str) -> Cast:
    """Return the first day of a range, as a day."""
    return Cast(f"{during}__startswith", DateField())


def _in_time() -> Q:
    """Return the condition, on rows with `began` and `learnt`, that this system learned of the taking over in time."""
    return Q(learnt__lte=ExpressionWrapper(F("began") + Value(LEARNT), output_field=DateField()))


def _learnt(rows: QuerySet[Responsibility]) -> QuerySet[Responsibility]:
    return rows.alias(began=_began("during"), learnt=TruncDate("recorded_at"))


def living_in(household: Any, on: Any) -> QuerySet[Any]:
    """Return the keys of the people who live in a household on a day."""
    rows = Membership.objects.current().filter(household=household, during__contains=on)
    return rows.order_by().values("person")


def alive(household: str, on: Any) -> Subquery:
    """Return, as an expression, a membership of the household in the column `household` on a day of somebody who has
    not died, or nothing: of nobody else anything is due. Asked row by row, for the rows are few and people are many."""
    rows = Membership.objects.current().filter(household=OuterRef(household), during__contains=on)
    return Subquery(rows.filter(~Exists(died("person", on))).order_by().values("pk")[:1])


def died(person: str, on: Any) -> QuerySet[Residence]:
    """Return the facts that the person in the column `person` is deceased on a day."""
    rows = Residence.objects.current().filter(person=OuterRef(person), during__contains=on)
    return rows.filter(status=Residence.Status.DECEASED).order_by()
