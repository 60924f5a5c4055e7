"""Korean particles follow the sound of the word before them."""

import pytest

from casework.particles import final_sound, with_particle


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("정금주", "이/가", "정금주가"),
        ("서지훈", "이/가", "서지훈이"),
        ("정금주", "은/는", "정금주는"),
        ("강성국", "을/를", "강성국을"),
        ("오춘화", "와/과", "오춘화와"),
        ("강성국", "와/과", "강성국과"),
        ("남동구", "(으)로", "남동구로"),
        ("서울", "(으)로", "서울로"),
        ("인천", "(으)로", "인천으로"),
    ],
)
def test_a_particle_fits_the_last_syllable(word, pair, expected):
    assert with_particle(word, pair) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("3", "3이"),
        ("2", "2가"),
        ("10", "10이"),
        ("2026. 3.", "2026. 3.이"),
        ("7", "7이"),
        ("612,000원", "612,000원이"),
    ],
)
def test_a_number_is_read_aloud_in_korean(word, expected):
    assert with_particle(word, "이/가") == expected


def test_seven_and_eight_end_in_rieul_and_take_ro():
    assert with_particle("7", "(으)로") == "7로"
    assert with_particle("6", "(으)로") == "6으로"


def test_a_remark_in_brackets_and_closing_quotes_are_not_read():
    assert with_particle("인천하나센터(인천)", "이/가") == "인천하나센터(인천)가"
    assert with_particle("‘끼니·난방 없음’", "이/가") == "‘끼니·난방 없음’이"


@pytest.mark.parametrize(
    ("word", "sound"), [("Kim", "ㅁ"), ("Lee", ""), ("KT", ""), ("XLSX", ""), ("", ""), ("Jang", "ㅇ")]
)
def test_latin_words_and_letters(word, sound):
    assert final_sound(word) == sound


def test_an_unknown_pair_is_an_error_and_not_a_wrong_sentence():
    with pytest.raises(KeyError):
        with_particle("정금주", "이런/저런")
