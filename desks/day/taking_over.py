"""What is due after a household has moved in: registration, lease, the initial education of each person."""

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.day.due import Due, Scope, Source, due_rows, home_of
from households.courses.missing import in_first_year
from households.handover.periods import EDUCATION_DAYS, STEP_DAYS, Step
from households.models import Handover


def _after(column: str, days: int) -> ExpressionWrapper:
    return ExpressionWrapper(F(column) + timedelta(days=days), output_field=DateTimeField())


def _step(step: Step) -> Any:
    """Return the rows of one first step: households that moved in and of which nobody ticked it."""

    def rows(scope: Scope) -> QuerySet[Any]:
        undone = Handover.objects.without_step(step).filter(household__in=scope.households)
        day = _after("moved_on", STEP_DAYS[step])
        return due_rows(undone, f"handover_{step}", day=day, household="household_id", key="number")

    return rows


def _education(scope: Scope) -> QuerySet[Any]:
    """People in their first year without a completed initial education, where they live today."""
    rows = in_first_year(scope.on).annotate(home=home_of("person", scope.on)).filter(home__in=scope.households)
    day = _after("moved_in_on", EDUCATION_DAYS)
    return due_rows(rows, "initial_education", day=day, household="home", person="person_id", key="person__case_number")


def _handover(due: Due, _number: str) -> str:
    return reverse("households:handover", args=[due.key]) + "#first"


REGISTRATION = Source(
    "handover_registration", _("Resident registration after the move"), _step(Step.REGISTRATION), _handover
)
LEASE = Source("handover_lease", _("Lease and keys after the move"), _step(Step.LEASE), _handover)
EDUCATION = Source(
    "initial_education",
    _("Initial education of the Hana Center"),
    _education,
    lambda due, _number: reverse("households:person_courses", args=[due.key]),
)
TAKING_OVER = (REGISTRATION, LEASE, EDUCATION)
