"""What happens with a plan: written, agreed, its steps, looked at again, replaced, ended."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, transaction

from casework.audit.models import Event
from casework.workflow import NotNow
from households.actions import Refused
from households.actions.refusal import NotAllowed
from households.models import PlanReview, PlanSignature, PlanStep, ServicePlan
from households.plans import actions, dates, drawn, writing
from tests.factories import HouseholdFactory, PersonFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.plans import GOALS, drafted, live_plan
from tests.harness.racing import at_once

DAY = timedelta(days=1)
PAPER = {"way": "paper", "witness": "이통역"}


def agree(plan, person, by, now, on, **told):
    return actions.agree(plan, version=plan.version, person=person, signed_on=on, by=by, now=now, **{**PAPER, **told})


def review(plan, by, now, done_on, **more):
    said = {"words": "다시 이야기함", "stands": {}, "seen": 10**9, **more}
    return actions.review(plan, done_on=done_on, by=by, now=now, **said)


def test_a_plan_goes_from_draft_over_agreement_and_first_step_to_its_end(house, people, kim, now, on, draft):
    agreed = agree(draft, people[0], kim, now, on)
    assert (agreed.status, agreed.agreed_on) == ("agreed", on)
    step = agreed.steps.get()
    for _tap in range(2):
        actions.finish_step(step, done_on=on, by=kim, now=now)
    running = ServicePlan.objects.get()
    assert running.status == "running", "the first step done puts it under way"
    assert Event.objects.filter(verb="plan step done").count() == 1
    goal = running.goals.get()
    with pytest.raises(Refused):
        actions.end(running, ended_on=on, outcome="reached", words="", outcomes={}, by=kim, now=now)
    ended = actions.end(
        running, ended_on=on, outcome="partly", words="취업함", outcomes={goal.pk: "reached"}, by=kim, now=now
    )
    goal.refresh_from_db()
    assert (ended.status, ended.outcome, goal.outcome) == ("ended", "partly", "reached")
    with pytest.raises(NotNow):
        actions.add_step(ended, what="더", due_on=on, by=kim, now=now)


def test_the_table_of_steps_holds_in_the_database_too(draft):
    with pytest.raises(InternalError), transaction.atomic():
        ServicePlan.objects.filter(pk=draft.pk).update(status="ended", ended_on="2026-01-01", outcome="reached")


def test_the_goals_stand_as_the_client_agreed_to_them(live):
    goal = live.goals.get()
    for change in (goal.delete, lambda: live.goals.update(client_words="다른 말")):
        live.steps.update(goal=None)
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            change()
    live.goals.update(outcome="partly")
    assert live.goals.get().client_words == GOALS[0]["client_words"]


def test_a_plan_without_a_goal_is_not_agreed_to(house, people, kim, now, on):
    empty = drafted(house, by=kim, goals=(), step="")
    with pytest.raises(Refused):
        agree(empty, people[0], kim, now, on)


def test_a_client_who_does_not_sign_says_why_and_the_plan_may_run(people, kim, now, on, draft):
    with pytest.raises(Refused):
        agree(draft, people[0], kim, now, on, way="declined", witness="", reason="")
    agree(draft, people[0], kim, now, on, way="declined", witness="", reason="서명은 무섭다고 하심")
    assert PlanSignature.objects.get().reason == "서명은 무섭다고 하심"
    assert actions.start(draft, by=kim, now=now).status == "running"


def test_only_a_path_of_numbers_within_the_field_is_a_signature(people, kim, now, on, draft, drawn_paths):
    for bad in drawn_paths.bad:
        with pytest.raises(Refused):
            agree(draft, people[0], kim, now, on, way="drawn", points=bad)
    agree(draft, people[0], kim, now, on, way="drawn", points=drawn_paths.good)
    kept = PlanSignature.objects.get()
    assert (kept.drawn, kept.witness) == (drawn_paths.good, "")
    assert [len(stroke) for stroke in drawn.strokes(kept.drawn)] == [4, 5]


def test_nobody_agrees_to_what_was_changed_after_they_read_it(people, kim, boss, now, on, draft):
    read = draft.version
    actions.add_step(draft, what="주민센터에 물어보기", due_on=on, by=boss, now=now)
    with pytest.raises(writing.Overtaken):
        actions.agree(draft, version=read, person=people[0], signed_on=on, by=kim, now=now, **PAPER)
    assert ServicePlan.objects.get().status == "draft"


def test_somebody_who_does_not_live_here_does_not_sign(kim, now, on, draft):
    with pytest.raises(Refused):
        agree(draft, PersonFactory(), kim, now, on)


def test_a_step_from_elsewhere_lands_once_and_may_belong_to_anybody(house, kim, boss, now, on, live):
    goal, about = live.goals.get(), {"what": "병원 예약", "due_on": on, "by": boss, "now": now}
    made = [actions.add_step(goal, source="conference:7", **about) for _tap in range(2)]
    assert made[0] == made[1]
    assert (made[0].goal, made[0].owner, made[0].owner_words) == (goal, None, "")
    key = uuid4()
    for _tap in range(2):
        actions.add_step(live, owner_words="관악구 보건소", client_key=key, **about)
    assert PlanStep.objects.filter(goal=None).get().owner_words == "관악구 보건소"
    with pytest.raises(Refused):
        actions.add_step(live, owner=kim, owner_words="보건소", **about)
    with pytest.raises(NotAllowed):
        actions.add_step(live, **{**about, "by": UserFactory()})


def test_a_step_taken_off_keeps_its_reason_and_is_not_done_any_more(kim, now, on, live):
    step = live.steps.get()
    for _tap in range(2):
        off = actions.take_off(step, reason="이사하게 되어", by=kim, now=now)
    assert (off.off_why, off.off_on) == ("이사하게 되어", on)
    with pytest.raises(Refused):
        actions.finish_step(step, done_on=on, by=kim, now=now)
    assert Event.objects.filter(verb="plan step taken off").count() == 1


def due(plan):
    return ServicePlan.objects.with_next_review().get(pk=plan.pk).review_due


def test_reviews_are_due_after_14_30_and_90_days_and_then_every_90(house, kim, now, on):
    began = on - 400 * DAY
    plan = live_plan(house, by=kim, on=began)
    for day, after in ((14, 30), (30, 90), (90, 180), (180, 270)):
        assert due(plan) == began + day * DAY
        review(plan, kim, now, began + day * DAY)
        assert due(plan) == began + after * DAY
    assert [one.due_day for one in PlanReview.objects.order_by("id")] == [14, 30, 90, 180]


def test_one_held_late_stands_for_all_that_were_due_and_one_held_early_is_besides(house, kim, now, on):
    plan = live_plan(house, by=kim, on=on - 100 * DAY)
    assert review(plan, kim, now, on - 98 * DAY).due_day is None, "two days after the agreement"
    assert due(plan) == on - 86 * DAY, "missed nights lose none: it is late since then"
    assert review(plan, kim, now, on - 55 * DAY).due_day == 30
    rows = dates.calendar_of(plan, list(plan.reviews.all()), on)
    assert [(row["review"] is not None, row["passed_over"], row["late"]) for row in rows] == [
        (False, True, False),
        (True, False, False),
        (False, False, True),
    ]


def test_a_week_before_its_day_a_review_answers_it():
    from datetime import date

    agreed = date(2026, 1, 1)
    assert dates.answered(agreed, None, agreed + 7 * DAY) == 14
    assert dates.answered(agreed, None, agreed + 6 * DAY) is None
    assert dates.answered(agreed, 90, agreed + 500 * DAY) == 450


def test_a_new_plan_takes_over_what_is_open_and_the_old_one_goes_on_until_it_is_agreed(
    house, people, kim, now, on, live
):
    done = actions.add_step(live, what="끝낸 일", due_on=on, by=kim, now=now)
    actions.finish_step(done, done_on=on, by=kim, now=now)
    new = [writing.renew(live, by=kim, now=now) for _tap in range(2)]
    assert new[0] == new[1]
    assert [goal.client_words for goal in new[0].goals.all()] == [GOALS[0]["client_words"]]
    assert [step.what for step in new[0].steps.all()] == ["구직 상담 함께 가기"]
    assert ServicePlan.objects.live().get() == live
    agree(ServicePlan.objects.get(pk=new[0].pk), people[0], kim, now, on)
    live.refresh_from_db()
    assert (live.status, live.ended_on) == ("replaced", on)
    assert ServicePlan.objects.live().get() == new[0]


def test_a_plan_of_one_person_stands_beside_that_of_the_household(house, people, kim, live):
    own = live_plan(house, by=kim, person=people[2])
    assert set(ServicePlan.objects.live()) == {live, own}


def test_a_second_draft_is_refused_and_a_draft_set_aside_is_kept(house, kim, now, draft):
    with pytest.raises(Refused):
        drafted(house, by=kim)
    dropped = writing.drop(draft, by=kim, now=now, reason="잘못 시작함")
    assert dropped.status == "dropped"
    drafted(house, by=kim)
    assert ServicePlan.objects.count() == 2


def test_of_two_who_agree_or_review_at_once_one_wins_and_the_other_is_told(committed_db):
    from django.utils import timezone

    from casework.clock import seoul_day

    kim, now = UserFactory(), timezone.now()
    house, on = HouseholdFactory(worker=kim), seoul_day(now)
    plan, person = drafted(house, by=kim), members_of(house)[0]

    signed, told = at_once(*[lambda: agree(plan, person, kim, now, on)] * 2)
    assert (len(signed), [type(one) for one in told]) == (1, [NotNow])
    assert PlanSignature.objects.count() == 1
    reviewed, told = at_once(*[lambda: review(plan, kim, now, on, seen=0)] * 2)
    assert (len(reviewed), [isinstance(one, Refused) for one in told]) == (1, [True])
