"""Somebody who has left for another centre's household: the old centre keeps what it knew and learns nothing new."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.record import record
from desks.today.news import news_of
from households import actions
from households.actions.place import hand_over
from households.models import Person, PersonName
from risk.models import Standing
from tests.factories import CentreFactory, ContactFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.factories.risk import SignalFactory


def ago(days):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def refuge():
    """A household of another centre, in a town that the old centre is not to learn."""
    return HouseholdFactory(worker=UserFactory(agency=CentreFactory(), name="새담당"), town="숨은동")


@pytest.fixture
def home(worker):
    return HouseholdFactory(worker=worker, members=["정금주", "김순희"], person_phone="010-0000-1234")


@pytest.fixture
def gone(home, refuge, worker):
    """김순희, who has lived in the refuge for ten days."""
    person = members_of(home)[1]
    actions.move_person(person, to=refuge, on=ago(10), by=worker)
    return person


@pytest.mark.parametrize("page", ["desks:person", "households:phone"])
def test_who_lives_elsewhere_is_not_opened_through_the_old_household(client, worker, gone, page):
    client.force_login(worker)
    assert client.get(reverse(page, args=[gone.case_number])).status_code == 404


def test_the_new_address_is_not_revealed_to_the_old_centre(client, worker, supervisor, gone):
    for user in (worker, supervisor):
        client.force_login(user)
        answer = client.post(reverse("households:reveal", args=[gone.case_number, "town"]), {"reason": "visit"})
        assert answer.status_code == 404


def test_the_new_centre_sees_the_person_and_so_does_the_old_one_after_a_return(worker, home, gone, refuge):
    new = refuge.assignment_set.get().worker
    assert gone in Person.objects.visible_to(new)
    assert gone not in Person.objects.visible_to(worker)
    actions.move_person(gone, to=home, on=ago(3), by=worker)
    assert gone in Person.objects.visible_to(worker)
    assert gone not in Person.objects.visible_to(new)


def test_whoever_died_or_lives_nowhere_else_stays_with_the_last_household(worker, home):
    person = members_of(home)[1]
    actions.record_death(person, on=ago(5), by=worker)
    assert person in Person.objects.visible_to(worker)


def test_the_timeline_ends_for_somebody_on_the_day_of_leaving(client, worker, home, gone):
    SignalFactory(person=gone, ago=20, known_ago=19)
    SignalFactory(person=gone, ago=2, known_ago=1)
    SignalFactory(person=gone, ago=15, known_ago=1)
    PersonName.objects.create(person=gone, family="한", given="새봄", kind="latin", during=(ago(1), None))
    client.force_login(worker)
    page = client.get(reverse("desks:household", args=[home.number]), {"show": "signals"}).content.decode()
    assert page.count("김순희") == 1, "the signal from before the move, and none from after it"
    assert "새봄" not in client.get(reverse("desks:household", args=[home.number])).content.decode()


def test_looks_at_the_person_elsewhere_are_not_shown_at_the_old_home(client, worker, home, gone, refuge):
    client.force_login(refuge.assignment_set.get().worker)
    assert client.get(reverse("desks:person", args=[gone.case_number])).status_code == 200
    client.force_login(worker)
    page = client.get(reverse("desks:household", args=[home.number]), {"show": "looks"}).content.decode()
    assert "새담당" not in page


def test_the_moves_of_a_protected_household_say_nothing_of_where(client, worker, supervisor):
    household = HouseholdFactory(worker=worker)
    town = household.dwelling_set.get().district
    actions.change_district(household, district=town, town="비밀동", on=ago(3), by=supervisor)
    client.force_login(worker)
    address = reverse("desks:household", args=[household.number])
    assert "비밀동" in client.get(address).content.decode()
    Standing.objects.update_or_create(household=household, defaults={"address_protected": True})
    assert "비밀동" not in client.get(address).content.decode()


def test_steps_on_a_referral_of_the_centre_before_are_no_news_to_the_next(worker, home):
    asked = ReferralFactory(household=home, sender=worker, stands="sent")
    other = UserFactory(agency=CentreFactory(), role="supervisor")
    hand_over(home, center=other.agency, on=timezone.localdate(), by=worker)
    record("accepted", asked, by=ReceiverFactory())
    since = timezone.now() - timedelta(hours=1)
    assert not [item for item in news_of([home.pk], since=since, by_others_than=other) if asked.number in item.text]


def test_a_colleague_with_a_share_alone_reads_no_note(client, centre, worker, home):
    colleague = UserFactory(agency=centre)
    ShareFactory(household=home, to_user=colleague)
    note = ContactFactory(household=home, recorded_by=worker, summary="버너로 밥을 지음")
    client.force_login(colleague)
    assert client.get(reverse("households:contact_page", args=[home.number, note.fact_id])).status_code == 404
    assert "버너" not in client.get(reverse("desks:household", args=[home.number])).content.decode()
