"""Numbers that survive a telephone: every single slip and every swap of neighbours is noticed."""

import random

from hypothesis import given
from hypothesis import strategies as st

from casework.numbers import (
    ALPHABET,
    HOUSEHOLD_GROUPS,
    PERSON_GROUPS,
    is_number,
    make_number,
    plain,
    read_number,
    unused_numbers,
)

numbers = st.integers().map(lambda seed: make_number(PERSON_GROUPS, random.Random(seed)))


def test_a_number_looks_as_it_is_written_on_the_page():
    number = make_number(HOUSEHOLD_GROUPS)
    assert [len(part) for part in number.split("-")] == [3, 3, 1]
    assert is_number(number.lower().replace("-", " "), HOUSEHOLD_GROUPS)


def test_a_number_is_read_however_it_was_typed():
    number = make_number(PERSON_GROUPS)
    for typed in (number, number.lower(), number.replace("-", ""), f" {number.replace('-', ' ')} "):
        assert read_number(typed, PERSON_GROUPS) == number
    assert read_number(number, HOUSEHOLD_GROUPS) is None


def test_no_vowel_and_no_look_alike_is_in_the_alphabet():
    assert not set("AEIOUYLSZ") & set(ALPHABET) - {"Y"}


@given(numbers, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number, place, char):
    raw = plain(number)
    wrong = raw[:place] + char + raw[place + 1 :]
    assert is_number(wrong, PERSON_GROUPS) == (wrong == raw)


def test_many_numbers_at_once_never_meet():
    made = list(unused_numbers(500, (1, 1), taken={"00-0"}))
    assert len(set(made)) == 500
