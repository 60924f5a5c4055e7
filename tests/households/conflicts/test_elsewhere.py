"""A conflict of interest bars also where no household leads to a person: registers, requests, reports, files."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Kind
from casework.clock import add_months, seoul_day
from casework.exports import actions as exports
from casework.exports.kinds import kinds
from desks.atrisk.exported import AtRiskList
from households import actions as register
from households.actions import NotAllowed
from households.extensions import drafting
from households.models import (
    EndNotice,
    ExtensionRequest,
    LocalOpinion,
    Objection,
    Person,
    ProtectionPeriod,
    SettlementLine,
    SettlementReport,
    Sitting,
    SittingItem,
)
from households.models.conflict import barred_people
from households.reports import actions as reports
from households.reports.people import registered
from tests.factories import AgencyFactory, CentreFactory, HouseholdFactory, UserFactory
from tests.factories.exports import ExportFactory
from tests.factories.extensions import request_of
from tests.factories.handovers import conflict_of
from tests.factories.households import members_of
from tests.factories.links import linked
from tests.factories.standings import stands

pytestmark = pytest.mark.django_db
PLACE = "서울 관악구"


@pytest.fixture
def worker():
    return UserFactory(agency=CentreFactory(covers=[PLACE], name_ko="관악 하나센터"), name="김담당")


@pytest.fixture
def person(worker, today):
    begun = add_months(today + timedelta(days=61), -60)
    return members_of(HouseholdFactory(worker=worker, district=PLACE, members=["정금주"], under_protection=begun))[0]


@pytest.fixture
def officers():
    """Return (officer, cousin) of the district's local government."""
    office = AgencyFactory(kind=Kind.CITY, covers=[PLACE], name_ko="시험 관악구청")
    return tuple(UserFactory(agency=office, role="residence_officer") for _n in range(2))


@pytest.fixture
def ministry():
    """Return (officer, cousin) of the Ministry."""
    agency = AgencyFactory(kind=Kind.MINISTRY, name_ko="시험 통일부")
    return tuple(UserFactory(agency=agency, role="ministry_officer") for _n in range(2))


def seen(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(name, args=args)).content.decode()


def test_the_register_and_the_desk_of_the_district(client, person, officers, today):
    officer, cousin = officers
    assert "정금주" in seen(client, cousin, "households:register")
    assert Person.objects.asked_for_by(cousin).filter(pk=person.pk).exists()
    conflict_of(cousin, person)
    for name in ("households:register", "desks:receiving"):
        assert "정금주" not in seen(client, cousin, name), name
        assert "정금주" in seen(client, officer, name), name
    assert not ProtectionPeriod.objects.visible_to(cousin).exists()
    assert not Person.objects.asked_for_by(cousin).exists()
    assert [registered(user, today, today=today).count() for user in officers] == [1, 0]


def test_a_second_record_of_the_person_is_closed_too(client, worker, person, officers, today):
    second = members_of(HouseholdFactory(worker=worker, district=PLACE, members=["정금순"], under_protection=today))[0]
    boss = UserFactory(agency=worker.agency, role="supervisor")
    linked(person, second, by=worker, second=boss)
    conflict_of(officers[1], second)
    assert set(Person.objects.filter(pk__in=barred_people(officers[1]))) == {person, second}
    assert not ProtectionPeriod.objects.in_register_of(officers[1]).exists()


def test_whoever_only_lived_there_once_and_has_a_home_of_their_own_stays_open(worker, officers, today):
    home = HouseholdFactory(worker=worker, district=PLACE, members=["정금주", "김철수"], under_protection=today)
    one, other = members_of(home)
    conflict_of(officers[1], one)
    assert set(Person.objects.filter(pk__in=barred_people(officers[1]))) == {one, other}
    register.move_out(other, on=today, by=worker, district=None)
    assert set(Person.objects.filter(pk__in=barred_people(officers[1]))) == {one}


def test_requests_and_opinions_of_other_offices(client, worker, person, officers, ministry, today):
    made = request_of(person, by=worker)
    opinion = {"agency": officers[0].agency, "asked_on": today, "asked_by": ministry[0], "due_on": today}
    LocalOpinion.objects.create(request=made, **opinion)
    Objection.objects.create(request=made, received_on=today, words="-", received_by=worker)
    for cousin in (officers[1], ministry[1]):
        assert ExtensionRequest.objects.visible_to(cousin).exists()
        conflict_of(cousin, person)
        for model in (ExtensionRequest, LocalOpinion, Objection):
            assert not model.objects.visible_to(cousin).exists()
        client.force_login(cousin)
        assert client.get(reverse("households:extension", args=[made.number])).status_code == 404
    for user in (officers[0], ministry[0], worker):
        assert ExtensionRequest.objects.visible_to(user).exists()


