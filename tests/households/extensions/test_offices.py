"""Which local government is asked or told: of where the person lives, or lived during the period, and no other."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import Kind
from casework.facts import supersede
from casework.telling.models import Notification
from households.actions.refusal import Refused
from households.extensions import deciding, objecting
from households.extensions.forms import OfficeForm
from households.extensions.offices import offices_to_ask, offices_to_tell
from households.models import Dwelling, ExtensionRequest, LocalNotice, LocalOpinion
from tests.factories import AgencyFactory, UserFactory
from tests.factories.agencies import day_at
from tests.factories.agencies import district as district_of
from tests.factories.standings import stands
from tests.households.extensions.conftest import url

pytestmark = pytest.mark.django_db

ELSEWHERE = "부산 해운대구"


@pytest.fixture
def busan(cast):
    """The office of a place where the person has never lived, with its officer."""
    office = AgencyFactory(kind=Kind.CITY, covers=[ELSEWHERE], name_ko="시험 해운대구청")
    return UserFactory(agency=office, role="residence_officer", name="문해라")


def moved(cast, since, district=ELSEWHERE):
    """The household lives in another district since a day."""
    home = Dwelling.objects.current().get(household=cast.household)
    supersede(home, by=None, now=day_at(since), during=DateRange(home.during.lower, since))
    return Dwelling.objects.create(
        household=cast.household,
        district=district_of(district),
        town="우동",
        during=DateRange(since, None),
        known_at=day_at(since),
    )


def test_only_the_office_of_the_place_is_on_offer_and_no_other_can_be_asked(cast, at, go, busan):
    request = at("received")
    offices = offices_to_ask(request, cast.on)
    assert cast.office in offices
    assert busan.agency not in offices
    assert busan.agency not in OfficeForm(offices=offices).fields["agency"].queryset
    with pytest.raises(Refused):
        deciding.ask_opinion(request, agency=busan.agency, by=cast.first, now=cast.now)
    path = url("extension_opinion", request.number)
    assert go(cast.first, "post", path, agency=busan.agency.pk).status_code == 422
    assert not LocalOpinion.objects.exists()
    page = go(cast.first, "get", url("extension", request.number) + "?do=ask").content.decode()
    assert "시험 관악구청" in page
    assert "시험 해운대구청" not in page


def test_an_office_of_where_she_lived_during_the_period_may_be_asked_and_is_not_told(cast, at, busan):
    moved(cast, cast.on - timedelta(days=40))
    request = at("received")
    assert {cast.office, busan.agency} <= set(offices_to_ask(request, cast.on))
    told = set(offices_to_tell(cast.person, cast.on))
    assert busan.agency in told
    assert cast.office not in told
    assert deciding.ask_opinion(request, agency=cast.office, by=cast.first, now=cast.now)


def test_where_she_lived_before_the_period_nobody_is_asked(cast, at, busan):
    request = at("received")
    moved(cast, cast.on - timedelta(days=40))
    ExtensionRequest.objects.filter(pk=request.pk).update(period_from=cast.on - timedelta(days=20))
    request.refresh_from_db()
    assert set(offices_to_ask(request, cast.on)) & {cast.office, busan.agency} == {busan.agency}


def test_with_a_violence_marker_no_former_office_hears_of_her(cast, at, busan):
    moved(cast, cast.on - timedelta(days=40))
    request = at("received")
    stands(cast.household, address_protected=True)
    assert cast.office not in offices_to_ask(request, cast.on)
    assert busan.agency in offices_to_ask(request, cast.on)


def test_the_decision_arrives_on_the_desk_of_the_office_and_nowhere_else(cast, at, go, busan):
    request = at("decided")
    notice = LocalNotice.objects.get(agency=cast.office)
    assert (notice.outcome, notice.until) == ("extended", request.granted_until)
    assert not LocalNotice.objects.filter(agency=busan.agency).exists()
    assert Notification.objects.filter(kind="extension_local").values_list("user", flat=True).get() == cast.officer.pk
    rows = go(cast.officer, "get", url("extensions")).context["rows"]
    assert [row["request"].number for row in rows] == [request.number]
    page = go(cast.officer, "get", url("extension", request.number)).content.decode()
    assert "연장" in page
    assert "치료가 이어집니다" not in page, "the reasons stay with the Ministry and the centre"
    assert "수술 뒤" not in page
    letter = go(cast.officer, "get", url("extension_paper", request.number, "local"))
    assert letter.content[:5] == b"%PDF-"
    for kind in ("form", "result"):
        assert go(cast.officer, "get", url("extension_paper", request.number, kind)).status_code == 404
    assert go(busan, "get", url("extension", request.number)).status_code == 404
    assert go(busan, "get", url("extension_paper", request.number, "local")).status_code == 404
    assert "시험 관악구청" in go(cast.first, "get", url("extension", request.number)).content.decode()


def test_before_the_decision_no_office_is_told_and_none_on_record_is_said(cast, at, go):
    request = at("prepared")
    assert not LocalNotice.objects.exists()
    home = Dwelling.objects.current().get(household=cast.household)
    supersede(home, by=None, now=cast.now, district=None)
    deciding.decide(request, by=cast.second, now=cast.now)
    assert not LocalNotice.objects.exists()
    page = go(cast.first, "get", url("extension", request.number)).content.decode()
    assert "인쇄한 통지서를 보내" in page


def test_an_extension_that_follows_an_objection_is_told_too(cast, at):
    request = at("told", outcome="refused")
    made = objecting.receive(request, received_on=cast.on, words="-", by=cast.first, now=cast.now)
    said = {"answer": "accepted", "reasons": "다시 보니 맞습니다.", "follow": "extend", "until": request.asked_until}
    held = objecting.prepare(made, by=cast.first, now=cast.now, **said)
    objecting.confirm(held, by=cast.second, now=cast.now)
    told = list(LocalNotice.objects.filter(agency=cast.office).order_by("id").values_list("outcome", "until"))
    assert told == [("refused", None), ("extended", request.asked_until)]
