"""The records behind a number: filtered by the address, never more than the user may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.audit.models import AccessLog
from desks.network import listing
from desks.network.asked import Asked
from tests.factories import UserFactory
from tests.factories.referrals import ReceiverFactory

pytestmark = pytest.mark.django_db
URL = "/network/list/"
UNKNOWN = [{"need": "'"}, {"agency": "x"}, {"agency": "9" * 30}, {"state": "%s"}, {"page": "x"}]


def numbers(answer):
    return {row["number"] for row in answer.context["rows"]}


def test_the_address_narrows_the_list(look, refer, receiver, sender):
    power, money = refer(need="utilities"), refer("accepted")
    assert numbers(look(receiver, URL)) == {power.number, money.number}
    assert numbers(look(receiver, URL, need="utilities")) == {power.number}
    assert numbers(look(receiver, URL, state="under_way")) == {money.number}
    assert numbers(look(receiver, URL, agency=sender.agency_id)) == {power.number, money.number}
    assert numbers(look(receiver, URL, agency=receiver.agency_id)) == set()
    assert numbers(look(receiver, URL, wait="acknowledge")) == {power.number}
    assert numbers(look(receiver, URL, turn="sender")) == set()
    assert numbers(look(receiver, URL, until="2020-01-01")) == set()


@pytest.mark.parametrize("asked", UNKNOWN)
def test_what_the_address_does_not_know_is_left_out(look, refer, receiver, asked):
    made = refer()
    assert numbers(look(receiver, URL, **asked)) == {made.number}


def test_the_filter_stands_in_words(look, refer, receiver):
    refer()
    html = look(receiver, URL, need="livelihood", late="1").content.decode()
    assert "생계 · 기한이 지난 것" in html


def test_a_draft_is_listed_to_whom_it_waits_for(look, refer, sender, supervisor):
    made = refer("draft")
    assert numbers(look(sender, URL, side="sent", state="to_send")) == {made.number}
    assert numbers(look(sender, URL, side="sent")) == set()
    assert numbers(look(supervisor, URL, side="sent", state="to_send")) == set()


def test_a_stranger_finds_nothing(look, refer):
    refer()
    answer = look(ReceiverFactory(), URL)
    assert numbers(answer) == set()
    assert "empty-say" in answer.content.decode()
    assert look(UserFactory(role="privacy_auditor"), URL).status_code == 403


def test_long_lists_go_over_pages(look, refer, receiver, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    made = {refer().number for _n in range(3)}
    first, second = look(receiver, URL), look(receiver, URL, page=2)
    assert numbers(first) | numbers(second) == made
    assert len(numbers(second)) == 1
    assert numbers(look(receiver, URL, page=9)) == numbers(first), "a page that is no more leads to the first"


def test_looking_is_logged_with_whose_data_was_shown(look, refer, receiver):
    made = refer()
    look(receiver, URL, need="livelihood")
    log = AccessLog.objects.filter(act="list", actor_id=receiver.pk).latest("id")
    assert (log.households, log.subjects) == ([made.household_id], made.packet["subjects"])
    assert log.detail == {"filter": "side=received&need=livelihood"}


def test_two_rows_or_twenty_cost_the_same_queries(refer, receiver):
    def cost():
        user = type(receiver).objects.select_related("agency").get(pk=receiver.pk)
        asked = Asked("received").part("agency", 1)
        with CaptureQueriesContext(connection) as caught:
            listing.found_for(user, Asked("received"), None, timezone.now())
            listing.found_for(user, asked, None, timezone.now())
        return len(caught)

    for _n in range(2):
        refer()
    few = cost()
    for _n in range(18):
        refer()
    assert cost() == few <= 10, "two lists"
