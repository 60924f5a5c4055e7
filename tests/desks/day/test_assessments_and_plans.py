"""What is due of assessments and plans: of those who came lately, and of what was agreed, whoever looks after it."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from casework.facts import supersede
from desks.day.asking import rows_of
from desks.day.assessments import ASSESSMENTS
from desks.day.due import Scope, due_of
from desks.day.plans import PLANS
from desks.day.sources import SOURCES
from households.models import Assignment, Household, Particulars, Residence, Responsibility, ServicePlan
from households.plans import actions
from tests.factories import HouseholdFactory
from tests.factories.closings import closed
from tests.factories.households import members_of
from tests.factories.plans import AssessmentFactory, drafted, live_plan
from tests.factories.standings import stands

DAY = timedelta(days=1)
OURS = (*ASSESSMENTS, *PLANS)


@pytest.fixture
def on():
    return seoul_day(timezone.now())


@pytest.fixture
def due(worker, on):
    """Return {kind: day} of what is due for one household."""

    def of(household, sources=OURS):
        scope = Scope(worker, Household.objects.filter(pk=household.pk).values("pk"), on)
        return {one.kind: one.day for one in due_of(sources, scope)}

    return of


def came(worker, days, moved_in=None, **more):
    """A household that the centre took over some days ago."""
    on = seoul_day(timezone.now())
    household = HouseholdFactory(worker=worker, **more)
    Responsibility.objects.filter(household=household).update(superseded_at=timezone.now())
    Responsibility.objects.create(
        household=household, center=worker.agency, during=DateRange(on - days * DAY, None), recorded_by=worker
    )
    if moved_in:
        for person in members_of(household):
            Particulars.objects.filter(person=person).update(superseded_at=timezone.now())
            Particulars.objects.create(person=person, moved_in_on=moved_in)
    return household


def test_ours_are_among_the_sources():
    assert set(OURS) <= set(SOURCES)


def test_assessment_and_plan_are_due_ten_and_thirty_days_after_taking_over(worker, on, due):
    household = came(worker, 3)
    assert due(household) == {"assessment_first": on + 7 * DAY, "plan": on + 27 * DAY}
    AssessmentFactory(household=household)
    drafted(household, by=worker)
    assert due(household) == {"plan": on + 27 * DAY}, "a draft is no plan yet"


def test_counted_from_the_move_in_where_that_is_later(worker, on, due):
    household = came(worker, 3, moved_in=on + 5 * DAY, members=2)
    assert due(household)["assessment_first"] == on + 15 * DAY
    assert due(came(worker, 3, moved_in=date(2020, 1, 1)))["assessment_first"] == on + 7 * DAY


def later(user, household, on):
    scope = Scope(user, Household.objects.filter(pk=household.pk).values("pk"), on)
    return {one.kind: (on - one.day).days for one in due_of(OURS, scope)}


def test_what_was_never_made_stays_owed_until_it_is_made(worker, on):
    household = came(worker, 3)
    after = on + 200 * DAY
    owed = {"assessment_first": 193, "plan": 173}
    assert later(worker, household, after) == owed
    duty = Responsibility.objects.current().get(household=household)
    supersede(duty, by=worker, during=DateRange(on - 4 * DAY, None))
    assert later(worker, household, after) == {"assessment_first": 194, "plan": 174}, "put right, it is owed still"
    AssessmentFactory(household=household, assessed_on=on)
    assert later(worker, household, after) == {"plan": 173 + 1}


def test_the_list_says_how_late_it_is_and_the_rule_by_which_it_stands_there(worker, client):
    came(worker, 45)
    client.force_login(worker)
    shown = client.get(reverse("desks:day")).content.decode()
    assert "35일 지남" in shown
    assert "60일" in shown


def test_a_whole_register_that_is_loaded_does_not_fall_due(worker, on, due):
    old = HouseholdFactory(worker=worker)
    assert due(old) == {}
    assert due(came(worker, 60)) != {}
    assert due(came(worker, 61)) == {}
    assert later(worker, old, on + 200 * DAY) == {}, "no record here does not say that it was not done"


def test_a_year_after_the_last_assessment_the_next_one_is_due(worker, on, due):
    household = HouseholdFactory(worker=worker)
    AssessmentFactory(household=household, assessed_on=on - 400 * DAY)
    assert due(household) == {"assessment_again": on - 35 * DAY}
    AssessmentFactory(household=household, kind="again", assessed_on=on - 340 * DAY)
    assert due(household) == {"assessment_again": on + 25 * DAY}
    AssessmentFactory(household=household, kind="again", assessed_on=on)
    assert due(household) == {}


def test_a_step_and_a_review_of_a_live_plan_are_due_until_they_are_done(worker, on, due):
    household, now = HouseholdFactory(worker=worker), timezone.now()
    plan = live_plan(household, by=worker, on=on - 20 * DAY)
    assert due(household) == {"plan_step": on + 7 * DAY, "plan_review": on - 6 * DAY}
    actions.finish_step(plan.steps.get(), done_on=on, by=worker, now=now)
    actions.review(plan, done_on=on, words="-", stands={}, by=worker, now=now)
    assert due(household) == {"plan_review": on + 10 * DAY}
    goal = plan.goals.get()
    plan = ServicePlan.objects.get(pk=plan.pk)
    actions.end(plan, ended_on=on, outcome="not", words="", outcomes={goal.pk: "not"}, by=worker, now=now)
    assert due(household) == {}


def test_what_was_due_for_a_worker_who_left_is_still_due(worker, on, due):
    household = HouseholdFactory(worker=worker)
    live_plan(household, by=worker)
    Assignment.objects.filter(household=household).update(superseded_at=timezone.now())
    worker.is_active = False
    worker.save()
    assert set(due(household)) == {"plan_step", "plan_review"}


def test_nothing_is_due_about_somebody_who_died(worker, on, due):
    household = HouseholdFactory(worker=worker, members=2)
    head, other = members_of(household)
    live_plan(household, by=worker, person=other)
    Residence.objects.filter(person=other).update(superseded_at=timezone.now())
    Residence.objects.create(person=other, status="deceased", during=DateRange(on, None))
    assert due(household) == {}
    came_lately = came(worker, 3)
    person = members_of(came_lately)[0]
    Residence.objects.filter(person=person).update(superseded_at=timezone.now())
    Residence.objects.create(person=person, status="deceased", during=DateRange(on, None))
    assert due(came_lately) == {}
    assert head


def test_each_leads_to_the_page_where_it_is_done(worker, client, on):
    household = came(worker, 3)
    live_plan(household, by=worker, on=on - 13 * DAY)
    AssessmentFactory(household=household, assessed_on=on - 400 * DAY)
    client.force_login(worker)
    scope = Scope(worker, Household.objects.filter(pk=household.pk).values("pk"), on)
    hrefs = {source.kind: source.href for source in OURS}
    rows = due_of(OURS, scope)
    assert {row.kind for row in rows} == {"assessment_again", "plan_step", "plan_review"}
    for row in rows:
        assert client.get(hrefs[row.kind](row, household.number)).status_code == 200
        assert row.words == "", "what somebody typed does not stand in a list beside a name"


def test_the_case_shows_the_latest_assessment_the_goals_and_the_next_review(worker, client, on):
    household, now = HouseholdFactory(worker=worker), timezone.now()
    url = reverse("desks:case", args=[household.number])
    client.force_login(worker)
    empty = client.get(url).content.decode()
    assert reverse("households:assessment_new", args=[household.number]) in empty
    assert reverse("households:plan_new", args=[household.number]) in empty
    found = AssessmentFactory(household=household, health="serious", recorded_by=worker)
    plan = live_plan(household, by=worker)
    actions.review(plan, done_on=on, words="-", stands={plan.goals.get().pk: "reached"}, by=worker, now=now)
    answer = client.get(url)
    sections = {section.anchor: section for section in answer.context["sections"]}
    assert sections["assessments"].lines[0].href.endswith(f"/{found.fact_id}/")
    assert [line.state for line in sections["plans"].lines] == ["done", ""]
    assert reverse("households:plan_review", args=[household.number, plan.pk]) in answer.content.decode()


def test_the_sections_ask_the_same_number_of_questions_however_long_the_case(worker, on, own_queries):
    household = HouseholdFactory(worker=worker)
    url, counts = reverse("desks:case", args=[household.number]), []
    AssessmentFactory(household=household)
    live_plan(household, by=worker)
    for more in (0, 8):
        for _each in range(more):
            AssessmentFactory(household=household, kind="again")
            plan = ServicePlan.objects.latest("id")
            actions.add_step(plan, what="-", due_on=on, by=worker, now=timezone.now())
        counts.append(len(own_queries(worker, url)))
    assert counts[0] == counts[1]


def test_a_quiet_closed_case_is_off_the_list_but_for_what_is_asked_after_it(worker, supervisor):
    house = HouseholdFactory(worker=worker)
    live_plan(house, by=worker)
    on = seoul_day(timezone.now())
    assert "plan_step" in {row.due.kind for row in rows_of(supervisor, on=on)}
    made = closed(house, by=worker, second=supervisor, ago=85)
    assert {row.due.kind for row in rows_of(supervisor, on=on)} == {"after_care_3"}
    stands(house, 4)
    assert "plan_step" in {row.due.kind for row in rows_of(supervisor, on=on)}, "of it something new was heard"
    assert made.status == "approved"
