"""The days of a request: leap days, ends of months and years, days off, Seoul midnight; pure and by properties."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from casework.clock import five_years_from, seoul_day
from households.extensions import clocks

DAYS = st.dates(date(1997, 7, 14), date(2090, 12, 31))
DAY = timedelta(days=1)
YEARS, OBJECTION, ANSWER, WARNED = 5, 90, 60, 50


def answer(received, on, **more):
    return clocks.answer_of(received, on, days=ANSWER, warned_after=WARNED, **more)


@given(DAYS)
def test_an_extension_is_as_long_as_the_first_five_years(last):
    first, latest = clocks.extended(last, YEARS)
    assert first == last + DAY
    assert latest == five_years_from(first)[1]
    assert 365 * YEARS + 1 <= (latest - last).days <= 365 * YEARS + 2


def test_an_extension_over_a_leap_day_ends_the_day_before_its_anniversary():
    assert clocks.extended(date(2024, 2, 28), YEARS) == (date(2024, 2, 29), date(2029, 2, 28))
    assert clocks.extended(date(2024, 2, 29), YEARS) == (date(2024, 3, 1), date(2029, 2, 28))
    assert clocks.extended(date(2023, 2, 28), YEARS) == (date(2023, 3, 1), date(2028, 2, 29))
    assert clocks.extended(date(2026, 12, 31), YEARS) == (date(2027, 1, 1), date(2031, 12, 31))


@given(DAYS, st.lists(st.integers(1, 1826), min_size=1, max_size=6))
def test_extensions_one_after_another_leave_no_gap_and_share_no_day(last, lengths):
    taken = []
    for length in lengths:
        first, latest = clocks.extended(last, YEARS)
        until = min(last + timedelta(days=length), latest)
        taken.append((first, until))
        last = until
    assert all(later[0] == earlier[1] + DAY for earlier, later in pairwise(taken))
    assert all((until - first).days + 1 <= 365 * YEARS + 2 for first, until in taken)


@given(DAYS)
def test_ninety_days_begin_on_the_day_after_the_notice(told):
    assert clocks.objection_until(told, OBJECTION) >= told + timedelta(days=90)
    assert (clocks.objection_until(told, OBJECTION) - told).days <= 92


def test_ninety_days_at_the_ends_of_months_and_years():
    assert clocks.objection_until(date(2026, 11, 30), OBJECTION) == date(2027, 3, 1)  # 28 February is a Sunday
    assert clocks.objection_until(date(2026, 11, 30), OBJECTION, frozenset({date(2027, 3, 1)})) == date(2027, 3, 2)
    assert clocks.objection_until(date(2023, 12, 1), OBJECTION) == date(2024, 2, 29)
    assert clocks.objection_until(date(2026, 10, 2), OBJECTION) == date(2026, 12, 31)


@given(DAYS, st.integers(-5, 400))
def test_an_objection_counts_as_accepted_from_the_day_after_the_last(received, later):
    on = received + timedelta(days=later)
    stands = answer(received, on)
    assert stands.until == received + timedelta(days=60)
    assert stands.deemed_on == received + timedelta(days=61)
    assert stands.deemed is (later > 60)
    assert stands.warned is (50 <= later <= 60)
    assert stands.left == 60 - later


@given(DAYS, st.integers(0, 400))
def test_an_answered_one_neither_warns_nor_counts_as_accepted(received, later):
    stands = answer(received, received + timedelta(days=later), answered=True)
    assert not stands.deemed
    assert not stands.warned


def test_sixty_days_at_the_ends_of_months_and_years():
    assert answer(date(2026, 12, 31), date(2026, 12, 31)).until == date(2027, 3, 1)
    assert answer(date(2024, 1, 1), date(2024, 1, 1)).until == date(2024, 3, 1)
    assert answer(date(2023, 12, 31), date(2023, 12, 31)).until == date(2024, 2, 29)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001  (made aware below)
def test_the_day_is_that_of_seoul_whatever_the_server_says(moment):
    moment = moment.replace(tzinfo=UTC)
    on = seoul_day(moment)
    assert answer(on - timedelta(days=60), on).deemed is False
    assert answer(on - timedelta(days=61), on).deemed is True
    assert (on - moment.date()).days == (1 if moment.hour >= 15 else 0)
