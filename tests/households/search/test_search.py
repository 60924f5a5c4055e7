"""Finding persons on file."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import NameKey, Person, PersonName, Phone
from households.search.lookup import search
from households.search.query import Match
from households.search.rebuild import rebuild_keys
from tests.households.search.roster import crowd, pairs, register

pytestmark = pytest.mark.django_db


def found(text, **options):
    return [person.pk for person in search(text, Person.objects.all(), **options)]


def test_98_of_100_ways_of_asking_find_the_person_in_a_crowd():
    asked = pairs()
    sought = sorted({(pair.family, pair.given) for pair in asked})
    people = dict(zip(sought, register(sought), strict=True))
    register(crowd(2_000))
    missed = [pair for pair in asked if people[pair.family, pair.given] not in found(pair.query, limit=2_000)]
    assert len(missed) <= 0.02 * len(asked), missed


def test_a_whole_name_is_on_the_first_page():
    asked = [pair for pair in pairs() if pair.way in ("full name", "spacing", "North and South", "common spelling")]
    sought = sorted({(pair.family, pair.given) for pair in asked})
    people = dict(zip(sought, register(sought), strict=True))
    register(crowd(2_000))
    assert [pair for pair in asked if people[pair.family, pair.given] not in found(pair.query)] == []


def test_the_exact_name_comes_first_and_says_how_it_fits():
    other, exact, near = register([("리", "영희"), ("이", "영희"), ("이", "영화")])
    result = search("이영희", Person.objects.all())
    assert [(person.pk, person.match) for person in result] == [
        (exact, Match.AS_WRITTEN),
        (other, Match.SAME_NAME),
        (near, Match.ONE_LETTER),
    ]


def test_kim_chol_su_does_not_bring_everybody():
    register(crowd(2_000))
    wanted = register([("김", "철수")])
    result = found("김철수", limit=2_000)
    assert result[0] in [*wanted, *NameKey.objects.filter(kind=1, key="김철수").values_list("person", flat=True)]
    assert len(result) <= 20


def test_a_former_name_finds_the_person():
    (person,) = register([("김", "하나")])
    PersonName.objects.create(person_id=person, kind=PersonName.Kind.FORMER, family="리", given="금주")
    rebuild_keys([person])
    assert found("이금주") == found("김하나") == [person]


def test_a_latin_name_finds_the_person():
    (person,) = register([("김", "하나")])
    PersonName.objects.create(person_id=person, kind=PersonName.Kind.LATIN, family="JIN", given="MEIHUA")
    rebuild_keys([person])
    assert found("Jin Mei-hua") == found("meihua jin") == [person]


@pytest.mark.parametrize("typed", ["{0}", "{1}", "{2}", "{3}"])
def test_a_case_number_finds_its_person_with_or_without_dashes_and_begun(typed):
    person = Person.objects.create(case_number="7QX4-1DTM-5")
    number = person.case_number
    assert found(typed.format(number, number.replace("-", ""), number.lower(), number[:7])) == [person.pk]


@pytest.mark.parametrize("typed", ["4821", "010-0000-4821", "01000004821", "+82 10 0000 4821", "0000-4821"])
def test_a_telephone_number_or_its_last_four_digits_find_the_person(typed):
    person, other = register([("김", "하나"), ("박", "은경")])
    Phone.objects.create(person_id=person, number="010-0000-4821")
    Phone.objects.create(person_id=other, number="010-0000-4822")
    assert found(typed) == [person]


def test_a_row_of_noughts_is_nobodys_number():
    (person,) = register([("김", "하나")])
    Phone.objects.create(person_id=person, number="010-0000-0000")
    assert found("0000000") == []
    assert found("0000") == [person], "the last four digits are asked for on purpose"


def test_what_was_found_by_its_initials_or_its_telephone_says_so():
    (person,) = register([("김", "철수")])
    Phone.objects.create(person_id=person, number="010-0000-4821")
    matches = [search(text, Person.objects.all())[0].match for text in ("ㄱㅊㅅ", "4821")]
    assert matches == [Match.INITIALS, Match.TELEPHONE]


def test_only_persons_that_may_be_seen_are_found():
    mine, strange = register([("김", "철수"), ("김", "철수")])
    Phone.objects.create(person_id=strange, number="010-0000-4821")
    caseload = Person.objects.filter(pk=mine)
    assert [person.pk for person in search("김철수", caseload)] == [mine]
    assert search("4821", caseload) == []


@pytest.mark.parametrize("typed", ["김철수", "ㄱㅊㅅ", "김ㅊㅅ", "Kim Chol Su", "1234", "7QX4", "철", ""])
def test_the_number_of_queries_does_not_grow(typed):
    for size in (2, 40):
        register(crowd(size))
        with CaptureQueriesContext(connection) as queries:
            search(typed, Person.objects.all())
        assert len(queries) <= 3


@pytest.mark.parametrize("typed", ["%", "_", "'", "\\", "김%", "(", "[가-", "\x01", "김(철"])
def test_signs_are_no_wildcards(typed):
    register([("박", "은경")])
    assert found(typed) == []


def test_keys_are_made_again_and_what_stays_is_not_touched():
    (person,) = register([("김", "하나")])
    before = set(NameKey.objects.values_list("pk", "key"))
    PersonName.objects.create(person_id=person, kind=PersonName.Kind.ALIAS, family="", given="순이")
    rebuild_keys([person])
    after = set(NameKey.objects.values_list("pk", "key"))
    assert before < after
    PersonName.objects.filter(given="순이").update(superseded_at="2026-01-01T00:00:00+09:00")
    rebuild_keys()
    assert set(NameKey.objects.values_list("pk", "key")) == before
