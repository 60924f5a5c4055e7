"""Who asked not to be contacted has spoken, for the own person: nobody silences others where a violence marker is."""

from datetime import date, timedelta

import pytest

from households.models import ContactPreference
from tests.factories import HouseholdFactory, PersonFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of, system
from tests.factories.risk import SignalFactory, as_of, contact, verdict

ON = date(2025, 11, 19)
LONG = ON - timedelta(days=900)
VIOLENCE = 800
pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """Husband, wife and child; both adults were spoken with 60 days ago, then four attempts met nobody."""
    household = HouseholdFactory(registered_on=LONG, members=2)
    PersonFactory(household=household, role="child", born=date(2014, 3, 3), registered_on=LONG)
    contact(household, ON, 60, people=members_of(household)[:2])
    for ago in (40, 38, 37, 33):
        contact(household, ON, ago, made=False, hour=20)
    return household


def violent(home):
    """So long ago that the band has come down, and the marker stands."""
    contact(home, ON, VIOLENCE, tags=("violence",), people=members_of(home)[:2])


def wish(person, ago=30, *, wants_no_contact=True):
    said = ON - timedelta(days=ago)
    return ContactPreference.objects.create(
        person=person,
        wants_no_contact=wants_no_contact,
        stated_on=said,
        known_at=day_at(said),
        recorded_by=system(),
    )


def fails(home):
    return "R-CON-FAIL" in verdict(home, as_of(ON))["rules"]


def declines(home):
    """Whether the last word heard is that no contact is wanted: with arrears that is said."""
    hit = verdict(home, as_of(ON))["rules"].get("R-CON-GAP")
    return bool(hit and hit["evidence"]["variant"] == "declined")


@pytest.fixture
def in_arrears(home):
    SignalFactory(household=home, code_id="S01", months=4, on=ON)
    return home


def test_without_violence_one_adult_speaks_for_the_household(home):
    assert fails(home)
    wish(members_of(home)[1])
    assert not fails(home)


def test_a_childs_wish_ends_nothing(home):
    wish(members_of(home)[2])
    assert fails(home)


def test_nor_does_that_of_a_child_who_heads_a_household():
    alone = HouseholdFactory(registered_on=LONG, person_born=date(2010, 3, 3))
    contact(alone, ON, 60)
    for ago in (40, 38, 37):
        contact(alone, ON, ago, made=False, hour=20)
    wish(members_of(alone)[0])
    assert fails(alone)


def test_where_violence_is_one_member_does_not_silence_the_other(home):
    violent(home)
    wish(members_of(home)[0])
    assert fails(home)
    wish(members_of(home)[1], 20)
    assert not fails(home), "everybody who answers has asked for it; the child is not asked"


def test_where_violence_is_the_earliest_last_word_ends_the_run(home):
    violent(home)
    wish(members_of(home)[0], 20)
    wish(members_of(home)[1], 39)
    assert fails(home), "three of the four attempts lie after the wish of the one"
    contact(home, ON, 32, people=members_of(home)[1:2])
    assert not fails(home)


def test_who_takes_the_wish_back_has_not_refused(home):
    violent(home)
    for person in members_of(home)[:2]:
        wish(person, 32)
    assert not fails(home)
    wish(members_of(home)[1], 31, wants_no_contact=False)
    assert fails(home)


def test_a_talk_in_which_contact_was_declined_counts_for_who_was_spoken_with(in_arrears):
    violent(in_arrears)
    head, wife, _child = members_of(in_arrears)
    contact(in_arrears, ON, 30, tags=["declined"], people=[head])
    assert not declines(in_arrears), "only one of them"
    contact(in_arrears, ON, 29, tags=["declined"], people=[wife])
    assert declines(in_arrears)
    contact(in_arrears, ON, 20, people=[head])
    assert not declines(in_arrears), "he spoke after all"


def test_where_violence_is_a_talk_with_both_or_with_nobody_named_is_nobodys_wish(in_arrears):
    violent(in_arrears)
    contact(in_arrears, ON, 30, tags=["declined"], people=members_of(in_arrears)[:2])
    contact(in_arrears, ON, 29, tags=["declined"], people=[])
    assert not declines(in_arrears)


@pytest.mark.parametrize(("people", "heard"), [((0,), True), ((0, 1), True), ((), True), ((2,), False)])
def test_without_violence_it_is_the_households_unless_only_a_child_was_spoken_with(in_arrears, people, heard):
    members = members_of(in_arrears)
    contact(in_arrears, ON, 30, tags=["declined"], people=[members[place] for place in people])
    assert declines(in_arrears) is heard


def test_who_moved_out_speaks_for_nobody(in_arrears):
    gone = PersonFactory(registered_on=LONG)
    contact(in_arrears, ON, 30, tags=["declined"], people=[gone])
    assert not declines(in_arrears)


def test_an_attempt_at_which_others_said_so_is_no_wish(in_arrears):
    contact(in_arrears, ON, 30, made=False, tags=["declined"])
    assert not declines(in_arrears)
