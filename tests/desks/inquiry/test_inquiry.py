"""An inquiry: what was known of one household on a day, when and from whom, and what came too late."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from casework.clock import AsOf
from casework.facts import supersede
from desks.inquiry.found import inquire
from desks.inquiry.sections import checksum, sections_of
from households.models import Dwelling, Whereabouts
from risk.models import Sweep
from risk.sweeps import sweep
from tests.factories import AttemptFactory, ContactFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.agencies import CentreFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory
from tests.factories.risk import SignalFactory, contact, live_sweep
from tests.harness.asking import ago, inquiry_of, section_of

TODAY = timezone.localdate


def moment(days):
    return timezone.now() - timedelta(days=days)


@pytest.mark.django_db
def test_the_reason_comes_first_and_is_logged_with_every_look(client, supervisor, household, inquired):
    client.force_login(supervisor)
    answer = client.get(inquiry_of(household), {"on": str(ago(10))})
    assert 'name="reason"' in answer.content.decode()
    assert "알고 있던 것" not in answer.content.decode()
    assert "알고 있던 것" in inquired(household, ago(10))
    entry = AccessLog.objects.filter(view="desks:inquiry").latest("id")
    assert (entry.act, entry.reason, entry.detail) == (Act.OPEN, "경위 확인", {"on": str(ago(10))})
    assert sorted(entry.subjects) == sorted(person.pk for person in members_of(household))
    assert "알고 있던 것" in client.get(inquiry_of(household), {"on": str(ago(20))}).content.decode(), (
        "it holds for the day"
    )


@pytest.mark.django_db
def test_a_reason_holds_for_one_household(client, supervisor, household, centre, inquired):
    other = HouseholdFactory(center=centre, registered_on=ago(500))
    inquired(household, ago(10))
    assert 'name="reason"' in client.get(inquiry_of(other), {"on": str(ago(10))}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("on", ["", "gestern", "2999-01-01", "1999-01-01"])
def test_a_day_that_cannot_be_asked_about_gets_a_sentence(client, supervisor, household, on):
    client.force_login(supervisor)
    for answer in (
        client.post(inquiry_of(household), {"on": on, "reason": "확인"}),
        client.get(inquiry_of(household), {"on": on}),
    ):
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()


@pytest.mark.django_db
def test_only_the_supervisors_of_the_centre_that_keeps_the_file(
    client, worker, supervisor, household, stranger, centre
):
    shown = UserFactory(role="supervisor", agency=CentreFactory())
    ShareFactory(household=household, to_user=shown)
    head = UserFactory(role="centre_head", agency=centre)
    for user, status in ((worker, 403), (shown, 403), (stranger, 404), (supervisor, 200), (head, 200)):
        client.force_login(user)
        assert client.get(inquiry_of(household)).status_code == status
        assert client.post(inquiry_of(household, "file")).status_code == (302 if status == 200 else status)


@pytest.mark.django_db
def test_each_fact_says_when_it_was_so_when_it_was_known_and_from_whom(household, inquired):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=30, source="한전 자료")
    page = inquired(household, ago(20))
    known = section_of(page, "known")
    assert "단전" in known
    assert "한전 자료" in known
    assert "신림동" in known
    assert "단전" not in section_of(page, "later")


@pytest.mark.django_db
def test_what_arrived_later_is_listed_apart(household, inquired):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=10)
    home = Dwelling.objects.get(household=household)
    supersede(home, by=UserFactory(name="고친이"), town="봉천동")
    page = inquired(household, ago(20))
    assert "단전" not in section_of(page, "known")
    assert "단전" in section_of(page, "later")
    assert "신림동" in section_of(page, "known")
    assert "봉천동" in section_of(page, "later")
    assert "고친이" in section_of(page, "later")
    assert "단전" not in section_of(inquired(household, ago(60)), "later"), "it had not happened by then"


@pytest.mark.django_db
def test_what_was_shown_comes_from_the_stored_judgement_with_its_versions(household, inquired):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
    live_sweep(TODAY())
    shown = section_of(inquired(household, TODAY()), "shown")
    assert "고위험" in shown
    assert "R-UTIL-CUT" in shown
    assert re.search(r"R-UTIL-CUT 1 ", shown), "the version that spoke"
    assert "전기가 끊긴 지 40일" in shown
    early = section_of(inquired(household, ago(20)), "shown")
    assert "평가한 적이 없어" in early
    assert "그때 알던 내용으로 계산하면 고위험" in early


@pytest.mark.django_db
def test_who_looked_is_there_with_the_agency(client, worker, household, inquired):
    client.force_login(worker)
    client.get(f"/households/{household.number}/")
    looks = section_of(inquired(household, TODAY()), "looks")
    assert worker.name in looks
    assert str(worker.agency) in looks
    assert "본 사람이 없습니다" in section_of(inquired(household, ago(20)), "looks")


@pytest.mark.django_db
def test_what_was_tried_and_promised_and_which_clocks_ran_out(worker, household, inquired):
    contact(household, ago(30), 60)
    AttemptFactory(
        household=household,
        recorded_by=worker,
        worker=worker,
        occurred_at=moment(33),
        known_at=moment(33),
        next_at=moment(30),
        next_channel="visit",
    )
    referral = ReferralFactory(household=household, sender=worker, sent_at=moment(60))
    SignalFactory(household=household, code_id="S14", ago=90, known_ago=88)
    page = inquired(household, ago(20))
    assert "닿지 못함" in section_of(page, "tried")
    assert "그 뒤 연락 기록 없음" in section_of(page, "promised")
    assert referral.number in section_of(page, "promised")
    assert referral.number in section_of(page, "clocks")
    assert "본인 연락" in section_of(page, "clocks")


@pytest.mark.django_db
def test_a_note_is_not_printed_here(worker, household, inquired):
    ContactFactory(household=household, occurred_at=moment(40), known_at=moment(40), summary="아무도 모르는 이야기")
    assert "아무도 모르는 이야기" not in inquired(household, ago(20))


@pytest.mark.django_db
def test_a_protected_address_and_its_names_stay_hidden(household, inquired):
    ContactFactory(household=household, tags=["violence"], occurred_at=moment(40), known_at=moment(40))
    page = inquired(household, ago(20))
    assert "신림동" not in page
    assert "오춘화" not in page
    assert members_of(household)[0].case_number in page


@pytest.mark.django_db
def test_who_is_protected_since_is_hidden_on_a_day_before(worker, household, inquired):
    Whereabouts.objects.create(
        person=members_of(household)[0],
        where="elsewhere",
        evidence="seen",
        words="언니 집에 있음",
        observed_on=ago(30),
        known_at=moment(30),
        recorded_by=worker,
    )
    assert "언니 집에 있음" in inquired(household, ago(20))
    contact(household, TODAY(), 2, tags=["violence"])
    live_sweep(TODAY())
    page = inquired(household, ago(20))
    for hidden in ("신림동", "오춘화", "언니 집에 있음"):
        assert hidden not in page


@pytest.mark.django_db
def test_the_paper_is_an_export_with_a_checksum_that_can_be_verified(client, supervisor, household, inquired):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
    page = inquired(household, ago(20))
    answer = client.post(inquiry_of(household, "file"), {"on": str(ago(20))})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    entry = AccessLog.objects.filter(act=Act.EXPORT).latest("id")
    assert (entry.view, entry.reason) == ("desks:inquiry_file", "경위 확인")
    assert entry.detail["on"] == str(ago(20))
    assert entry.detail["checksum"] in page, "the page and the paper say the same"
    assert sorted(entry.subjects) == sorted(person.pk for person in members_of(household))


@pytest.mark.django_db
def test_the_checksum_changes_with_the_content(supervisor, household):
    def digest():
        found = inquire(supervisor, household, ago(20), timezone.now())
        return checksum(found, sections_of(found))

    before = digest()
    assert digest() == before
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=10)
    assert digest() != before


@pytest.mark.django_db
def test_more_facts_ask_no_more_questions(supervisor, household):
    def questions():
        with CaptureQueriesContext(connection) as captured:
            sections_of(inquire(supervisor, household, ago(20), timezone.now()))
        return len(captured)

    contact(household, ago(20), 10)
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
    questions()
    few = questions()
    for days in range(20):
        contact(household, ago(20), 12 + days)
        SignalFactory(household=household, code_id="S14", ago=41 + days, known_ago=38)
    assert questions() == few


def test_what_was_committed_while_the_sweep_read_is_listed_as_late(committed_db):
    """The signal was being written when the night's evaluation began, and came to stand when it had read."""
    worker = UserFactory(agency=CentreFactory())
    supervisor = UserFactory(agency=worker.agency, role="supervisor")
    household = HouseholdFactory(worker=worker, registered_on=ago(500))
    written, read = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
            written.set()
            read.wait(30)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(30)
    sweep(AsOf.live(timezone.now()))
    read.set()
    writer.join()
    found = inquire(supervisor, household, TODAY(), timezone.now())
    assert [record.model._meta.model_name for record in found.late] == ["signal"]
    assert found.shown["band"] < found.band_then
    assert Sweep.objects.count() == 1, "an inquiry keeps no sweep"
    late = next(part for part in sections_of(found) if part.key == "late")
    assert "단전" in late.rows[0][1]
