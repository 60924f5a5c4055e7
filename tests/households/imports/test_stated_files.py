"""Circumstances and screenings that come in a file."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.touched import Touched
from households import actions
from households.models import Circumstance, Screening
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.imports import bring, counts, csv_of, why

pytestmark = pytest.mark.django_db
CIRCUMSTANCE = {
    "reference": "C-1",
    "person_ref": "P-1",
    "kind": "benefit",
    "value": "receiving",
    "detail": "livelihood",
    "from": "2026-01-05",
    "until": "",
}
SCREENING = {
    "reference": "S-1",
    "person_ref": "P-1",
    "instrument": "phq9",
    "score": "12",
    "item9": "N",
    "observed_on": "2026-02-03",
}
JAN, MARCH = date(2026, 1, 5), date(2026, 3, 2)


@pytest.fixture
def person():
    person = members_of(HouseholdFactory(members=["리영희"], worker=UserFactory()))[0]
    type(person).objects.filter(pk=person.pk).update(register_ref="P-1")
    return person


def stated(**changes):
    return {**CIRCUMSTANCE, **changes}


def screened(**changes):
    return {**SCREENING, **changes}


def standing():
    rows = Circumstance.objects.current().order_by("kind", "detail", "during")
    return [(row.value, row.during.lower, row.during.upper) for row in rows]


def test_a_statement_is_loaded_with_both_of_its_dates(person):
    told = datetime(2026, 4, 1, tzinfo=UTC)
    bring("circumstances", [stated(until="2026-02-28")], known_at=told, source="행복e음")
    made = Circumstance.objects.get()
    assert (made.person, made.detail, made.known_at, made.source) == (person, "livelihood", told, "행복e음")
    assert standing() == [("receiving", JAN, date(2026, 3, 1))]


def test_the_same_file_twice_changes_nothing(person):
    rows = [stated(), stated(reference="C-2", value="ended", **{"from": "2026-03-02"})]
    assert counts(bring("circumstances", rows)) == (2, 0, 0, 0)
    assert standing() == [("receiving", JAN, MARCH), ("ended", MARCH, None)]
    assert counts(bring("circumstances", rows, known_at=datetime(2026, 5, 1, tzinfo=UTC))) == (0, 2, 0, 0)
    assert Circumstance.objects.count() == 2


def test_a_later_statement_of_another_file_ends_the_one_before(person):
    bring("circumstances", [stated()])
    bring("circumstances", [stated(reference="C-2", value="ended", **{"from": "2026-03-02"})])
    assert standing() == [("receiving", JAN, MARCH), ("ended", MARCH, None)]


def test_a_statement_told_late_leaves_the_later_one_standing(person):
    bring("circumstances", [stated(reference="C-2", value="ended", **{"from": "2026-03-02"})])
    bring("circumstances", [stated()])
    assert standing() == [("receiving", JAN, MARCH), ("ended", MARCH, None)]


def test_other_content_under_the_same_reference_supersedes(person):
    bring("circumstances", [stated()])
    assert counts(bring("circumstances", [stated(value="refused")])) == (1, 0, 1, 0)
    old, new = Circumstance.objects.order_by("id")
    assert (old.fact_id, old.superseded_at) == (new.fact_id, new.known_at)
    assert standing() == [("refused", JAN, None)]


def test_what_was_taken_back_on_screen_is_not_brought_back_by_the_same_file(person):
    kim = UserFactory()
    bring("circumstances", [stated()])
    made = Circumstance.objects.get()
    actions.correct_circumstance(made, value="refused", since=JAN, by=kim, source=made.source)
    assert counts(bring("circumstances", [stated()])) == (0, 1, 0, 0)
    assert standing() == [("refused", JAN, None)]


def test_what_is_on_record_already_is_not_said_twice(person):
    actions.record_circumstance(person, kind="income", value="below_line", since=JAN, by=UserFactory())
    row = stated(kind="income", value="below_line", detail="", **{"from": "2026-03-02"})
    assert counts(bring("circumstances", [row])) == (0, 1, 0, 0)
    assert Circumstance.objects.count() == 1


def test_two_words_for_one_first_day_are_left_to_a_person(person):
    actions.record_circumstance(person, kind="income", value="below_line", since=JAN, by=UserFactory())
    rows = [
        stated(kind="income", value="near_line", detail=""),
        stated(reference="C-2"),
        stated(reference="C-3", value="ended"),
    ]
    batch = bring("circumstances", rows)
    assert why(batch) == [(1, "from", "said_otherwise"), (3, "from", "said_otherwise")]
    assert counts(batch) == (1, 0, 0, 2)


def test_an_empty_first_day_holds_from_ever_on(person):
    bring("circumstances", [stated(kind="disability", value="mild", detail="", **{"from": ""})])
    assert standing() == [("mild", None, None)]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"kind": "shoes"}, "kind", "not_one_of"),
        ({"value": "severe"}, "value", "not_one_of"),
        ({"detail": ""}, "detail", "required"),
        ({"detail": "lottery"}, "detail", "not_one_of"),
        ({"kind": "income", "value": "unknown"}, "detail", "detail_elsewhere"),
        ({"from": "2026-02-30"}, "from", "not_a_day"),
        ({"from": "2999-01-01"}, "from", "future"),
        ({"until": "2025-12-31"}, "until", "until_before_from"),
        ({"person_ref": "P-9"}, "person_ref", "unknown_person"),
        ({"person_ref": ""}, "person_ref", "nobody"),
        ({"reference": ""}, "reference", "required"),
    ],
)
def test_a_bad_row_is_kept_with_the_cell_and_the_reason(person, changes, field, code):
    batch = bring(
        "circumstances", [stated(**changes), stated(reference="C-2", kind="illness", value="none", detail="")]
    )
    assert why(batch) == [(1, field, code)]
    assert counts(batch) == (1, 0, 0, 1)
    assert batch.refused.get().reason


def test_a_person_may_be_named_by_name_birth_and_sex(person):
    row = {"name": "리영희", "birth_date": "1980-05-05", "sex": "F", **stated()}
    del row["person_ref"]
    assert counts(bring("circumstances", [row])) == (1, 0, 0, 0)


def test_a_result_is_loaded_and_the_same_file_adds_none(person):
    rows = [screened(item9="Y"), screened(reference="S-2", instrument="lonely", score="5", item9="")]
    Touched.objects.all().delete()
    assert counts(bring("screenings", rows)) == (2, 0, 0, 0)
    assert Touched.objects.exists()
    assert list(Screening.objects.order_by("id").values_list("instrument", "score", "item9")) == [
        ("phq9", 12, True),
        ("lonely", 5, None),
    ]
    assert counts(bring("screenings", rows)) == (0, 2, 0, 0)
    assert counts(bring("screenings", [screened(score="13", item9="Y")])) == (1, 0, 1, 0)
    assert Screening.objects.current().get(instrument="phq9").score == 13


def test_a_result_taken_back_on_screen_stays_taken_back(person):
    bring("screenings", [screened()])
    made = Screening.objects.get()
    actions.withdraw_screening(made, by=made.recorded_by, now=timezone.now())
    assert counts(bring("screenings", [screened()])) == (0, 1, 0, 0)
    assert not Screening.objects.current().exists()


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"instrument": "phq2"}, "instrument", "not_one_of"),
        ({"score": "28"}, "score", "score_too_high"),
        ({"score": "many"}, "score", "not_whole"),
        ({"score": "-1"}, "score", "negative"),
        ({"item9": "maybe"}, "item9", "not_one_of"),
        ({"instrument": "lonely", "score": "3"}, "item9", "item9_elsewhere"),
        ({"score": "0", "item9": "Y"}, "item9", "item9_of_nought"),
        ({"observed_on": "2999-01-01"}, "observed_on", "future"),
    ],
)
def test_a_result_that_cannot_be_right_is_refused(person, changes, field, code):
    batch = bring("screenings", [screened(**changes), screened(reference="S-2", item9="")])
    assert why(batch) == [(1, field, code)]
    assert counts(batch) == (1, 0, 0, 1)
    assert batch.refused.get().reason


def test_the_commands_load_and_print_one_object(person, tmp_path, capsys):
    for kind, row in (("circumstances", CIRCUMSTANCE), ("screenings", SCREENING)):
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(csv_of(row))
        out = io.StringIO()
        call_command(
            f"import_{kind}", str(path), "--source", "행복e음", "--received", "2026-04-01", "--json", stdout=out
        )
        assert json.loads(out.getvalue())["loaded"] == 1
