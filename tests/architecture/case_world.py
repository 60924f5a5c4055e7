"""What the work with a household leaves behind, for the permission matrix."""

from datetime import date

from django.utils import timezone

from casework.clock import seoul_day
from households.models import Closing, DeathReview, Dwelling, Job, MonthlyReport, SupervisionNote, SupervisionStep
from tests.factories import UserFactory
from tests.factories.agencies import day_at
from tests.factories.conferences import conference_with
from tests.factories.data_requests import data_requests_of
from tests.factories.day import things_to_do
from tests.factories.handovers import conflict_of, course_of, handover_of
from tests.factories.links import pair_for
from tests.factories.plans import AssessmentFactory, live_plan

JOB = {"kind": "regular", "employer": "company", "public_sector": False, "found": "own"}


def case_of(relation, household, person, *, worker, by, user):
    """Return {name: what a URL is called with}; `by` is a colleague of the worker, `user` the one who asks."""
    return {
        **_of_the_day(relation, household, person, worker, by, user),
        **_alike(relation, household, person, worker, by, user),
        **_asked(relation, household, person, worker, by, user),
        **_ended(relation, household, person, worker, by, user),
        **_conferred(relation, household, person, worker, by, user),
        **_arrived(relation, household, person, worker, by, user),
        **_came_of_it(relation, household, person, worker, by, user),
        **_planned(household, by),
    }


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


def _arrived(relation, household, person, worker, by, user):
    return {**_taken_over(household, person, worker=worker, by=by)}


def _taken_over(household, person, *, worker, by):
    """A household that is announced to the centre of the worker, one that moved in, a course, a conflict."""
    place = Dwelling.objects.current().get(household=household).district
    about = {"by": by, "district": place, "worker": worker}
    on = seoul_day(timezone.now())
    moved = {"status": "moved_in", "household": household, "moved_on": on, "moves_on": on}
    return {
        "handover": handover_of(worker.agency, status="accepted", **about).number,
        "arrived": handover_of(worker.agency, **moved, **about).number,
        "course": course_of(person, by=by).fact_id,
        "conflict": conflict_of(UserFactory(agency=worker.agency), person, by=by).fact_id,
    }


def _conferred(relation, household, person, worker, by, user):
    return {**conference_with(household, worker=worker, by=by)}


def _ended(relation, household, person, worker, by, user):
    now = timezone.now()
    said = {"reason": "goals_met", "words": "-", "proposed_by": by, "proposed_at": now}
    closing = Closing.objects.create(household=household, centre=by.agency, **said)
    about = {"person": person, "household": household, "centre": by.agency, "died_on": seoul_day(now)}
    DeathReview.objects.create(opened_by=by, **about)
    return {"closing": closing.number, "months": 3, "mourned": person.case_number}


def _asked(relation, household, person, worker, by, user):
    return data_requests_of(person, by=by)


def _alike(relation, household, person, worker, by, user):
    return {**pair_for(worker, by)}


def _of_the_day(relation, household, person, worker, by, user):
    return {**things_to_do(household, worker=worker, by=by)}
