"""A register that is sent again does not take back what people put right on screen since."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework.clock import seoul_day
from casework.facts import supersede
from households import actions
from households.models import (
    Dwelling,
    Household,
    Membership,
    Particulars,
    Person,
    PersonName,
    Phone,
    ProtectionPeriod,
    Residence,
    Stated,
)
from tests.factories import UserFactory, district
from tests.factories.imports import PERSON, bring, counts

pytestmark = pytest.mark.django_db
YESTERDAY = seoul_day(timezone.now()) - timedelta(days=1)
SPOUSE = {**PERSON, "person_ref": "P-2", "household_role": "spouse", "given_name": "철수", "sex": "M"}
HEAD = {**PERSON, "phone": "010-0000-1111", "moved_in_on": "2024-03-15", "protection_decision": "protected"}
FILE = [HEAD, SPOUSE]


@pytest.fixture
def people():
    """Two people of a first file, whose name, telephone, head and home were put right on screen afterwards."""
    bring("register", FILE, source="하나원")
    by = UserFactory()
    head, spouse = Person.objects.order_by("register_ref")
    house = Household.objects.get()
    actions.change_name(head, family="이", given="영희", on=YESTERDAY, by=by)
    actions.change_phone(head, number="010-0000-2222", on=YESTERDAY, by=by)
    actions.change_district(house, district=district("경기 부천시"), town="중동", on=YESTERDAY, by=by)
    actions.change_head(house, to=spouse, on=YESTERDAY, by=by)
    return head, spouse


def standing():
    """What stands today: the name, telephone and role of the head of the file, and the district of the home."""
    today = seoul_day(timezone.now())

    def now(model, **which):
        return model.objects.current().during(today).get(**which)

    return (
        str(now(PersonName, kind="hangul", person__register_ref="P-1")),
        now(Phone).number,
        now(Membership, person__register_ref="P-1").role,
        now(Dwelling).district.name,
    )


def test_the_file_of_before_changes_nothing_whatever_was_put_right_since(people):
    right = standing()
    assert right == ("이영희", "010-0000-2222", "other", "부천시")
    assert counts(bring("register", FILE, source="하나원")) == (0, 2, 0, 0)
    assert counts(bring("register", FILE, source="하나원", effective_on=YESTERDAY)) == (0, 2, 0, 0)
    assert standing() == right


def test_of_a_row_that_differs_only_what_differs_is_told(people):
    later = [{**HEAD, "residence_status": "unknown"}, {**SPOUSE, "latin_name": "KIM Cheolsu"}]
    assert counts(bring("register", later, source="하나원")) == (2, 0, 1, 0)
    assert standing() == ("이영희", "010-0000-2222", "other", "부천시")
    assert Residence.objects.current().get(person=people[0]).status == "unknown"
    assert PersonName.objects.current().get(kind="latin").given == "KIM Cheolsu"


def test_a_cell_that_differs_from_the_last_file_is_told_also_over_what_was_put_right(people):
    bring("register", [{**HEAD, "phone": "010-0000-3333"}], source="하나원")
    assert standing()[1] == "010-0000-3333"
    bring("register", [HEAD], source="하나원")
    assert standing()[1] == "010-0000-1111"


def test_an_empty_cell_in_between_does_not_make_the_next_file_news(people):
    bring("register", [{**HEAD, "phone": ""}, SPOUSE], source="하나원")
    assert counts(bring("register", FILE, source="하나원")) == (0, 2, 0, 0)


def test_somebody_new_in_the_household_does_not_bring_its_old_district_back(people):
    child = {**SPOUSE, "person_ref": "P-3", "household_role": "child", "given_name": "하늘"}
    assert counts(bring("register", [*FILE, child], source="하나원")) == (1, 2, 0, 0)
    assert standing()[3] == "부천시"
    assert Membership.objects.current().filter(person__register_ref="P-3", role="child").count() == 1


def test_another_source_is_news(people):
    bring("register", [{**HEAD, "household_role": "other"}], source="지자체")
    assert standing()[:2] == ("리영희", "010-0000-1111")


def test_a_period_that_was_ended_on_screen_and_a_birth_date_put_right_stay(people):
    by = UserFactory()
    actions.record_death(people[0], on=YESTERDAY, by=by)
    supersede(Particulars.objects.current().get(person=people[0]), by=by, birth_on=date(1981, 1, 1))
    assert counts(bring("register", FILE, source="하나원")) == (0, 2, 0, 0)
    bring("register", [{**HEAD, "latin_name": "RI Yonghui"}, SPOUSE], source="하나원")
    assert ProtectionPeriod.objects.current().get(person=people[0]).during.upper == YESTERDAY
    assert Particulars.objects.current().get(person=people[0]).birth_on == date(1981, 1, 1)
    assert Residence.objects.current().during(YESTERDAY).get(person=people[0]).status == "deceased"


def test_what_was_refused_or_only_tried_was_not_said():
    bring("register", FILE, source="하나원", dry_run=True)
    assert not Stated.objects.exists()
    bring("register", [HEAD, {**SPOUSE, "sex": "=X"}], source="하나원")
    assert set(Stated.objects.values_list("about", "ref")) == {("person", "P-1"), ("household", "H-1")}
    assert counts(bring("register", FILE, source="하나원")) == (1, 1, 0, 0)


def test_no_cell_is_kept_in_what_was_said():
    bring("register", FILE, source="하나원")
    said = " ".join(str(row.said) for row in Stated.objects.order_by("id"))
    assert not any(value in said for value in ("리", "영희", "0000", "1980", "관악"))
