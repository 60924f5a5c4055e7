"""Who may be on file already."""

from datetime import date

import pytest

from households.models import Hometown, Particulars, Person, Phone
from households.search.likeness import Reason, similar
from tests.households.search.roster import register

pytestmark = pytest.mark.django_db
BORN, ENTERED = date(1984, 3, 7), date(2019, 6, 1)


def on_file(family, given, phone="", **facts):
    (person,) = register([(family, given)])
    Particulars.objects.create(person_id=person, **{"birth_on": BORN, "sex": "F", "entered_on": ENTERED, **facts})
    if phone:
        Phone.objects.create(person_id=person, number=phone)
    return person


def reasons(family, given, **known):
    found = similar(family, given, persons=Person.objects.all(), **known)
    return [(likeness.person_id, set(likeness.reasons)) for likeness in found]


def test_the_other_spelling_with_the_same_birth_date_is_warned_of_with_both_reasons():
    person = on_file("리", "영희")
    assert reasons("이", "영희", birth_on=BORN) == [(person, {Reason.OTHER_SPELLING, Reason.SAME_BIRTH})]


def test_a_slip_in_the_name_and_exchanged_day_and_month_are_warned_of():
    person = on_file("최", "금란")
    assert reasons("최", "금남", birth_on=date(1984, 7, 3)) == [(person, {Reason.ONE_LETTER, Reason.SWAPPED_BIRTH})]


def test_a_changed_name_is_recognised_by_birth_and_entry():
    person = on_file("김", "하나")
    assert reasons("박", "은경", birth_on=BORN, entered_on=ENTERED) == [
        (person, {Reason.SAME_BIRTH, Reason.SAME_ENTRY})
    ]


def test_a_birth_year_is_enough_beside_the_name_when_no_more_is_known():
    person = on_file("리", "영희", birth_on=date(1984, 1, 1), birth_precision="year")
    assert reasons("리", "영희", birth_on=BORN) == [(person, {Reason.SAME_NAME, Reason.CLOSE_BIRTH})]


def test_a_latin_name_is_compared_with_a_hangul_name():
    person = on_file("리", "영희")
    assert reasons("Lee", "Young-hee", birth_on=BORN) == [(person, {Reason.OTHER_SPELLING, Reason.SAME_BIRTH})]


def test_a_shared_telephone_alone_is_no_reason():
    on_file("김", "하나", phone="010-0000-4821")
    assert reasons("박", "은경", birth_on=date(1990, 1, 1), phone="01000004821") == []


def test_a_telephone_speaks_beside_a_name():
    person = on_file("김", "하나", phone="010-0000-4821", birth_on=None)
    assert reasons("김", "하나", phone="01000004821") == [(person, {Reason.SAME_NAME, Reason.SAME_PHONE})]


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"birth_on": date(1990, 1, 1)},
        {"birth_on": date(1984, 11, 30)},
    ],
)
def test_a_common_name_alone_is_no_reason(known):
    on_file("김", "영희")
    assert reasons("김", "영희", **known) == []


def test_sisters_who_came_on_one_day_are_not_one_person():
    on_file("김", "영희")
    assert reasons("김", "영화", birth_on=date(1987, 9, 2), entered_on=ENTERED) == []


def test_a_man_is_not_the_woman_of_a_like_name():
    on_file("김", "영희")
    assert reasons("김", "영히", birth_on=BORN, sex="M") == []


def test_the_likeliest_comes_first():
    on_file("이", "금옥")
    same = on_file("리", "영희")
    assert reasons("리", "영희", birth_on=BORN, entered_on=ENTERED)[0][0] == same


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("ryanggang", "ryanggang", {Reason.SAME_HOME}),
        ("ryanggang", "rason", {Reason.OTHER_HOME}),
        ("ryanggang", "unknown", set()),
        ("unknown", "unknown", set()),
        ("", "rason", set()),
        ("ryanggang", "", set()),
    ],
)
def test_the_home_province_is_a_reason_beside_others(here, there, said):
    person = on_file("리", "영희")
    if there:
        Hometown.objects.create(person_id=person, province=there)
    known = {"birth_on": BORN, "home_province": here}
    assert reasons("리", "영희", **known) == [(person, {Reason.SAME_NAME, Reason.SAME_BIRTH} | said)]


def test_the_home_province_warns_of_nobody_by_itself_and_takes_no_warning_away():
    alone = on_file("김", "하나")
    Hometown.objects.create(person_id=alone, province="ryanggang")
    assert reasons("김", "하나", home_province="ryanggang") == []
    nearly = {"birth_on": None, "phone": "01000004821", "home_province": "rason"}
    Phone.objects.create(person_id=alone, number="010-0000-4821")
    assert reasons("김", "하나", **nearly) == [(alone, {Reason.SAME_NAME, Reason.SAME_PHONE, Reason.OTHER_HOME})]
