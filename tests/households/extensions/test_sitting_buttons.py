"""A sitting of the Consultative Council by its buttons."""

from datetime import timedelta
from uuid import uuid4

import pytest

from casework.clock import day_begins
from households.forms.moments import value_of
from households.models import CouncilSeat, Sitting
from tests.households.extensions.conftest import said, url

pytestmark = pytest.mark.django_db


def plan_of(cast, key):
    starts = day_begins(cast.on + timedelta(days=5)) + timedelta(hours=14)
    return {"starts_at": value_of(starts)[:16], "place": "회의실", "client_key": key}


def step(meeting, verb):
    return url("sitting_step", meeting.number, verb)


@pytest.fixture
def seated(cast, at, go):
    """A sitting with the chair's seat, and a request on its agenda; return (sitting, seat)."""
    go(cast.first, "post", url("sitting_new"), **plan_of(cast, str(uuid4())))
    seat = {"office": "통일부차관", "is_chair": "on", "client_key": str(uuid4())}
    go(cast.first, "post", url("council_seat"), **seat)
    meeting, chair = Sitting.objects.get(), CouncilSeat.objects.get()
    go(cast.first, "post", url("extension_step", at("received").number, "put"), sitting=meeting.pk)
    return meeting, chair


def test_a_sitting_and_a_seat_are_entered_once_by_the_ministry_alone(cast, at, go):
    plan, seat = plan_of(cast, str(uuid4())), {"office": "위원", "client_key": str(uuid4())}
    for _twice in range(2):
        go(cast.first, "post", url("sitting_new"), **plan)
        go(cast.first, "post", url("council_seat"), **seat)
    meeting, member = Sitting.objects.get(), CouncilSeat.objects.get()
    assert go(cast.first, "post", url("sitting_new"), client_key=str(uuid4())).status_code == 422
    assert go(cast.first, "post", url("council_seat")).status_code == 422
    for name, office in (("sitting_new", ()), ("sittings", ()), ("sitting", (meeting.number,))):
        assert go(cast.worker, "get", url(name, *office)).status_code == 403
    put = url("extension_step", at("received").number, "put")
    assert go(cast.first, "post", put).status_code == 422
    go(cast.first, "post", url("council_seat_end", member.pk))
    member.refresh_from_db()
    assert member.during.isempty


def test_a_sitting_is_announced_once_and_begins_at_its_hour(cast, seated, go):
    meeting, chair = seated
    assert go(cast.first, "get", step(meeting, "announce")).status_code == 405
    assert go(cast.worker, "post", step(meeting, "announce")).status_code == 403
    go(cast.first, "post", step(meeting, "announce"))
    go(cast.first, "post", step(meeting, "announce"))
    go(cast.first, "post", url("sitting_attendance", meeting.number), present=[chair.pk])
    page = go(cast.first, "get", url("sitting", meeting.number)).content.decode()
    assert step(meeting, "hold") not in page
    assert "회의 시각부터" in page
    assert "아직 시작되지" in said(go(cast.first, "post", step(meeting, "hold")))[0]
    assert go(cast.first, "post", step(meeting, "cancel")).status_code == 422


def test_votes_and_the_record_close_a_sitting(cast, seated, go):
    meeting, chair = seated
    go(cast.first, "post", step(meeting, "announce"))
    go(cast.first, "post", url("sitting_attendance", meeting.number), present=[chair.pk])
    Sitting.objects.filter(pk=meeting.pk).update(starts_at=cast.now - timedelta(hours=1))
    assert step(meeting, "hold") in go(cast.first, "get", url("sitting", meeting.number)).content.decode()
    go(cast.first, "post", step(meeting, "hold"))
    item = meeting.items.get()
    vote = {f"v{item.pk}-votes_for": 1, f"v{item.pk}-votes_against": 0, f"v{item.pk}-abstained": 0}
    path = url("sitting_vote", meeting.number, item.pk)
    assert go(cast.first, "post", path).status_code == 422
    assert go(cast.first, "post", path, **{**vote, f"v{item.pk}-abstained": 5}).status_code == 422
    go(cast.first, "post", path, **vote)
    assert go(cast.first, "post", url("sitting_minutes", meeting.number)).status_code == 422
    go(cast.first, "post", url("sitting_minutes", meeting.number), minutes="원안대로 의결함.")
    go(cast.first, "post", step(meeting, "close"))
    meeting.refresh_from_db()
    assert meeting.status == "closed"
    page = go(cast.first, "get", url("sitting", meeting.number)).content.decode()
    assert "자체로 설정한 값" in page
    assert "찬성 1 · 반대 0 · 기권 0" in page
