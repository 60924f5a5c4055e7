"""The arithmetic of the days before the end of protection, for every date there is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import example, given
from hypothesis import strategies as st

from casework.clock import add_months, five_years_from, seoul_day
from households.protection.bar import Scale, words_of
from households.protection.dates import (
    CENTRE_STEPS,
    CHECK,
    NOTICE,
    check_by,
    gaps_of,
    last_of,
    notice_by,
    steps_before,
)

DAYS = st.dates(date(2024, 12, 1), date(2096, 12, 31))
LEAP = date(2028, 2, 29)
DAY = timedelta(days=1)
MIDNIGHT = datetime(2024, 1, 1)  # noqa: DTZ001  (hypothesis adds the zone)


@given(DAYS)
@example(LEAP)
@example(date(2027, 5, 31))
def test_the_notice_is_due_three_calendar_months_before_and_never_later(last):
    by = notice_by(last)
    assert (last.year * 12 + last.month) - (by.year * 12 + by.month) == 3
    assert by.day == last.day or (by.day < last.day and (by + DAY).day == 1), "the same day, or the month's last"
    assert add_months(by, 3) <= last
    assert 89 <= (last - by).days <= 92
    assert check_by(last) == by - timedelta(days=10) == by - CHECK


@pytest.mark.parametrize(
    ("last", "by"),
    [
        (date(2026, 12, 18), date(2026, 9, 18)),
        (date(2027, 5, 31), date(2027, 2, 28)),
        (date(2028, 5, 31), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2027, 11, 29)),
        (date(2024, 11, 7), date(2024, 8, 7)),
        (date(2027, 1, 1), date(2026, 10, 1)),  # New Year's Day: a holiday moves no day
    ],
)
def test_worked_examples_of_the_notice(last, by):
    assert notice_by(last) == by


def test_the_duty_begins_with_notices_due_on_7_august_2024():
    assert notice_by(date(2024, 11, 6)) is None
    assert check_by(date(2024, 11, 6)) is None
    assert NOTICE not in [due.step for due in steps_before(date(2024, 11, 6))]


@given(DAYS)
def test_the_steps_stand_in_order_and_only_the_notice_is_law(last):
    steps = steps_before(last)
    assert [due.on for due in steps] == sorted(due.on for due in steps)
    assert [(last - due.on).days for due in steps if due.step in CENTRE_STEPS] == [180, 60, 30, 0]
    assert [due.step for due in steps if due.law] == [NOTICE]
    assert all(due.late_after >= due.on for due in steps)


@given(DAYS, st.integers(0, 400))
def test_what_is_late_stays_late_however_many_nights_were_missed(last, ahead):
    day = last - timedelta(days=200) + timedelta(days=ahead)
    late = {due.step for due in steps_before(last) if due.is_late(day)}
    assert late <= {due.step for due in steps_before(last) if due.is_late(day + timedelta(days=3))}


@given(st.dates(date(1997, 1, 1), date(2090, 12, 31)), st.lists(st.integers(1, 1826), max_size=5), st.randoms())
@example(LEAP, [365], None)
def test_extensions_in_any_order_give_one_last_day_and_no_gap(first, lengths, random):
    begin, last = five_years_from(first)
    assert begin == first
    periods, end = [(first, last + DAY)], last + DAY
    for length in lengths:
        periods.append((end, end + timedelta(days=length)))
        end += timedelta(days=length)
    if random:
        random.shuffle(periods)
    assert last_of(periods) == end - DAY
    assert gaps_of(periods) == []
    assert last_of([*periods, (end, None)]) is None


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)), st.integers(1, 900))
def test_a_gap_is_told_by_its_first_and_last_day(first, length):
    end = first + timedelta(days=30)
    later = end + timedelta(days=length)
    assert gaps_of([(later, None), (first, end)]) == [(end, later - DAY)]


@given(st.dates(date(1996, 1, 1), date(2090, 12, 31)))
def test_five_years_last_to_the_day_before_and_to_28_february(first):
    _first, last = five_years_from(first)
    if (first.month, first.day) == (2, 29):
        assert (last.month, last.day) == (2, 28)
    else:
        assert (last + DAY).replace(year=first.year) == first


@given(st.datetimes(MIDNIGHT, MIDNIGHT.replace(year=2090), timezones=st.just(UTC)))
def test_days_are_seoul_days_on_a_server_in_utc(moment):
    assert seoul_day(moment) == (moment + timedelta(hours=9)).date()


@given(st.lists(st.dates(date(1990, 1, 1), date(2090, 1, 1)), min_size=2, max_size=2))
def test_the_scale_keeps_the_order_of_days(days):
    early, late = sorted(days)
    scale = Scale(early.year, late.year)
    assert 0 <= scale.x(early) <= scale.x(late) <= 1000


class Held:
    def __init__(self, first, last, basis="residence"):
        self.during, self.basis = DateRange(first, last + DAY), basis

    def get_basis_display(self):
        return self.basis


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ([Held(date(2022, 3, 15), date(2027, 3, 14))], "5년 거주지 보호, 2027. 3. 14.까지 (112일 남음)"),
        ([Held(date(2022, 3, 15), date(2027, 3, 12))], "거주지 보호, 2027. 3. 12.까지 (110일 남음)"),
        ([Held(date(2020, 3, 15), date(2025, 3, 14))], "거주지 보호가 2025. 3. 14. 끝났습니다"),
        ([], "보호기간 기록이 없습니다."),
    ],
)
def test_the_words_say_until_when_and_how_long(periods, words, settings):
    from django.utils.translation import override

    with override("ko"):
        assert words_of(periods, date(2026, 11, 22)) == words
