"""The pages of a plan, each button: works, refuses GET, a stranger 404, a wrong role 403, twice changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.audit.models import AccessLog
from casework.paper import Paper
from households.models import PlanReview, PlanSignature, PlanStep, ServicePlan
from households.plans import actions, writing
from tests.factories import ShareFactory, UserFactory

GOAL = {"goal-0-client_words": "운전면허를 따고 싶어요.", "goal-0-domain": "work", "goal-0-words": "면허 취득"}


def test_a_plan_is_begun_with_the_clients_words_and_a_double_tap_lands_once(house, kim, enter, at):
    client, data = enter(kim), {"client_key": str(uuid4()), "wish": "자립하고 싶어요.", "subject": "", **GOAL}
    answers = [client.post(at("plan_new"), data) for _tap in range(2)]
    plan = ServicePlan.objects.get()
    assert [answer.url for answer in answers] == [at("plan", plan)] * 2
    shown = client.get(at("plan", plan)).content.decode()
    assert "“운전면허를 따고 싶어요.”" in shown


def test_a_goal_without_the_clients_words_comes_back_with_everything_typed(kim, enter, at):
    data = {"wish": "자립하고 싶어요.", "goal-0-words": "면허 취득", "goal-0-client_words": "", "goal-0-domain": ""}
    answer = enter(kim).post(at("plan_new"), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"goal-0-client_words", "goal-0-domain"}
    assert "면허 취득" in answer.content.decode()
    assert "자립하고 싶어요." in answer.content.decode()


def test_two_people_edit_the_same_plan_and_nothing_typed_is_lost(kim, boss, enter, at, draft, typed):
    url = at("plan_edit", draft)
    hers = typed(enter(kim).get(url).context["form"], wish="김이 고친 바람", **{"goal-1-client_words": "김의 새 목표"})
    hers |= {"goal-1-domain": "health"}
    his = typed(enter(boss).get(url).context["form"], wish="박이 고친 바람", summary="박의 요약")
    his |= {"goal-1-client_words": "박의 새 목표", "goal-1-domain": "money"}
    assert enter(kim).post(url, hers).status_code == 302
    answer = enter(boss).post(url, his)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert all(
        words in shown
        for words in ("김담당", "김이 고친 바람", "박이 고친 바람", "박의 요약", "김의 새 목표", "박의 새 목표")
    )
    assert ServicePlan.objects.get().wish == "김이 고친 바람", "nothing is overwritten unseen"
    again = typed(answer.context["form"])
    assert enter(boss).post(url, again).status_code == 302
    plan = ServicePlan.objects.get()
    assert (plan.wish, plan.summary) == ("박이 고친 바람", "박의 요약")
    assert [goal.client_words for goal in plan.goals.all()] == ["다시 일하고 싶어요.", "김의 새 목표", "박의 새 목표"]


def test_what_the_other_changed_and_i_did_not_touch_is_taken_over(kim, boss, enter, at, draft, typed):
    url = at("plan_edit", draft)
    his = typed(enter(boss).get(url).context["form"], summary="박의 요약")
    hers = typed(enter(kim).get(url).context["form"], **{"goal-0-words": "김이 다듬은 말"})
    enter(kim).post(url, hers)
    answer = enter(boss).post(url, his)
    assert [row["mine"] for row in answer.context["changes"]] == [""]
    enter(boss).post(url, typed(answer.context["form"]))
    assert (ServicePlan.objects.get().summary, draft.goals.get().words) == ("박의 요약", "김이 다듬은 말")


def test_a_step_added_meanwhile_does_not_hold_up_whoever_writes(kim, boss, enter, at, draft, typed, now, on):
    url = at("plan_edit", draft)
    his = typed(enter(boss).get(url).context["form"], summary="박의 요약")
    actions.add_step(draft, what="새 단계", due_on=on, by=kim, now=now)
    assert enter(boss).post(url, his).status_code == 302
    assert ServicePlan.objects.get().summary == "박의 요약"


def test_a_goal_that_is_emptied_goes_and_its_steps_stay_with_the_plan(kim, enter, at, draft, typed):
    url = at("plan_edit", draft)
    data = typed(enter(kim).get(url).context["form"], **{"goal-0-client_words": "", "goal-0-words": ""})
    for _tap in range(2):
        assert enter(kim).post(url, data).status_code == 302
    assert not draft.goals.exists()
    assert PlanStep.objects.get().goal is None


def step_form(kim, on, **changes):
    who = {"who": str(kim.pk), "what": "구청에 함께 가기", "due_on": on.isoformat()}
    return {"client_key": str(uuid4()), "goal": "", **who, **changes}


def test_a_step_is_added_done_and_taken_off_from_the_page(kim, enter, at, live, on):
    client, data = enter(kim), step_form(kim, on)
    for _tap in range(2):
        assert client.post(at("plan_step_new", live), data).url == at("plan", live)
    step = PlanStep.objects.get(what="구청에 함께 가기")
    assert "구청에 함께 가기" in client.get(at("plan", live), {"do": "done", "step": step.pk}).content.decode()
    for _tap in range(2):
        client.post(at("plan_step", live, step.pk, "done"), {"done_on": on.isoformat()})
    step.refresh_from_db()
    assert (step.done_on, step.done_by) == (on, kim)
    other = live.steps.exclude(pk=step.pk).get()
    assert client.post(at("plan_step", live, other.pk, "off"), {"reason": ""}).status_code == 422
    client.post(at("plan_step", live, other.pk, "off"), {"reason": "필요 없어짐"})
    assert "필요 없어짐" in client.get(at("plan", live)).content.decode()


def test_a_step_of_another_agency_names_it(kim, enter, at, live, on):
    answer = enter(kim).post(at("plan_step_new", live), step_form(kim, on, who="other"))
    assert answer.status_code == 422
    assert "구청에 함께 가기" in answer.content.decode()
    assert list(answer.context["form"].errors) == ["owner_words"]
    enter(kim).post(at("plan_step_new", live), step_form(kim, on, who="other", owner_words="고용센터"))
    assert "고용센터" in enter(kim).get(at("plan", live)).content.decode()


def sign_form(plan, people, on, **changes):
    first = {"version": plan.version, "person": people[0].case_number, "signed_on": on.isoformat()}
    return {**first, "way": "paper", "witness": "이통역", **changes}


def test_the_client_draws_a_signature_and_it_is_shown(people, kim, enter, at, draft, on, drawn_paths):
    client, data = enter(kim), sign_form(draft, people, on, way="drawn", points=drawn_paths.good)
    page = client.get(at("plan_sign", draft)).content.decode()
    assert "sign.js" in page
    assert "style=" not in page
    assert client.post(at("plan_sign", draft), {**data, "points": "M1 1 <b>"}).status_code == 422
    for _tap in range(2):
        assert client.post(at("plan_sign", draft), data).url == at("plan", draft)
    assert PlanSignature.objects.count() == 1
    assert f'd="{drawn_paths.good}"' in client.get(at("plan", draft)).content.decode()


def test_paper_has_a_witness_and_a_refusal_a_reason(people, kim, enter, at, draft, on):
    url = at("plan_sign", draft)
    assert list(enter(kim).post(url, sign_form(draft, people, on, witness="")).context["form"].errors) == ["witness"]
    answer = enter(kim).post(url, sign_form(draft, people, on, way="declined", witness="적힌 말"))
    assert list(answer.context["form"].errors) == ["reason"]
    assert "적힌 말" in answer.content.decode()
    assert (
        enter(kim).post(url, sign_form(draft, people, on, way="declined", reason="생각해 보겠다고 하심")).status_code
        == 302
    )
    assert "생각해 보겠다고 하심" in enter(kim).get(at("plan", draft)).content.decode()


def test_a_plan_changed_after_it_was_read_is_read_again_before_it_is_signed(
    people, kim, boss, enter, at, draft, now, on
):
    data = sign_form(draft, people, on)
    actions.add_step(draft, what="나중에 온 단계", due_on=on, by=boss, now=now)
    answer = enter(kim).post(at("plan_sign", draft), data)
    assert answer.status_code == 422
    assert "나중에 온 단계" in answer.content.decode()
    data["version"] = answer.context["form"]["version"].value()
    assert enter(kim).post(at("plan_sign", draft), data).status_code == 302


def review_form(plan, on, **changes):
    stands = {f"goal-{goal.pk}": "well" for goal in plan.goals.all()}
    return {
        "client_key": str(uuid4()),
        "seen": "0",
        "done_on": on.isoformat(),
        "words": "잘 되어 감",
        **stands,
        **changes,
    }


def test_a_review_is_recorded_once_and_the_second_author_is_told(kim, boss, enter, at, live, on):
    client, url, data = enter(kim), at("plan_review", live), review_form(live, on)
    for _tap in range(2):
        assert client.post(url, data).url == at("plan", live)
    answer = enter(boss).post(url, review_form(live, on, words="박의 점검"))
    assert answer.status_code == 422
    assert all(words in answer.content.decode() for words in ("박의 점검", "잘 되어 감"))
    again = review_form(live, on, words="박의 점검", seen=answer.context["form"]["seen"].value())
    assert enter(boss).post(url, again).status_code == 302
    assert PlanReview.objects.count() == 2


def test_the_end_asks_what_came_of_each_goal(kim, enter, at, live, on):
    url, goal = at("plan_end", live), live.goals.get()
    data = {"ended_on": on.isoformat(), "outcome": "reached", "words": "취업하심"}
    answer = enter(kim).post(url, data)
    assert list(answer.context["form"].errors) == [f"goal-{goal.pk}"]
    for _tap in range(2):
        assert enter(kim).post(url, data | {f"goal-{goal.pk}": "reached"}).url == at("plan", live)
    assert ServicePlan.objects.get().status == "ended"
    assert enter(kim).get(at("plan_review", live)).status_code == 302


def test_of_two_who_end_it_the_second_is_told_in_a_sentence(kim, enter, at, live, on):
    data = {"ended_on": on.isoformat(), "outcome": "reached", f"goal-{live.goals.get().pk}": "reached"}
    enter(kim).post(at("plan_end", live), data)
    answer = enter(kim).post(at("plan_end", live), data)
    assert any(
        str(ServicePlan.objects.get().get_status_display()) in str(one) for one in get_messages(answer.wsgi_request)
    )


def test_started_renewed_and_set_aside_from_the_page(kim, enter, at, live):
    client = enter(kim)
    for verb in ("start", "start", "renew", "renew"):
        assert client.post(at("plan_do", live, verb)).status_code == 302
    new = ServicePlan.objects.get(status="draft")
    assert client.post(at("plan_do", new, "drop"), {"reason": ""}).status_code == 422
    for _tap in range(2):
        client.post(at("plan_do", new, "drop"), {"reason": "아직 이름"})
    new.refresh_from_db()
    assert (new.status, ServicePlan.objects.live().get().status) == ("dropped", "running")


def test_the_paper_for_the_client_has_plain_words_and_no_score(people, kim, enter, at, live, monkeypatch):
    said, write = [], Paper.say
    monkeypatch.setattr(
        Paper, "say", lambda self, kind, text, *more: said.append(text) or write(self, kind, text, *more)
    )
    answer = enter(kim).get(at("plan_paper", live))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content[:5] == b"%PDF-"
    text = " ".join(said)
    assert "“다시 일하고 싶어요.”" in text
    assert "구직 상담 함께 가기" in text
    assert "점수" not in text
    assert AccessLog.objects.filter(view="households:plan_paper", subjects__contains=[people[0].pk]).exists()


def test_every_page_refuses_a_stranger_a_share_a_system_and_get_where_it_posts(kim, stranger, house, enter, at, live):
    ShareFactory(household=house, to_user=stranger)
    system, step = UserFactory(agency=kim.agency, role="agency_system"), live.steps.get()
    reads = [
        at("plans"),
        at("plan_new"),
        *(at(name, live) for name in ("plan", "plan_edit", "plan_sign", "plan_review", "plan_end", "plan_paper")),
    ]
    posts = [at("plan_step_new", live), at("plan_step", live, step.pk, "done"), at("plan_do", live, "renew")]
    for url in posts:
        assert enter(kim).get(url).status_code == 405
    for user, code in ((stranger, 404), (system, 403)):
        client = enter(user)
        assert [client.get(url).status_code for url in reads] == [code] * len(reads)
        assert [client.post(url, {}).status_code for url in [*reads[1:2], *reads[3:7], *posts]] == [code] * 8
    live.refresh_from_db()
    assert live.status == "agreed"


def test_a_plan_of_another_household_is_not_there(kim, enter, at, live):
    from django.urls import reverse

    from tests.factories import HouseholdFactory

    other = HouseholdFactory(worker=kim)
    assert enter(kim).get(reverse("households:plan", args=[other.number, live.pk])).status_code == 404


@pytest.mark.parametrize("name", ["plan", "plans"])
def test_a_household_with_a_protected_address_is_called_by_its_number(name, house, kim, enter, at, live, monkeypatch):
    monkeypatch.setattr("households.members.guarded", lambda keys: keys)
    shown = enter(kim).get(at(name, live) if name == "plan" else at(name)).content.decode()
    assert house.number in shown
    assert "정금주" not in shown


def test_a_plan_with_many_goals_and_steps_asks_the_same_number_of_questions(house, kim, enter, at, now, on, draft):
    client, counts = enter(kim), []
    for more in (1, 8):
        plan = ServicePlan.objects.get(pk=draft.pk)
        goals = [
            {"pk": one.pk, "domain": one.domain, "client_words": one.client_words, "words": one.words}
            for one in plan.goals.all()
        ]
        goals += [{"domain": "home", "client_words": f"목표 {n}", "words": ""} for n in range(more)]
        writing.write(plan, version=plan.version, by=kim, now=now, wish=plan.wish, summary="", goals=goals)
        for n in range(more):
            actions.add_step(plan.goals.last(), what=f"단계 {n}", due_on=on + timedelta(days=n), by=kim, now=now)
        client.get(at("plan", draft))
        with CaptureQueriesContext(connection) as asked:
            client.get(at("plan", draft))
        counts.append(len(asked))
    assert counts[0] == counts[1]
