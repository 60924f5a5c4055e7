"""The pages of closings and of deaths: what works, and whom each button refuses; what is done twice is done once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Event
from casework.clock import seoul_day
from households.actions import record_death
from households.models import AfterCare, Assignment, BereavedStep, Closing, DeathReview
from tests.factories import ContactFactory, HouseholdFactory, UserFactory
from tests.factories.closings import WORDS, closed, proposed
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory
from tests.factories.standings import flagged, stands


@pytest.fixture
def house(worker):
    house = HouseholdFactory(worker=worker, members=["한송이", "한바다"])
    ContactFactory(household=house, occurred_at=timezone.now() - timedelta(days=300))
    return house


@pytest.fixture
def post(client):
    def send(user, name, *args, **said):
        client.force_login(user)
        return client.post(reverse(f"desks:{name}", args=args), said)

    return send


@pytest.fixture
def get(client):
    def ask(user, name, *args, status=200):
        client.force_login(user)
        answer = client.get(reverse(f"desks:{name}", args=args))
        assert answer.status_code == status
        return answer.content.decode()

    return ask


def said_in(answer):
    return [str(message) for message in answer.context["messages"]]


def test_what_is_open_of_the_first_steps_is_asked_for_and_shown_to_who_decides(worker, supervisor, post, get):
    moved = seoul_day(timezone.now()) - timedelta(days=40)
    new = HouseholdFactory(worker=worker, members=["한송이"], under_protection=moved)
    ContactFactory(household=new, occurred_at=timezone.now() - timedelta(days=3))
    assert "남아 있는 첫 절차" in get(worker, "closing_new", new.number)
    answer = post(worker, "closing_new", new.number, reason="goals_met", words=WORDS)
    assert answer.status_code == 422
    assert answer.context["form"].errors["left_open"]
    post(worker, "closing_new", new.number, reason="goals_met", words=WORDS, left_open="다른 센터에서 마쳤습니다.")
    page = get(supervisor, "closing", Closing.objects.get().number)
    for words in ("남겨 둔 첫 절차", "다른 센터에서 마쳤습니다.", "초기집중교육을 마치지 않았습니다."):
        assert words in page


def test_a_worker_proposes_and_the_supervisor_closes_by_hand(worker, supervisor, house, post, get):
    stands(house, 2)
    assert reverse("desks:closing_new", args=[house.number]) in get(worker, "case", house.number)
    get(worker, "closing_new", house.number)
    answer = post(worker, "closing_new", house.number, reason="goals_met", words=WORDS)
    made = Closing.objects.get()
    assert answer.url == reverse("desks:closing", args=[made.number])
    page = get(worker, "closing", made.number)
    assert WORDS in page
    assert "두 번째 담당자의 확인을 기다립니다" in page
    assert made.number in get(supervisor, "closings")
    assert made.number in get(supervisor, "closing", made.number)
    assert "종결" in get(supervisor, "supervisor")
    post(supervisor, "closing_step", made.number, "approve", asks_later=supervisor.pk)
    made.refresh_from_db()
    assert (made.status, made.asks_later) == ("approved", supervisor)
    assert "한송이" in get(supervisor, "closing", made.number)
    assert "다시 열기" in get(supervisor, "closing", made.number)
    get(worker, "closing", made.number, status=404)


def test_looking_at_a_closing_is_logged_with_whose_data_it_shows(worker, house, get):
    made = proposed(house, by=worker)
    get(worker, "closing", made.number)
    seen = AccessLog.objects.latest("id")
    assert (seen.households, set(seen.subjects)) == ([house.pk], {person.pk for person in members_of(house)})


def test_what_stands_against_it_is_said_before_and_after_trying_and_nothing_typed_is_lost(worker, house, post, get):
    asked = ReferralFactory(sender=worker, household=house)
    assert asked.number in get(worker, "closing_new", house.number)
    answer = post(worker, "closing_new", house.number, reason="goals_met", words=WORDS)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert asked.number in page
    assert WORDS in page
    assert not Closing.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": "declined", "words": WORDS}, "contact"),
        ({"reason": "abroad", "words": WORDS}, "evidence"),
        ({"reason": "duplicate", "words": WORDS, "same_as": "3FK-72M-8"}, "same_as"),
        ({"reason": "duplicate", "words": WORDS}, "same_as"),
        ({"reason": "no_answer", "words": WORDS}, "reason"),
        ({"reason": "deceased", "words": WORDS}, "reason"),
        ({"reason": "transferred", "words": WORDS}, "reason"),
        ({"reason": "goals_met", "words": " "}, "words"),
    ],
)
def test_what_a_reason_rests_on_is_asked_for_beside_its_field(worker, house, post, said, field):
    answer = post(worker, "closing_new", house.number, **said)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_the_talk_in_which_the_person_declined_is_chosen_and_shown(worker, house, post, get):
    talk = ContactFactory(household=house, recorded_by=worker)
    post(worker, "closing_new", house.number, reason="declined", words=WORDS, contact=talk.fact_id)
    made = Closing.objects.get()
    assert made.contact == talk.fact_id
    assert reverse("households:contact_page", args=[house.number, talk.fact_id]) in get(worker, "closing", made.number)


def test_the_proposal_is_for_the_centre_and_its_register_only(house, stranger, centre, get, client):
    get(stranger, "closing_new", house.number, status=404)
    reader = UserFactory(agency=centre, role="counsellor")
    Assignment.objects.create(household=house, worker=reader, kind="counsellor", during=("2020-01-01", None))
    client.force_login(reader)
    answer = client.post(reverse("desks:closing_new", args=[house.number]), {"reason": "goals_met", "words": WORDS})
    assert answer.status_code in (302, 403)


@pytest.mark.parametrize("verb", ["approve", "send_back", "withdraw", "reopen"])
def test_each_step_refuses_get_a_stranger_and_the_wrong_role(worker, supervisor, stranger, house, client, post, verb):
    made = closed(house, by=worker, second=supervisor) if verb == "reopen" else proposed(house, by=supervisor)
    address = reverse("desks:closing_step", args=[made.number, verb])
    client.force_login(supervisor)
    assert client.get(address).status_code == 405
    assert post(stranger, "closing_step", made.number, verb, reason="까닭").status_code == 404
    if verb in ("approve", "send_back"):
        assert post(worker, "closing_step", made.number, verb, reason="까닭").status_code == 403
    if verb == "approve":  # who proposed it is not the second person
        assert post(supervisor, "closing_step", made.number, verb).status_code == 403


def test_each_step_is_taken_once_and_the_second_is_told(worker, supervisor, house, post, client):
    made = proposed(house, by=worker)
    post(supervisor, "closing_step", made.number, "approve")
    client.force_login(supervisor)
    again = client.post(reverse("desks:closing_step", args=[made.number, "approve"]), follow=True)
    assert said_in(again)[-1].startswith("이 단계는 이제")
    assert Event.objects.about(made).filter(verb="closing approved").count() == 1
    post(supervisor, "closing_step", made.number, "reopen", reason="새 위기신호")
    made.refresh_from_db()
    assert made.status == "reopened"
    assert Assignment.objects.current().filter(household=house, worker=worker, during__endswith=None).exists()


def test_a_reason_is_asked_for_and_an_unknown_step_is_nothing(worker, supervisor, house, post):
    made = proposed(house, by=worker)
    answer = post(supervisor, "closing_step", made.number, "send_back", reason="")
    assert answer.status_code == 422
    assert post(supervisor, "closing_step", made.number, "delete").status_code == 404
    post(supervisor, "closing_step", made.number, "send_back", reason="석 달 더 봅니다.")
    made.refresh_from_db()
    assert (made.status, made.answer) == ("sent_back", "석 달 더 봅니다.")


def test_what_came_up_meanwhile_is_named_when_the_supervisor_approves(worker, supervisor, house, post):
    made = proposed(house, by=worker)
    asked = ReferralFactory(sender=worker, household=house)
    answer = post(supervisor, "closing_step", made.number, "approve")
    assert answer.status_code == 422
    assert asked.number in answer.content.decode()


def test_somebody_asks_after_a_closed_case(worker, supervisor, stranger, house, post, get, client):
    made = closed(house, by=worker, second=supervisor, ago=95)
    assert made.number in get(supervisor, "closings")
    said = {"done_on": seoul_day(timezone.now()).isoformat(), "result": "well", "words": "잘 지내십니다."}
    client.force_login(supervisor)
    assert client.get(reverse("desks:closing_after", args=[made.number, 3])).status_code == 405
    assert post(stranger, "closing_after", made.number, 3, **said).status_code == 404
    assert post(supervisor, "closing_after", made.number, 3, **said | {"result": ""}).status_code == 422
    post(supervisor, "closing_after", made.number, 3, **said)
    post(supervisor, "closing_after", made.number, 3, **said)
    assert AfterCare.objects.get().result == "well"
    assert "잘 지내십니다." in get(supervisor, "closing", made.number)


def test_a_closed_case_leaves_the_lists_until_something_new_is_heard(worker, supervisor, house, look, own_queries):
    stands(house, 3)
    address = reverse("desks:list")
    assert house.number in look(supervisor, address)
    made = closed(house, by=worker, second=supervisor, ago=2)
    for page in (f"{address}?band=3", reverse("desks:supervisor"), reverse("desks:today")):
        assert house.number not in look(supervisor, page)
    assert "종결" in look(supervisor, reverse("desks:household", args=[house.number]))
    flag = flagged(house, "R-MOVE")
    flag.floor = 2
    flag.save(update_fields=["floor"])
    page = look(supervisor, f"{address}?show=closed")
    assert house.number in page
    assert "종결 뒤 새 신호" in page
    assert reverse("desks:closings") + "#closed" in look(supervisor, reverse("desks:supervisor"))
    assert look(supervisor, reverse("desks:closings")).count(made.number) == 1


def died_of(person, by, **said):
    record_death(person, on=seoul_day(timezone.now()) - timedelta(days=2), by=by, **said)
    return DeathReview.objects.get(person=person).person.case_number


def test_the_review_of_a_death_is_written_by_who_leads_and_stands_on_the_desk(worker, supervisor, house, post, get):
    head, spouse = members_of(house)
    case = died_of(head, worker, new_head=spouse)
    assert "사망 경위 검토" in get(supervisor, "supervisor")
    assert case in get(supervisor, "closings")
    assert "한송이" in get(worker, "death_review", case)
    assert post(worker, "death_step", case, "write", known="x").status_code == 403
    answer = post(supervisor, "death_step", case, "finish", known="", learnt="먼저 찾아갑니다.")
    assert answer.status_code == 422
    assert "먼저 찾아갑니다." in answer.content.decode()
    post(supervisor, "death_step", case, "write", known="체납 신호 3건")
    post(supervisor, "death_step", case, "finish", known="체납 신호 3건", learnt="먼저 찾아갑니다.")
    assert DeathReview.objects.get().status == "finished"
    again = post(supervisor, "death_step", case, "write", known="나중")
    assert again.status_code == 302
    assert DeathReview.objects.get().known == "체납 신호 3건"


def test_what_is_done_for_those_who_stay(worker, supervisor, stranger, house, post, client):
    head, spouse = members_of(house)
    case = died_of(head, worker, new_head=spouse)
    said = {"done_on": seoul_day(timezone.now()).isoformat(), "words": "빈소에 다녀왔습니다."}
    client.force_login(worker)
    assert client.get(reverse("desks:bereaved", args=[case, "funeral"])).status_code == 405
    assert post(stranger, "bereaved", case, "funeral", **said).status_code == 404
    assert post(worker, "bereaved", case, "nothing", **said).status_code == 404
    assert post(worker, "bereaved", case, "funeral", done_on="2099-01-01").status_code == 422
    post(worker, "bereaved", case, "funeral", **said)
    post(worker, "bereaved", case, "funeral", **said)
    assert BereavedStep.objects.get().words == "빈소에 다녀왔습니다."


def test_a_mistaken_death_is_corrected_on_the_page(worker, supervisor, stranger, house, post, get):
    head, spouse = members_of(house)
    case = died_of(head, worker, new_head=spouse)
    assert post(stranger, "death_step", case, "mistaken", reason="동명이인").status_code == 404
    assert post(worker, "death_step", case, "mistaken", reason="").status_code == 422
    assert post(worker, "death_step", case, "erase").status_code == 404
    post(worker, "death_step", case, "mistaken", reason="동명이인이었습니다.")
    assert "동명이인이었습니다." in get(worker, "death_review", case)
    assert post(worker, "death_step", case, "mistaken", reason="다시").status_code == 302
    assert "한송이" in get(worker, "case", house.number)


def test_the_list_asks_the_same_number_of_questions_for_two_and_for_twenty(worker, supervisor, own_queries):
    counts = []
    for more in (2, 18):
        for place in range(more):
            case = HouseholdFactory(worker=worker, members=2)
            if place % 2:
                closed(case, by=worker, second=supervisor, ago=100)
            else:
                proposed(case, by=worker)
        counts.append(len(own_queries(supervisor, reverse("desks:closings"))))
    assert counts[0] == counts[1] <= 6, counts


def test_an_empty_desk_says_so(supervisor, get):
    assert "승인을 기다리는 종결" in get(supervisor, "closings")


def test_who_looks_after_nobody_does_not_see_the_list(db, get):
    get(UserFactory(role="residence_officer"), "closings", status=403)
