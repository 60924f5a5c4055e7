"""Tasks: set, done, dropped, handed on; whose they are follows the household; put off with a reason."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.workflow import NotNow
from desks.day.asking import rows_of
from desks.day.shown import is_nobodys
from households.actions import Refused, assign
from households.actions.refusal import NotAllowed
from households.models import Snooze, Task
from households.models.task import URGENT
from households.tasklist import actions
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.agencies import give
from tests.factories.day import task_of

NOW = timezone.now()
TODAY = seoul_day(NOW)


def add(by, household=None, owner=None, **more):
    return actions.add_task(household=household, what="서류 챙기기", due_on=TODAY, owner=owner, by=by, now=NOW, **more)


def doer(task):
    return Task.objects.filter(pk=task.pk).with_doer().get().doer


def orphans(boss):
    """Return the ids of the tasks that stand as nobody's before the supervisor."""
    return sorted(int(row.due.key) for row in rows_of(boss, on=TODAY, only=("task",)) if is_nobodys(row))


def test_a_task_lands_once_however_often_it_is_sent(kim, house):
    key = uuid4()
    assert add(kim, house, client_key=key) == add(kim, house, client_key=key)
    assert Task.objects.count() == 1
    assert Event.objects.filter(verb="task: set", household_id=house.pk).count() == 1


def test_a_task_of_a_household_goes_with_its_worker_unless_it_was_given_on_purpose(kim, boss, house, centre):
    lee = UserFactory(agency=centre)
    own, named = add(kim, house), add(kim, house, owner=kim)
    assign(house, worker=lee, on=TODAY, by=boss)
    assert (doer(own), doer(named)) == (lee.pk, kim.pk)


def test_of_whoever_left_or_lost_the_role_it_is_nobodys_until_it_is_given_to_somebody(kim, boss, house):
    own, alone = add(kim, house), add(kim)
    assert orphans(boss) == []
    kim.grants.update(during=(NOW - timedelta(days=9), NOW - timedelta(hours=9)))
    assert orphans(boss) == [own.pk, alone.pk]
    actions.hand(alone, to=boss, by=boss, now=NOW)
    assert orphans(boss) == [own.pk]


def test_of_an_inactive_user_and_without_a_responsible_worker_it_is_nobodys(kim, boss, centre):
    bare = HouseholdFactory(center=centre)
    lone = add(boss, bare)
    gone = add(boss, owner=kim)
    type(kim).objects.filter(pk=kim.pk).update(is_active=False)
    assert orphans(boss) == [lone.pk, gone.pk]


def test_done_dropped_and_open_again(kim, house):
    task = add(kim, house)
    assert actions.done(task, by=kim, now=NOW).settled_by == kim
    with pytest.raises(NotNow):
        actions.drop(task, by=kim, now=NOW, reason="늦음")
    assert actions.reopen(task, by=kim, now=NOW).settled_at is None
    assert actions.drop(task, by=kim, now=NOW, reason="필요 없음").dropped_because == "필요 없음"
    with pytest.raises(Refused):
        actions.hand(task, to=kim, by=kim, now=NOW)


def test_raw_sql_cannot_pass_the_table(kim, house):
    task = actions.done(add(kim, house), by=kim, now=NOW)
    with pytest.raises(Exception, match="dropped"), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(status="dropped", dropped_because="-")


def test_it_is_given_to_somebody_of_the_centre_alone(kim, stranger, house):
    with pytest.raises(Refused):
        add(kim, house, owner=stranger)
    with pytest.raises(NotAllowed):
        add(stranger, house)
    with pytest.raises(Refused):
        actions.hand(add(kim), to=None, by=kim, now=NOW)


def test_who_sees_a_task(kim, boss, stranger, house, centre):
    colleague = UserFactory(agency=centre)
    ShareFactory(household=house, to_user=stranger)
    task, alone = add(kim, house), add(kim)
    seen = {user: set(Task.objects.visible_to(user)) for user in (kim, boss, colleague, stranger)}
    assert seen == {kim: {task, alone}, boss: {task, alone}, colleague: set(), stranger: set()}
    actions.hand(task, to=colleague, by=kim, now=NOW)
    assert set(Task.objects.visible_to(colleague)) == {task}


