"""What a conference decides: written once, owned and dated, followed until it is done, taken back with a reason."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from casework.clock import seoul_day
from casework.facts import supersede
from casework.telling.models import Notification
from casework.workflow import NotNow, NotYours
from households.actions import Refused, record_death
from households.conferences import actions, deciding, following
from households.models import ConferenceDecision, PlanStep, Responsibility, Task
from households.plans import writing
from households.plans.actions import agree, finish_step
from households.tasklist import actions as tasklist
from tests.factories import CentreFactory, UserFactory
from tests.factories.conferences import attended, closed, decided
from tests.factories.households import members_of
from tests.factories.plans import live_plan

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def in_days(days):
    return seoul_day(now()) + timedelta(days=days)


def moved(household, by):
    """Let another centre answer for a household from today."""
    old = Responsibility.objects.current().get(household=household)
    supersede(old, by=by, during=DateRange(in_days(-90), in_days(0)))
    Responsibility.objects.create(household=household, center=CentreFactory(), during=DateRange(in_days(0), None))


def all_died(household, by):
    """Let everybody of a household die today; the head last."""
    people = members_of(household)
    for person in [*people[1:], people[0]]:
        record_death(person, on=in_days(0), by=by)


def test_a_decision_has_an_owner_who_is_told_and_a_day(people, begun):
    one = decided(begun, people.boss, owner=people.worker)
    assert (one.owner, one.due_on) == (people.worker, in_days(5))
    assert Notification.objects.get(kind="conference_decided").user == people.worker
    nothing = decided(begun, people.boss, kind="nothing", what="지금처럼 이어 갑니다.")
    assert (nothing.owner, nothing.due_on) == (None, None)
    with pytest.raises(Refused):
        decided(begun, people.boss, due_on=in_days(-1))
    with pytest.raises(Refused):
        decided(begun, people.boss, owner=None)
    with pytest.raises(NotYours):
        decided(begun, people.worker)
    assert list(ConferenceDecision.objects.undone()) == [one]


def test_nothing_is_decided_before_it_is_held_or_after_its_record_is_closed(people, item):
    with pytest.raises(NotNow):
        decided(item, people.boss)
    actions.hold(item.conference, by=people.boss, now=now())
    decided(item, people.boss)
    attended(item.conference, people.boss)
    closed(item.conference, people.boss)
    with pytest.raises(NotNow):
        decided(item, people.boss, what="닫힌 뒤의 말")


def test_two_people_write_at_once_and_the_second_is_told(people, begun):
    version, words = begun.version, {"by": people.head, "now": now()}
    first = decided(begun, people.boss)
    said = {"kind": "step", "owner": people.boss, "due_on": first.due_on}
    with pytest.raises(deciding.Behind):
        deciding.decide(begun, version=version, **said, what="다른 결정", **words)
    assert deciding.decide(begun, version=version, **said, what=first.what, **words) == first
    assert ConferenceDecision.objects.count() == 1


def test_the_same_key_lands_once(people, begun):
    words = {"kind": "nothing", "what": "-", "by": people.boss, "now": now(), "client_key": uuid4()}
    first = deciding.decide(begun, version=0, **words)
    assert deciding.decide(begun, version=0, **words) == first


def test_nothing_is_passed_on_for_a_household_that_moved_this_morning(people, begun):
    one = decided(begun, people.boss)
    moved(begun.household, people.boss)
    with pytest.raises(Refused, match="이관"):
        decided(begun, people.boss, what="더 할 일")
    with pytest.raises(NotYours):
        deciding.done(one, by=people.boss, now=now())
    # What is another centre's holds nothing up.
    assert closed(attended(begun.conference, people.boss), people.boss).status == "closed"


def test_where_the_only_client_died_no_plan_goes_on_and_the_bereaved_are_looked_after(people, begun):
    all_died(begun.household, people.boss)
    for kind, more in (("step", {}), ("referral", {"need": "livelihood", "to_agency": people.centre})):
        with pytest.raises(Refused) as refused:
            decided(begun, people.boss, kind=kind, **more)
        assert refused.value.field == "kind"
    assert decided(begun, people.boss, kind="task", what="유가족께 연락드립니다.").pk


def test_nothing_is_given_to_who_left_or_cannot_open_the_household(people, begun):
    for nobody in (people.other, people.stranger, UserFactory(agency=people.centre, role="receiving_worker")):
        with pytest.raises(Refused) as refused:
            decided(begun, people.boss, owner=nobody)
        assert refused.value.field == "owner"
    grant = people.worker.grants.get()
    grant.during = DateTimeTZRange(now() - timedelta(days=9), now() - timedelta(minutes=1))
    grant.save(update_fields=["during"])
    with pytest.raises(Refused):
        decided(begun, people.boss, owner=people.worker)


def test_what_somebody_had_who_left_is_given_to_another(people, begun):
    one = decided(begun, people.boss, owner=people.worker)
    with pytest.raises(NotYours):
        deciding.give(one, owner=people.worker, by=people.worker, now=now())
    with pytest.raises(Refused):
        deciding.give(one, owner=people.other, by=people.boss, now=now())
    assert deciding.give(one, owner=people.head, by=people.boss, now=now()).owner == people.head
    assert deciding.give(one, owner=people.head, by=people.boss, now=now()).owner == people.head
    assert not deciding.owns(one.__class__.objects.get(), people.worker)


def test_it_is_done_by_its_owner_in_words_after_the_record_is_closed_too(people, begun):
    one = decided(begun, people.boss, owner=people.worker)
    closed(attended(begun.conference, people.boss), people.boss)
    with pytest.raises(NotYours):
        deciding.done(one, by=people.other, now=now())
    done = deciding.done(one, by=people.worker, now=now(), words="통화했습니다.")
    assert (done.done_on, done.done_words) == (in_days(0), "통화했습니다.")
    assert deciding.done(one, by=people.boss, now=now(), words="-").done_words == "통화했습니다."
    assert not ConferenceDecision.objects.undone().exists()
    assert deciding.undo(one, by=people.worker, now=now()).done_on is None


def test_a_decision_is_taken_back_with_a_reason_while_nothing_hangs_on_it(people, begun):
    one, other = decided(begun, people.boss), decided(begun, people.boss, what="둘째")
    with pytest.raises(ValidationError):
        deciding.take_back(one, by=people.boss, now=now(), reason=" ")
    with pytest.raises(NotYours):
        deciding.take_back(one, by=people.worker, now=now(), reason="-")
    deciding.take_back(one, by=people.boss, now=now(), reason="다른 길을 찾았습니다.")
    assert deciding.take_back(one, by=people.boss, now=now(), reason="-").taken_back_because == "다른 길을 찾았습니다."
    with pytest.raises(NotNow):
        deciding.done(one, by=people.boss, now=now())
    deciding.done(other, by=people.boss, now=now())
    with pytest.raises(NotNow):
        deciding.take_back(other, by=people.boss, now=now(), reason="-")


def test_a_task_that_was_decided_is_followed_among_the_tasks(people, begun):
    one = decided(begun, people.boss, kind="task")
    task = Task.objects.get()
    assert (one.led_to, task.household, task.owner) == (f"task:{task.pk}", one.item.household, one.owner)
    assert task.what == one.what
    assert following.ended([one]) == {}
    assert not ConferenceDecision.objects.undone().exists()
    with pytest.raises(NotNow):
        deciding.done(one, by=people.boss, now=now())
    tasklist.done(task, by=people.boss, now=now())
    assert following.ended([one]) == {one.led_to: in_days(0)}


def test_a_step_that_was_decided_is_added_to_the_plan_of_the_household(people, begun):
    plan = live_plan(begun.household, by=people.worker)
    one = decided(begun, people.boss, kind="step", what="병원 동행 " * 40)
    step = PlanStep.objects.get(source=f"conference-decision:{one.pk}")
    assert (step.plan, step.owner, step.due_on, one.led_to) == (plan, one.owner, one.due_on, f"step:{step.pk}")
    assert len(step.what) == 200
    finish_step(step, done_on=in_days(0), by=people.worker, now=now())
    assert following.ended([one]) == {one.led_to: in_days(0)}


def test_without_a_plan_a_step_is_followed_from_the_conference(people, begun):
    one = decided(begun, people.boss, kind="step")
    assert one.led_to == ""
    assert one in ConferenceDecision.objects.undone()


def test_a_decided_step_goes_on_in_the_plan_that_takes_the_place_of_the_old_one(people, begun):
    old = live_plan(begun.household, by=people.worker)
    new = writing.renew(old, by=people.worker, now=now())
    one = decided(begun, people.boss, kind="step", what="병원 동행")
    told = {"way": "paper", "witness": "서지훈", "signed_on": in_days(0), "person": members_of(begun.household)[0]}
    new.refresh_from_db()
    agree(new, version=new.version, by=people.worker, now=now(), **told)
    step = PlanStep.objects.get(plan=new, source=f"conference-decision:{one.pk}")
    one.refresh_from_db()
    assert one.led_to == f"step:{step.pk}"
    assert following.ended([one]) == {}
    assert [row.what for row in new.steps.order_by("id")] == ["구직 상담 함께 가기", "병원 동행"]


def test_the_words_of_a_task_are_cut_to_what_a_task_keeps(people, begun):
    one = decided(begun, people.boss, kind="task", what="가" * 500)
    task = Task.objects.get(pk=int(one.led_to.rpartition(":")[2]))
    assert task.what.endswith("…")
