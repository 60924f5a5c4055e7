"""Decisions: what they need, who owes them, what becomes of them, and two who type at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from referrals import actions as referring
from referrals.council import actions, bringing, deciding
from referrals.models import AgendaItem, CouncilDecision, Referral
from tests.factories import HouseholdFactory, UserFactory
from tests.harness.racing import at_once
from tests.referrals.council.conftest import owed, task, to_refer, url_of


@pytest.mark.django_db
def test_a_task_stands_on_the_desk_of_its_agency_until_it_is_done_and_comes_back(page, begun, decide, people):
    made = decide(begun, **task(people))
    assert owed(people.helper) == [made]
    assert not owed(people.worker)
    assert "취업 상담을 합니다." in page.get(people.helper, reverse("referrals:councils")).content.decode()
    page.post(people.helper, url_of(made, "done"))
    made.refresh_from_db()
    first = made.done_at
    assert (made.done_by, owed(people.helper)) == (people.helper, [])
    page.post(people.helper, url_of(made, "done"))
    made.refresh_from_db()
    assert made.done_at == first
    page.post(people.helper, url_of(made, "undo"))
    assert owed(people.helper) == [made]


@pytest.mark.django_db
def test_the_buttons_of_a_task(page, client, begun, decide, people):
    made = decide(begun, **task(people))
    for verb in ("done", "undo", "refer"):
        client.force_login(people.helper)
        assert client.get(url_of(made, verb)).status_code == 405
        assert page.post(people.stranger, url_of(made, verb)).status_code == 404
        assert page.post(people.officer, url_of(made, verb)).status_code == 403
    assert page.post(people.helper, url_of(made, "burn")).status_code == 404
    made.refresh_from_db()
    assert made.done_at is None


@pytest.mark.django_db
def test_a_task_of_one_person_is_that_persons(begun, decide, people):
    colleague = UserFactory(agency=people.jobs, role="receiving_worker")
    made = decide(begun, **task(people, owner=people.helper))
    assert owed(people.helper) == [made]
    assert not owed(colleague)
    with pytest.raises(NotYours):
        deciding.done(made, by=colleague, now=timezone.now())


@pytest.mark.django_db
def test_tasks_stand_on_the_desks(page, begun, decide, people):
    desks = {"desks:today": people.worker, "desks:supervisor": people.boss, "desks:receiving": people.officer}
    decide(begun, **task(people, owner_agency=people.centre, what="가정방문을 합니다."))
    decide(begun, **task(people, owner_agency=people.city, what="긴급복지를 검토합니다."))
    for name, user in desks.items():
        said = "긴급복지를 검토합니다." if user == people.officer else "가정방문을 합니다."
        assert said in page.get(user, reverse(name)).content.decode()


@pytest.mark.django_db
def test_a_withdrawn_household_asks_nothing_of_anybody(begun, decide, people):
    made = decide(begun, **task(people))
    bringing.withdraw(begun, by=people.worker, now=timezone.now(), reason="본인이 원하지 않으십니다.")
    assert not owed(people.helper)
    with pytest.raises(NotNow):
        deciding.done(made, by=people.helper, now=timezone.now())


@pytest.mark.django_db
def test_a_decision_becomes_a_draft_that_a_person_sends(page, begun, decide, people):
    made = decide(begun, **to_refer(people))
    answer = page.post(people.worker, url_of(made, "refer"))
    assert answer.status_code == 200
    made.refresh_from_db()
    draft = made.referral
    assert (draft.status, draft.to_agency, draft.need) == ("draft", people.city, "livelihood")
    assert (draft.ground, draft.title) == ("consent", "긴급복지를 의뢰합니다.")
    assert begun.meeting.number in draft.request
    page.post(people.worker, url_of(made, "refer"))
    assert Referral.objects.count() == 1
    assert owed(people.worker) == [made]
    referring.VERBS["send"](draft, by=people.worker, now=timezone.now())
    assert not owed(people.worker)
    shown = page.get(people.officer, reverse("referrals:meeting", args=[begun.meeting.number])).content.decode()
    assert draft.number in shown


@pytest.mark.django_db
def test_a_referral_is_written_by_who_refers_for_the_household(page, begun, decide, people):
    with pytest.raises(Refused):
        decide(begun, **to_refer(people, owner_agency=people.jobs, owner=None))
    made = decide(begun, **to_refer(people, owner=None))
    assert page.post(people.officer, url_of(made, "refer")).status_code == 403
    assert page.post(people.stranger, url_of(made, "refer")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        {"kind": "task", "owner_agency": None},
        {"kind": "task", "due_on": None},
        {"kind": "nothing", "why": ""},
        {"kind": "referral", "to_agency": None},
    ],
)
def test_what_a_decision_needs(begun, decide, people, words):
    base = to_refer(people) if words["kind"] == "referral" else task(people)
    with pytest.raises(Refused):
        decide(begun, **base | words)
    assert not CouncilDecision.objects.exists()


@pytest.mark.django_db
def test_only_who_knows_of_the_household_is_asked(begun, decide, people, council):
    actions.seat(council, agency=people.police, by=people.officer, now=timezone.now())
    with pytest.raises(Refused):
        decide(begun, **task(people, owner_agency=people.police))
    with pytest.raises(Refused):
        decide(begun, **task(people, owner=people.worker))
    with pytest.raises(Refused):
        decide(begun, **task(people, due_on=seoul_day(timezone.now()) - timedelta(days=1)))


@pytest.mark.django_db
def test_the_form_of_a_decision(page, client, begun, people):
    url = reverse("referrals:item_decide", args=[begun.pk])
    due = seoul_day(timezone.now()) + timedelta(days=5)
    sent = {"version": 0, "kind": "task", "what": "취업 상담", "whom": f"a{people.jobs.pk}", "due_on": due.isoformat()}
    sent["client_key"] = "9f0d3d0a-64d6-4f0e-9a55-4a0d3c1f2e11"
    client.force_login(people.officer)
    assert client.get(url).status_code == 405
    assert page.post(people.stranger, url, **sent).status_code == 404
    assert page.post(people.worker, url, **sent).status_code == 403
    assert page.post(people.helper, url, **sent).status_code == 403
    assert page.post(people.officer, url, **sent | {"whom": ""}).status_code == 422
    assert page.post(people.officer, url, **sent).status_code == 200
    page.post(people.officer, url, **sent)
    made = CouncilDecision.objects.get()
    assert (made.what, made.owner_agency, made.owner, made.due_on) == ("취업 상담", people.jobs, None, due)


@pytest.mark.django_db
def test_a_decision_is_changed(page, begun, decide, people):
    made = decide(begun, **task(people))
    shown = page.get(people.officer, reverse("referrals:meeting", args=[begun.meeting.number]), edit=made.pk)
    form = shown.context["items"][0]["form"]
    assert (form.initial["decision"], form.initial["whom"]) == (made.pk, f"a{people.jobs.pk}")
    begun.refresh_from_db()
    sent = {"version": begun.version, "decision": made.pk, "kind": "go_on", "what": "그대로 이어 갑니다."}
    page.post(people.officer, reverse("referrals:item_decide", args=[begun.pk]), **sent)
    made.refresh_from_db()
    assert (made.kind, made.owner_agency, made.due_on) == ("go_on", None, None)
    assert not owed(people.helper)


@pytest.mark.django_db
def test_of_two_who_type_the_second_sees_both_texts_and_loses_nothing(page, begun, people):
    url = reverse("referrals:item_decide", args=[begun.pk])
    sent = {"version": 0, "kind": "go_on"}
    page.post(people.officer, url, **sent, what="먼저 쓴 결정입니다.")
    second = page.post(people.second, url, **sent, what="나중에 쓴 결정입니다.")
    shown = second.content.decode()
    assert second.status_code == 409
    assert "먼저 쓴 결정입니다." in shown
    assert "나중에 쓴 결정입니다." in shown
    assert CouncilDecision.objects.count() == 1
    row = second.context["items"][0]
    assert int(row["form"]["version"].value()) == 1
    page.post(people.second, url, kind="go_on", what="나중에 쓴 결정입니다.", version=1)
    assert CouncilDecision.objects.count() == 2


@pytest.mark.django_db
def test_a_change_that_came_second_is_saved_beside_the_first(page, begun, decide, people):
    made = decide(begun, what="처음 결정입니다.")
    url = reverse("referrals:item_decide", args=[begun.pk])
    sent = {"version": 1, "decision": made.pk, "kind": "go_on", "client_key": uuid4()}
    page.post(people.officer, url, **sent, what="먼저 고친 결정입니다.")
    second = page.post(people.second, url, **sent, what="나중에 고친 결정입니다.")
    form = second.context["items"][0]["form"]
    again = {name: form[name].value() for name in ("version", "decision", "kind", "what", "client_key")}
    assert second.status_code == 409
    assert not again["decision"]
    assert str(again["client_key"]) != str(sent["client_key"])
    page.post(people.second, url, **again)
    said = CouncilDecision.objects.order_by("pk").values_list("what", flat=True)
    assert list(said) == ["먼저 고친 결정입니다.", "나중에 고친 결정입니다."]


@pytest.mark.django_db
def test_a_change_whose_words_stand_has_landed(page, begun, decide, people):
    made = decide(begun, what="처음 결정입니다.")
    url = reverse("referrals:item_decide", args=[begun.pk])
    sent = {"version": 1, "decision": made.pk, "kind": "go_on", "what": "고친 결정입니다."}
    assert [page.post(people.officer, url, **sent).status_code for _ in range(2)] == [200, 200]
    begun.refresh_from_db()
    assert begun.version == 2


@pytest.mark.django_db
def test_decisions_are_written_while_the_agenda_is_out(bring, decide, people):
    item = bring()
    with pytest.raises(ValidationError):
        decide(item)


def test_two_at_once_one_is_told(committed_db, begun, people):
    def write(user, what):
        mine = AgendaItem.objects.get(pk=begun.pk)
        words = {"version": 0, "kind": "go_on", "what": what}
        return deciding.decide(mine, by=user, now=timezone.now(), **words).what

    asked = [(people.officer, "하나"), (people.second, "둘")]
    won, told = at_once(*(lambda pair=pair: write(*pair) for pair in asked), told=deciding.Behind)
    assert len(won) == len(told) == 1
    assert CouncilDecision.objects.get().what == won[0]


@pytest.mark.django_db
def test_what_has_led_to_a_referral_is_not_rewritten(page, begun, decide, people):
    made = decide(begun, **to_refer(people))
    deciding.refer(made, by=people.worker, now=timezone.now())
    with pytest.raises(NotNow):
        decide(begun, decision=made.pk)
    other = decide(begun_elsewhere(people, begun), kind="go_on")
    with pytest.raises(CouncilDecision.DoesNotExist):
        decide(begun, decision=other.pk)


def begun_elsewhere(people, begun):
    """Another household on the same agenda."""
    home = HouseholdFactory(worker=people.worker)
    words = {"need": "work", "reason": "-", "ground": "danger", "urgent": "-"}
    return AgendaItem.objects.create(
        meeting=begun.meeting,
        household=home,
        from_agency=people.centre,
        proposed_by=people.worker,
        proposed_at=timezone.now(),
        **words,
    )
