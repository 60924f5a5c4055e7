"""What a plan hands on to the one that takes its place, whatever was done in the old one meanwhile."""

import pytest
from django.utils import timezone

from households.conferences import following
from households.models import ConferenceDecision, PlanStep, ServicePlan
from households.plans import actions, writing
from tests.factories.conferences import brought, decided, held, planned
from tests.factories.households import members_of


@pytest.fixture
def renewed(live, kim, now):
    return writing.renew(live, by=kim, now=now)


@pytest.fixture
def decision(house, live, kim, boss):
    """What a conference decided about the household, a step of its live plan by now."""
    conference = planned(boss)
    item = brought(conference, house, by=kim)[0]
    held(conference, boss)
    return decided(item, boss, kind="step", what="병원 동행")


def agreed(plan, by, on):
    """The client agrees to the plan as it stands, today on paper; return it."""
    plan = ServicePlan.objects.get(pk=plan.pk)
    told = {"way": "paper", "witness": "김담당", "signed_on": on, "person": members_of(plan.household)[0]}
    actions.agree(plan, version=plan.version, by=by, now=timezone.now(), **told)
    return ServicePlan.objects.get(pk=plan.pk)


def steps_of(plan):
    return {step.what: step for step in PlanStep.objects.filter(plan=plan).order_by("id")}


def test_what_was_done_meanwhile_is_done_in_the_next_plan_too(live, renewed, kim, boss, now, on):
    actions.finish_step(live.steps.get(), done_on=on, by=boss, now=now)
    (step,) = steps_of(agreed(renewed, kim, on)).values()
    assert (step.done_on, step.done_by, step.off_on) == (on, boss, None)


def test_what_was_taken_off_meanwhile_is_off_there_with_its_reason(live, renewed, kim, boss, now, on):
    actions.take_off(live.steps.get(), reason="당사자가 원하지 않음", by=boss, now=now)
    (step,) = steps_of(agreed(renewed, kim, on)).values()
    assert (step.off_on, step.off_why, step.off_by, step.done_on) == (on, "당사자가 원하지 않음", boss, None)


def test_a_copy_that_was_taken_off_stays_off_whatever_became_of_the_first(live, renewed, kim, now, on):
    actions.take_off(renewed.steps.get(), reason="새 계획에는 맞지 않음", by=kim, now=now)
    actions.finish_step(live.steps.get(), done_on=on, by=kim, now=now)
    (step,) = steps_of(agreed(renewed, kim, on)).values()
    assert (step.off_why, step.done_on) == ("새 계획에는 맞지 않음", None)


def test_a_step_added_meanwhile_goes_on_and_one_that_is_over_does_not_come_back(live, renewed, kim, now, on):
    actions.add_step(live.goals.get(), what="이력서 함께 쓰기", due_on=on, by=kim, now=now)
    over = actions.add_step(live, what="끝낸 일", due_on=on, by=kim, now=now)
    actions.finish_step(over, done_on=on, by=kim, now=now)
    found = steps_of(agreed(renewed, kim, on))
    assert set(found) == {"구직 상담 함께 가기", "이력서 함께 쓰기"}
    assert found["이력서 함께 쓰기"].goal == renewed.goals.get()


def test_of_two_that_say_the_same_the_copy_belongs_to_the_open_one(live, kim, now, on):
    done = live.steps.get()
    actions.finish_step(done, done_on=on, by=kim, now=now)
    same = {"what": done.what, "due_on": done.due_on, "owner": done.owner}
    actions.add_step(live.goals.get(), by=kim, now=now, **same)
    next_one = agreed(writing.renew(live, by=kim, now=now), kim, on)
    assert PlanStep.objects.get(plan=next_one).done_on is None


@pytest.mark.parametrize("begun", ["before", "after"])
def test_a_decided_step_is_followed_in_the_next_plan(live, decision, kim, now, on, begun):
    draft = writing.renew(live, by=kim, now=now)
    if begun == "after":
        PlanStep.objects.filter(plan=draft, what="병원 동행").delete()  # decided while the next plan was being written
    next_one = agreed(draft, kim, on)
    step = steps_of(next_one)["병원 동행"]
    decision.refresh_from_db()
    assert decision.led_to == f"step:{step.pk}"
    assert following.ended([decision]) == {}
    actions.finish_step(step, done_on=on, by=kim, now=now)
    assert following.ended([decision]) == {decision.led_to: on}


def test_a_decided_step_that_was_done_meanwhile_is_done_and_is_asked_for_no_more(live, decision, kim, now, on):
    draft = writing.renew(live, by=kim, now=now)
    actions.finish_step(steps_of(live)["병원 동행"], done_on=on, by=kim, now=now)
    step = steps_of(agreed(draft, kim, on))["병원 동행"]
    decision.refresh_from_db()
    assert (step.done_on, decision.led_to) == (on, f"step:{step.pk}")
    assert following.ended([decision]) == {decision.led_to: on}


def test_a_draft_that_is_set_aside_gives_its_decisions_back(house, kim, boss, now):
    draft = writing.begin(house, by=kim, now=now, goals=())
    conference = planned(boss)
    item = brought(conference, house, by=kim)[0]
    held(conference, boss)
    one = decided(item, boss, kind="step", what="병원 동행")
    assert one.led_to
    writing.drop(draft, by=kim, now=now, reason="다시 씁니다.")
    one.refresh_from_db()
    assert one.led_to == ""
    assert one in ConferenceDecision.objects.undone()
