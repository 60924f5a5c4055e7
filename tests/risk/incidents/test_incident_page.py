"""Recording a crisis of a household on its page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from casework.audit.models import Event
from risk.actions import Refused
from risk.incidents.actions import record_incident, withdraw_incident
from risk.models import Incident
from tests.factories import CentreFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import PersonFactory, members_of
from tests.factories.incidents import IncidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return UserFactory(agency=CentreFactory(covers=["서울 관악구"]))


@pytest.fixture
def household(worker):
    return HouseholdFactory(worker=worker, members=["리영희", "김철민"])


def url(household):
    return f"/risk/{household.number}/incident/"


def posted(household, today, **changes):
    said = {"kind": "found", "who": "-", "occurred_on": today.isoformat(), "source": "이웃 신고", "key": str(uuid4())}
    return {**said, **changes}


def test_a_worker_records_a_crisis_of_the_household_or_of_one_member(client, worker, household, today):
    client.force_login(worker)
    assert client.get(url(household)).status_code == 200
    answer = client.post(url(household), posted(household, today))
    assert answer.headers["Location"] == f"/households/{household.number}/"
    one = members_of(household)[1]
    client.post(url(household), posted(household, today, kind="hospitalisation", who=one.case_number))
    assert list(Incident.objects.order_by("id").values_list("kind", "person")) == [
        ("found", None),
        ("hospitalisation", one.pk),
    ]
    assert Event.objects.filter(verb="incident recorded", household_id=household.pk).count() == 2
    assert "이웃 신고" in client.get(url(household)).content.decode()


def test_the_same_tap_and_the_same_thing_said_again_land_once(client, worker, household, today):
    client.force_login(worker)
    said = posted(household, today)
    client.post(url(household), said)
    client.post(url(household), said)
    client.post(url(household), posted(household, today))
    assert Incident.objects.count() == 1


def test_a_day_to_come_and_an_empty_form_get_a_sentence(client, worker, household, today):
    client.force_login(worker)
    answer = client.post(url(household), posted(household, today + timedelta(days=1)))
    assert answer.status_code == 422
    assert "아직 오지 않은 날" in answer.content.decode()
    assert client.post(url(household), {}).status_code == 422
    assert not Incident.objects.exists()


def test_a_stranger_finds_nothing_and_a_share_records_nothing(client, household, today):
    stranger = UserFactory()
    client.force_login(stranger)
    assert client.get(url(household)).status_code == 404
    ShareFactory(household=household, to_user=stranger)
    assert client.post(url(household), posted(household, today)).status_code == 403


def test_somebody_who_never_lived_there_is_refused(worker, household, today):
    with pytest.raises(Refused):
        record_incident(household, kind="death", occurred_on=today, person=PersonFactory(), by=worker, on=today)


def test_its_author_takes_a_mistake_back_within_a_day_and_it_stays_on_record(client, worker, household):
    made = IncidentFactory(household=household, recorded_by=worker)
    client.force_login(worker)
    where = f"{url(household)}{made.fact_id}/withdraw/"
    assert client.get(where).status_code == 405
    client.post(where)
    made.refresh_from_db()
    assert made.superseded_at is not None
    assert not Incident.objects.current().exists()
    with pytest.raises(Refused):
        withdraw_incident(made, by=UserFactory(), now=timezone.now())
    with pytest.raises(Refused):
        withdraw_incident(made, by=worker, now=timezone.now() + timedelta(hours=25))


def test_a_late_retry_after_it_was_taken_back_changes_nothing(worker, household, today):
    said = {"kind": "found", "occurred_on": today, "by": worker, "on": today, "client_key": uuid4()}
    made = record_incident(household, **said)
    withdraw_incident(made, by=worker, now=timezone.now())
    assert record_incident(household, **said) == made
    assert not Incident.objects.current().exists()
    assert Incident.objects.count() == 1


def test_it_is_seen_by_those_who_look_after_the_household_and_by_no_share(worker, household):
    IncidentFactory(household=household)
    guest, over = UserFactory(), UserFactory(agency=worker.agency, role="supervisor")
    ShareFactory(household=household, to_user=guest)
    assert [Incident.objects.visible_to(user).count() for user in (worker, over, guest)] == [1, 1, 0]


def test_the_history_of_the_household_tells_of_it(client, worker, household):
    IncidentFactory(household=household, kind="eviction", source="관리사무소")
    client.force_login(worker)
    html = client.get(f"/households/{household.number}/").content.decode()
    assert "위기 사건: 퇴거" in html
    assert "관리사무소" in html