def put_off(by, household, kind="contact", days=3, reason="입원 중입니다", **more):
    about = {"kind": kind, "key": str(household.pk), "household": household, "due_on": TODAY}
    return actions.snooze(**about, until=TODAY + timedelta(days=days), reason=reason, by=by, on=TODAY, **more)


def test_something_is_put_off_with_a_reason_and_comes_back_by_itself(kim, house):
    held = put_off(kim, house)
    assert put_off(kim, house) == held
    assert list(Snooze.objects.holding(TODAY + timedelta(days=2))) == [held]
    assert list(Snooze.objects.holding(TODAY + timedelta(days=3))) == []
    assert actions.lift(held, by=kim, now=NOW)
    assert not actions.lift(held, by=kim, now=NOW)
    assert list(Snooze.objects.holding(TODAY)) == []


@pytest.mark.parametrize("wrong", [{"days": 15}, {"days": 0}, {"reason": " "}, {"kind": URGENT}])
def test_never_longer_than_14_days_never_without_a_reason_never_what_is_urgent(kim, house, wrong):
    with pytest.raises(Refused):
        put_off(kim, house, **wrong)
    assert not Snooze.objects.exists()


def test_the_database_refuses_it_too(kim, house):
    row = {"key": "1", "due_on": TODAY, "put_off_on": TODAY, "reason": "-", "by": kim}
    for wrong in ({"kind": URGENT, "until": TODAY + timedelta(days=1)}, {"kind": "x", "until": TODAY + timedelta(15)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Snooze.objects.create(**row, **wrong)


def test_the_form_sets_a_task_and_says_what_is_wrong_beside_the_field(enter, kim, house):
    url = reverse("households:task_new", args=[house.number])
    client = enter(kim)
    wrong = client.post(url, {"what": "보관할 말", "due_on": TODAY - timedelta(days=1)})
    assert wrong.status_code == 422
    assert "보관할 말" in wrong.content.decode()
    data = {"what": "전화", "due_on": TODAY, "client_key": str(uuid4())}
    assert client.post(url, data).status_code == client.post(url, data).status_code == 302
    assert Task.objects.get().owner is None


class TestTheButtons:
    @pytest.fixture
    def task(self, kim, house):
        return task_of(house, by=kim)

    def url(self, task, verb="done"):
        return reverse("households:task_step", args=[task.pk, verb])

    def test_it_works_and_twice_changes_nothing(self, enter, kim, task):
        client = enter(kim)
        client.post(self.url(task))
        told = client.post(self.url(task), follow=True)
        assert "다른 사람이 먼저 처리했습니다" in told.content.decode()
        assert Event.objects.filter(verb="task: done").count() == 1

    def test_it_refuses_get(self, enter, kim, task):
        assert enter(kim).get(self.url(task)).status_code == 405

    def test_a_stranger_finds_nothing(self, enter, stranger, task):
        assert enter(stranger).post(self.url(task)).status_code == 404

    def test_the_wrong_role_is_refused(self, enter, kim, house, centre):
        system = UserFactory(agency=centre, role="agency_system")
        task = task_of(house, by=kim)
        assert enter(system).post(self.url(task)).status_code == 403

    def test_dropping_asks_why_and_handing_goes_to_a_colleague(self, enter, kim, boss, task):
        client = enter(kim)
        assert client.post(self.url(task, "drop"), {}).status_code == 422
        assert client.post(self.url(task, "hand"), {"to": boss.pk}).status_code == 302
        assert Task.objects.get().owner == boss
        assert "박팀장" in client.get(reverse("households:task", args=[task.pk])).content.decode()


def test_a_task_without_a_household_is_set_for_oneself(enter, kim):
    enter(kim).post(reverse("households:task_own"), {"what": "보고서", "due_on": TODAY})
    assert Task.objects.get().owner == kim


def test_a_second_role_does_not_open_the_tasks_of_another_centre(stranger, kim, house):
    give(stranger, "supervisor")
    assert not Task.objects.visible_to(stranger).filter(pk=add(kim, house).pk).exists()
