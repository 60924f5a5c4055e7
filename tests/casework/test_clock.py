"""Seoul days, working days, the five years, ages, and what "as of" means."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.clock import (
    SEOUL,
    AsOf,
    Holiday,
    add_months,
    add_working_days,
    age_on,
    day_begins,
    day_ends,
    five_years_from,
    in_working_hours,
    is_working_day,
    seoul_day,
    working_days_between,
)

SEOLLAL = frozenset({date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18)})
NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def test_early_morning_in_seoul_is_not_yesterday():
    assert seoul_day(NOW) == date(2026, 11, 23)


def test_a_day_runs_from_midnight_to_midnight_in_seoul():
    day = date(2026, 11, 23)
    assert day_begins(day) == datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert day_ends(day) - day_begins(day) == timedelta(days=1)
    assert seoul_day(day_ends(day)) == date(2026, 11, 24)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        seoul_day(datetime(2026, 11, 23, 9))  # noqa: DTZ001 (a moment without a zone is what is refused)


def test_the_live_question_is_about_today_with_all_that_is_known():
    live = AsOf.live(NOW)
    assert live == AsOf(on=date(2026, 11, 23), known_by=NOW)
    assert live.is_live(NOW)
    assert not live.is_past(NOW)


@pytest.mark.parametrize(
    ("on", "known_by"),
    [(date(2026, 11, 22), NOW), (date(2026, 11, 23), NOW - timedelta(minutes=1))],
    ids=["an earlier day", "less than is known now"],
)
def test_an_earlier_day_or_earlier_knowledge_is_the_past(on, known_by):
    question = AsOf(on=on, known_by=known_by)
    assert question.is_past(NOW)
    assert not question.is_live(NOW)


def test_a_coming_day_is_neither_past_nor_live():
    question = AsOf(on=date(2026, 11, 24), known_by=NOW)
    assert not question.is_past(NOW)
    assert not question.is_live(NOW)


@pytest.mark.parametrize("known_by", [None, datetime(2026, 11, 23, 9)], ids=["nothing", "no time zone"])  # noqa: DTZ001 (a moment without a zone is what is refused)
def test_what_was_known_must_be_said_with_a_time_zone(known_by):
    with pytest.raises(ValueError, match="time zone"):
        AsOf(on=date(2026, 11, 23), known_by=known_by)


def test_the_day_asked_about_is_a_day():
    with pytest.raises(ValueError, match="a day"):
        AsOf(on=NOW, known_by=NOW)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 2, 13), 1, date(2026, 2, 19)),  # the Friday before 설날
        (date(2026, 2, 13), 3, date(2026, 2, 23)),
    ],
)
def test_working_days_pass_over_weekends_and_holidays(start, days, expected):
    assert add_working_days(start, days, SEOLLAL) == expected


def test_a_moment_keeps_its_time_of_day_in_seoul():
    friday = datetime(2026, 2, 13, 14, 20, tzinfo=SEOUL)
    due = add_working_days(friday.astimezone(UTC), 1, SEOLLAL)
    assert due == datetime(2026, 2, 19, 14, 20, tzinfo=SEOUL)


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 2, 13), -1, SEOLLAL)


def test_working_days_between_do_not_count_the_first_day():
    assert working_days_between(date(2026, 2, 13), date(2026, 2, 20), SEOLLAL) == 2
    assert working_days_between(date(2026, 2, 20), date(2026, 2, 13), SEOLLAL) == 0


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=SEOUL), True),
        (datetime(2026, 11, 23, 17, 59, tzinfo=SEOUL), True),
        (datetime(2026, 11, 23, 18, 0, tzinfo=SEOUL), False),
        (datetime(2026, 11, 23, 8, 59, tzinfo=SEOUL), False),
        (datetime(2026, 11, 22, 10, 0, tzinfo=SEOUL), False),
        (datetime(2026, 2, 17, 10, 0, tzinfo=SEOUL), False),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), True),
    ],
)
def test_working_hours_are_nine_to_six_on_working_days(moment, inside):
    assert in_working_hours(moment, SEOLLAL) is inside


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2022, 3, 15), date(2027, 3, 14)),
        (date(2024, 2, 29), date(2029, 2, 28)),
        (date(2024, 3, 1), date(2029, 2, 28)),
        (date(2023, 3, 1), date(2028, 2, 29)),
        (date(2022, 1, 1), date(2026, 12, 31)),
    ],
)
def test_five_years_count_the_first_day(first, last):
    assert five_years_from(first) == (first, last)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 3, 14), -3, date(2026, 12, 14)),
        (date(2027, 5, 31), -3, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_end_on_the_last_day_where_there_is_no_such_day(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1990, 11, 23), date(2026, 11, 22), 35),
        (date(1990, 11, 23), date(2026, 11, 23), 36),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
    ],
)
def test_age_is_counted_in_full_years(born, day, age):
    assert age_on(born, day) == age


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="before birth"):
        age_on(date(2026, 11, 23), date(2026, 11, 22))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 2, 17), "설날"),
        (date(2026, 9, 25), "추석"),
        (date(2026, 3, 2), "삼일절 대체 휴일"),
        (date(2026, 8, 17), "광복절 대체 휴일"),
    ],
)
def test_the_calendar_of_2026_stands_after_migrate(day, name):
    assert Holiday.objects.get(day=day).name_ko == name
    assert not is_working_day(day, Holiday.objects.days())


@pytest.mark.django_db
def test_a_deadline_passes_over_chuseok():
    assert add_working_days(date(2026, 9, 23), 1, Holiday.objects.days()) == date(2026, 9, 28)
