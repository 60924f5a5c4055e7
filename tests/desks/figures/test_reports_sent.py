"""Which local governments have sent their settlement report: counts of five or more, for the Ministry alone."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import Agency
from desks.figures.sent import table_of
from households.models import ReportForm, SettlementReport
from households.reports.halves import ended_before
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
URL = "/figures/reports/"
OFFICES = ("서울 관악구청", "서울 강남구청", "서울 강서구청", "부산 해운대구청")


@pytest.fixture
def sent():
    """Return a function that records reports as sent: {office: people}."""
    officer, boss = UserFactory(), UserFactory()

    def made(begins, version=1, **people):
        now = timezone.now()
        for name, number in people.items():
            SettlementReport.objects.create(
                agency=Agency.objects.get(name_ko=name.replace("_", " ")),
                half_begins=begins,
                version=version,
                form=ReportForm.objects.get(),
                status="sent",
                attempt=1,
                digest="0" * 64,
                counts={"people": number},
                begun_by=officer, begun_at=now, ready_by=officer, ready_at=now,
                signed_by=boss, signed_at=now, sent_by=officer, sent_at=now,
            )  # fmt: skip

    return made


HALF = date(2026, 1, 1)


def test_small_counts_are_hidden_and_cannot_be_subtracted(sent):
    sent(HALF, 서울_관악구청=3, 서울_강남구청=8, 서울_강서구청=40, 부산_해운대구청=30)
    found = table_of(HALF)
    seoul = next(place for place in found["places"] if place.name == "서울")
    shown = {office.name: office.people.text for office in seoul.offices if office.sent_at}
    assert shown["서울 관악구청"] == "5 미만"
    assert shown["서울 강남구청"] not in ("8", "약 10")
    assert shown["서울 강서구청"] == "약 40"
    assert found["sent"] == 4
    assert found["all"] > 200


def test_the_latest_version_that_was_sent_is_counted_and_no_record_is_no_zero(sent):
    sent(HALF, 서울_관악구청=30)
    sent(HALF, version=2, 서울_관악구청=31)
    seoul = next(place for place in table_of(HALF)["places"] if place.name == "서울")
    gwanak = next(office for office in seoul.offices if office.name == "서울 관악구청")
    other = next(office for office in seoul.offices if office.name == "서울 강남구청")
    assert (gwanak.people.text, gwanak.version) == ("약 30", 2)
    assert (other.people.text, other.sent_at) == ("–", None)


def test_neither_two_halves_nor_two_versions_tell_of_a_few(sent):
    def shown(begins):
        found = table_of(begins)
        seoul = next(place for place in found["places"] if place.name == "서울")
        return [office.people.text for office in seoul.offices if office.sent_at] + [
            seoul.people.text,
            found["people"].text,
        ]

    sent(date(2025, 7, 1), 서울_관악구청=31, 서울_강서구청=62)
    sent(HALF, 서울_관악구청=33, 서울_강서구청=63)
    before, after = shown(date(2025, 7, 1)), shown(HALF)
    sent(HALF, version=2, 서울_관악구청=34)
    assert before[:2] == after[:2] == shown(HALF)[:2] == ["약 60", "약 30"]
    assert all(text.startswith("약 ") for text in (*before, *after, *shown(HALF)))


def test_the_page_is_the_ministrys_and_asks_as_often_for_many_as_for_one(client, sent):
    begins = ended_before(timezone.localdate())
    client.force_login(UserFactory(role="ministry_officer"))
    client.get(URL)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(URL, {"half": begins.isoformat()}).status_code == 200
        return len(caught)

    sent(begins, 서울_관악구청=30)
    few = queries()
    sent(begins, **{name.replace(" ", "_"): 30 for name in OFFICES[1:]})
    assert queries() == few
    assert "기록 없음" in client.get(URL).content.decode()


@pytest.mark.parametrize("role", ["case_manager", "centre_head", "foundation_officer", "residence_officer"])
def test_nobody_else_opens_it(client, role):
    client.force_login(UserFactory(role=role))
    assert client.get(URL).status_code == 403
