"""Facts have two dates, are appended, and are never changed: PostgreSQL itself says no (design §3, §4)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from casework.facts import Stale, supersede
from households.models import Membership, PersonName
from tests.factories.agencies import UserFactory
from tests.factories.households import HouseholdFactory, PersonFactory

LONG_AGO = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.fixture
def name():
    return PersonName.objects.get(person=PersonFactory(name="정금주", registered_on=LONG_AGO.date()))


@pytest.mark.django_db
def test_the_recording_clock_is_the_databases_and_cannot_be_set(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        asked = cursor.fetchone()[0]
    lied = PersonName.objects.create(person=name.person, kind="alias", given="가명", recorded_at=LONG_AGO)
    lied.refresh_from_db()
    assert asked < lied.recorded_at < asked + timedelta(minutes=1)


@pytest.mark.django_db
def test_an_import_may_say_that_it_was_known_earlier_but_not_that_it_is_known_in_the_future(name):
    tomorrow = timezone.now() + timedelta(days=1)
    early = PersonName.objects.create(person=name.person, kind="alias", given="가", known_at=LONG_AGO)
    future = PersonName.objects.create(person=name.person, kind="alias", given="나", known_at=tomorrow)
    early.refresh_from_db()
    future.refresh_from_db()
    assert early.known_at == LONG_AGO
    assert future.known_at == future.recorded_at < tomorrow


@pytest.mark.django_db
def test_a_correction_is_a_version_and_the_past_reads_what_was_known_then(name):
    worker = UserFactory()
    before = timezone.now()
    version = supersede(name, by=worker, given="금순")
    name.refresh_from_db()
    assert name.superseded_at == version.known_at
    assert version.fact_id == name.fact_id
    assert version.recorded_by == worker
    assert str(PersonName.objects.current().get(person=name.person)) == "정금순"
    assert str(PersonName.objects.known_by(before).get(person=name.person)) == "정금주"


@pytest.mark.django_db
def test_two_people_who_correct_the_same_version_do_not_both_win(name):
    supersede(name, by=None, given="금순")
    with pytest.raises(Stale):
        supersede(name, by=None, given="금희")


@pytest.mark.django_db
def test_within_a_chain_knowledge_never_goes_backwards(name):
    first = supersede(name, by=None, given="금순")
    first.refresh_from_db()
    second = supersede(first, by=None, now=LONG_AGO - timedelta(days=900), given="금희")
    second.refresh_from_db()
    assert second.known_at >= first.known_at


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE households_personname SET given = 'x'", "DELETE FROM households_personname"])
def test_the_serving_role_can_neither_change_nor_delete_a_fact(name, sql):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(sql)


@pytest.mark.parametrize(
    "change", ["superseded_at = NULL", "superseded_at = now(), given = '다른 이름'", "given = '다른 이름'"]
)
def test_even_the_owner_can_only_supersede_and_only_once(committed_db, change):
    fact = PersonFactory(name="정금주").personname_set.get()
    supersede(fact, by=None, given="금순")
    with pytest.raises(IntegrityError, match="never changed"), connections["owner"].cursor() as cursor:
        cursor.execute(f"UPDATE households_personname SET {change} WHERE id = %s", [fact.pk])


@pytest.mark.django_db
def test_the_sentence_of_the_constraint_is_what_the_user_reads():
    household = HouseholdFactory(members=1)
    twice = Membership(person=household.membership_set.get().person, household=HouseholdFactory(), role="other")
    with pytest.raises(IntegrityError, match="one_household_of_a_kind"), transaction.atomic():
        twice.save()
    with pytest.raises(Exception, match=r"가구|household"):
        twice.validate_constraints(exclude=["fact_id", "known_at", "recorded_at", "tx"])


@pytest.mark.django_db
def test_no_session_can_switch_the_guard_of_facts_off(name):
    version = supersede(name, by=None, given="금순")
    guards = ",".join(trigger.get_pgid(PersonName) for trigger in PersonName._meta.triggers)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = %s", [f"{{{guards}}}"])
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonName.objects.filter(pk=name.pk).update(superseded_at=None)
    lied = PersonName.objects.create(person=version.person, kind="alias", given="가명", recorded_at=LONG_AGO)
    lied.refresh_from_db()
    assert lied.recorded_at > LONG_AGO
