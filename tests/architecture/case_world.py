"""What the work with a household leaves behind, for the permission matrix."""

from datetime import date

from households.models import Job, MonthlyReport, SupervisionNote, SupervisionStep
from tests.factories.agencies import day_at
from tests.factories.plans import AssessmentFactory, live_plan

JOB = {"kind": "regular", "employer": "company", "public_sector": False, "found": "own"}


def case_of(relation, household, person, *, worker, by, user):
    """Return {name: what a URL is called with}; `by` is a colleague of the worker, `user` the one who asks."""
    return {**_came_of_it(relation, household, person, worker, by, user), **_planned(household, by)}


def _planned(household, by):
    """An assessment and a plan with a step."""
    plan = live_plan(household, by=by)
    return {
        "assessment": AssessmentFactory(household=household, recorded_by=by).fact_id,
        "plan": plan.pk,
        "plan_step": plan.steps.get().pk,
    }


def _came_of_it(relation, household, person, worker, by, user):
    return {
        "job": Job.objects.create(person=person, began_on=date(2024, 3, 1), recorded_by=by, **JOB).fact_id,
        **_supervised(worker, by),
        "monthly": _monthly(worker),
    }


def _supervised(worker, by):
    note = SupervisionNote.objects.create(
        center=worker.agency, worker=worker, supervisor=by, held_on=date(2024, 3, 1), text="면담"
    )
    step = SupervisionStep.objects.create(note=note, place=0, text="약속")
    return {"supervision": note.pk, "agreed": step.pk}


def _monthly(worker):
    """A draft of the worker's centre; each of another month, for a centre has one open report of a month."""
    place = MonthlyReport.objects.filter(center=worker.agency).count()
    month = date(2024, 1 + place, 1)
    about = {"begun_by": worker, "begun_at": day_at(date(2025, 1, 10))}
    return MonthlyReport.objects.create(center=worker.agency, month=month, **about).number
