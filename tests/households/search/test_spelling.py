"""What the search box understands, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.search import jamo, romanise
from households.search.keys import KeyKind, keys_of
from households.search.query import Match, query_keys
from tests.households.search.roster import crowd, pairs

NAMES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=4)


def match_of(query, family, given, latin=""):
    """Return how well the stored keys of the name answer the query, None when not at all."""
    keys = keys_of(family, given, latin)
    fitting = (term.match for term in query_keys(query) for kind, key in keys if term.fits(kind, key))
    return min(fitting, default=None)


def test_the_list_has_150_different_pairs():
    assert len(set(pairs())) == 150


def test_every_way_of_asking_finds_at_least_98_percent():
    missed = [pair for pair in pairs() if match_of(pair.query, pair.family, pair.given) is None]
    assert len(missed) <= 0.02 * 150, missed


@pytest.mark.parametrize("query", ["김철수", "이영희", "Kim Cheolsu", "ㄱㅊㅅ", "최금란"])
def test_a_whole_name_brings_one_in_a_hundred_at_most(query):
    assert sum(match_of(query, *name) is not None for name in crowd(1_500)) <= 15


@pytest.mark.parametrize("query", ["", " ", "1234", "!?", "%", "_", "010-0000-1234", "7QX4-1DTM-5", "漢字"])
def test_what_is_no_name_asks_for_no_name(query):
    assert query_keys(query) == ()


@pytest.mark.parametrize(
    ("spelled", "folded"),
    [
        ("리영희", "이영희"),
        ("정리화", "정이화"),
        ("류", "유"),
        ("림", "임"),
        ("녀", "여"),
        ("로", "노"),
        ("례", "예"),
        ("라", "나"),
        ("니", "이"),
    ],
)
def test_north_and_south_spelling_fold_together(spelled, folded):
    assert jamo.fold(spelled) == folded == jamo.fold(folded)


def test_the_spelling_as_typed_comes_before_the_other_one():
    assert match_of("리영희", "리", "영희") == Match.AS_WRITTEN < match_of("리영희", "이", "영희") == Match.SAME_NAME


def test_an_exact_name_comes_before_a_beginning_and_that_before_a_slip():
    order = [match_of("김철", *name) for name in (("김", "철"), ("김", "철수"), ("김", "절"))]
    assert order == [Match.AS_WRITTEN, Match.BEGINNING, Match.ONE_LETTER]


def test_two_wrong_letters_are_another_name():
    assert match_of("김점수", "김", "철수") is None


@pytest.mark.parametrize("latin", ["KIM CHOL SU", "Chol-su Kim", "kim chŏl su"])
def test_a_latin_name_that_came_undivided_is_found_either_way_round(latin):
    assert match_of("Kim Cheolsu", "", "", latin) is not None
    assert match_of("김철수", "", "", latin) is None  # the register's Hangul name is there for that


def test_decomposed_text_is_the_same_text():
    assert match_of("김철수", "김", "철수") == Match.AS_WRITTEN


def test_the_keys_of_a_name_are_few():
    assert all(len(keys_of(*name)) <= 12 for name in crowd(500))
    assert (KeyKind.INITIALS, "ㄱㅊㅅ") in keys_of("김", "철수")


def test_no_name_has_no_keys():
    assert keys_of("", "") == set()


@given(NAMES)
def test_folding_twice_is_folding_once(name):
    assert jamo.fold(jamo.fold(name)) == jamo.fold(name)


@given(NAMES, st.data())
def test_one_changed_letter_is_always_found(name, data):
    at = data.draw(st.integers(0, len(name) - 1))
    letters = list(jamo.split(name[at]))
    place = data.draw(st.integers(0, 2))
    letters[place] = data.draw(st.integers(0, (18, 20, 27)[place]))
    typed = name[:at] + jamo.join(*letters) + name[at + 1 :]
    assert match_of(typed, name[:1], name[1:]) is not None


@given(NAMES)
def test_the_revised_romanisation_always_finds_the_name(name):
    family, given_name = name[:1], name[1:]
    latin = romanise.revised(family) + " " + "-".join(map(romanise.revised, given_name))
    assert match_of(latin, family, given_name) == Match.SAME_NAME


@given(st.text(max_size=200))
def test_nothing_typed_breaks_the_search_box(text):
    assert len(query_keys(text)) <= 10
