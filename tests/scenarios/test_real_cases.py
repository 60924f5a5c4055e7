"""Lives like those that ended alone, told month by month as the feeds and the contacts would have told them.

After three cases of 2019 to 2022 whose course is public; persons, places and dates here are made up. Each must be High
before the fifth month of unpaid bills. Beside each stands somebody whose life looks alike on paper and is in order.
"""

from datetime import timedelta

import pytest

from casework.clock import add_months
from risk.bands import Band
from tests.factories import HouseholdFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of
from tests.factories.life import ON, child_in
from tests.factories.risk import SignalFactory, as_of, contact, verdict
from tests.factories.stated import CircumstanceFactory, ScreeningFactory

BEGAN = add_months(ON, -5)  # the first month that was not paid
pytestmark = pytest.mark.django_db


def month(number, day=0):
    """Return a day in the so-manieth month since the bills were last paid."""
    return add_months(BEGAN, number) + timedelta(days=day)


def home(born):
    return HouseholdFactory(registered_on=ON - timedelta(days=1500), person_born=born)


def told(household, code, on, **fields):
    """A feed tells something three weeks after it was observed."""
    fields.setdefault("known_at", day_at(on + timedelta(days=21)))
    return SignalFactory(household=household, code_id=code, on=on, ago=0, **fields)


def unpaid(household, code, first, last):
    """A feed tells every second month how many months are unpaid."""
    for number in range(first, last + 1, 2):
        told(household, code, month(number), months=number)


def stated(household, kind, value, since, **fields):
    CircumstanceFactory(
        person=members_of(household)[0], kind=kind, value=value, since=since, known_at=day_at(since), **fields
    )


def bands(household):
    """Return the band at the end of each month, by what was known then."""
    return [verdict(household, as_of(month(number)))["band"] for number in range(1, 6)]


def high_before_month_five(household):
    return max(bands(household)[:4]) >= Band.HIGH


def at_most_watch(household):
    return max(bands(household)) <= Band.WATCH


# --- a mother and her child, 2019 ---


def mother_and_child():
    household = home(born=ON.replace(year=ON.year - 41))
    child_in(household)
    contact(household, month(0), 20, hour=10)
    return household


def test_a_divorced_mother_whose_benefit_ended_and_whose_bills_pile_up_is_high_in_time():
    household = mother_and_child()
    contact(household, month(1), 0, channel="phone", tags=["divorce"])
    told(household, "S41", month(0, 10))
    unpaid(household, "S11", 2, 5)
    unpaid(household, "S10", 2, 5)
    contact(household, month(3), 0, channel="phone", made=False, tags=["number_invalid"], people=())
    assert high_before_month_five(household)


def test_a_divorced_mother_who_found_work_and_pays_her_bills_is_at_most_watch():
    household = mother_and_child()
    contact(household, month(1), 0, channel="phone", tags=["divorce"])
    stated(household, "employment", "employed", month(0))
    told(household, "S41", month(0, 10))  # the benefit ended because she earns
    contact(household, month(3), 0)
    contact(household, month(4), 20)
    assert at_most_watch(household)


# --- a man of fifty who lived alone, 2021 ---


def man_alone():
    household = home(born=ON.replace(year=ON.year - 55))
    contact(household, month(0), 10)
    stated(household, "benefit", "receiving", month(-12), detail="livelihood")
    return household


def test_an_ill_man_alone_who_drinks_is_high_although_he_receives_benefits_and_is_visited():
    household = man_alone()
    told(household, "S30", month(0, 5))
    for number in range(1, 5):
        contact(household, month(number), 0, tags=["alcohol", "isolation"] if number == 2 else ())
    ScreeningFactory(person=members_of(household)[0], score=16, observed_on=month(2), known_at=day_at(month(2)))
    assert high_before_month_five(household)


def test_a_man_alone_with_an_old_illness_under_treatment_is_at_most_watch():
    household = man_alone()
    stated(household, "illness", "chronic", month(-40))
    for number in range(1, 5):
        contact(household, month(number), 0)
    ScreeningFactory(person=members_of(household)[0], score=4, observed_on=month(2), known_at=day_at(month(2)))
    assert at_most_watch(household)


# --- a woman who was called a model of settling in, 2022 ---


def settled_woman():
    household = home(born=ON.replace(year=ON.year - 48))
    contact(household, month(0), 25, channel="phone", tags=["declined"])
    return household


def test_a_well_settled_woman_whose_rent_is_unpaid_and_whose_door_stays_shut_is_high_in_time():
    household = settled_woman()
    unpaid(household, "S05", 2, 5)
    told(household, "S01", month(3), months=3)
    contact(household, month(3), -10, made=False, hour=19)
    contact(household, month(3), -20, made=False, hour=11)
    found = bands(household)
    assert high_before_month_five(household)
    assert found[4] >= Band.HIGH  # and nothing clears by silence


def test_a_well_settled_woman_who_wants_no_contact_and_pays_her_rent_is_at_most_watch():
    household = settled_woman()
    stated(household, "employment", "employed", month(-30))
    contact(household, month(3), 0, channel="phone", made=False, hour=14)
    assert at_most_watch(household)
