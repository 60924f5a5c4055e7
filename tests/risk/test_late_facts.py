"""Late facts: what is shown as known at a past moment never changes by what is learnt later; today's judgement does.

Whatever order things arrive in, however often they are delivered, and whichever version takes the place of another.
"""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk.models import Incident, Signal
from tests.factories import HouseholdFactory
from tests.factories.agencies import day_at
from tests.factories.imports import SIGNAL, bring
from tests.factories.incidents import IncidentFactory
from tests.factories.risk import SignalFactory, as_of, contact, verdict

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 19)
REGISTERED = date(2024, 6, 1)
PAST = date(2026, 5, 31)
SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
EXAMPLES, FEW = settings(max_examples=12, **SLOW), settings(max_examples=5, **SLOW)

# One row of a feed: of four references, with a code, a day of its own, and perhaps an end and months.
rows = st.fixed_dictionaries(
    {
        "reference": st.sampled_from(["R-1", "R-2", "R-3", "R-4"]),
        "signal": st.sampled_from(["S01", "S05", "S13", "S14", "S24"]),
        "observed": st.integers(0, 500),
        "ended": st.none() | st.integers(1, 200),
        "months": st.none() | st.integers(1, 6),
    }
)
files = st.lists(st.lists(rows, min_size=1, max_size=3), min_size=1, max_size=3)


@pytest.fixture
def household():
    return HouseholdFactory(registered_on=REGISTERED, person_register_ref="P-1")


def delivered(file, on):
    """Bring in a file as it came on the day `on`: it tells nothing of a day to come."""
    told = []
    for row in file:
        observed = on - timedelta(days=row["observed"])
        ended = observed + timedelta(days=row["ended"]) if row["ended"] else None
        said = {"reference": row["reference"], "signal": row["signal"], "observed_on": observed.isoformat()}
        said["ended_on"] = ended.isoformat() if ended and ended <= on else ""
        told.append({**SIGNAL, **said, "months": str(row["months"] or "")})
    batch = bring("signals", told, known_at=day_at(on), received_on=on)
    assert batch.state == "done", batch.refusal
    assert not batch.refused.exists()


def shown(household, on=PAST, known_on=PAST):
    """What is said of the household about the day `on` to whoever knows what was known on `known_on`."""
    found = verdict(household, as_of(known_on) if on == known_on else question(on, known_on))
    return {key: value for key, value in found.items() if key != "rules"}


def question(on, known_on):
    asked = as_of(known_on)
    return type(asked)(on=on, known_by=asked.known_by)


class Undone:
    """Everything that an example wrote is taken back, so that examples do not see each other."""

    def __enter__(self):
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *error):
        transaction.set_rollback(True)
        return self.block.__exit__(*error)


@EXAMPLES
@given(before=files, after=files, again=st.booleans())
def test_what_was_known_then_stays_whatever_comes_later(household, before, after, again):
    with Undone():
        for ago, file in enumerate(reversed(before)):
            delivered(file, PAST - timedelta(days=30 * (len(before) - ago)))
        known_then = shown(household)
        if again:
            delivered(before[0], TODAY - timedelta(days=1))  # the same rows again, with the days counted anew
        for ago, file in enumerate(after):
            delivered(file, PAST + timedelta(days=20 * (ago + 1)))
        contact(household, TODAY, 3)
        assert shown(household) == known_then


@EXAMPLES
@given(told=files, data=st.data())
def test_a_file_delivered_twice_at_any_later_time_changes_nothing(household, told, data):
    with Undone():
        days = [PAST - timedelta(days=30 * (len(told) - place)) for place in range(len(told))]
        for file, day in zip(told, days, strict=True):
            delivered(file, day)
        last = len(told) - 1
        before = (shown(household), shown(household, TODAY, TODAY), Signal.objects.count())
        # Only the newest may come again: an older one says again what was corrected since.
        for _time in range(data.draw(st.integers(1, 3))):
            delivered(told[last], days[last])
        assert (shown(household), shown(household, TODAY, TODAY), Signal.objects.count()) == before


apart = st.lists(
    st.tuples(
        st.sampled_from(["S01", "S05", "S13", "S14", "S24"]),
        st.integers(20, 500),  # happened so many days ago
        st.integers(0, 19),  # learnt so many days later
        st.none() | st.integers(1, 6),
    ),
    min_size=1,
    max_size=6,
)


@FEW
@given(facts=apart, data=st.data())
def test_the_order_in_which_facts_arrive_changes_no_judgement(household, facts, data):
    orders = [facts, data.draw(st.permutations(facts))]
    seen = []
    for order in orders:
        with Undone():
            for code, ago, later, months in order:
                SignalFactory(
                    household=household, on=TODAY, code_id=code, ago=ago, known_ago=ago - later, months=months
                )
            months_back = [TODAY - timedelta(days=days) for days in (0, 45, 200, 400)]
            seen.append(
                [(found["band"], found["score"]) for found in (verdict(household, as_of(d)) for d in months_back)]
            )
    assert seen[0] == seen[1]


@FEW
@given(versions=st.lists(st.tuples(st.integers(0, 300), st.none() | st.integers(1, 6)), min_size=2, max_size=5))
def test_each_version_stands_exactly_until_the_next_one_was_learnt(household, versions):
    with Undone():
        days = [PAST - timedelta(days=10 * (len(versions) - place)) for place in range(len(versions))]
        then = []
        for (ago, months), day in zip(versions, days, strict=True):
            row = {"reference": "R-1", "signal": "S01", "observed": ago, "ended": None, "months": months}
            delivered([row], day)
            then.append(shown(household, day, day))
        assert [shown(household, day, day) for day in days] == then


def test_a_signal_of_a_year_ago_told_today_changes_today_and_that_day_as_known_now_alone(household):
    year_ago = TODAY - timedelta(days=365)
    before = shown(household, year_ago, year_ago)
    assert verdict(household, as_of(TODAY))["band"] == 1
    delivered([{"reference": "R-9", "signal": "S14", "observed": 365, "ended": None, "months": None}], TODAY)
    assert verdict(household, as_of(TODAY))["band"] == 4
    assert verdict(household, question(year_ago, TODAY))["band"] == 4
    assert shown(household, year_ago, year_ago) == before


def test_a_contact_written_down_late_ends_no_silence_that_was_shown_before(household):
    for ago in (40, 30, 20):
        contact(household, TODAY, ago, made=False)
    then = TODAY - timedelta(days=10)
    unreached = shown(household, then, then)
    assert "R-CON-FAIL" in verdict(household, as_of(then))["rules"]
    contact(household, TODAY, 15, known_ago=2)
    assert shown(household, then, then) == unreached
    assert "R-CON-FAIL" not in verdict(household, question(then, TODAY))["rules"]


def test_a_recorded_crisis_changes_no_judgement_whenever_it_is_learnt(household):
    before = [shown(household, on, on) for on in (PAST, TODAY)]
    IncidentFactory(household=household, occurred_on=PAST, known_at=day_at(TODAY))
    assert [shown(household, on, on) for on in (PAST, TODAY)] == before
    assert Incident.objects.known_by(day_at(PAST)).count() == 0
