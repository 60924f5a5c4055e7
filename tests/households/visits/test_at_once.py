"""Two hands at once, on real connections: tasks set and settled, visits planned and ended, alerts told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.telling.models import Notification
from casework.workflow import NotNow
from households.models import PlannedVisit, Task
from households.tasklist import actions as tasks
from households.visits import actions as visits
from households.visits.telling import tell_missing
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.day import task_of, visit_of
from tests.harness.racing import at_once

NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def team(committed_db):
    centre = CentreFactory()
    return [UserFactory(agency=centre), UserFactory(agency=centre, role="supervisor")]


def test_a_double_tap_sets_one_task_and_plans_one_visit(team):
    kim, _boss = team
    home, key = HouseholdFactory(worker=kim), uuid4()
    about = {"what": "-", "due_on": seoul_day(NOW), "owner": None, "by": kim, "now": NOW, "client_key": key}
    at_once(*[lambda: tasks.add_task(**about)] * 2)
    moments = {"begins": NOW + HOUR, "expected_back": NOW + 2 * HOUR}
    at_once(*[lambda: visits.plan_visit(home, worker=kim, by=kim, now=NOW, client_key=key, **moments)] * 2)
    assert (Task.objects.count(), PlannedVisit.objects.count()) == (1, 1)


def test_one_settles_a_task_and_the_other_is_told(team):
    kim, boss = team
    task = task_of(HouseholdFactory(worker=kim), by=kim)
    settled, told = at_once(
        lambda: tasks.done(task, by=kim, now=NOW), lambda: tasks.drop(task, by=boss, now=NOW, reason="필요 없음")
    )
    assert ([type(one) for one in settled], [type(one) for one in told]) == ([Task], [NotNow])
    assert Event.objects.filter(verb__in=["task: done", "task: dropped"]).count() == 1


def test_two_ticks_at_once_tell_once(team):
    kim, boss = team
    visit_of(HouseholdFactory(worker=kim), worker=kim, begins=NOW - 3 * HOUR)
    at_once(lambda: tell_missing(NOW), lambda: tell_missing(NOW))
    assert list(Notification.objects.filter(kind="visit_missing").values_list("user", flat=True)) == [boss.pk]