def test_a_request_of_kin_is_written_by_a_colleague(person, ministry, now):
    conflict_of(ministry[1], person)
    with pytest.raises(NotAllowed):
        drafting.write(person, by=ministry[1], now=now)
    assert not ExtensionRequest.objects.exists()


def test_the_agenda_of_the_council(client, worker, person, ministry, now):
    made = request_of(person, by=worker, status="agenda")
    meeting = Sitting.objects.create(starts_at=now + timedelta(days=9), planned_by=ministry[0])
    item = SittingItem.objects.create(sitting=meeting, request=made)
    assert made.number in seen(client, ministry[1], "households:sitting", meeting.number)
    conflict_of(ministry[1], person)
    assert made.number not in seen(client, ministry[1], "households:sitting", meeting.number)
    assert made.number in seen(client, ministry[0], "households:sitting", meeting.number)
    vote = reverse("households:sitting_vote", args=[meeting.number, item.pk])
    client.force_login(ministry[1])
    assert client.post(vote).status_code == 404


def test_the_notices_of_the_ministry(person, ministry, today):
    last = ProtectionPeriod.objects.get(person=person).during.upper - timedelta(days=1)
    EndNotice.objects.create(person=person, last_day=last, sent_on=today, way="handed", recorded_by=ministry[0])
    conflict_of(ministry[1], person)
    told = [ProtectionPeriod.objects.to_be_told_by(user, on=today).count() for user in ministry]
    kept = [EndNotice.objects.current().kept_by(user, on=today).count() for user in ministry]
    assert (told, kept) == ([1, 0], [1, 0])


def test_a_settlement_report_shows_the_line_to_the_colleagues_alone(client, worker, officers, now):
    facts = {"worker": worker, "district": PLACE, "under_protection": date(2024, 3, 15)}
    person, other = (
        members_of(HouseholdFactory(members=[name], registered_on=date(2024, 4, 1), **facts))[0]
        for name in ("정금주", "리복순")
    )
    officer, cousin = officers
    report = reports.begin(date(2026, 1, 1), by=officer, now=now)
    conflict_of(cousin, person)
    for _frozen in range(2):
        page = seen(client, cousin, "households:report", report.number)
        assert "정금주" not in page
        assert "리복순" in page
        assert "이해충돌" in page
        assert "정금주" in seen(client, officer, "households:report", report.number)
        paper = reverse("households:report_paper", args=[report.number])
        client.force_login(cousin)
        assert client.post(paper, {"reason": "상반기 보고"}).status_code == 302
        if report.status == "draft":
            answer = reverse("households:report_answer", args=[report.number, person.case_number])
            assert client.get(answer).status_code == 404
            with pytest.raises(NotAllowed):
                reports.answer(report, person, values={}, observed_on=seoul_day(now), by=cousin, now=now)
            reports.ready(report, by=officer, now=now)
            report = SettlementReport.objects.get(pk=report.pk)
    assert set(SettlementLine.objects.visible_to(cousin).values_list("person", flat=True)) == {other.pk}
    assert SettlementLine.objects.visible_to(officer).count() == 2


def taken(export, user):
    return exports.taken(export, kinds()[export.kind], by=user, now=timezone.now())


def test_a_file_made_before_the_conflict_is_not_handed_out(client, worker, person, officers, now):
    stands(person.membership_set.get().household)
    period = ProtectionPeriod.objects.get(person=person)
    register = ExportFactory(
        asker=officers[1], kind="protection-register", asked={"on": ""}, made=True, records=[period.pk]
    )
    home = person.membership_set.get().household_id
    listed = ExportFactory(asker=worker, kind="at-risk", asked={"query": ""}, made=True, records=[home])
    assert taken(register, officers[1])
    assert taken(listed, worker)
    for user, export in ((officers[1], register), (worker, listed)):
        conflict_of(user, person)
        client.force_login(user)
        answer = client.post(reverse("exports:file", args=[export.number]), follow=True)
        assert "더 이상" in answer.content.decode()
        export.refresh_from_db()
        assert export.content is None
    assert AtRiskList().ids(worker, {"query": ""}, now=now) == []
