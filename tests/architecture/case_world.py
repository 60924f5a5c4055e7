"""What the work with a household leaves behind, for the permission matrix."""

from tests.factories.plans import AssessmentFactory, live_plan


def case_of(relation, household, person, *, worker, by, user):
    """Return {name: what a URL is called with}; `by` is a colleague of the worker, `user` the one who asks."""
    return {**_planned(household, by)}


def _planned(household, by):
    """An assessment and a plan with a step."""
    plan = live_plan(household, by=by)
    return {
        "assessment": AssessmentFactory(household=household, recorded_by=by).fact_id,
        "plan": plan.pk,
        "plan_step": plan.steps.get().pk,
    }
