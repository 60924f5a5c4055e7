"""Reference data stands after `migrate`, is complete, and is loaded again without a change."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.agencies.districts import district_lookup, parse_district
from casework.agencies.models import Agency, District, Jurisdiction, Kind, User
from casework.agencies.reference import load_reference
from casework.clock import Holiday

pytestmark = pytest.mark.django_db
COUNTED = (District, Agency, Jurisdiction, Holiday, User)


def sigungu():
    return District.objects.filter(kind=District.Kind.SIGUNGU)


def covering(district, kind):
    return [j.agency.name_ko for j in Jurisdiction.objects.filter(district=parse_district(district), agency__kind=kind)]


def test_there_are_17_provinces_and_226_local_governments_with_sejong_and_the_two_cities_of_jeju():
    assert District.objects.filter(kind=District.Kind.SIDO).count() == 17
    assert sigungu().count() == 226 + 3
    parts = Counter(sigungu().values_list("parent__short", flat=True))
    expected = {"서울": 25, "경기": 31, "대구": 9, "인천": 10, "세종": 1, "제주": 2}
    assert {short: parts[short] for short in expected} == expected


def test_a_code_begins_with_the_code_of_its_province_and_no_province_has_two_of_a_name():
    assert all(district.code.startswith(district.parent.code) for district in sigungu().select_related("parent"))
    assert len(set(sigungu().values_list("parent", "name"))) == 229


def test_there_are_25_hana_centers_all_marked_unofficial():
    centres = Agency.objects.centres()
    assert centres.count() == 25
    assert centres.filter(unofficial=True, parent__name_ko="통일부").count() == 25


@pytest.mark.parametrize(
    "kind", [Kind.HANA_CENTER, Kind.CITY, Kind.PROVINCE, Kind.JOB_CENTRE, Kind.EDUCATION_OFFICE, Kind.MENTAL_HEALTH]
)
def test_every_district_has_exactly_one_agency_of_each_kind_that_covers_it(kind):
    covered = Jurisdiction.objects.filter(agency__kind=kind).values_list("district", flat=True)
    assert sorted(covered) == sorted(sigungu().values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("district", "centre"),
    [
        ("세종", "충남하나센터"),
        ("경북 경산시", "대구하나센터"),
        ("대구 군위군", "대구하나센터"),
        ("경기 김포시", "경기서북부하나센터"),
        ("서울 노원구", "서울북부하나센터"),
        ("강원 고성군", "강원북부하나센터"),
        ("경남 고성군", "경남하나센터"),
    ],
)
def test_a_district_has_the_centre_that_practice_names(district, centre):
    assert covering(district, Kind.HANA_CENTER) == [centre]


def test_the_office_of_a_district_is_named_as_people_say_it():
    assert covering("인천 남동구", Kind.CITY) == ["인천 남동구청"]
    assert covering("세종", Kind.CITY) == ["세종시청"]


def test_every_agency_has_a_group_of_its_own_to_share_with():
    assert not Agency.objects.filter(group=None).exists()


def test_the_system_user_cannot_log_in():
    system = User.objects.system()
    assert not system.is_active
    assert not system.has_usable_password()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("서울 관악구", "11620"),
        ("서울특별시 관악구", "11620"),
        ("서울시 관악구", "11620"),
        (" 서울특별시관악구 ", "11620"),
        ("서울\u3000관악구", "11620"),
        ("광주 동구", "29110"),
        ("경기 광주시", "41610"),
        ("세종", "36110"),
        ("세종시", "36110"),
        ("세종특별자치시", "36110"),
        ("세종특별자치시 세종시", "36110"),
        ("강원도 춘천시", "51110"),
        ("강원특별자치도 춘천시", "51110"),
        ("전라북도 전주시", "52110"),
        ("제주 서귀포시", "50130"),
        ("인천 남구", "28177"),
        ("경상북도 군위군", "27720"),
    ],
)
def test_a_district_is_read_short_in_full_and_by_its_older_name(text, code):
    assert parse_district(text).code == code


@pytest.mark.parametrize("text", ["", None, "관악구", "서울", "부산 관악구", "서울 관악", "경기시 수원시"])
def test_what_names_no_district_is_none(text):
    assert parse_district(text) is None


def test_many_rows_are_read_with_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        lookup = district_lookup()
        assert all(parse_district(text, lookup) for text in ["서울 관악구", "세종", "제주 제주시"] * 100)


def test_loading_again_changes_nothing_and_takes_no_query_per_row():
    before = [list(model.objects.order_by("pk").values()) for model in COUNTED]
    with CaptureQueriesContext(connection) as queries:
        load_reference(using="default")
    assert [list(model.objects.order_by("pk").values()) for model in COUNTED] == before
    assert len(queries) <= 20


def test_a_jurisdiction_that_an_administrator_moved_stays_moved():
    row = Jurisdiction.objects.get(district=parse_district("서울 관악구"), agency__kind=Kind.HANA_CENTER)
    row.agency = Agency.objects.get(name_ko="서울서부하나센터")
    row.save()
    load_reference(using="default")
    assert covering("서울 관악구", Kind.HANA_CENTER) == ["서울서부하나센터"]
