"""The register that comes in a file, and the later file that says what changed."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import User
from casework.clock import five_years_from
from casework.imports.models import Batch
from casework.imports.running import run
from casework.touched import Touched
from households.imports.stated import FIVE_YEARS
from households.models import (
    Assignment,
    Dwelling,
    Household,
    Membership,
    NameKey,
    Particulars,
    Person,
    PersonName,
    Phone,
    ProtectionDecision,
    ProtectionPeriod,
    Residence,
    Responsibility,
)
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.imports import PERSON, bring, counts, csv_of, why

pytestmark = pytest.mark.django_db
OPEN = DateRange(None, None, "()")
DAY = date(2026, 3, 1)


def row(**changes):
    return {**PERSON, **changes}


def spouse(**changes):
    return row(**{"person_ref": "P-2", "household_role": "spouse", "given_name": "철수", "sex": "M", **changes})


def person(ref="P-1"):
    return Person.objects.get(register_ref=ref)


def test_a_first_row_states_everything_from_an_open_lower_bound():
    centre, worker = CentreFactory(name_ko="관악 하나센터", covers=["서울 관악구"]), UserFactory(username="kim")
    batch = bring(
        "register",
        [
            row(
                center="관악하나센터",
                phone="010-0000-1111",
                latin_name="RI Yonghui",
                caseworker="kim",
                assigned_on="2025-01-02",
            )
        ],
    )
    who, house = person(), Household.objects.get(register_ref="H-1")
    assert (counts(batch), batch.warnings) == ((1, 0, 0, 0), [])
    assert PersonName.objects.get(person=who, kind="hangul").during == OPEN
    assert PersonName.objects.get(person=who, kind="latin").given == "RI Yonghui"
    assert Membership.objects.get(person=who, household=house, role="head").during == OPEN
    assert Dwelling.objects.get(household=house).district.name == "관악구"
    assert Responsibility.objects.get(household=house).center == centre
    assert Residence.objects.get(person=who).status == "resident"
    assert ProtectionDecision.objects.get(person=who).decision == "none"
    assert Phone.objects.get(person=who).number == "010-0000-1111"
    main = Assignment.objects.get(household=house)
    assert (main.worker, main.kind, main.during) == (worker, "main", DateRange(date(2025, 1, 2), None))
    assert NameKey.objects.filter(person=who, key="이영희").exists()
    assert Touched.objects.filter(household_id=house.pk).exists()


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("1980-05-03", date(1980, 5, 3), "day"),
        ("1980-05", date(1980, 5, 1), "month"),
        ("1980", date(1980, 1, 1), "year"),
    ],
)
def test_a_birth_date_may_be_known_to_the_day_the_month_or_the_year(text, day, precision):
    bring("register", [row(birth_date=text)])
    found = Particulars.objects.get()
    assert (found.birth_on, found.birth_precision) == (day, precision)


def test_the_same_file_twice_changes_nothing():
    rows = [row(moved_in_on="2022-03-15", protection_decision="protected", phone="010-0000-1"), spouse()]
    bring("register", rows)
    Touched.objects.all().delete()
    assert counts(bring("register", rows, known_at=datetime(2026, 1, 1, tzinfo=UTC))) == (0, 2, 0, 0)
    assert counts(bring("register", rows, effective_on=DAY)) == (0, 2, 0, 0)
    assert (Person.objects.count(), PersonName.objects.count(), ProtectionPeriod.objects.count()) == (2, 2, 1)
    assert not Touched.objects.exists()


def test_a_row_that_differs_without_a_day_is_a_correction():
    bring("register", [row()])
    assert counts(bring("register", [row(district="부산광역시 해운대구", birth_date="1981")])) == (1, 0, 1, 0)
    old, new = Dwelling.objects.order_by("id")
    assert (old.fact_id, old.superseded_at) == (new.fact_id, new.known_at)
    assert (new.district.name, new.during) == ("해운대구", OPEN)
    assert Particulars.objects.current().get().birth_precision == "year"


def test_a_row_that_differs_with_a_day_closes_the_old_fact_and_appends_a_new_one():
    bring("register", [row()])
    bring("register", [row(district="부산 해운대구", residence_status="emigrated")], effective_on=DAY)
    closed, new = Dwelling.objects.current().order_by("id")
    assert (closed.district.name, closed.during) == ("관악구", DateRange(None, DAY, "()"))
    assert (new.district.name, new.during) == ("해운대구", DateRange(DAY, None))
    assert closed.fact_id != new.fact_id
    assert Residence.objects.current().during(DAY).get().status == "emigrated"
    assert Residence.objects.current().during(DAY - timedelta(days=1)).get().status == "resident"


def test_a_change_on_the_same_day_again_is_a_correction_of_that_change():
    bring("register", [row()])
    bring("register", [row(district="부산 해운대구")], effective_on=DAY)
    bring("register", [row(district="부산 사하구")], effective_on=DAY)
    assert [d.district.name for d in Dwelling.objects.current().order_by("during")] == ["관악구", "사하구"]


def test_a_person_who_moves_leaves_one_household_and_both_are_touched():
    bring("register", [row(), spouse(), row(person_ref="P-3", household_ref="H-2")])
    Touched.objects.all().delete()
    bring("register", [spouse(household_ref="H-2", household_role="other")], effective_on=DAY)
    assert Membership.objects.current().during(DAY).get(person=person("P-2")).household.register_ref == "H-2"
    touched = set(Touched.objects.values_list("household_id", flat=True))
    assert touched == set(Household.objects.values_list("pk", flat=True))


def test_two_members_change_places_as_head_on_a_day():
    bring("register", [row(), spouse()])
    batch = bring("register", [row(household_role="spouse"), spouse(household_role="head")], effective_on=DAY)
    assert counts(batch) == (2, 0, 2, 0)
    assert Membership.objects.current().during(DAY).get(role="head").person == person("P-2")


def test_an_empty_cell_says_nothing():
    bring("register", [row(phone="010-0000-1111", moved_in_on="2022-03-15")])
    assert counts(bring("register", [row()])) == (0, 1, 0, 0)
    assert Phone.objects.current().get().number == "010-0000-1111"


def test_moved_in_with_protection_opens_the_five_years():
    bring("register", [row(moved_in_on="2022-03-15", protection_decision="protected")])
    period = ProtectionPeriod.objects.get()
    assert (period.during, period.basis) == (DateRange(date(2022, 3, 15), date(2027, 3, 15)), "residence")


def test_the_five_years_of_the_database_are_those_of_the_clock():
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(366 * 5)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FIVE_YEARS.format('d')} FROM unnest(%s::date[]) d", [days])
        for day, (found,) in zip(days, cursor.fetchall(), strict=True):
            assert (found.lower, found.upper - timedelta(days=1)) == five_years_from(day)


def test_a_corrected_move_in_moves_the_period_and_a_corrected_decision_takes_it_back():
    bring("register", [row(moved_in_on="2022-03-15", protection_decision="protected")])
    bring("register", [row(moved_in_on="2022-04-15", protection_decision="protected")])
    assert ProtectionPeriod.objects.current().get().during.lower == date(2022, 4, 15)
    bring("register", [row(moved_in_on="2022-04-15", protection_decision="non_protected")])
    assert not ProtectionPeriod.objects.current().exists()


def test_a_decision_that_changes_on_a_day_ends_the_period_there_and_it_stays_ended():
    bring("register", [row(moved_in_on="2022-03-15", protection_decision="protected")])
    later = row(moved_in_on="2022-03-15", protection_decision="non_protected")
    bring("register", [later], effective_on=DAY)
    bring("register", [later])
    assert ProtectionPeriod.objects.current().get().during == DateRange(date(2022, 3, 15), DAY)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"household_role": "boss"}, "household_role", "not_one_of"),
        ({"sex": "X"}, "sex", "not_one_of"),
        ({"district": "서울 없는구"}, "district", "unknown_district"),
        ({"center": "없는하나센터"}, "center", "unknown_center"),
        ({"caseworker": "nobody"}, "caseworker", "unknown_worker"),
        ({"birth_date": "1980-13"}, "birth_date", "not_a_birth"),
        ({"birth_date": "2999"}, "birth_date", "future"),
        ({"moved_in_on": "2022-02-30"}, "moved_in_on", "not_a_day"),
        ({"entered_on": "1970-01-01"}, "entered_on", "before_birth"),
        ({"family_name": ""}, "family_name", "required"),
        ({"given_name": "=A1"}, "given_name", "formula"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_others_are_loaded(changes, field, code):
    batch = bring(
        "register", [{**row(caseworker=""), **changes}, row(person_ref="P-2", household_ref="H-2", caseworker="")]
    )
    assert (1, field, code) in why(batch)
    assert counts(batch)[0] == 1


def test_a_household_with_two_heads_keeps_the_first_and_refuses_the_second():
    batch = bring("register", [row(), row(person_ref="P-2", given_name="둘")])
    assert why(batch) == [(2, "household_role", "two_heads")]
    assert batch.refused.get().faults[0]["params"]["first"] == 1


def test_a_new_head_beside_the_one_on_the_register_is_refused():
    bring("register", [row()])
    assert why(bring("register", [spouse(household_role="head")])) == [(1, "household_role", "head_stands")]


def test_a_person_twice_in_a_file_with_other_content_is_refused_the_second_time():
    batch = bring("register", [row(), row(given_name="다른"), row()])
    assert (counts(batch), why(batch)[0]) == ((1, 1, 0, 1), (2, "person_ref", "person_twice"))


def test_members_of_one_household_must_live_in_one_district():
    assert why(bring("register", [row(), spouse(district="부산 해운대구")])) == [(2, "district", "disagrees")]


def test_a_centre_that_does_not_cover_the_district_is_a_warning_and_no_refusal():
    CentreFactory(name_ko="먼 하나센터", covers=["부산 해운대구"])
    batch = bring("register", [row(center="먼 하나센터")])
    assert counts(batch) == (1, 0, 0, 0)
    assert batch.warnings[0]["code"] == "not_covering"


def test_a_failure_half_way_leaves_nothing():
    def lose_the_line(phase, done, expected):
        if (phase, done) == ("write", 2):
            raise ConnectionError

    batch = Batch.objects.create(kind="register", brought_by=User.objects.system(), state="running")
    with pytest.raises(ConnectionError):
        run(batch, io.BytesIO(csv_of(row(), spouse())), tell=lose_the_line)
    assert (Person.objects.count(), PersonName.objects.count(), Touched.objects.count()) == (0, 0, 0)


def test_a_dry_run_says_what_would_come_and_changes_nothing():
    batch = bring("register", [row(), spouse(sex="X")], dry_run=True)
    assert (counts(batch), batch.state) == ((1, 0, 0, 1), "done")
    assert (Person.objects.count(), Touched.objects.count()) == (0, 0)


def test_a_user_s_file_cannot_reach_into_another_centre():
    house = HouseholdFactory(register_ref="H-1", members=1)
    boss = UserFactory(agency=CentreFactory(name_ko="내 하나센터"), role="supervisor")
    batch = bring(
        "register",
        [
            row(household_role="other"),
            row(person_ref="P-2", household_ref="H-2"),
            row(person_ref="P-3", household_ref="H-3", center="서울남부하나센터"),
        ],
        by=boss,
    )
    assert why(batch) == [(1, "household_ref", "elsewhere"), (3, "center", "not_yours")]
    assert Membership.objects.filter(household=house).count() == 1
    assert Responsibility.objects.get(household__register_ref="H-2").center == boss.agency
