"""A council of a district: a city office convenes it, a Hana Center brings a household, a job centre sits there."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from casework.facts import supersede
from households.models import Consent, Responsibility
from referrals.council import actions, bringing, deciding
from referrals.council.shown import owed_by
from referrals.models import CouncilMeeting
from tests.factories import AgencyFactory, CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory
from tests.referrals.conftest import page

__all__ = ["page"]
EVERYTHING = ["name", "family", "address", "income", "health"]


@pytest.fixture
def people():
    """Who works at the city office (officer, second), the centre (worker, boss), the job centre and another office."""
    city, centre = OfficeFactory(name_ko="시험 구청"), CentreFactory(name_ko="시험 하나센터")
    jobs, police = AgencyFactory(kind="job_centre", name_ko="시험 고용센터"), AgencyFactory(kind="police")
    return SimpleNamespace(
        city=city,
        centre=centre,
        jobs=jobs,
        police=police,
        officer=UserFactory(agency=city, role="residence_officer", name="강다솜"),
        second=UserFactory(agency=city, role="residence_officer", name="문해온"),
        worker=UserFactory(agency=centre, name="서지훈"),
        boss=UserFactory(agency=centre, role="supervisor", name="오세린"),
        helper=UserFactory(agency=jobs, role="receiving_worker", name="하도윤"),
        inspector=UserFactory(agency=police, role="residence_officer", name="남기범"),
        stranger=UserFactory(agency=OfficeFactory(), role="residence_officer"),
    )


@pytest.fixture
def household(people):
    return HouseholdFactory(worker=people.worker, members=["정금주", "정유나"])


@pytest.fixture
def council(people):
    then = timezone.now() - timedelta(days=2)  # a meeting that began an hour ago may have begun yesterday
    made = actions.convene(kind="regional", name="관악구 지역협의회", by=people.officer, now=then)
    for agency in (people.centre, people.jobs):
        actions.seat(made, agency=agency, by=people.officer, now=then)
    return made


@pytest.fixture
def meeting(council, people):
    return planned(council, people)


def planned(council, people, **words):
    words = {"starts_at": timezone.now() + timedelta(days=3), "place": "구청 3층", "chair": "부구청장"} | words
    return actions.plan(council, by=people.officer, now=timezone.now(), **words)


def agrees(household, agency, items=EVERYTHING, days=60):
    """The head of the household agrees that an agency is told."""
    today = seoul_day(timezone.now())
    return Consent.objects.create(
        person=members_of(household)[0],
        purpose="지역협의회",
        items=list(items),
        recipient=agency,
        during=DateRange(today - timedelta(days=1), today + timedelta(days=days)),
    )


@pytest.fixture
def bring(people, household, meeting):
    """Return a function that brings the household before the meeting, on consent of both agencies unless said."""

    def brought(home=household, at=meeting, by=people.worker, **words):
        words = {"need": "livelihood", "reason": "관리비가 밀렸습니다.", "scope": "file", "ground": "consent"} | words
        if words["ground"] == "consent":
            for agency in (people.city, people.jobs):
                agrees(home, agency)
        return bringing.propose(home, meeting=at, by=by, now=timezone.now(), client_key=uuid4(), **words)

    return brought


@pytest.fixture
def sent(bring, meeting, people):
    """Return the item of a meeting whose agenda is out."""
    item = bring()
    actions.send(meeting, by=people.officer, now=timezone.now())
    item.refresh_from_db()
    return item


def moved(household, centre, by):
    """Let another centre answer for a household from today."""
    today = seoul_day(timezone.now())
    old = Responsibility.objects.current().get(household=household)
    supersede(old, by=by, during=DateRange(today - timedelta(days=90), today))
    Responsibility.objects.create(household=household, center=centre, during=DateRange(today, None))


@pytest.fixture
def begun(sent):
    """Return the item while the meeting is on: it began an hour ago."""
    start(sent.meeting)
    return sent


def start(meeting, ago=timedelta(hours=1)):
    CouncilMeeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() - ago)
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def decide(people):
    """Return a function that writes a decision about an item."""

    def decided(item, by=people.officer, **words):
        item.refresh_from_db()
        words = {"kind": "go_on", "what": "그대로 이어 갑니다."} | words
        return deciding.decide(item, version=item.version, by=by, now=timezone.now(), client_key=uuid4(), **words)

    return decided


def task(people, **words):
    """The words of a task of the job centre."""
    due = seoul_day(timezone.now()) + timedelta(days=5)
    return {"kind": "task", "what": "취업 상담을 합니다.", "owner_agency": people.jobs, "due_on": due} | words


def owed(user):
    return [row["decision"] for row in owed_by(user, timezone.now()) if not row["decision"].done_at]


def to_refer(people, **words):
    due = seoul_day(timezone.now()) + timedelta(days=3)
    asked = {"owner_agency": people.centre, "owner": people.worker, "to_agency": people.city, "due_on": due}
    return {"kind": "referral", "what": "긴급복지를 의뢰합니다."} | asked | words


def url_of(decision, verb):
    return reverse("referrals:decision_step", args=[decision.pk, verb])
