"""Notices of a move: prepared for the offices of the new district, sent by a person, with the minimum."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from desks.day.due import Scope, due_of
from desks.day.moves import MOVES
from households.actions import change_district, give_consent
from households.models import Household
from referrals.models import Referral
from referrals.transfers.notices import notices_of
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import district
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory
from tests.factories.standings import stands
from tests.referrals.transfers.conftest import NEW_PLACE, OLD_PLACE

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(centres):
    return OfficeFactory(name_ko="제주시청 (시험)", covers=["제주 제주시"])


@pytest.fixture
def agreed(household, office, centres):
    """The head agreed that this office is told the name and the place."""
    today = seoul_day(timezone.now())
    about = {"purpose": "거주지 이동 알림", "items": ["name", "address"], "recipient": office}
    return give_consent(members_of(household)[0], **about, on=today, until=None, by=centres.worker)


def url_of(household, office):
    return reverse("referrals:move_notice", args=[household.number, office.pk])


def test_the_offices_of_the_new_district_are_offered(household, centres, office):
    found = notices_of(household, centres.worker, on=seoul_day(timezone.now()))
    assert office in [one.agency for one in found]
    assert {one.agency.kind for one in found} == {"city", "police"}
    assert not any(one.referral for one in found)


def test_one_click_sends_the_minimum_where_a_consent_carries_it(page, household, centres, office, agreed):
    page.post(centres.worker, url_of(household, office))
    page.post(centres.worker, url_of(household, office))
    page.post(centres.boss, url_of(household, office))
    told = Referral.objects.get()
    assert (told.status, told.to_agency, told.ground, told.consent) == ("sent", office, "consent", agreed)
    assert told.packet["head"] == "정금주"
    assert told.packet["dwelling"]["ko"] == "제주 제주시"
    assert not {"members", "phone", "health"} & set(told.packet)


def test_without_a_consent_it_is_written_and_the_sender_states_the_ground(page, household, centres, office):
    answer = page.post(centres.worker, url_of(household, office))
    told = Referral.objects.get()
    assert (told.status, told.ground) == ("draft", "")
    assert answer.redirect_chain == [(reverse("referrals:edit", args=[told.number]), 302)]
    assert answer.status_code == 200


def test_a_protected_address_is_not_told(page, household, centres, office, agreed):
    stands(household, address_protected=True)
    page.post(centres.worker, url_of(household, office))
    assert "dwelling" not in Referral.objects.get().packet


def test_who_may_send_a_notice(page, client, household, centres, office):
    url = url_of(household, office)
    client.force_login(centres.worker)
    assert client.get(url).status_code == 405
    assert page.post(UserFactory(), url).status_code == 404
    assert page.post(centres.new_boss, url).status_code == 404
    page.post(centres.worker, url_of(household, OfficeFactory()))
    assert not Referral.objects.exists(), "an office of another district is told nothing"


def test_the_page_of_the_transfer_offers_the_notices_to_the_sender_alone(page, household, centres, office, at):
    url = reverse("referrals:transfer", args=[at("accepted").number])
    assert office in [one.agency for one in page.get(centres.worker, url).context["notices"]]
    assert page.get(centres.new_boss, url).context["notices"] == []


def move_notices(household, user, on):
    scope = Scope(user, Household.objects.filter(pk=household.pk).values("pk"), on)
    return due_of(MOVES, scope)


def test_a_move_nobody_was_told_of_is_due_within_seven_days_until_a_notice_goes(page, centres, office):
    on, moved = seoul_day(timezone.now()), HouseholdFactory(worker=centres.worker, district=OLD_PLACE)
    about = {"purpose": "거주지 이동 알림", "items": ["name", "address"], "recipient": office}
    give_consent(members_of(moved)[0], **about, on=on, until=None, by=centres.worker)
    assert move_notices(moved, centres.worker, on) == []
    change_district(moved, district=district(NEW_PLACE), on=on, by=centres.worker)
    (one,) = move_notices(moved, centres.worker, on)
    assert (one.household, one.day) == (moved.pk, on + timedelta(days=7))
    assert MOVES[0].href(one, moved.number) == reverse("referrals:move", args=[moved.number])
    page.post(centres.worker, url_of(moved, office))
    assert move_notices(moved, centres.worker, on) == []


def test_a_first_district_is_no_move(centres):
    new = HouseholdFactory(worker=centres.worker)
    assert move_notices(new, centres.worker, seoul_day(timezone.now())) == []
