"""Crisis signals that come in a file."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.agencies.models import User
from casework.imports.models import Batch
from casework.imports.running import run
from casework.touched import Touched
from risk.models import Feed, Signal
from tests.factories import HouseholdFactory, PersonFactory, UserFactory
from tests.factories.imports import SIGNAL, bring, counts, csv_of, why

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(name="리영희", born=date(1980, 5, 3), sex="F", register_ref="P-1")


def row(**changes):
    return {**SIGNAL, **changes}


def test_a_signal_is_loaded_with_both_of_its_dates(person):
    told = datetime(2026, 3, 20, 9, tzinfo=UTC)
    bring("signals", [row(months="3", amount_krw="120000")], known_at=told, received_on=date(2026, 3, 20))
    signal = Signal.objects.get()
    assert (signal.person, signal.code_id, signal.observed_on) == (person, "S14", date(2026, 3, 2))
    assert (signal.months, signal.amount_krw, signal.known_at, signal.received_on) == (
        3,
        120000,
        told,
        date(2026, 3, 20),
    )
    assert Feed.objects.get(source="행복e음").last_received_on == date(2026, 3, 20)


def test_the_same_file_twice_adds_nothing_whatever_its_known_date(person):
    bring("signals", [row(), row(reference="R-2")])
    again = bring("signals", [row(), row(reference="R-2")], known_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert counts(again) == (0, 2, 0, 0)
    assert Signal.objects.count() == 2


def test_another_content_supersedes_and_the_fact_stays_the_same(person):
    first, later = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
    bring("signals", [row()], known_at=first)
    assert counts(bring("signals", [row(ended_on="2026-04-01")], known_at=later)) == (1, 0, 1, 0)
    old, new = Signal.objects.order_by("id")
    assert (old.fact_id, old.superseded_at) == (new.fact_id, later)
    assert (new.ended_on, new.known_at, new.superseded_at) == (date(2026, 4, 1), later, None)
    assert Signal.objects.known_by(datetime(2026, 4, 1, tzinfo=UTC)).get().ended_on is None


def test_what_was_known_never_goes_backwards_in_a_chain(person):
    told = datetime(2026, 4, 20, tzinfo=UTC)
    bring("signals", [row()], known_at=told)
    bring("signals", [row(months="4")], known_at=datetime(2026, 3, 5, tzinfo=UTC))
    old, new = Signal.objects.order_by("id")
    assert old.superseded_at == new.known_at == told


def test_the_last_row_of_a_reference_stands_and_the_earlier_one_is_kept(person):
    batch = bring("signals", [row(), row(months="2"), row(months="2")])
    assert counts(batch) == (2, 1, 1, 0)
    assert Signal.objects.current().get().months == 2
    assert len(set(Signal.objects.values_list("fact_id", flat=True))) == 1


def test_a_file_that_corrects_itself_adds_nothing_the_second_time(person):
    rows = [row(), row(months="2")]
    bring("signals", rows)
    assert counts(bring("signals", rows)) == (0, 2, 0, 0)
    assert Signal.objects.count() == 2


def test_a_signal_that_was_another_person_s_touches_both_households():
    homes = [HouseholdFactory(), HouseholdFactory()]
    for home, reference in zip(homes, ("P-1", "P-2"), strict=True):
        PersonFactory(register_ref=reference, household=home)
    bring("signals", [row()])
    Touched.objects.all().delete()
    bring("signals", [row(person_ref="P-2")])
    assert set(Touched.objects.values_list("household_id", flat=True)) == {home.pk for home in homes}


def test_a_sender_s_numbers_do_not_meet_those_of_another(person):
    bring("signals", [row()])
    assert counts(bring("signals", [row(months="9")], source="다른 곳")) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"signal": "S99"}, "signal", "unknown_signal"),
        ({"observed_on": "2026-02-30"}, "observed_on", "not_a_day"),
        ({"observed_on": "어제"}, "observed_on", "not_a_day"),
        ({"observed_on": "2999-01-01"}, "observed_on", "future"),
        ({"observed_on": ""}, "observed_on", "required"),
        ({"ended_on": "2026-03-01"}, "ended_on", "ended_first"),
        ({"amount_krw": "-1"}, "amount_krw", "negative"),
        ({"amount_krw": "12만"}, "amount_krw", "not_whole"),
        ({"months": "3.5"}, "months", "not_whole"),
        ({"months": "99999"}, "months", "too_large"),
        ({"person_ref": "P-9"}, "person_ref", "unknown_person"),
        ({"person_ref": ""}, "person_ref", "nobody"),
        ({"amount_krw": "=1+1"}, "amount_krw", "formula"),
        ({"reference": "x" * 81}, "reference", "too_long"),
    ],
)
def test_a_bad_row_is_kept_with_field_and_reason_and_the_good_one_is_loaded(person, changes, field, code):
    batch = bring("signals", [row(**changes), row(reference="R-2")])
    assert (1, field, code) in why(batch)
    kept = batch.refused.get()
    assert (kept.row, kept.cells["reference"]) == (1, changes.get("reference", "R-1"))
    assert kept.reason
    assert counts(batch)[0] == 1


def test_a_row_that_is_too_short_has_one_fault_only(person):
    content = csv_of(row()) + b"R-2,P-1\r\n"
    batch = bring("signals", content)
    assert why(batch) == [(2, "", "short_row")]


def test_future_is_after_the_day_the_file_was_received(person):
    batch = bring("signals", [row(observed_on="2026-03-21")], received_on=date(2026, 3, 20))
    assert why(batch) == [(1, "observed_on", "future")]


NAMED = {
    "reference": "R-1",
    "name": "리 영희",
    "birth_date": "1980-05-03",
    "sex": "F",
    **{k: SIGNAL[k] for k in list(SIGNAL)[2:]},
}


def test_a_person_can_be_named_by_name_birth_date_and_sex(person):
    bring("signals", [NAMED])
    assert Signal.objects.get().person == person


def test_a_name_that_fits_two_people_is_refused_and_says_how_many(person):
    PersonFactory(name="리영희", born=date(1980, 5, 3), sex="F")
    batch = bring("signals", [NAMED])
    assert why(batch) == [(1, "name", "two_people")]
    assert batch.refused.get().faults[0]["params"]["fits"] == 2


def test_a_name_that_fits_nobody_is_refused(person):
    assert why(bring("signals", [{**NAMED, "birth_date": "1981"}])) == [(1, "name", "unknown_name")]


def test_a_case_number_is_read_without_its_dashes_and_in_any_case(person):
    cells = {k: v for k, v in SIGNAL.items() if k != "person_ref"}
    bring("signals", [{**cells, "case_number": person.case_number.replace("-", "").lower()}])
    assert Signal.objects.get().person == person


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        (b"", "empty_file", ""),
        (b"reference,person_ref,signal\n", "missing_columns", "observed_on"),
        (csv_of({k: v for k, v in SIGNAL.items() if k != "person_ref"}), "no_choice", "person_ref"),
        (csv_of(SIGNAL).replace(b"months", b"signal", 1), "column_twice", "signal"),
    ],
)
def test_a_file_with_a_wrong_header_is_refused_and_says_what_is_missing(person, content, code, field):
    batch = bring("signals", content)
    assert (batch.state, batch.refused_code, batch.refused_params["field"]) == ("refused", code, field)
    assert Signal.objects.count() == 0


def test_columns_stand_in_any_order_and_a_strange_one_is_told(person):
    columns = [*reversed(list(SIGNAL)), "memo"]
    batch = bring("signals", csv_of({**SIGNAL, "memo": "x"}, columns=columns))
    assert batch.loaded == 1
    assert batch.warnings[0]["params"] == {"name": "memo"}


def test_a_failure_at_the_last_moment_leaves_nothing_and_the_batch_says_so(person):
    def lose_the_line(phase, done, expected):
        if phase == "done":
            raise ConnectionError

    user = User.objects.system()
    batch = Batch.objects.create(kind="signals", source="행복e음", brought_by=user, state="running")
    with pytest.raises(ConnectionError):
        run(batch, io.BytesIO(csv_of(row(), row(reference="R-2", signal="S99"))), tell=lose_the_line)
    assert (Signal.objects.count(), batch.refused.count()) == (0, 0)
    batch.refresh_from_db()
    assert (batch.state, batch.refused_code, batch.loaded) == ("refused", "stopped", 0)


def test_a_user_s_file_speaks_only_of_those_the_user_may_see(person):
    boss = UserFactory(role="supervisor")
    assert why(bring("signals", [row()], by=boss)) == [(1, "person_ref", "unknown_person")]


def test_the_command_prints_one_object_and_says_by_its_exit_what_came(person, tmp_path, capsys):
    file = tmp_path / "signals.csv"
    file.write_bytes(csv_of(row(), row(reference="R-2", signal="S99")))
    with pytest.raises(SystemExit) as ended:
        call_command("import_signals", str(file), source="행복e음", received="2026-03-20", json=True)
    said = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert list(said) == ["batch", "rows", "loaded", "unchanged", "superseded", "refused"]
    assert [(r["row"], r["field"]) for r in said["refused"]] == [(2, "signal")]
    assert (said["rows"], said["loaded"]) == (2, 1)


def test_the_command_refuses_a_file_with_exit_2_and_still_prints_the_object(tmp_path, capsys):
    file = tmp_path / "signals.csv"
    file.write_bytes(b"reference\nR-1\n")
    with pytest.raises(SystemExit) as ended:
        call_command("import_signals", str(file), source="행복e음", json=True)
    assert ended.value.code == 2
    assert json.loads(capsys.readouterr().out)["refused"][0]["row"] == 0


deliveries = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 20)), min_size=1, max_size=6)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(files=st.lists(deliveries, min_size=1, max_size=4), order=st.randoms(use_true_random=False))
def test_any_order_and_any_number_of_deliveries_of_the_same_signals_give_the_same_set(person, files, order):
    def row_of(number, day):
        # What a reference says depends on the reference alone: a delivery again is a delivery of the same.
        return row(reference=f"R-{number}-{day}", months=str(number), observed_on=f"2026-01-{day:02d}")

    source = f"s{Batch.objects.count()}"
    shuffled = [file for file in files for _ in range(order.randint(1, 2))]
    order.shuffle(shuffled)
    for file in shuffled:
        bring("signals", [row_of(*cells) for cells in order.sample(file, len(file))], source=source)
    expected = {f"R-{number}-{day}" for file in files for number, day in file}
    assert sorted(Signal.objects.current().filter(source=source).values_list("reference", flat=True)) == sorted(
        expected
    )
    assert Signal.objects.filter(source=source).count() == len(expected)
