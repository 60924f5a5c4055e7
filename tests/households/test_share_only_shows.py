"""A share shows a household. Whoever sees it through a share alone writes nothing into it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from households import actions
from households.models import Assignment, Contact, Dwelling, Household, Membership, Responsibility
from tests.factories import CentreFactory, ContactFactory, HouseholdFactory, ShareFactory, UserFactory, district
from tests.factories.imports import CONTACT, bring, why

DAY = "2026-05-10"


@pytest.fixture
def theirs(stranger):
    """The household of another centre, shown to nobody yet."""
    return HouseholdFactory(worker=stranger, members=["이웃집"])


def test_a_contact_is_logged_by_the_centre_that_answers(house, stranger, kim, enter):
    ShareFactory(household=house, to_user=stranger)
    address = reverse("households:contact", args=[house.number])
    for answer in (enter(stranger).get(address), enter(stranger).post(address, {})):
        assert answer.status_code == 403
    assert not Contact.objects.exists()
    assert enter(kim).get(address).status_code == 200


def test_the_page_of_a_shared_household_offers_no_button_that_is_refused(house, stranger, enter):
    ShareFactory(household=house, to_user=stranger)
    page = enter(stranger).get(reverse("desks:household", args=[house.number])).content.decode()
    assert reverse("households:contact", args=[house.number]) not in page
    assert reverse("referrals:new", args=[house.number]) not in page


def test_help_is_asked_for_by_the_centre_that_answers(house, stranger, kim, enter):
    ShareFactory(household=house, to_user=stranger)
    address = reverse("referrals:new", args=[house.number])
    assert enter(stranger).get(address).status_code == 403
    assert enter(stranger).post(address, {"act": "keep", "client_key": uuid4()}).status_code == 403
    assert enter(kim).get(address).status_code == 200


def test_nobody_is_moved_or_married_into_a_household_that_is_only_shared(house, people, theirs, kim, enter):
    ShareFactory(household=theirs, to_user=kim)
    before = Membership.objects.count()
    move = {"who": people[1].case_number, "to": theirs.number, "on": DAY}
    assert enter(kim).post(reverse("households:move", args=[house.number]), move).status_code == 422
    partner = Membership.objects.get(household=theirs).person.case_number
    marry = {"who": people[1].case_number, "partner": partner, "on": DAY}
    assert enter(kim).post(reverse("households:marriage", args=[house.number]), marry).status_code == 422
    assert Membership.objects.count() == before


@pytest.mark.parametrize("page", ["referrals:new", "households:contact_edit"])
def test_whoever_opens_a_form_about_people_is_logged(house, people, kim, enter, page):
    arguments = [house.number]
    if page == "households:contact_edit":
        arguments.append(ContactFactory(household=house, recorded_by=kim).fact_id)
    assert enter(kim).get(reverse(page, args=arguments)).status_code == 200
    look = AccessLog.objects.filter(act=Act.OPEN).latest("id")
    assert look.subjects == sorted(person.pk for person in people)
    assert look.households == [house.pk]


def test_an_assignment_that_had_not_begun_is_not_said_to_have_ended(house, boss, kim, enter):
    row = Assignment.objects.get(household=house)
    substitute = UserFactory(agency=kim.agency)
    actions.assign(house, worker=substitute, kind="substitute", on=date(2026, 5, 1), by=boss)
    row = Assignment.objects.current().get(worker=substitute)
    data = {"assignment": row.pk, "on": "2026-04-01", "reason": "복귀"}
    assert enter(boss).post(reverse("households:unassign", args=[house.number]), data).status_code == 422
    assert Assignment.objects.current().get(worker=substitute).during.upper is None


def test_who_moves_out_keeps_the_workers_for_as_long_as_they_were_given(house, people, kim, boss):
    substitute, until = UserFactory(agency=kim.agency), timezone.localdate() + timedelta(days=9)
    on = timezone.localdate() - timedelta(days=20)
    actions.assign(house, worker=substitute, kind="substitute", on=on, until=until, by=boss)
    own = actions.move_out(people[1], on=timezone.localdate(), by=kim)
    kept = Assignment.objects.current().get(household=own, worker=substitute)
    assert kept.during.upper == until + timedelta(days=1)


def test_a_moving_out_told_late_follows_the_centre_that_answers_now(house, people, kim, boss):
    today = timezone.localdate()
    new = UserFactory(agency=CentreFactory(covers=["부산 해운대구"]), role="supervisor")
    place = district("부산 해운대구")
    actions.change_district(house, district=place, center=new.agency, on=today - timedelta(days=5), by=boss)
    own = actions.move_out(people[1], on=today - timedelta(days=10), by=new)
    assert Responsibility.objects.current().get(household=own, during__contains=today).center == new.agency
    assert Dwelling.objects.current().get(household=own, during__contains=today).district == place


def test_a_role_given_late_does_not_outlast_the_membership(house, people, kim):
    today = timezone.localdate()
    actions.record_death(people[1], on=today - timedelta(days=5), by=kim)
    actions.change_head(house, to=people[1], on=today - timedelta(days=10), by=kim)
    assert not Membership.objects.current().filter(person=people[1], during__contains=today).exists()


def test_a_file_reaches_nothing_that_is_only_shared(theirs, boss):
    ShareFactory(household=theirs, to_user=boss)
    row = {**CONTACT, "person_ref": "", "household_ref": "H-77", "contact_ref": "C-77"}
    Household.objects.filter(pk=theirs.pk).update(register_ref="H-77")
    assert why(bring("contacts", [row], by=boss)) == [(1, "household_ref", "unknown_household")]
    assert not Contact.objects.exists()
