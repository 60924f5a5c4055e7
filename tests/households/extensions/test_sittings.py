"""The Consultative Council: members, notice in time, quorum as set, votes, minutes, cancelling."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.clock import day_begins
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.extensions import deciding, drafting, sitting
from households.models import CouncilSeat, ExtensionTerm
from tests.households.extensions.conftest import held

pytestmark = pytest.mark.django_db


def planned(cast, days=5, hours=14):
    starts = day_begins(cast.on + timedelta(days=days)) + timedelta(hours=hours)
    return sitting.plan(starts_at=starts, by=cast.first, now=cast.now)


def test_members_are_notified_two_seoul_days_before(cast, at):
    request = at("received")
    meeting = planned(cast, days=5, hours=0)
    with pytest.raises(Refused, match="안건"):
        sitting.announce(meeting, by=cast.first, now=cast.now)
    deciding.put(request, sitting=meeting, by=cast.first, now=cast.now)
    late = meeting.starts_at - timedelta(days=1, minutes=1)  # 23:59 two days before; one minute later it is one day
    with pytest.raises(Refused, match="2일"):
        sitting.announce(meeting, by=cast.first, now=late + timedelta(minutes=1))
    assert sitting.announce(meeting, by=cast.first, now=late).status == "announced"


def test_a_request_is_not_put_on_an_agenda_that_members_cannot_be_told_of(cast, at):
    request, meeting = at("received"), planned(cast)
    deciding.put(request, sitting=meeting, by=cast.first, now=cast.now)
    sitting.announce(meeting, by=cast.first, now=cast.now)
    off = deciding.take_off(request, by=cast.first, now=cast.now, reason="자료를 기다립니다.")
    assert off.status == "received"
    with pytest.raises(Refused) as refused:
        deciding.put(off, sitting=meeting, by=cast.first, now=meeting.starts_at - timedelta(hours=20))
    assert refused.value.field == "sitting"
    deciding.put(off, sitting=meeting, by=cast.first, now=cast.now)
    assert meeting.items.filter(withdrawn_at=None).count() == 1


def test_below_the_quorum_that_is_set_nothing_is_held_and_the_setting_is_data(cast, at):
    with pytest.raises(Refused, match="자체 설정"):
        held(cast, at("received"), present=1)
    ended = ExtensionTerm.objects.get(code="quorum")
    ended.during = DateRange(None, cast.on - timedelta(days=1))
    ended.save(update_fields=["during"])
    since = DateRange(cast.on - timedelta(days=1), None)
    ExtensionTerm.objects.create(code="quorum", value=30, basis="own", source="자체 설정", during=since)
    assert sitting.quorum_of(sitting.Sitting.objects.get())["percent"] == 30


def test_no_more_votes_than_members_and_no_vote_after_the_decision_was_prepared(cast, at):
    request = at("prepared")
    item = request.items.get()
    with pytest.raises(NotNow):
        sitting.vote(item, votes_for=1, votes_against=0, abstained=0, by=cast.first, now=cast.now)
    deciding.send_back(request, by=cast.second, now=cast.now, reason="-")
    with pytest.raises(Refused) as refused:
        sitting.vote(item, votes_for=2, votes_against=1, abstained=0, by=cast.first, now=cast.now)
    assert refused.value.field == "votes_for"


def test_the_record_is_closed_with_votes_and_minutes(cast, at):
    meeting = held(cast, at("received"), votes=None)
    with pytest.raises(Refused, match="표결"):
        sitting.close(meeting, by=cast.first, now=cast.now)
    sitting.vote(meeting.items.get(), votes_for=1, votes_against=1, abstained=0, by=cast.first, now=cast.now)
    with pytest.raises(Refused, match="회의록"):
        sitting.close(meeting, by=cast.first, now=cast.now)
    sitting.write_minutes(meeting, minutes="찬반이 같아 다시 논의하기로 함.", by=cast.first, now=cast.now)
    assert sitting.close(meeting, by=cast.first, now=cast.now).status == "closed"
    with pytest.raises(NotNow):
        sitting.write_minutes(meeting, minutes="-", by=cast.first, now=cast.now)


def test_a_cancelled_sitting_gives_its_requests_back(cast, at):
    request, meeting = at("received"), planned(cast)
    deciding.put(request, sitting=meeting, by=cast.first, now=cast.now)
    sitting.cancel(meeting, by=cast.first, now=cast.now, reason="위원 과반이 참석하지 못합니다.")
    request.refresh_from_db()
    assert (request.status, request.sitting) == ("received", None)


def test_what_was_voted_on_stays_in_the_record_when_the_request_is_taken_off(cast, at):
    request = at("received")
    meeting = held(cast, request, closed=True)
    off = deciding.take_off(request, by=cast.first, now=cast.now, reason="자료를 다시 살핍니다.")
    assert (off.status, off.sitting) == ("received", None)
    assert meeting.items.get().withdrawn_at is None


def test_a_withdrawn_request_leaves_the_agenda(cast, at):
    request, meeting = at("received"), planned(cast)
    deciding.put(request, sitting=meeting, by=cast.first, now=cast.now)
    drafting.withdraw(request, by=cast.worker, now=cast.now, reason="-")
    assert not meeting.items.filter(withdrawn_at=None).exists()


def test_forty_members_one_chair_and_the_ministry_alone(cast):
    seats = [
        CouncilSeat(office=f"위원 {n}", during=DateRange(cast.on, None), recorded_by=cast.first) for n in range(39)
    ]
    CouncilSeat.objects.bulk_create(seats)
    key = uuid4()
    words = {"office": "통일부차관", "is_chair": True, "client_key": key}
    chair = sitting.seat(by=cast.first, now=cast.now, **words)
    assert sitting.seat(by=cast.first, now=cast.now, **words) == chair
    with pytest.raises(Refused, match="40"):
        sitting.seat(office="위원 41", by=cast.first, now=cast.now)
    sitting.unseat(seats[0], by=cast.first, now=cast.now)
    assert sitting.unseat(seats[0], by=cast.first, now=cast.now).during.isempty
    with pytest.raises(Refused, match="위원장"):
        sitting.seat(office="다른 위원장", is_chair=True, by=cast.first, now=cast.now)
    with pytest.raises(NotYours):
        sitting.seat(office="위원", by=cast.worker, now=cast.now)


def test_a_sitting_is_held_after_it_has_begun(cast, at):
    request, meeting = at("received"), planned(cast)
    deciding.put(request, sitting=meeting, by=cast.first, now=cast.now)
    sitting.announce(meeting, by=cast.first, now=cast.now)
    with pytest.raises(Refused):
        sitting.hold(meeting, by=cast.first, now=cast.now)
    with pytest.raises(Refused):
        sitting.plan(starts_at=cast.now - timedelta(minutes=1), by=cast.first, now=cast.now)
