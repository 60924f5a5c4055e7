"""The at-risk list: who is on it for whom, in which order, in which words, at which price."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from households.models import Assignment
from risk.bands import Band
from risk.models import Feed, Standing, Sweep
from tests.factories import ContactFactory, HouseholdFactory, ShareFactory, UserFactory

LIST = "/at-risk/"


@pytest.fixture
def look(client):
    """Return look(user, query) of the list as text."""

    def at(user, query="", **headers):
        client.force_login(user)
        answer = client.get(f"{LIST}{query}", headers=headers)
        assert answer.status_code == 200, answer.content.decode()[:200]
        return answer.content.decode()

    return at


def in_danger(swept, **about):
    """A household in which somebody spoke of suicide."""
    household = HouseholdFactory(**about)
    ContactFactory(household=household, tags=["self_harm"], asked_self_harm="yes", alone=True)
    swept()
    return household


def stand(household, band, **columns):
    """Put a household into a band, as a sweep would leave it."""
    return Standing.objects.update_or_create(
        household=household, defaults={"band": band, "shown_band": band, **columns}
    )[0]


def test_a_case_manager_sees_the_own_household_with_its_reason(look, worker, swept):
    household = in_danger(swept, worker=worker, members=["오춘화"])
    page = look(worker)
    assert household.number in page
    assert "오춘화" in page
    assert "생명 안전을 확인해야 합니다" in page


@pytest.mark.parametrize(("share", "seen"), [({}, True), ({"expired": True}, False), (None, False)])
def test_a_share_shows_a_household_as_long_as_it_lasts(look, worker, swept, share, seen):
    foreign = in_danger(swept, members=["강성국"])
    if share is not None:
        ShareFactory(household=foreign, to_user=worker, **share)
    assert (foreign.number in look(worker)) is seen


def test_a_shared_household_offers_no_key_that_would_be_refused(client, look, supervisor, centre):
    own, shared = HouseholdFactory(center=centre), HouseholdFactory()
    ShareFactory(household=shared, to_user=supervisor)
    for household in (own, shared):
        stand(household, Band.HIGH)
    page = look(supervisor)
    assert re.findall(r'data-key="([VER])"', page) == ["V", "E", "R"]
    for href in re.findall(r'data-key="[VER]" href="([^"]+)"', page):
        assert own.number in href
        assert client.get(href).status_code == 200
    assert f'href="/households/{shared.number}/' in page


def test_a_colleagues_household_is_not_on_a_case_managers_list(look, worker, centre, supervisor, swept):
    colleague = UserFactory(agency=centre)
    household = in_danger(swept, worker=colleague)
    assert household.number not in look(worker)
    assert household.number in look(supervisor)


@pytest.mark.parametrize(
    "role", ["town_worker", "residence_officer", "ministry_officer", "privacy_auditor", "system_administrator"]
)
def test_bands_and_reasons_are_not_for_other_roles(client, db, role):
    client.force_login(UserFactory(role=role))
    assert client.get(LIST).status_code == 403


def test_the_list_needs_a_log_in(client, db):
    assert client.get(LIST).status_code == 302


def test_the_band_comes_first_then_who_waited_longest_and_high_with_a_minor_first(look, worker):
    now = timezone.now()
    names = ["보통", "고위험", "아이", "긴급", "오래"]
    homes = {name: HouseholdFactory(worker=worker, members=[name]) for name in names}
    stand(homes["보통"], Band.MODERATE, acted_at=now)
    stand(homes["오래"], Band.MODERATE, acted_at=now - timedelta(days=9))
    stand(homes["고위험"], Band.HIGH, acted_at=now - timedelta(days=9))
    stand(homes["아이"], Band.HIGH, acted_at=now, minor_lives_here=True)
    stand(homes["긴급"], Band.EMERGENCY, acted_at=now)
    found = re.findall(r"<b>(보통|고위험|아이|긴급|오래)</b></a>", look(worker))
    assert found == ["긴급", "아이", "고위험", "오래", "보통"]


def test_emergency_high_and_moderate_stand_there_unless_somebody_asks_for_more(look, worker):
    watch = HouseholdFactory(worker=worker)
    stand(watch, Band.WATCH)
    assert watch.number not in look(worker)
    assert watch.number in look(worker, "?band=2")


def test_a_chip_hides_nobody_behind_the_default_bands(look, supervisor, centre):
    general = HouseholdFactory(center=centre)
    stand(general, Band.GENERAL)
    page = look(supervisor, "?show=nobody")
    assert general.number in page
    assert "담당자 없음" in page


def test_a_filter_that_makes_no_sense_is_left_out(look, worker):
    household = HouseholdFactory(worker=worker)
    stand(household, Band.HIGH)
    assert household.number in look(worker, "?band=99&show=everything&worker=x&page=nine")


def test_a_household_with_a_violence_marker_is_called_by_its_number(look, worker):
    household = HouseholdFactory(worker=worker, members=["김보호"], town="만수동")
    stand(household, Band.HIGH, address_protected=True)
    page = look(worker)
    assert household.number in page
    assert "김보호" not in page
    assert "만수동" not in page
    assert "주소 보호" in page


def test_nobody_acted_and_no_contact_on_record_are_said_as_such(look, supervisor, centre):
    stand(HouseholdFactory(center=centre), Band.HIGH, contact_on=None)
    page = look(supervisor)
    assert "연락 기록 없음" in page
    assert "담당자 없음" in page


def test_both_languages_say_the_same_thing(look, worker, swept):
    in_danger(swept, worker=worker)
    assert "위기가구" in look(worker)
    worker.language = "en"
    worker.save()
    page = look(worker)
    assert "Households at risk" in page
    assert "Life safety must be checked" in page
    assert not re.search(r"[가-힣]+(다\.|니다)", page)


def test_the_line_says_when_the_list_was_evaluated_and_which_feeds_are_late(look, worker, swept):
    today = timezone.localdate()
    Feed.objects.update_or_create(
        source="power", defaults={"name_ko": "전기", "every_days": 60, "last_received_on": today - timedelta(days=69)}
    )
    swept()
    page = look(worker)
    assert "마지막 평가" in page
    assert "전기 9일" in page


def test_a_night_without_evaluation_is_said_aloud(look, worker, swept):
    swept()
    Sweep.objects.update(on=timezone.localdate() - timedelta(days=2))
    hour = timezone.localtime().hour
    assert ("어젯밤 평가" in look(worker)) is (hour >= 6)


def test_whose_data_was_shown_is_logged(look, worker):
    household = HouseholdFactory(worker=worker, members=3)
    stand(household, Band.HIGH)
    look(worker)
    entry = AccessLog.objects.get(act=Act.LIST)
    assert entry.households == [household.pk]
    assert len(entry.subjects) == 3


def test_the_number_of_questions_does_not_grow_with_the_rows(own_queries, supervisor, centre, worker):
    for _ in range(2):
        stand(HouseholdFactory(center=centre, worker=worker), Band.HIGH)
    two = own_queries(supervisor, LIST)
    for _ in range(18):
        stand(HouseholdFactory(center=centre, worker=worker, members=2), Band.HIGH)
    twenty = own_queries(supervisor, LIST)
    assert len(two) == len(twenty) <= 5


def test_a_region_swapped_in_equals_the_page(look, supervisor, centre):
    for band in Band:
        stand(HouseholdFactory(center=centre), band)
    page, region = look(supervisor, "?band=4"), look(supervisor, "?band=4", **{"hx-request": "true"})
    plain = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert "<html" not in region
    assert plain.sub("", region).strip() in plain.sub("", page)


def test_pages_are_numbered_and_hold_fifty(look, supervisor, centre):
    for _ in range(51):
        stand(HouseholdFactory(center=centre), Band.HIGH)
    assert look(supervisor).count("data-row") == 50
    assert look(supervisor, "?page=2").count("data-row") == 1


class TestAssigning:
    """The bar under the list: the ticked households go to one worker."""

    URL = "/at-risk/assign/"

    @pytest.fixture
    def household(self, centre):
        household = HouseholdFactory(center=centre)
        stand(household, Band.HIGH)
        return household

    def post(self, client, user, household, worker):
        client.force_login(user)
        return client.post(self.URL, {"household": [household.number], "worker": worker.pk, "back": "show=nobody"})

    def test_it_works_and_goes_back_to_the_same_list(self, client, supervisor, worker, household):
        answer = self.post(client, supervisor, household, worker)
        assert answer.url == f"{reverse('desks:list')}?show=nobody"
        assert Assignment.objects.current().get(household=household).worker == worker

    def test_it_refuses_get(self, client, supervisor):
        client.force_login(supervisor)
        assert client.get(self.URL).status_code == 405

    def test_a_stranger_changes_nothing(self, client, stranger, worker, household):
        self.post(client, stranger, household, worker)
        assert not Assignment.objects.filter(household=household).exists()

    def test_the_wrong_role_is_refused(self, client, worker, household):
        assert self.post(client, worker, household, worker).status_code == 403

    def test_twice_changes_nothing(self, client, supervisor, worker, household):
        self.post(client, supervisor, household, worker)
        self.post(client, supervisor, household, worker)
        assert Assignment.objects.filter(household=household).count() == 1

    def test_somebody_of_another_centre_cannot_be_chosen(self, client, supervisor, stranger, household):
        self.post(client, supervisor, household, stranger)
        assert not Assignment.objects.filter(household=household).exists()
