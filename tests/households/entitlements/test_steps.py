"""What was applied for, granted, refused: two dates, corrected by appending, taken back within a day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from households.actions.refusal import Refused
from households.entitlements import applying
from households.entitlements.answers import answers_of, ends_soon
from households.entitlements.ending import ending
from households.models import EntitlementStep, Household
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.entitlements import EntitlementStepFactory, entry
from tests.factories.households import members_of
from tests.factories.stated import CircumstanceFactory

ON = date(2026, 5, 4)


def record(person, by, code="TRAINING", state="applied", on=ON, **more):
    return applying.record_step(person, entry(code), state=state, on=on, by=by, **more)


def came(house, person, code, on=None):
    day = on or seoul_day(timezone.now())
    return next(a.came for a in answers_of(house.pk, on=day) if (a.person, a.code) == (person.pk, code))


def test_the_latest_statement_counts(house, people, kim):
    record(people[0], kim)
    record(people[0], kim, state="granted", on=ON + timedelta(days=20), until=ON + timedelta(days=200), amount=300_000)
    assert came(house, people[0], "TRAINING").state == "granted"
    assert came(house, people[0], "TRAINING", on=ON + timedelta(days=3)).state == "applied"
    assert came(house, people[0], "TRAINING", on=ON - timedelta(days=3)) is None


def test_the_correction_of_an_earlier_step_does_not_overtake_a_later_one_of_the_same_day(house, people, kim):
    today = seoul_day(timezone.now())
    first = record(people[0], kim, on=today)
    record(people[0], kim, state="granted", on=today, until=today + timedelta(days=30))
    applying.correct_step(first, state="not_wanted", on=today, by=kim)
    assert came(house, people[0], "TRAINING").state == "granted"
    lines = ending(Household.objects.filter(pk=house.pk), today)
    assert [line.code for line in lines if line.why == "grant"] == ["TRAINING"]


def test_a_double_tap_and_the_same_statement_land_once(house, people, kim):
    key = uuid4()
    first = record(people[0], kim, client_key=key)
    assert record(people[0], kim, client_key=key, state="refused") == first
    assert record(people[0], kim) == first
    assert EntitlementStep.objects.count() == 1
    assert Event.objects.filter(verb="entitlement_step_recorded").count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "LIVELIHOOD-5Y"}, "entitlement"),
        ({"code": "MEDIAN-INCOME"}, "entitlement"),
        ({"state": "promised"}, "state"),
        ({"until": ON}, "until"),
        ({"state": "granted", "until": ON - timedelta(days=1)}, "until"),
        ({"amount": 5}, "amount"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(people, kim, more, field):
    with pytest.raises(Refused) as refused:
        record(people[0], kim, **more)
    assert refused.value.field == field


def test_a_mistake_is_corrected_by_a_version_and_taken_back_by_its_author(house, people, kim, boss):
    first = record(people[0], kim)
    fixed = applying.correct_step(first, state="refused", on=ON, by=boss)
    assert (fixed.fact_id, fixed.state) == (first.fact_id, "refused")
    assert applying.correct_step(fixed, state="refused", on=ON, by=boss) == fixed
    with pytest.raises(Refused):
        applying.correct_step(first, state="granted", on=ON, by=kim)
    with pytest.raises(Refused):
        applying.withdraw_step(fixed, by=boss, now=timezone.now())
    applying.withdraw_step(fixed, by=kim, now=timezone.now())
    applying.withdraw_step(fixed, by=kim, now=timezone.now())
    assert came(house, people[0], "TRAINING") is None
    assert EntitlementStep.objects.count() == 2, "nothing is erased"


def test_the_database_keeps_what_was_said(people, kim):
    made = record(people[0], kim)
    with pytest.raises(DatabaseError), transaction.atomic():
        EntitlementStep.objects.filter(pk=made.pk).update(state="granted")
    with pytest.raises(DatabaseError), transaction.atomic():
        EntitlementStep.objects.create(
            person=people[0], entitlement=entry(), state="applied", stated_on=ON, until_on=ON
        )


def test_a_basic_benefit_is_read_from_the_circumstances(house, people):
    CircumstanceFactory(person=people[0], kind="benefit", detail="livelihood", value="receiving")
    found = {a.code: a for a in answers_of(house.pk, on=seoul_day(timezone.now()))}
    assert found["LIVELIHOOD-5Y"].came.settled
    assert found["LIVELIHOOD-5Y"].came.fact_id is None


def test_what_ends_within_90_days_is_told_with_numbers_only(people, house, kim):
    person = people[0]
    today = seoul_day(timezone.now())
    record(person, kim, state="granted", on=ON, until=today + timedelta(days=90))
    record(people[1], kim, state="granted", on=ON, until=today + timedelta(days=91))
    found = ending(Household.objects.visible_to(kim), today)
    granted = [line for line in found if line.why == "grant"]
    assert [(line.case_number, line.day) for line in granted] == [(person.case_number, today + timedelta(days=90))]
    assert granted[0].household == house.number
    assert "정금주" not in str(found)
    assert [day for day, one in ends_soon(answers_of(house.pk, on=today), on=today) if one.came] == [granted[0].day]


def test_the_end_of_the_five_years_is_told(kim, django_assert_num_queries):
    today = seoul_day(timezone.now())
    moved = (today + timedelta(days=31)).replace(day=1)
    moved = moved.replace(year=moved.year - 5)
    homes = [HouseholdFactory(worker=kim, under_protection=moved) for _home in range(4)]
    for home in homes:
        CircumstanceFactory(person=members_of(home)[0])
    found = [line for line in ending(homes_of(homes), today) if line.code == "LIVELIHOOD-5Y"]
    assert len(found) == 4
    assert {line.day for line in found} == {moved.replace(year=moved.year + 5) - timedelta(days=1)}
    assert {line.case_number for line in found} == {home.number for home in homes}, "of the household once"
    counts = []
    for some in (homes[:1], homes):
        with django_assert_num_queries(6) as asked:
            ending([home.pk for home in some], today)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def homes_of(homes):
    return Household.objects.filter(pk__in=[home.pk for home in homes])


def test_who_may_see_the_person_sees_what_was_applied_for(house, people, kim, stranger):
    made = EntitlementStepFactory(person=people[0])
    guest = UserFactory(role="residence_officer")
    ShareFactory(household=house, to_user=guest)
    seen = [EntitlementStep.objects.visible_to(user).filter(pk=made.pk).exists() for user in (kim, stranger, guest)]
    assert seen == [True, False, True]


def test_what_one_member_applied_for_stands_for_the_household(house, people, kim):
    record(people[1], kim, code="HOUSING")
    found = next(a for a in answers_of(house.pk, on=seoul_day(timezone.now())) if a.code == "HOUSING")
    assert found.came.state == "applied"
