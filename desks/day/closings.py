"""What is due after the ending of a case: to ask how a household is, to answer a file that tells of a death, to
review a death, to stand by those who stay.

The days are our own criteria. A source tells of a day from `AHEAD` before it on.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import DateField, Exists, F, Func, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.day.due import Due, Scope, Source, due_rows, home_of
from households.closings.actions import ASKED_AFTER, MONTHS
from households.deaths.reported import reported
from households.deaths.workflow import ReviewStatus
from households.models import AfterCare, BereavedStep, Closing, DeathReview, Membership
from referrals.lateness import SeoulDay

AHEAD = timedelta(days=14)
REVIEW_DAYS = 14
BEREAVED_DAYS = {BereavedStep.Kind.FUNERAL: 1, BereavedStep.Kind.COUNSELLING: 14, BereavedStep.Kind.BENEFITS: 14}


def _after(field: str, interval: str) -> Func:
    """Return the Seoul day that lies `interval` (words of PostgreSQL, ours) after a moment."""
    template = f"((%(expressions)s AT TIME ZONE 'Asia/Seoul')::date + interval '{interval}')::date"
    return Func(F(field), template=template, output_field=DateField())


def _asked_after(months: int) -> Callable[[Scope], QuerySet[Any]]:
    def rows(scope: Scope) -> QuerySet[Any]:
        done = AfterCare.objects.filter(closing=OuterRef("pk"), months=months)
        found = (
            Closing.objects.in_force()
            .filter(household__in=scope.households)
            .filter(~Exists(done.order_by()), reason__in=ASKED_AFTER)
            .annotate(ask_on=_after("approved_at", f"{months} months"))
            .filter(ask_on__lte=scope.on + AHEAD)
        )
        return due_rows(found, f"after_care_{months}", day="ask_on", household="household_id", key="number")

    return rows


def _reviews(scope: Scope) -> QuerySet[Any]:
    found = DeathReview.objects.filter(household__in=scope.households, status=ReviewStatus.DRAFT)
    found = found.annotate(review_on=_after("opened_at", f"{REVIEW_DAYS} days"))
    return due_rows(found, "death_review", day="review_on", household="household_id", key="person__case_number")


def _bereaved(kind: str) -> Callable[[Scope], QuerySet[Any]]:
    """Only where somebody stays, and until it is done."""

    def rows(scope: Scope) -> QuerySet[Any]:
        done = BereavedStep.objects.filter(review=OuterRef("pk"), kind=kind)
        stay = Membership.objects.current().filter(household=OuterRef("household"), during__contains=scope.on)
        found = (
            DeathReview.objects.filter(Exists(stay.order_by()), ~Exists(done.order_by()))
            .filter(household__in=scope.households)
            .exclude(status=ReviewStatus.WITHDRAWN)
            .annotate(do_on=_after("opened_at", f"{BEREAVED_DAYS[BereavedStep.Kind(kind)]} days"))
        )
        named = f"bereaved_{kind}"
        return due_rows(found, named, day="do_on", household="household_id", key="person__case_number")

    return rows


def _reported(scope: Scope) -> QuerySet[Any]:
    """From the day on which the file came, until somebody answers."""
    found = reported().annotate(home=home_of("person", scope.on), told_on=SeoulDay("recorded_at"))
    found = found.filter(home__in=scope.households)
    return due_rows(found, "reported_death", day="told_on", household="home", key="person__case_number")


def _answer(due: Due, number: str) -> str:
    return reverse("households:reported_death", args=[due.key])


def _closing(due: Due, number: str) -> str:
    return reverse("desks:closing", args=[due.key])


def _review(due: Due, number: str) -> str:
    return reverse("desks:death_review", args=[due.key])


_WORDS = {3: _("Ask after a closed case: 3 months"), 6: _("Ask after a closed case: 6 months")}
SOURCES: tuple[Source, ...] = (
    *(Source(f"after_care_{months}", _WORDS[months], _asked_after(months), _closing, ended=True) for months in MONTHS),
    Source("reported_death", _("A file tells of a death: is it so?"), _reported, _answer, waits=False, ended=True),
    Source("death_review", _("Review of a death"), _reviews, _review, ended=True),
    *(
        Source(f"bereaved_{kind.value}", kind.label, _bereaved(kind.value), _review, ended=True)
        for kind in BereavedStep.Kind
    ),
)
