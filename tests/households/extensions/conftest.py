"""A person whose protection ends in two months, her worker, her district, two officers of the Ministry."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Kind
from casework.clock import add_months, day_begins, seoul_day
from households.extensions import deciding, drafting, periods, sitting
from households.models import ExtensionGround, ExtensionRequest
from tests.factories import AgencyFactory, CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of

PLACE = "서울 관악구"
DAY = timedelta(days=1)
ORDER = ("draft", "signed", "submitted", "received", "agenda", "prepared", "decided", "told")


@pytest.fixture
def cast():
    """Everybody, and the household of 정금주, 66 years old, protected for five years that end in about two months."""
    on = seoul_day(timezone.now())
    centre = CentreFactory(covers=[PLACE], name_ko="관악 하나센터")
    ministry = AgencyFactory(kind=Kind.MINISTRY, name_ko="시험 통일부")
    office = AgencyFactory(kind=Kind.CITY, covers=[PLACE], name_ko="시험 관악구청")
    worker = UserFactory(agency=centre, name="서지훈")
    household = HouseholdFactory(
        worker=worker,
        district=PLACE,
        members=["정금주"],
        under_protection=add_months(on + timedelta(days=61), -60),
        person_born=on.replace(year=on.year - 66, day=1),
    )
    return SimpleNamespace(
        on=on,
        now=timezone.now(),
        centre=centre,
        office=office,
        worker=worker,
        boss=UserFactory(agency=centre, role="supervisor", name="오미란"),
        stranger=UserFactory(name="남일꾼"),
        first=UserFactory(agency=ministry, role="ministry_officer", name="정소라"),
        second=UserFactory(agency=ministry, role="ministry_officer", name="송다인"),
        officer=UserFactory(agency=office, role="residence_officer", name="강다솜"),
        household=household,
        person=members_of(household)[0],
    )


@pytest.fixture
def last_day(cast):
    """Return a function that gives the last day of protection that stands."""
    return lambda: periods.last_period(cast.person).during.upper - DAY


def words_of(cast, **words):
    """What a form says."""
    return {
        "kind": "extend",
        "applicant": "정금주",
        "born_on": cast.on.replace(year=cast.on.year - 66, day=1),
        "place": "서울 관악구 신림동",
        "asked_until": periods.last_period(cast.person).during.upper + timedelta(days=364),
        "reason": "수술 뒤 혼자 지내고 있어 도움이 더 필요합니다.",
        "written_on": cast.on,
        **words,
    }


def ground(code):
    return ExtensionGround.objects.get(code=code)


def held(cast, request=None, *, present=2, votes=(2, 0, 0), closed=False):
    """A sitting that was held yesterday, with the request on its agenda and a vote on it; the verbs believe `now`."""
    now = cast.now - timedelta(days=10)
    seats = [sitting.seat(office=f"통일부 위원 {n}", by=cast.first, now=now) for n in range(3)]
    starts = day_begins(cast.on - DAY) + timedelta(hours=14)
    meeting = sitting.plan(starts_at=starts, place="세종로 회의실", by=cast.first, now=now)
    if request is not None:
        deciding.put(request, sitting=meeting, by=cast.first, now=now)
    sitting.announce(meeting, by=cast.first, now=starts - timedelta(days=3))
    sitting.attend(meeting, present={one.pk for one in seats[:present]}, by=cast.first, now=starts)
    sitting.hold(meeting, by=cast.first, now=starts)
    if request is not None and votes:
        yes, no, none = votes
        item = meeting.items.get()
        sitting.vote(item, votes_for=yes, votes_against=no, abstained=none, by=cast.first, now=starts)
    if closed:
        sitting.write_minutes(meeting, minutes="원안대로 의결함.", by=cast.first, now=starts)
        sitting.close(meeting, by=cast.first, now=starts)
    return meeting


@pytest.fixture
def at(cast):
    """Return a request brought to a state by the verbs. `by`: who wrote it; `outcome`: what is decided."""

    def stands(status, *, by=None, outcome="extended", grounds=(), **words):
        writer, now = by or cast.worker, cast.now - timedelta(days=12)
        said = words_of(cast, **words)
        made = drafting.write(cast.person, by=writer, now=cast.now, grounds=grounds, **said)
        until = None if outcome == "refused" else made.asked_until
        steps = (
            lambda one: drafting.sign(one, by=writer, now=cast.now, signature="paper", signed_on=cast.on),
            lambda one: drafting.submit(one, by=writer, now=now),
            lambda one: deciding.receive(one, by=cast.first, now=cast.now, received_on=cast.on - timedelta(days=11)),
            lambda one: held(cast, one),
            lambda one: deciding.prepare(
                one,
                outcome=outcome,
                granted_until=until,
                reasons="혼자 지내시고 치료가 이어집니다.",
                by=cast.first,
                now=cast.now,
            ),
            lambda one: deciding.decide(one, by=cast.second, now=cast.now),
            lambda one: deciding.tell(
                one, told_on=cast.on, told_way="registered", told_proof="1234", by=cast.first, now=cast.now
            ),
        )
        for step in steps[: ORDER.index(status)]:
            step(made)
            made = ExtensionRequest.objects.select_related("agency", "person", "sitting").get(pk=made.pk)
        return made

    return stands


def url(name, *args):
    return reverse(f"households:{name}", args=args)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def sent(cast, **words):
    """What the form of a request sends."""
    return {"client_key": str(uuid4()), "evidence": "진단서\n소득 확인서\n", **words_of(cast, **words)}
