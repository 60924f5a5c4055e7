"""What is due of assessments: the first after a household came, and the next one after a year."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    QuerySet,
    Value,
)
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.day.due import Due, Scope, Source, due_rows
from households.models import NeedsAssessment
from households.taken_over import FIRST_ASSESSMENT, alive, taken_over

AGAIN = 365
"""Days after which a household is assessed again (our own criterion)."""
AHEAD = timedelta(days=31)
"""How long before its day something is told (our own criterion)."""


def _first(scope: Scope) -> QuerySet[Any]:
    there = NeedsAssessment.objects.current().filter(household=OuterRef("household")).order_by()
    rows = taken_over(scope.households, scope.on, FIRST_ASSESSMENT).filter(~Exists(there))
    return due_rows(rows, "assessment_first", day="due", household="household", key="fact_id")


def _again(scope: Scope) -> QuerySet[Any]:
    cutoff = scope.on + AHEAD - timedelta(days=AGAIN)
    standing = NeedsAssessment.objects.current()
    later = standing.filter(household=OuterRef("household"), assessed_on__gt=cutoff).order_by()
    rows = (
        standing.filter(household__in=scope.households, assessed_on__lte=cutoff)
        .filter(~Exists(later))
        .annotate(alive=alive("household", scope.on))
        .filter(alive__isnull=False)
        .order_by()
        .values("household")
        .annotate(newest=Max("fact_id"), last=Max("assessed_on"))
        .annotate(due=ExpressionWrapper(F("last") + Value(AGAIN), output_field=DateField()))
    )
    return due_rows(rows, "assessment_again", day="due", household="household", key="newest")


def _new(_due: Due, number: str) -> str:
    return reverse("households:assessment_new", args=[number])


ASSESSMENTS = (
    Source("assessment_first", _("First needs and risk assessment"), _first, _new),
    Source("assessment_again", _("Needs and risk assessment again"), _again, _new),
)
