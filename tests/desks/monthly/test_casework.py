"""What a monthly report counts of case work: conferences, plans, education, closings; Seoul days, the centre's own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import add_months, day_begins
from desks.monthly.casework import CASEWORK
from desks.monthly.lines import Month, counted
from households.closings import actions as closings
from households.models import CaseConference, Closing, CourseRecord, PlanReview, Responsibility
from tests.factories import HouseholdFactory
from tests.factories.closings import closed
from tests.factories.conferences import brought, decided, held, planned
from tests.factories.households import members_of
from tests.factories.plans import live_plan

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def told(worker, month):
    """Return {code: number} of what is not nothing, of this room's lines."""
    ours = {line.code for entry in CASEWORK for line in entry.lines()}

    def of(first=month, center=worker.agency_id):
        return {code: n for code, n in counted(Month(center, first)).items() if n and code in ours}

    return of


def moved(conference, at):
    CaseConference.objects.filter(pk=conference.pk).update(held_at=at)


def test_conferences_households_and_decisions_of_the_month(worker, supervisor, house, month, told):
    other = HouseholdFactory(worker=worker)
    begins, ends = day_begins(month), day_begins(add_months(month, 1))
    for at in (begins, ends - timedelta(seconds=1), ends):
        conference = planned(supervisor)
        items = brought(conference, house, other, by=supervisor)
        held(conference, supervisor)
        decided(items[0], supervisor)
        decided(items[0], supervisor, kind="nothing", what="그대로 둡니다.", owner=None, due_on=None)
        moved(conference, at)
    assert told() == {"conferences": 2, "conference_households": 2, "decisions.step": 2, "decisions.nothing": 2}
    planned(supervisor)
    assert told(add_months(month, 1))["conferences"] == 1, "one that is planned only was not held"
    assert told(center=HouseholdFactory().pk) == {}


def test_plans_made_and_reviewed_count_for_the_centre_that_answered_on_the_day(worker, house, month, told):
    plan = live_plan(house, by=worker, on=month + 4 * DAY)
    for due_day, done_on in ((14, month + 18 * DAY), (None, month + 20 * DAY), (30, add_months(month, 1))):
        PlanReview.objects.create(plan=plan, due_day=due_day, done_on=done_on, words="-", done_by=worker)
    assert told() == {"plans": 1, "plan_reviews": 2}
    Responsibility.objects.filter(household=house).update(superseded_at=timezone.now())
    Responsibility.objects.create(household=house, center=worker.agency, during=(None, month + 19 * DAY))
    assert told() == {"plans": 1, "plan_reviews": 1}


def test_education_given_by_its_last_day_without_hanawon_and_without_who_was_missing(worker, house, month, told):
    person = members_of(house)[0]
    about = {"person": person, "recorded_by": worker}
    for kind, first, last, result in (
        ("initial", month - 3 * DAY, month + 2 * DAY, "completed"),
        ("later", month + 5 * DAY, None, "partly"),
        ("later", month + 6 * DAY, None, "missed"),
        ("hanawon", month, month + DAY, "completed"),
        ("other", month, add_months(month, 1), "completed"),
    ):
        reason = "" if result == "completed" else "몸이 아팠음"
        CourseRecord.objects.create(**about, kind=kind, begins_on=first, ends_on=last, result=result, reason=reason)
    assert told() == {"courses.initial": 1, "courses.later": 1, "courses_completed": 1}


def test_closings_by_reason_and_reopenings_of_the_month(worker, supervisor, house, month, told):
    made = closed(house, by=worker, second=supervisor)
    Closing.objects.filter(pk=made.pk).update(approved_at=day_begins(month))
    assert told() == {"closings.goals_met": 1}
    made.refresh_from_db()
    closings.reopen(made, by=supervisor, now=timezone.now(), reason="다시 도움이 필요합니다.")
    Closing.objects.filter(pk=made.pk).update(reopened_at=day_begins(add_months(month, 1)) - timedelta(seconds=1))
    assert told() == {"closings.goals_met": 1, "reopened": 1}
    Closing.objects.filter(pk=made.pk).update(reopened_at=day_begins(add_months(month, 1)))
    assert told() == {"closings.goals_met": 1}
