"""Figures of everybody's referrals: suppressed and in tens, nothing told of a few, for whole months."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from casework.agencies.models import Kind
from casework.audit.models import AccessLog
from casework.clock import SEOUL
from desks.network.asked import read_national
from desks.network.columns import AGES, STATES, WAITS
from desks.network.shown import figures_for
from referrals import statutory
from referrals.models import Referral
from referrals.states import NEEDS
from tests.desks.network.reading import table_of
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import CentreFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db
URL, FILE, LIST = "/network/", "/network/file/", "/network/list/"
MONTHS = timedelta(days=45)
MONDAY = datetime(2026, 3, 9, 9, tzinfo=SEOUL)  # two weeks without a holiday


def many(count, *, sender=None, receiver=None, stands="sent", **words):
    """Referrals of some six weeks ago: within the last twelve whole months."""
    sender, receiver = sender or UserFactory(agency=CentreFactory()), receiver or ReceiverFactory()
    home = HouseholdFactory(worker=sender, members=1)
    sent = timezone.now().replace(day=15) - MONTHS
    for _n in range(count):
        ReferralFactory(sender=sender, receiver=receiver, household=home, stands=stands, sent_at=sent, **words)
    return sender, receiver


def national(ministry, now, **given):
    return figures_for(ministry, read_national(given, timezone.localdate()), now)


def test_the_ministry_counts_everybody_in_tens_and_nothing_below_five(ministry, now):
    many(3)
    many(8, need="debt", ground="danger")
    many(13, need="training", ground="danger")
    found = national(ministry, now, period="12")
    assert table_of(found, "need")["생계"]["sent"] == "5 미만"
    assert {row["sent"] for row in table_of(found, "need").values()} == {"5 미만", "가림", "약 10"}
    assert found.total["sent"].shown.text == "약 20"
    shown = {text for name in found.tables for row in table_of(found, name).values() for text in row.values()}
    assert all(text in {"5 미만", "가림"} or text.startswith("약 ") for text in shown), shown


def test_no_number_of_the_ministry_opens_anything(look, ministry):
    made = many(12)[0]
    html = look(ministry, URL).content.decode()
    assert LIST not in html
    assert Referral.objects.filter(sender=made)[0].number not in html
    assert look(ministry, LIST, side="sent").context["count"] == 0


def test_the_ministry_asks_for_whole_months_only(look, ministry):
    many(12)
    shown = look(ministry, URL, **{"from": "2020-01-01", "until": "2030-01-01", "period": "30", "need": "debt"})
    asked = shown.context["asked"]
    assert (asked.period, asked.parts) == ("12", ())
    assert asked.first.day == 1
    assert (asked.last + timedelta(days=1)).day == 1
    assert 'type="date"' not in shown.content.decode()
    assert shown.context["figures"].total["sent"].shown.text == "약 10"


@pytest.mark.parametrize("stands", ["sent", "confirmed", "closed", "declined"])
@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("need", ["livelihood", "utilities"])
def test_whether_nothing_or_a_few_were_sent_looks_alike_cell_by_cell(ministry, now, stands, count, need):
    empty = national(ministry, now)
    many(count, stands=stands, need=need)
    assert Referral.objects.count() == count
    few = national(ministry, now)
    assert few.rows() == empty.rows() != []
    assert [list(table_of(few, name)) for name in few.tables] == [list(table_of(empty, name)) for name in empty.tables]
    assert few == empty


def test_of_everybody_every_row_of_a_vocabulary_stands(ministry, now):
    found = national(ministry, now)
    rows = {name: len(table.lines) for name, table in found.tables.items()}
    assert rows == {
        "need": len(NEEDS),
        "agency": 1,
        "kind": len(Kind),
        "state": len(STATES),
        "wait": len(WAITS),
        "age": len(AGES),
    }
    assert len(found.durations.needs) == len(NEEDS)
    assert found.durations.law.applied.text == "5 미만"


def test_agencies_that_were_sent_a_few_stand_together_without_a_name(ministry, now):
    known, few = (many(count, need=need)[1].agency for count, need in ((12, "debt"), (4, "debt")))
    also = many(4, need="debt")[1].agency
    table = table_of(national(ministry, now), "agency")
    assert list(table) == [str(known), "그 밖의 기관(각 5 미만)"]
    assert [row["sent"] for row in table.values()] == ["약 10", "약 10"]
    assert {str(few), str(also)}.isdisjoint(table)


def test_an_applicant_for_a_benefit_is_no_sign_of_life_either(ministry, receiver, now):
    empty = national(ministry, now)
    made = many(1, receiver=receiver, stands="accepted")
    referral = Referral.objects.get(sender=made[0])
    on = timezone.localdate() - timedelta(days=40)
    statutory.record_application(referral, by=receiver, now=now, benefit="생계급여", applied_on=on)
    assert national(ministry, now) == empty


def test_of_few_no_time_is_told(ministry, now):
    many(3, stands="received")
    span = national(ministry, now).durations.steps[0]
    assert (span.n.text, span.median, span.ninth, span.kept) == ("5 미만", "", "", "")
    many(4, stands="received")
    span = national(ministry, now).durations.steps[0]
    assert span.median
    assert span.ninth == "", "of seven, nine of ten would be the longest one"


def test_the_log_says_that_a_file_was_of_everybody(client, ministry):
    client.force_login(ministry)
    client.post(FILE, {"reason": "회의 자료", "period": "3"})
    detail = AccessLog.objects.get(act="export").detail
    asked = read_national({"period": "3"}, timezone.localdate())
    assert (detail["national"], detail["filter"]) == (True, asked.query)
