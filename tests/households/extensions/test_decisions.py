"""What a decision does to the register, and what the database refuses whoever asks."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from households.actions.refusal import Refused
from households.extensions import deciding, periods
from households.models import ProtectionPeriod
from households.protection.deciding import record_decision
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_an_extension_is_appended_from_the_day_after_the_last(cast, at, last_day):
    before = last_day()
    decided = at("decided")
    made = ProtectionPeriod.objects.current().get(person=cast.person, basis="extension")
    assert made.during == DateRange(before + DAY, decided.granted_until + DAY)
    assert (made.decision, made.recorded_by) == (decided.number, cast.second)
    assert ProtectionPeriod.objects.current().filter(person=cast.person).count() == 2


def test_a_shortening_gives_the_period_an_earlier_end_and_keeps_what_stood(cast, at, last_day):
    until = last_day() - timedelta(days=30)
    at("decided", kind="shorten", asked_until=until, outcome="shortened")
    assert last_day() == until
    assert ProtectionPeriod.objects.filter(person=cast.person).count() == 2
    assert ProtectionPeriod.objects.current().filter(person=cast.person).count() == 1


def test_a_refusal_changes_no_period(cast, at, last_day):
    before = last_day()
    assert at("decided", outcome="refused").outcome == "refused"
    assert last_day() == before


def test_what_was_not_asked_is_not_proposed(cast, at):
    request = at("agenda")
    for outcome, until, field in (
        ("shortened", cast.on, "outcome"),
        ("refused", cast.on, "granted_until"),
        ("extended", None, "granted_until"),
        ("extended", request.period_until, "granted_until"),
        ("extended", request.period_until.replace(year=request.period_until.year + 6, day=1), "granted_until"),
    ):
        with pytest.raises(Refused) as refused:
            deciding.prepare(request, outcome=outcome, granted_until=until, reasons="-", by=cast.first, now=cast.now)
        assert refused.value.field == field


def test_a_decision_that_fits_the_register_no_more_is_not_carried_out(cast, at, last_day):
    prepared = at("prepared")
    periods.extend(cast.person, prepared.granted_until + DAY, number="E-0000-0000-0", years=5, by=cast.first)
    with pytest.raises(Refused):
        deciding.decide(prepared, by=cast.second, now=cast.now)
    prepared.refresh_from_db()
    assert prepared.status == "prepared"


@pytest.mark.parametrize(
    ("first", "upper", "fits"),
    [
        (date(2024, 2, 29), date(2029, 3, 1), True),
        (date(2024, 2, 29), date(2029, 3, 2), False),
        (date(2023, 3, 1), date(2028, 3, 1), True),
        (date(2023, 3, 1), date(2028, 3, 2), False),
        (date(2022, 3, 15), date(2027, 3, 15), True),
        (date(2022, 3, 15), date(2027, 3, 16), False),
        (date(2024, 3, 1), date(2029, 3, 1), True),
        (date(2024, 3, 1), date(2029, 3, 2), False),
        (date(2027, 1, 1), None, False),
    ],
)
def test_the_database_knows_five_years(first, upper, fits):
    person = PersonFactory()
    refused = nullcontext() if fits else pytest.raises(IntegrityError, match="extension_within_five_years")
    with refused, transaction.atomic():
        ProtectionPeriod.objects.create(person=person, during=DateRange(first, upper), basis="extension")


@pytest.mark.parametrize("stage", ["prepared", "decided"])
def test_protection_is_not_ended_under_a_decision_that_is_not_told(cast, at, stage):
    at(stage)
    said = {"since": cast.on, "basis": "-", "decider": "통일부장관", "decision_on": cast.on}
    with pytest.raises(Refused):
        record_decision(cast.person, decision="ended", by=cast.first, **said)


def test_what_a_decision_ended_is_not_extended(cast, last_day):
    said = {"since": cast.on, "basis": "-", "decider": "통일부장관", "decision_on": cast.on}
    record_decision(cast.person, decision="ended", by=cast.first, **said)
    with pytest.raises(Refused):
        periods.extend(cast.person, last_day() + 90 * DAY, number="E-1", years=5, by=cast.first)


def test_no_two_periods_share_a_day(cast, last_day):
    with pytest.raises(IntegrityError, match="protection_periods_do_not_overlap"), transaction.atomic():
        ProtectionPeriod.objects.create(
            person=cast.person, during=DateRange(last_day(), last_day() + timedelta(days=9)), basis="extension"
        )


def test_extensions_follow_one_another(cast, last_day):
    for _n in range(3):
        until = periods.clocks.extended(last_day(), 5)[1]
        periods.extend(cast.person, until, number="E-0000-0000-0", years=5, by=cast.first)
        assert last_day() == until
    with pytest.raises(Refused):
        periods.extend(cast.person, last_day(), number="E-0000-0000-0", years=5, by=cast.first)
