"""The pages and buttons: each works, refuses GET, is 404 to a stranger and 403 to the wrong role; twice is once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.clock import seoul_day
from households.models import CaseConference, ConferenceDecision, ConferenceItem, ConferencePresence
from tests.desks.conferences.sent import due, local, url, words_of
from tests.factories import HouseholdFactory
from tests.factories.conferences import attended, brought, closed, decided, held, planned
from tests.factories.standings import stands
from tests.households.conferences.test_deciding import moved

pytestmark = pytest.mark.django_db


def buttons(item, decision):
    """Every button of the working screen, as (address, what is sent)."""
    number = item.conference.number
    return [
        (url("conference_attendance", number), {}),
        (url("conference_step", number, "close"), {}),
        (url("conference_decide", item.pk), words_of(item)),
        (url("conference_move", item.pk), {"to": "up"}),
        (url("conference_withdraw", item.pk), {"reason": "다음에"}),
        (url("conference_decision", decision.pk, "give"), {"owner": decision.owner_id}),
        (url("conference_decision", decision.pk, "take_back"), {"reason": "-"}),
    ]


def test_every_button_refuses_get_a_stranger_and_the_wrong_role(
    client, page, begun, supervisor, worker, other, stranger
):
    ConferenceItem.objects.update(brought_by=supervisor)
    for address, sent in buttons(begun, decided(begun, supervisor)):
        client.force_login(supervisor)
        assert client.get(address).status_code == 405
        assert page.post(stranger, address, **sent).status_code == 404
        assert page.post(worker, address, **sent).status_code == 403, address
    assert page.get(stranger, url("conference", begun.conference.number)).status_code == 404
    assert page.get(other, url("conference", begun.conference.number)).status_code == 200


def test_a_conference_is_planned_by_the_supervisor_and_stands_on_the_list(page, supervisor, worker):
    sent = {"starts_at": local(timezone.now() + timedelta(days=2)), "place": "", "chair": supervisor.pk}
    assert page.post(worker, url("conference_new"), **sent).status_code == 403
    assert page.post(supervisor, url("conference_new"), **sent).status_code == 422
    sent |= {"place": "회의실", "client_key": uuid4()}
    page.post(supervisor, url("conference_new"), **sent)
    page.post(supervisor, url("conference_new"), **sent)
    made = CaseConference.objects.get()
    assert made.number in page.get(worker, url("conferences")).content.decode()


def test_it_is_changed_and_who_comes_second_loses_nothing(page, supervisor, worker, item):
    address = url("conference_change", item.conference.number)
    sent = {
        "starts_at": local(timezone.now() + timedelta(days=1)),
        "place": "2층",
        "chair": supervisor.pk,
        "version": 0,
    }
    assert page.get(worker, address).status_code == 403
    assert page.post(supervisor, address, **sent).redirect_chain
    answer = page.post(supervisor, address, **sent | {"place": "3층"})
    assert answer.status_code == 409
    assert "3층" in answer.content.decode()
    page.post(supervisor, address, **sent | {"place": "3층", "version": 1})
    assert CaseConference.objects.get().place == "3층"


def test_households_are_brought_from_a_list_and_what_is_not_kept_here_is_left_out(
    client, page, worker, conference, household
):
    foreign = HouseholdFactory()
    client.force_login(worker)
    assert client.get(url("conference_chosen")).status_code == 405
    answer = page.post(worker, url("conference_chosen"), household=[household.number, foreign.number])
    assert answer.context["left_out"] == 1
    sent = {"household": [household.number, foreign.number], "conference": conference.pk, "why": "월세"}
    for _twice in range(2):
        page.post(worker, url("conference_bring"), **sent)
    assert [item.household for item in ConferenceItem.objects.all()] == [household]
    assert (
        page.post(worker, url("conference_bring"), household=[foreign.number], conference=conference.pk).status_code
        == 422
    )


def test_the_agenda_is_announced_held_and_closed_once(page, supervisor, item):
    number = item.conference.number
    for verb in ("announce", "hold"):
        page.post(supervisor, url("conference_step", number, verb))
        page.post(supervisor, url("conference_step", number, verb))
    item.refresh_from_db()
    page.post(supervisor, url("conference_step", number, "close"))
    assert CaseConference.objects.get().status == "held"  # nothing is decided yet
    page.post(supervisor, url("conference_decide", item.pk), **words_of(item))
    page.post(supervisor, url("conference_step", number, "close"))
    assert CaseConference.objects.get().status == "held"  # nobody is said to have led it
    there = {"present": supervisor.pk, "shown": supervisor.pk, "led_by": supervisor.pk}
    page.post(supervisor, url("conference_attendance", number), **there)
    page.post(supervisor, url("conference_step", number, "close"))
    page.post(supervisor, url("conference_step", number, "close"))
    assert CaseConference.objects.get().status == "closed"


def test_cancelling_asks_for_the_reason(page, supervisor, item):
    address = url("conference_step", item.conference.number, "cancel")
    assert page.post(supervisor, address).status_code == 422
    page.post(supervisor, address, reason="감염병")
    assert CaseConference.objects.get().reason == "감염병"


def test_attendance_is_ticked_and_guests_are_words(page, supervisor, worker, begun):
    address = url("conference_attendance", begun.conference.number)
    sent = {
        "shown": [supervisor.pk, worker.pk],
        "present": [worker.pk],
        "guest": ["강다솜", ""],
        "agency": ["구청", ""],
    }
    for _twice in range(2):
        page.post(supervisor, address, **sent)
    assert {str(row) for row in ConferencePresence.objects.filter(present=True)} == {str(worker), "강다솜 · 구청"}


def test_a_decision_is_typed_and_errors_stand_beside_the_field(page, supervisor, worker, begun):
    address = url("conference_decide", begun.pk)
    answer = page.post(supervisor, address, **words_of(begun, kind="referral", what="긴급복지"))
    assert answer.status_code == 422
    assert set(answer.context["items"][0]["form"].errors) == {"owner", "due_on", "need", "to_agency"}
    assert "긴급복지" in answer.content.decode()
    sent = words_of(begun, kind="task", owner=worker.pk, due_on=due())
    page.post(supervisor, address, **sent)
    page.post(supervisor, address, **sent)
    assert ConferenceDecision.objects.get().owner == worker


def test_two_supervisors_decide_at_once_and_the_second_sees_both_texts(page, supervisor, head, begun):
    first, second = words_of(begun), words_of(begun, what="다른 길로 갑니다.")
    page.post(supervisor, url("conference_decide", begun.pk), **first)
    answer = page.post(head, url("conference_decide", begun.pk), **second)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert first["what"] in text
    assert second["what"] in text
    form = answer.context["items"][0]["form"]
    page.post(head, url("conference_decide", begun.pk), **second | {"version": form.data["version"]})
    assert ConferenceDecision.objects.count() == 2


def test_a_record_that_was_closed_while_somebody_typed_keeps_the_words_on_the_screen(page, supervisor, begun):
    decided(begun, supervisor)
    attended(begun.conference, supervisor)
    closed(begun.conference, supervisor)
    answer = page.post(supervisor, url("conference_decide", begun.pk), **words_of(begun, what="늦게 쓴 말"))
    assert answer.status_code == 409
    assert "늦게 쓴 말" in answer.content.decode()
    assert ConferenceDecision.objects.count() == 1


def test_a_household_that_moved_this_morning_is_said_so_and_the_words_are_kept(
    page, supervisor, other, begun, household
):
    moved(household, supervisor)
    answer = page.post(supervisor, url("conference_decide", begun.pk), **words_of(begun, what="옮기기 전에 쓴 말"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "옮기기 전에 쓴 말" in text
    assert household.number not in text
    assert answer.context["moved"] == 1
    assert not ConferenceDecision.objects.exists()
    assert page.post(other, url("conference_decide", begun.pk), **words_of(begun)).status_code == 403


def test_what_is_due_is_listed_emergencies_first_and_can_be_ticked(page, worker, supervisor, household, other):
    later = HouseholdFactory(worker=worker)
    now = timezone.now()
    stands(household, 4, band_since=now - timedelta(days=30), since=seoul_day(now) - timedelta(days=30))
    stands(later, 5, band_since=now - timedelta(hours=5), since=seoul_day(now - timedelta(hours=5)))
    rows = page.get(supervisor, url("conferences_due")).context["rows"]
    assert [row["title"].number for row in rows] == [later.number, household.number]
    assert [row["late"] for row in rows] == [False, True]
    assert page.get(other, url("conferences_due")).context["rows"] == []
    brought(planned(supervisor), household, by=worker)
    assert page.get(supervisor, url("conferences_due")).context["rows"][1]["booked"]


@pytest.mark.parametrize("name", ["conferences_due", "conferences"])
def test_a_list_asks_the_same_for_two_rows_and_for_twenty(own_queries, worker, supervisor, name):
    def asked(n):
        for _n in range(n):
            home = HouseholdFactory(worker=worker)
            stands(home, 4, band_since=timezone.now() - timedelta(days=9))
            brought(planned(supervisor), home, by=worker)
        return len(own_queries(supervisor, url(name)))

    assert asked(2) == asked(18) <= 5


def test_the_working_screen_asks_the_same_for_two_households_and_for_twenty(client, worker, supervisor, conference):
    client.force_login(supervisor)

    def asked(n):
        for _n in range(n):
            home = HouseholdFactory(worker=worker)
            stands(home, 4)
            item = brought(conference, home, by=worker)[0]
            if conference.status == "planned":
                held(conference, supervisor)
                conference.refresh_from_db()
            decided(item, supervisor)
        client.get(url("conference", conference.number))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("conference", conference.number)).status_code == 200
        return len(captured)

    assert asked(2) == asked(18)


def test_the_case_page_has_the_last_and_the_next_conference_and_what_is_open(
    page, worker, supervisor, begun, household
):
    one = decided(begun, supervisor, owner=worker)
    brought(planned(supervisor, starts_at=timezone.now() + timedelta(days=3)), household, by=worker)
    text = page.get(worker, url("case", household.number)).content.decode()
    assert text.count(begun.conference.number) >= 2
    assert one.what in text
    assert url("conference_bring") in text


def test_the_list_of_households_at_risk_leads_there_with_what_is_ticked(page, supervisor, household):
    text = page.get(supervisor, url("list")).content.decode()
    assert f'formaction="{url("conference_chosen")}"' in text
    answer = page.post(supervisor, url("conference_chosen"), household=[household.number])
    assert [one.number for one in answer.context["households"]] == [household.number]
