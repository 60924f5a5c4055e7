"""Crises that another register knows of and that come in a file."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.facts import supersede
from casework.touched import Touched
from households.models import Membership
from risk.imports.incidents import KINDS
from risk.incidents.actions import withdraw_incident
from risk.models import Incident
from tests.factories import CentreFactory, HouseholdFactory, PersonFactory, UserFactory
from tests.factories.imports import bring, counts, csv_of, why
from tests.factories.incidents import IncidentFactory

pytestmark = pytest.mark.django_db
SENDER = "119 구급대"


@pytest.fixture
def home():
    return HouseholdFactory()


@pytest.fixture
def person(home):
    return PersonFactory(name="리영희", born=date(1980, 5, 3), sex="F", register_ref="P-1", household=home)


def row(**changes):
    said = {"reference": "I-1", "person_ref": "P-1", "kind": "hospitalisation", "happened_on": "2026-03-02"}
    return {**said, "note": "", **changes}


def load(*rows, **options):
    return bring("incidents", rows, **{"source": SENDER, **options})


def test_a_crisis_is_loaded_with_both_of_its_dates_and_moves_nothing_that_it_measures(home, person):
    Touched.objects.all().delete()
    told = datetime(2026, 3, 20, 9, tzinfo=UTC)
    assert counts(load(row(note="의식 없이 발견"), known_at=told)) == (1, 0, 0, 0)
    made = Incident.objects.get()
    assert (made.household, made.person, made.kind, made.occurred_on) == (
        home,
        person,
        "hospitalisation",
        date(2026, 3, 2),
    )
    assert (made.source, made.reference, made.note, made.known_at) == (SENDER, "I-1", "의식 없이 발견", told)
    assert not Touched.objects.exists()


def test_the_same_file_twice_adds_nothing_and_another_content_supersedes(person):
    first, later = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
    load(row(), row(reference="I-2", kind="eviction"), known_at=first)
    assert counts(load(row(), row(reference="I-2", kind="eviction"))) == (0, 2, 0, 0)
    assert counts(load(row(happened_on="2026-03-03"), known_at=later)) == (1, 0, 1, 0)
    old, new = Incident.objects.filter(reference="I-1").order_by("id")
    assert (old.fact_id, old.superseded_at) == (new.fact_id, new.known_at) == (old.fact_id, later)
    assert new.occurred_on == date(2026, 3, 3)
    assert Incident.objects.known_by(first).get(reference="I-1").occurred_on == date(2026, 3, 2)


def test_of_several_rows_of_one_reference_the_last_stands(person):
    rows = [row(), row(kind="found"), row(kind="eviction")]
    assert counts(load(*rows)) == (3, 0, 2, 0)
    assert Incident.objects.current().get().kind == "eviction"
    assert counts(load(*rows)) == (0, 3, 0, 0)


def test_two_senders_numbers_do_not_meet_and_a_crisis_on_record_is_not_said_twice(home, person):
    IncidentFactory(household=home, person=person, kind="hospitalisation", occurred_on=date(2026, 3, 2))
    assert counts(load(row())) == (0, 1, 0, 0), "a worker has recorded it"
    assert counts(load(row(kind="eviction"))) == (1, 0, 0, 0)
    assert counts(load(row(kind="found"), source="경찰서")) == (1, 0, 0, 0)


def test_what_was_taken_back_on_screen_stays_so_until_its_sender_says_something_else(person):
    load(row())
    made = Incident.objects.get()
    withdraw_incident(made, by=made.recorded_by, now=timezone.now())
    assert counts(load(row())) == (0, 1, 0, 0)
    assert not Incident.objects.current().exists()
    assert counts(load(row(kind="found"))) == (1, 0, 1, 0)
    assert Incident.objects.current().get().fact_id == made.fact_id


def test_who_died_that_day_belonged_to_the_household_until_the_day_before(home, person):
    stay = Membership.objects.current().get(person=person)
    supersede(stay, by=None, during=DateRange(stay.during.lower, date(2026, 3, 2)))
    assert counts(load(row(kind="death"), row(reference="I-2", happened_on="2026-03-04"))) == (1, 0, 0, 1)
    assert Incident.objects.get().household == home


def test_a_file_never_says_that_a_review_confirmed_it(person):
    assert "review" in Incident.Kind.values
    assert "review" not in KINDS
    assert why(load(row(kind="review"))) == [(1, "kind", "not_one_of")]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"kind": "sorrow"}, "kind", "not_one_of"),
        ({"kind": ""}, "kind", "required"),
        ({"happened_on": "2026-02-30"}, "happened_on", "not_a_day"),
        ({"happened_on": "2999-01-01"}, "happened_on", "future"),
        ({"happened_on": ""}, "happened_on", "required"),
        ({"person_ref": "P-9"}, "person_ref", "unknown_person"),
        ({"person_ref": ""}, "person_ref", "nobody"),
        ({"reference": ""}, "reference", "required"),
        ({"reference": "x" * 81}, "reference", "too_long"),
        ({"note": "x" * 2001}, "note", "too_long"),
        ({"note": "=1+1"}, "note", "formula"),
    ],
)
def test_a_bad_row_is_kept_with_field_and_reason_and_the_good_one_is_loaded(person, changes, field, code):
    batch = load(row(**changes), row(reference="I-2", kind="found"))
    assert why(batch) == [(1, field, code)]
    assert counts(batch) == (1, 0, 0, 1)
    assert batch.refused.get().reason


def test_people_may_be_named_in_the_other_two_ways_and_the_note_may_be_left_out(person):
    said = row()
    for name in ("person_ref", "note"):
        del said[name]
    named = {**said, "name": "리영희", "birth_date": "1980-05-03", "sex": "F"}
    assert counts(load(named)) == (1, 0, 0, 0)
    assert counts(load({**said, "reference": "I-2", "kind": "found", "case_number": person.case_number})) == (
        1,
        0,
        0,
        0,
    )


def test_a_users_file_reaches_only_the_households_of_the_own_centre():
    boss = UserFactory(role="supervisor", agency=CentreFactory())
    PersonFactory(register_ref="P-1", household=HouseholdFactory(center=boss.agency))
    PersonFactory(register_ref="P-2", household=HouseholdFactory())
    batch = load(row(), row(reference="I-2", person_ref="P-2"), by=boss)
    assert why(batch) == [(2, "person_ref", "unknown_person")]
    assert Incident.objects.get().recorded_by == boss


def test_without_a_sender_the_file_is_refused_and_the_page_asks_for_one(client, person):
    assert load(row(), source="").refused_code == "no_source"
    client.force_login(UserFactory(role="supervisor"))
    file = io.BytesIO(csv_of(row()))
    file.name = "incidents.csv"
    answer = client.post("/imports/new/", {"kind": "incidents", "file": file})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"source"}
    assert "기록된 위기" in answer.content.decode()


def test_the_command_loads_and_prints_one_object(person, tmp_path, capsys):
    path = tmp_path / "incidents.csv"
    path.write_bytes(csv_of(row()))
    out = io.StringIO()
    told = ["--source", SENDER, "--known-at", "2026-04-01T09:00+09:00", "--json"]
    call_command("import_incidents", str(path), *told, stdout=out)
    assert json.loads(out.getvalue())["loaded"] == 1
    assert Incident.objects.get().known_at == datetime(2026, 4, 1, tzinfo=UTC)
