"""Logging contacts: who reads what, versions, addenda, the double tap."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from casework.audit.models import Event
from households import actions
from households.actions import Refused
from households.actions.contacts import can_revise
from households.models import Addendum, Contact, Draft, Participant
from tests.factories import ContactFactory, HouseholdFactory, ShareFactory, UserFactory

LATER = timedelta(hours=25)


def log(household, people, by, **changes):
    key = changes.pop("client_key", None) or uuid4()
    entry = {"occurred_at": timezone.now(), "channel": "visit", "contact_made": True, "summary": "버너로 밥을 지음"}
    return actions.log_contact(household, people=people, by=by, client_key=key, **{**entry, **changes})


def test_a_visit_keeps_who_was_spoken_with_and_who_wrote_it(house, people, kim):
    contact = log(house, people[:2], kim)
    assert set(Participant.objects.filter(contact=contact).values_list("person", flat=True)) == {
        p.pk for p in people[:2]
    }
    assert (contact.worker, contact.agency, contact.recorded_by) == (kim, kim.agency, kim)
    event = Event.objects.get(verb="contact_logged")
    assert (event.household_id, event.actor_id) == (house.pk, kim.pk)
    assert "버너" not in str(event.data)


def test_a_double_tap_lands_once(house, people, kim):
    key = uuid4()
    first = log(house, people[:1], kim, client_key=key)
    assert log(house, people[:1], kim, client_key=key) == first
    assert Contact.objects.count() == 1
    assert Participant.objects.count() == 1
    assert Event.objects.filter(verb="contact_logged").count() == 1


def test_two_authors_may_happen_on_the_same_key(house, people, kim, boss):
    key = uuid4()
    assert log(house, people[:1], kim, client_key=key) != log(house, people[:1], boss, client_key=key)


def test_the_draft_goes_when_the_record_is_made(house, people, kim):
    key = uuid4()
    Draft.objects.create(author=kim, kind="contact", household=house, client_key=key)
    log(house, people[:1], kim, client_key=key)
    assert not Draft.objects.exists()


def test_a_correction_within_a_day_is_a_new_version_with_its_own_people(house, people, kim):
    contact = log(house, people[:1], kim)
    version = actions.revise_contact(contact, people=people[:2], by=kim, now=timezone.now(), summary="고침")
    assert version.fact_id == contact.fact_id
    assert version.participants.count() == 2
    assert contact.participants.count() == 1
    assert Contact.objects.current().get() == version
    assert Contact.objects.get(pk=contact.pk).summary == "버너로 밥을 지음"


def test_the_same_correction_twice_makes_one_version(house, people, kim):
    contact = log(house, people[:1], kim)
    for _time in range(2):
        actions.revise_contact(contact, people=people[:1], by=kim, now=timezone.now(), summary="고침")
    assert Contact.objects.count() == 2


def test_a_correction_does_not_overwrite_a_newer_one(house, people, kim):
    contact = log(house, people[:1], kim)
    actions.revise_contact(contact, people=people[:1], by=kim, now=timezone.now(), summary="고침")
    with pytest.raises(Refused):
        actions.revise_contact(contact, people=people[:1], by=kim, now=timezone.now(), summary="다르게 고침")
    assert Contact.objects.current().get().summary == "고침"


def test_after_a_day_a_record_is_added_to_and_not_changed(house, people, kim):
    contact = log(house, people[:1], kim)
    actions.revise_contact(contact, people=people[:1], by=kim, now=timezone.now(), summary="고침")
    version = Contact.objects.current().get()
    later = timezone.now() + LATER  # a correction does not start the day anew
    assert not can_revise(version, kim, now=later)
    with pytest.raises(Refused):
        actions.revise_contact(version, people=people[:1], by=kim, now=later, summary="늦게")
    key = uuid4()
    added = actions.add_addendum(version, text="나중에 들음", by=kim, client_key=key)
    assert actions.add_addendum(version, text="나중에 들음", by=kim, client_key=key) == added
    assert Addendum.objects.get().contact_fact_id == contact.fact_id


def test_nobody_corrects_what_another_wrote(house, people, kim, boss):
    contact = log(house, people[:1], kim)
    with pytest.raises(Refused):
        actions.revise_contact(contact, people=people[:1], by=boss, now=timezone.now(), summary="다른 손")


def test_the_database_itself_refuses_to_change_a_record(house, people, kim):
    contact = log(house, people[:1], kim)
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE households_contact SET summary = 'x' WHERE id = %s", [contact.pk])


@pytest.mark.parametrize(
    ("level", "reads"),
    [
        ("centre", {"author", "main", "boss", "substitute"}),
        ("responsible", {"author", "main", "boss"}),
        ("counselling", {"author", "counsellor"}),
    ],
)
def test_who_reads_a_note_depends_on_its_level(centre, level, reads):
    people = {
        "author": UserFactory(agency=centre),
        "main": UserFactory(agency=centre),
        "substitute": UserFactory(agency=centre),
        "counsellor": UserFactory(agency=centre, role="counsellor"),
        "boss": UserFactory(agency=centre, role="supervisor"),
        "guest": UserFactory(),
    }
    house = HouseholdFactory(worker=people["main"], substitutes=[people["author"], people["substitute"]])
    actions.assign(house, worker=people["counsellor"], kind="counsellor", on=timezone.localdate(), by=people["boss"])
    ShareFactory(household=house, to_user=people["guest"])
    note = ContactFactory(household=house, recorded_by=people["author"], level=level)
    able = {name for name, user in people.items() if Contact.objects.readable_by(user).filter(pk=note.pk).exists()}
    reads = reads | {"counsellor"} if level == "centre" else reads
    assert able == reads
    assert all(Contact.objects.visible_to(user).filter(pk=note.pk).exists() for user in people.values())
