"""One person's page, and finding people."""

import pytest

from casework.audit.models import AccessLog, Act
from households.models import Membership
from risk.bands import Band
from risk.models import Standing
from tests.factories import HouseholdFactory, ShareFactory, UserFactory


@pytest.fixture
def household(worker):
    household = HouseholdFactory(worker=worker, members=["정금주"], under_protection=True, person_phone="010-0000-1734")
    Standing.objects.create(household=household, band=Band.HIGH, shown_band=Band.HIGH)
    return household


@pytest.fixture
def person(household):
    return Membership.objects.get(household=household).person


class TestPerson:
    def test_the_page_shows_what_is_on_file_and_what_can_be_changed(self, client, worker, person):
        client.force_login(worker)
        page = client.get(f"/persons/{person.case_number}/").content.decode()
        for words in ("정금주", person.case_number, "010-****-1734", f"/persons/{person.case_number}/consent/"):
            assert words in page
        assert "010-0000-1734" not in page
        assert AccessLog.objects.get(act=Act.OPEN).subjects == [person.pk]

    def test_a_stranger_does_not_find_it(self, client, stranger, person):
        client.force_login(stranger)
        assert client.get(f"/persons/{person.case_number}/").status_code == 404

    def test_a_share_shows_it_without_handing_over_the_register(self, client, household, person):
        other = UserFactory()
        ShareFactory(household=household, to_user=other)
        client.force_login(other)
        page = client.get(f"/persons/{person.case_number}/").content.decode()
        assert "정금주" in page
        assert f"/persons/{person.case_number}/consent/" not in page

    def test_an_expired_share_shows_nothing(self, client, household, person):
        other = UserFactory()
        ShareFactory(household=household, to_user=other, expired=True)
        client.force_login(other)
        assert client.get(f"/persons/{person.case_number}/").status_code == 404


class TestSearch:
    @pytest.mark.parametrize("asked", ["정금주", "금주", "ㅈㄱㅈ", "정금", "1734"])
    def test_a_person_is_found_with_the_band_of_the_household(self, client, worker, household, asked):
        client.force_login(worker)
        page = client.get("/search/", {"q": asked}).content.decode()
        assert household.number in page
        assert "고위험" in page

    def test_strangers_are_not_found(self, client, stranger, household):
        client.force_login(stranger)
        page = client.get("/search/", {"q": "정금주"}).content.decode()
        assert household.number not in page
        assert "찾은 사람이 없습니다" in page

    def test_a_household_number_opens_the_household(self, client, worker, household):
        client.force_login(worker)
        answer = client.get("/search/", {"q": household.number.replace("-", "").lower()})
        assert answer.url == f"/households/{household.number}/"

    def test_a_strangers_household_number_opens_nothing(self, client, stranger, household):
        client.force_login(stranger)
        assert client.get("/search/", {"q": household.number}).status_code == 200

    def test_a_protected_household_is_not_named(self, client, worker, household):
        Standing.objects.update(address_protected=True)
        client.force_login(worker)
        page = client.get("/search/", {"q": "금주"}).content.decode()
        assert household.number in page
        assert "정금주" not in page

    def test_whose_data_was_shown_is_logged_and_the_words_are_not(self, client, worker, person):
        client.force_login(worker)
        client.get("/search/", {"q": "정금주"})
        entry = AccessLog.objects.get(act=Act.SEARCH)
        assert entry.subjects == [person.pk]
        assert "정금주" not in str(entry.detail)

    def test_bands_are_not_for_an_officer_with_a_share(self, client, household):
        officer = UserFactory(role="residence_officer")
        ShareFactory(household=household, to_user=officer)
        client.force_login(officer)
        page = client.get("/search/", {"q": "정금주"}).content.decode()
        assert household.number in page
        assert "고위험" not in page

    def test_the_number_of_questions_does_not_grow_with_the_rows(self, own_queries, worker):
        for _ in range(2):
            HouseholdFactory(worker=worker, members=["한결같"])
        two = own_queries(worker, "/search/?q=한결같")
        for _ in range(18):
            HouseholdFactory(worker=worker, members=["한결같"])
        assert len(two) == len(own_queries(worker, "/search/?q=한결같"))
