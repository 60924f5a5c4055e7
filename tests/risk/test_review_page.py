"""The page on which a person decides: confirm, adjust, set aside; and the second person for an Emergency."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from casework.clock import AsOf
from risk.models import Endorsement, Flag, Review, Standing
from risk.sweeps import sweep
from tests.factories import CentreFactory, ContactFactory, HouseholdFactory, ShareFactory, UserFactory


def swept():
    sweep(AsOf.live(timezone.now()))


@pytest.fixture
def centre(db):
    return CentreFactory()


@pytest.fixture
def supervisor(centre):
    return UserFactory(name="문가영", agency=centre, role="supervisor")


@pytest.fixture
def head(centre):
    return UserFactory(name="나영식", agency=centre, role="centre_head")


@pytest.fixture
def household(centre):
    household = HouseholdFactory(center=centre, members=["오춘화"], worker=UserFactory(agency=centre))
    ContactFactory(household=household, tags=["self_harm"])
    swept()
    # A test is one transaction: what is recorded in it bears the time of its beginning.
    Standing.objects.filter(household=household).update(band_since=timezone.now() - timedelta(hours=1))
    return household


def url(household):
    return f"/risk/{household.number}/review/"


def decide(client, user, household, **changes):
    client.force_login(user)
    data = {
        "decision": "confirm",
        "reason": "본인과 통화해 확인함",
        "review_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
        "client_key": str(uuid4()),
        **changes,
    }
    return client.post(url(household), data)


def test_an_empty_decision_is_answered_in_words(client, supervisor, household):
    client.force_login(supervisor)
    page = client.get(url(household)).content.decode()
    assert "novalidate" in page, "a browser that checks by itself points at fields it does not show"
    answer = client.post(url(household), {"client_key": str(uuid4())})
    assert answer.status_code == 422
    assert "고쳐 주세요" in answer.content.decode()
    assert set(answer.context["form"].errors) >= {"decision", "reason"}


def test_the_page_shows_the_machines_band_and_the_evidence(client, supervisor, household):
    client.force_login(supervisor)
    page = client.get(url(household)).content.decode()
    assert "기준에 따르면 긴급" in page
    assert "자살" in page
    assert "checked" not in page


def test_a_confirmation_is_kept_with_reason_and_day(client, supervisor, household):
    assert decide(client, supervisor, household).url == f"/households/{household.number}/"
    review = Review.objects.get(household=household)
    assert (review.decision, review.recorded_by, review.machine_band) == ("confirm", supervisor, 5)


def test_the_queue_is_emptied_by_a_decision_and_not_by_ignoring_it(client, supervisor, household):
    client.force_login(supervisor)
    assert household.number in client.get("/at-risk/?show=review").content.decode()
    swept()
    assert household.number in client.get("/at-risk/?show=review").content.decode()
    decide(client, supervisor, household)
    swept()
    assert household.number not in client.get("/at-risk/?show=review").content.decode()
    Standing.objects.filter(household=household).update(review_due_on=timezone.localdate())
    assert household.number in client.get("/at-risk/?show=review").content.decode()
    assert Standing.objects.awaiting_review(on=timezone.localdate()).get().household == household


def test_setting_a_reason_aside_names_the_reason(client, supervisor, household):
    answer = decide(client, supervisor, household, decision="dismiss")
    assert answer.status_code == 422
    assert not Review.objects.exists()
    flag = Flag.objects.open().get(household=household, rule="R-SUI")
    decide(client, supervisor, household, decision="dismiss", flag=flag.pk)
    assert Review.objects.get().flag == flag


def test_stepping_an_emergency_down_waits_for_a_second_person(client, supervisor, head, household):
    decide(client, supervisor, household, decision="adjust", band=4)
    swept()
    assert Standing.objects.get(household=household).shown_band == 5
    review = Review.objects.get()
    endorse = f"{url(household)}{review.pk}/endorse/"
    client.post(endorse)
    assert not Endorsement.objects.exists()
    client.force_login(head)
    assert "두 번째 사람으로 동의" in client.get(url(household)).content.decode()
    client.post(endorse)
    client.post(endorse)
    assert Endorsement.objects.get().recorded_by == head
    swept()
    assert Standing.objects.get(household=household).shown_band == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": "   "},
        {"review_on": ""},
        {"review_on": "2020-01-01"},
        {"review_on": (timezone.localdate() + timedelta(days=95)).isoformat()},
        {"decision": ""},
        {"decision": "adjust"},
        {"decision": "adjust", "band": 5},
        {"decision": "dismiss", "flag": 10**9},
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(client, supervisor, household, changes):
    answer = decide(client, supervisor, household, **changes)
    assert answer.status_code == 422
    assert "notice-late" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_double_tap_lands_once(client, supervisor, household):
    key = str(uuid4())
    decide(client, supervisor, household, client_key=key)
    decide(client, supervisor, household, client_key=key)
    assert Review.objects.count() == 1


def test_a_case_manager_does_not_review(client, household):
    worker = household.assignment_set.get().worker
    assert decide(client, worker, household).status_code == 403


def test_a_stranger_does_not_find_the_household(client, household):
    assert decide(client, UserFactory(role="supervisor"), household).status_code == 404


def test_a_share_does_not_hand_over_the_decision(client, household):
    other = UserFactory(role="supervisor")
    ShareFactory(household=household, to_user=other)
    assert decide(client, other, household).status_code == 403


def test_the_second_yes_is_a_button_and_no_link(client, head, household):
    client.force_login(head)
    assert client.get(f"{url(household)}1/endorse/").status_code == 405


def test_the_criteria_in_force_are_shown_without_any_household(client, supervisor, household):
    client.force_login(supervisor)
    page = client.get("/risk/criteria/").content.decode()
    assert "R-UTIL-CUT" in page
    assert "오춘화" not in page


def test_both_languages(client, supervisor, household):
    supervisor.language = "en"
    supervisor.save()
    client.force_login(supervisor)
    page = client.get(url(household)).content.decode()
    assert "What the rules found" in page
    assert "by the rules: Emergency" in page
