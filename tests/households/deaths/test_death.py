"""The death of a person: what ends, what is opened, and how a mistake is put right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.audit.models import Event
from casework.workflow import NotNow, NotYours
from households.actions import (
    Refused,
    change_phone,
    correct_death,
    give_consent,
    move_person,
    record_bereaved,
    record_death,
    write_review,
)
from households.members import members_on
from households.models import (
    Assignment,
    BereavedStep,
    Consent,
    Contact,
    DeathReview,
    Membership,
    PersonalProtectionPeriod,
    Phone,
    ProtectionPeriod,
    Residence,
)
from tests.factories import ContactFactory, HouseholdFactory
from tests.factories.closings import closed
from tests.factories.day import visit_of
from tests.factories.extensions import request_of
from tests.factories.households import members_of
from tests.factories.links import BORN, linked, twins

MADE = (Residence, Membership, Assignment, ProtectionPeriod, PersonalProtectionPeriod, Consent, Phone)


def running(model, day, **filters):
    return model.objects.current().filter(during__contains=day, **filters)


def days_of():
    """Return every standing range of every fact that a death touches, without keys of versions."""
    found = []
    for model in MADE:
        rows = model.objects.current().exclude(during__isempty=True)
        found += [(model.__name__, fact, str(days)) for fact, days in rows.values_list("fact_id", "during")]
    return sorted(found)


@pytest.fixture
def alone(kim):
    return HouseholdFactory(worker=kim, under_protection=True, person_phone="010-0000-9876")


def test_consents_telephone_and_personal_protection_end_with_the_day(alone, kim, died, today):
    person = members_of(alone)[0]
    give_consent(person, purpose="생계", items=["성명"], recipient=None, on=died - timedelta(9), until=None, by=kim)
    since = (died - timedelta(days=100), died + timedelta(days=500))
    PersonalProtectionPeriod.objects.create(person=person, during=since, recorded_by=kim)
    record_death(person, on=died, by=kim)
    for model in (Consent, Phone, PersonalProtectionPeriod, ProtectionPeriod):
        assert not running(model, today, person=person).exists(), model
        assert running(model, died - timedelta(days=1), person=person).exists(), model


def test_nobody_is_left_so_nobody_looks_after_the_household_any_more(alone, kim, died, today):
    record_death(members_of(alone)[0], on=died, by=kim)
    assert not running(Assignment, today, household=alone).exists()
    assert running(Assignment, died - timedelta(days=1), household=alone).exists()


def test_where_others_stay_their_worker_stays_too(house, people, kim, died, today):
    record_death(people[1], on=died, by=kim)
    assert running(Assignment, today, household=house, worker=kim).exists()


def test_a_meeting_planned_with_the_dead_alone_is_dropped_and_one_with_others_stays(house, people, kim, died):
    later = timezone.now() + timedelta(days=5)
    note = ContactFactory(household=house, recorded_by=kim, people=[people[1]], next_at=later, next_channel="visit")
    record_death(people[1], on=died, by=kim)
    now = Contact.objects.current().get(fact_id=note.fact_id)
    assert (now.next_at, now.next_channel, now.recorded_by) == (None, "", kim)
    assert [one.person for one in now.participants.all()] == [people[1]]
    both = ContactFactory(household=house, recorded_by=kim, people=[people[0], people[2]], next_at=later)
    record_death(people[2], on=died, by=kim)
    assert Contact.objects.current().get(fact_id=both.fact_id).next_at == later


def test_what_the_person_asked_of_the_ministry_is_withdrawn_with_the_reason(alone, kim, died):
    person = members_of(alone)[0]
    asked = request_of(person, by=kim)
    record_death(person, on=died, by=kim)
    asked.refresh_from_db()
    assert asked.status == "withdrawn"
    assert asked.number in DeathReview.objects.get().told[0]


def test_a_review_is_opened_for_the_centre_and_shown_to_no_stranger(house, people, kim, boss, stranger, died):
    record_death(people[1], on=died, by=kim)
    review = DeathReview.objects.get()
    assert (review.household, review.centre, review.died_on, review.status) == (house, kim.agency, died, "draft")
    assert DeathReview.objects.visible_to(boss).get() == review
    assert not DeathReview.objects.visible_to(stranger).exists()


def test_a_death_is_recorded_once(people, kim, died):
    record_death(people[1], on=died, by=kim)
    with pytest.raises(Refused):
        record_death(people[1], on=died, by=kim)
    assert DeathReview.objects.count() == 1


def test_a_mistaken_death_returns_everything_as_it_was(house, people, kim, died, today):
    change_phone(people[0], number="010-0000-1111", on=died - timedelta(days=20), by=kim)
    before = days_of()
    record_death(people[0], on=died, new_head=people[1], by=kim)
    assert days_of() != before
    review = correct_death(DeathReview.objects.get(), by=kim, now=timezone.now(), reason="동명이인이었습니다.")
    assert days_of() == before
    assert review.status == "withdrawn"
    assert [member.role for member in members_on([house], today)[house.pk] if member.name == "정금주"] == ["head"]
    assert Event.objects.filter(verb="death_corrected", reason="동명이인이었습니다.").exists()
    record_death(people[0], on=died, new_head=people[1], by=kim)  # and it can be recorded again
    assert DeathReview.objects.count() == 2


def test_the_last_of_a_household_returns_with_the_worker(alone, kim, died, today):
    before = days_of()
    record_death(members_of(alone)[0], on=died, by=kim)
    review = DeathReview.objects.get()
    correct_death(review, by=kim, now=timezone.now(), reason="병원의 착오였습니다.")
    assert days_of() == before
    assert running(Assignment, today, household=alone, worker=kim).exists()
    with pytest.raises(NotNow):
        correct_death(review, by=kim, now=timezone.now(), reason="다시")


def test_what_changed_since_is_not_written_over(house, people, kim, died):
    record_death(people[0], on=died, new_head=people[1], by=kim)
    record_death(people[1], on=died + timedelta(days=1), new_head=people[2], by=kim)
    first = DeathReview.objects.get(person=people[0])
    with pytest.raises(Refused):
        correct_death(first, by=kim, now=timezone.now(), reason="착오")
    first.refresh_from_db()
    assert first.status == "draft"


def test_the_review_is_written_and_finished_by_who_leads(people, kim, boss, died):
    record_death(people[1], on=died, by=kim)
    review, now = DeathReview.objects.get(), timezone.now()
    with pytest.raises(NotYours):
        write_review(review, by=kim, now=now, known="x")
    with pytest.raises(Refused) as refused:
        write_review(review, by=boss, now=now, finish=True, known=" ")
    assert refused.value.field == "known"
    written = write_review(review, by=boss, now=now, known="체납 신호가 세 번 있었습니다.")
    write_review(written, by=boss, now=now, known="체납 신호가 세 번 있었습니다.")
    assert Event.objects.filter(verb="death review written").count() == 1
    done = write_review(review, by=boss, now=now, finish=True, learnt="첫 신호에 찾아갑니다.")
    assert (done.status, done.finished_by, done.known) == ("finished", boss, "체납 신호가 세 번 있었습니다.")
    with pytest.raises(NotNow):
        write_review(review, by=boss, now=now, known="나중 말")


def test_what_is_done_for_those_who_stay_is_kept_once(people, kim, died, today):
    record_death(people[1], on=died, by=kim)
    review = DeathReview.objects.get()
    first = record_bereaved(review, kind="funeral", done_on=died, by=kim, on=today, words="장례식장에 함께했습니다.")
    assert record_bereaved(review, kind="funeral", done_on=died, by=kim, on=today) == first
    assert BereavedStep.objects.count() == 1
    with pytest.raises(Refused):
        record_bereaved(review, kind="benefits", done_on=died - timedelta(days=1), by=kim, on=today)


def test_a_later_home_ends_too_and_a_home_with_somebody_to_come_is_not_empty(house, people, kim, boss, died, today):
    other = HouseholdFactory(worker=kim)
    move_person(people[2], to=other, on=died + timedelta(days=2), by=kim)
    record_death(people[2], on=died, by=kim)
    assert not running(Membership, today, person=people[2]).exists()
    assert running(Assignment, today, household=house, worker=kim).exists()
    home = HouseholdFactory(worker=kim)
    coming = members_of(HouseholdFactory(worker=kim))[0]
    alone = members_of(home)[0]
    move_person(coming, to=home, on=died + timedelta(days=1), by=kim)
    record_death(alone, on=died, by=kim)
    assert running(Assignment, today, household=home, worker=kim).exists()


@pytest.mark.parametrize("kept_dies", [True, False])
def test_a_death_holds_for_the_linked_record_and_a_mistake_brings_both_back(kim, boss, died, today, kept_dies):
    pair = twins(kim)
    linked(*pair, by=kim, second=boss)
    dead, other = pair if kept_dies else pair[::-1]
    before = days_of()
    record_death(dead, on=died, by=kim)
    assert running(Residence, today, person=other, status="deceased").exists()
    assert not running(Membership, today, person=other).exists()
    assert not running(Assignment, today).exists()
    correct_death(DeathReview.objects.get(), by=kim, now=timezone.now(), reason="착오")
    assert days_of() == before


def test_a_linked_record_that_heads_others_elsewhere_is_named(kim, boss, died):
    one = members_of(HouseholdFactory(worker=kim, members=["이영희"], person_born=BORN))[0]
    two = members_of(HouseholdFactory(worker=kim, members=["리영희", "이하나"], person_born=BORN))[0]
    linked(one, two, by=kim, second=boss)
    with pytest.raises(Refused, match=two.case_number):
        record_death(one, on=died, by=kim)
    assert not DeathReview.objects.exists()


def test_a_mistake_brings_back_the_planned_contact_and_the_closed_case(alone, kim, boss, died):
    person = members_of(alone)[0]
    later = timezone.now() + timedelta(days=5)
    note = ContactFactory(household=alone, recorded_by=kim, people=[person], next_at=later, next_channel="visit")
    visit = visit_of(alone, worker=kim, begins=later)
    record_death(person, on=died, by=kim)
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    made = closed(alone, by=kim, second=boss, reason="deceased")
    review = correct_death(DeathReview.objects.get(), by=kim, now=timezone.now(), reason="착오")
    made.refresh_from_db()
    assert made.status == "approved"  # a worker does not reopen: it is said who does
    assert any(made.number in said for said in review.told)
    again = Contact.objects.current().get(fact_id=note.fact_id)
    assert (again.next_at, again.next_channel, again.participants.get().person) == (later, "visit", person)
    record_death(person, on=died, by=kim)
    correct_death(DeathReview.objects.latest("id"), by=boss, now=timezone.now(), reason="착오")
    made.refresh_from_db()
    assert made.status == "reopened"
