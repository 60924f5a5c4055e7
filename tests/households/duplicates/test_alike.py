"""Which records are told of as perhaps of one person, for which reasons, and which not."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.facts import supersede
from households import actions as register
from households.duplicates import actions
from households.duplicates.alike import LISTED_FROM, pair_of, pairs_of
from households.models import Person
from tests.factories import HouseholdFactory
from tests.factories.households import PersonFactory, members_of
from tests.factories.links import BORN, known_of, linked, twins

pytestmark = pytest.mark.django_db


def found(user):
    return {(pair.one, pair.two): set(pair.reasons) for pair in pairs_of(Person.objects.kept_by(user))}


def key(one, two):
    return tuple(sorted((one.pk, two.pk)))


def test_the_northern_and_the_southern_spelling_and_one_birthday_are_a_pair(kim):
    one, two = twins(kim)
    assert found(kim) == {key(one, two): {"other_spelling", "same_birth"}}
    assert pair_of(two.pk, one.pk).points >= LISTED_FROM


def test_exchanged_day_and_month_and_one_wrong_letter_are_told_of(kim):
    swapped = twins(kim, names=("김철수", "김철수"), born=(date(1970, 3, 9), date(1970, 9, 3)))
    letter = twins(kim, names=("박금옥", "박금욱"), born=(BORN, BORN))
    twins(kim, names=("조명화", "조명철"), born=(date(1990, 1, 1), date(1990, 1, 1)))  # one syllable, two letters
    assert found(kim) == {key(*swapped): {"same_name", "swapped_birth"}, key(*letter): {"one_letter", "same_birth"}}


def test_a_common_name_alone_or_one_birthday_alone_is_no_pair(kim):
    twins(kim, names=("김철수", "김철수"), born=(date(1970, 3, 9), date(1981, 1, 2)))
    twins(kim, names=("오서진", "한가람"))
    assert found(kim) == {}


def test_less_is_known_of_a_birth_so_entry_speaks_too(kim):
    one, two = twins(kim, names=("문가영", "문가영"), born=(date(1984, 7, 19), date(1984, 7, 1)))
    supersede(known_of(one), by=None, entered_on=date(2019, 5, 20))
    supersede(known_of(two), by=None, birth_precision="month", entered_on=date(2019, 5, 3))
    assert found(kim) == {key(one, two): {"same_name", "close_birth", "same_cohort"}}


def test_a_man_and_a_woman_of_one_name_and_birthday_are_no_pair(kim):
    _one, two = twins(kim, names=("이영희", "이영희"))
    supersede(known_of(two), by=None, sex="M")
    assert found(kim) == {}


def test_what_is_linked_or_proposed_is_not_told_of_again(kim, boss):
    one, two = twins(kim)
    made = linked(one, two, by=kim, second=boss)
    assert found(kim) == {}
    actions.undo(made, reason="다른 분", by=boss, now=timezone.now())
    assert key(one, two) in found(kim)


def test_two_people_are_not_shown_again_until_one_of_the_records_changes(kim):
    one, two = twins(kim)
    actions.keep_apart(one, two, reason="자매로 확인함", by=kim, now=timezone.now())
    assert found(kim) == {}
    register.change_phone(two, number="010-0000-7777", on=timezone.localdate(), by=kim)
    assert key(one, two) in found(kim)


def test_a_latin_name_is_heard_as_the_hangul_one(kim):
    one = members_of(HouseholdFactory(worker=kim, members=["김명숙"], person_born=BORN))[0]
    home = HouseholdFactory(worker=kim, members=0)
    two = PersonFactory(household=home, name="", latin="Kim Myongsuk", born=BORN)
    assert found(kim) in ({key(one, two): {"other_spelling", "same_birth"}}, {})


def test_nobody_is_compared_for_somebody_elses_sake(kim, stranger):
    twins(stranger)
    assert found(kim) == {}


def test_another_agencys_person_makes_a_pair_with_ours(kim, stranger):
    one, two = twins(kim, other=stranger)
    assert key(one, two) in found(kim)


def test_any_number_of_people_is_one_question(kim):
    twins(kim)
    with CaptureQueriesContext(connection) as few:
        pairs_of(Person.objects.kept_by(kim))
    for place in range(9):
        twins(kim, born=(date(1960 + place, 2, 3),) * 2)
    with CaptureQueriesContext(connection) as many:
        assert len(pairs_of(Person.objects.kept_by(kim))) == 10
    assert len(few) == len(many) == 1
