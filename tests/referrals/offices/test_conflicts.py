"""Whoever works at an office that keeps no file declares a conflict of interest there; it closes both ways."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from casework.telling.models import Notification
from households.actions import NotAllowed
from households.models import ConflictOfInterest, Household, Person, ProtectionPeriod
from households.models.conflict import barred_from
from referrals import handing
from referrals.models import Referral
from referrals.offices import conflicts
from tests.factories import UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db
WORDS = {"kind": "kin", "words": "사촌"}


@pytest.fixture
def second_helper(people):
    return UserFactory(agency=people.jobs, role="receiving_worker", name="오유진")


@pytest.fixture
def came_in(people, household):
    """A referral that the helper of the job centre has in hand."""
    return ReferralFactory(household=household, sender=people.worker, receiver=people.helper, stands="accepted")


def url(came_in):
    return reverse("referrals:conflict", args=[came_in.number])


def of_register(person):
    return reverse("referrals:conflict_of", args=[person.pk])


def test_a_receiving_worker_declares_loses_the_referral_and_a_colleague_is_told(
    client, people, household, came_in, second_helper
):
    client.force_login(people.helper)
    assert url(came_in) in client.get(reverse("referrals:detail", args=[came_in.number])).content.decode()
    assert client.get(url(came_in)).status_code == 200
    assert client.post(url(came_in), WORDS).status_code == 302
    made = ConflictOfInterest.objects.get()
    assert (made.user, made.person, made.kind, made.recorded_by) == (
        people.helper,
        members_of(household)[0],
        "kin",
        people.helper,
    )
    assert client.get(reverse("referrals:detail", args=[came_in.number])).status_code == 404
    assert not Referral.objects.visible_to(people.helper).exists()
    assert Household.objects.filter(pk__in=barred_from(people.helper)).get() == household
    assert Referral.objects.get(pk=came_in.pk).handler is None
    told = Notification.objects.get(kind="conflict_elsewhere")
    assert (told.user, told.label, told.url_name) == (second_helper, came_in.number, "referrals:detail")
    client.force_login(second_helper)
    assert "이해충돌" in client.get(reverse("referrals:detail", args=[came_in.number])).content.decode()


def test_nobody_gives_the_referral_back_to_whoever_declared(people, came_in, second_helper):
    conflicts.declare(
        conflicts.person_of(came_in, on=timezone.localdate()),
        by=people.helper,
        now=timezone.now(),
        referral=came_in,
        **WORDS,
    )
    with pytest.raises(ValidationError):
        handing.assign(came_in, by=second_helper, handler=people.helper, was=None)
    assert handing.assign(came_in, by=second_helper, handler=second_helper, was=None).handler == second_helper


def test_twice_is_once_and_tells_once(client, people, came_in, second_helper):
    client.force_login(people.helper)
    assert [client.post(url(came_in), WORDS).status_code for _n in range(2)] == [302, 404]
    person = ConflictOfInterest.objects.get().person
    again = conflicts.declare(person, by=people.helper, now=timezone.now(), referral=came_in, **WORDS)
    assert again == ConflictOfInterest.objects.get()
    assert Notification.objects.filter(kind="conflict_elsewhere").count() == 1


def test_an_officer_of_the_register_declares_and_a_colleague_reads_who_not_why(client, people, person, household):
    client.force_login(people.officer)
    page = client.get(reverse("households:register")).content.decode()
    assert of_register(person) in page
    assert "정금주" in client.get(of_register(person)).content.decode()
    assert client.post(of_register(person), WORDS).status_code == 302
    assert not ProtectionPeriod.objects.in_register_of(people.officer).filter(person=person).exists()
    assert not Person.objects.asked_for_by(people.officer).filter(pk=person.pk).exists()
    assert client.get(of_register(person)).status_code == 404
    made = ConflictOfInterest.objects.get()
    told = Notification.objects.get(kind="conflict_elsewhere")
    assert (told.user, told.label, told.url_name) == (people.second, made.mark, "households:register")
    client.force_login(people.second)
    page = client.get(reverse("households:register")).content.decode()
    assert made.mark in page
    assert people.officer.name in page
    assert "사촌" not in page


def test_who_leads_the_office_is_told_alone(people, person):
    lead = UserFactory(agency=people.city, role="supervisor")
    conflicts.declare(person, by=people.officer, now=timezone.now(), **WORDS)
    assert [one.user for one in Notification.objects.filter(kind="conflict_elsewhere")] == [lead]


def test_the_centre_that_keeps_the_file_sees_it_and_ends_it(client, people, person):
    made = conflicts.declare(person, by=people.officer, now=timezone.now(), **WORDS)
    client.force_login(people.boss)
    assert people.officer.name in client.get(reverse("households:conflicts")).content.decode()
    client.post(reverse("households:conflict_end", args=[made.fact_id]))
    assert not ConflictOfInterest.objects.standing().exists()
    assert Person.objects.asked_for_by(people.officer).filter(pk=person.pk).exists()


def test_a_stranger_and_the_sender_declare_nothing_here(client, people, person, came_in):
    for user, address, status in (
        (people.stranger, of_register(person), 404),
        (people.stranger, url(came_in), 404),
        (people.helper, of_register(person), 404),
        (people.worker, url(came_in), 403),
    ):
        client.force_login(user)
        assert client.post(address, WORDS).status_code == status
    with pytest.raises(NotAllowed):
        conflicts.declare(person, by=people.stranger, now=timezone.now(), **WORDS)
    with pytest.raises(NotAllowed):
        conflicts.declare(person, by=people.stranger, now=timezone.now(), referral=came_in, **WORDS)
    assert not ConflictOfInterest.objects.exists()


def test_without_a_kind_nothing_is_recorded_and_the_words_stay(client, people, person):
    client.force_login(people.officer)
    answer = client.post(of_register(person), {"words": "이웃"})
    assert answer.status_code == 422
    assert "이웃" in answer.content.decode()
    assert not ConflictOfInterest.objects.exists()
