"""The board: what is open, in columns, the late first; each card leads to its referral and moves nothing by itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.audit.models import AccessLog
from desks.network.board import AT_ONCE, board_of
from referrals import thread
from tests.factories import UserFactory
from tests.factories.referrals import REACHED_BY, ReceiverFactory

pytestmark = pytest.mark.django_db
URL = "/network/board/"


def ago(days):
    return timezone.now() - timedelta(days=days)


def columns(user, side="received"):
    """{column: numbers of its cards}, of those that have any."""
    found = board_of(user, side, timezone.now()).columns
    return {column.name: [card["number"] for card in column.cards] for column in found if column.count}


def test_each_state_has_its_column_and_what_is_finished_has_none(refer, receiver, sender):
    made = {stands: refer(stands).number for stands in REACHED_BY}
    received = {
        "asked": {made["sent"]},
        "received": {made["received"]},
        "under_way": {made["accepted"], made["in_progress"]},
        "on_hold": {made["on_hold"]},
        "disputed": {made["disputed"]},
        "to_confirm": {made["provided"], made["confirmed"]},
        "came_back": {made["declined"], made["failed"]},
    }
    assert {name: set(cards) for name, cards in columns(receiver).items()} == received
    sent = {name: set(cards) for name, cards in columns(sender, "sent").items()}
    assert sent == {**received, "to_send": {made["draft"]}}


def test_a_colleagues_draft_is_not_on_the_board(refer, supervisor):
    refer("draft")
    assert columns(supervisor, "sent") == {}


def test_the_late_stand_first_then_the_same_day_then_the_oldest(refer, receiver):
    young, old = refer(sent_at=ago(0.05)), refer(sent_at=ago(0.1))
    today = refer(need="utilities", sent_at=ago(0.01))
    late = refer(sent_at=ago(20))
    assert columns(receiver)["asked"] == [one.number for one in (late, today, old, young)]
    column = board_of(receiver, "received", timezone.now()).columns[0]
    assert (column.count, column.late) == (4, 1)


def test_a_column_shows_its_first_and_leads_to_the_rest(look, refer, receiver):
    for _n in range(AT_ONCE + 2):
        refer()
    answer = look(receiver, URL)
    column = answer.context["board"].columns[0]
    assert (column.count, len(column.cards), column.more) == (AT_ONCE + 2, AT_ONCE, 2)
    html = answer.content.decode()
    assert "side=received&amp;state=asked" in html
    assert look(receiver, f"/network/list/?{column.query}").context["count"] == AT_ONCE + 2


def test_a_question_stops_the_clock_and_the_card_says_so(refer, receiver):
    asked = refer("received")
    thread.ask(asked, by=receiver, now=timezone.now(), text="-")
    column = board_of(receiver, "received", timezone.now()).columns[1]
    assert column.late == 0
    assert column.cards[0]["what"]


def test_a_card_is_a_link_and_no_button(look, refer, receiver):
    made = refer()
    html = look(receiver, URL).content.decode()
    assert f'href="/referrals/{made.number}/"' in html
    assert "draggable" not in html
    board = html.split('class="board"')[1].split("</main>")[0]
    assert "<form" not in board


def test_two_rows_or_twenty_cost_the_same_queries(look, refer, receiver):
    def cost():
        user = type(receiver).objects.select_related("agency").get(pk=receiver.pk)
        with CaptureQueriesContext(connection) as caught:
            board_of(user, "received", timezone.now())
        return len(caught)

    for _n in range(2):
        refer()
    few = cost()
    for stands in ["sent", "received", "accepted", "provided"] * 4:
        refer(stands)
    assert cost() == few <= 5


def test_looking_is_logged_with_whose_data_was_shown(look, refer, receiver):
    made = refer()
    look(receiver, URL)
    log = AccessLog.objects.filter(act="list", actor_id=receiver.pk).latest("id")
    assert log.households == [made.household_id]
    assert log.subjects == made.packet["subjects"]


def test_another_office_sees_nothing_of_it(look, refer):
    made = refer()
    html = look(ReceiverFactory(), URL).content.decode()
    assert made.title not in html
    assert "empty-say" in html


@pytest.mark.parametrize("role", ["privacy_auditor", "system_administrator"])
def test_who_neither_sends_nor_receives_has_no_board(look, role):
    assert look(UserFactory(role=role), URL).status_code == 403


def test_the_side_is_chosen_by_whoever_has_both(look, refer, supervisor, receiver):
    refer()
    assert look(supervisor, URL).context["side"] == "sent"
    assert look(supervisor, URL, side="received").context["side"] == "received"
    assert look(receiver, URL).context["side"] == "received", "an office mostly receives"
    assert look(receiver, URL, side="sent").context["side"] == "sent"
    town = UserFactory(agency=receiver.agency, role="town_worker")
    assert look(town, URL, side="sent").context["side"] == "received", "it sends none"
    assert look(town, URL).context["sides"] == []


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("side", ["received", "sent", "elsewhere"])
def test_it_opens_empty_and_full(look, refer, supervisor, language, side):
    supervisor.language = language
    supervisor.save()
    assert "empty-say" in look(supervisor, URL, side=side).content.decode()
    for stands in REACHED_BY:
        refer(stands)
    assert look(supervisor, URL, side=side).status_code == 200
