"""Dates, ranges and counts are written the way caseworkers write them, in both languages."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from casework.templatetags import charts, format, parts

DAY = dt.date(2026, 11, 19)
SPAN = SimpleNamespace(lower=dt.date(2022, 3, 15), upper=dt.date(2027, 3, 15), isempty=False)


@pytest.mark.parametrize(
    ("write", "korean", "english"),
    [
        (format.fullday, "2026. 11. 19.", "19 Nov 2026"),
        (format.longday, "2026. 11. 19.(목)", "Thu 19 Nov 2026"),
        (format.rowday, "11. 19.", "19 Nov"),
        (format.rowdayw, "11. 19.(목)", "Thu 19 Nov"),
        (format.titleday, "11월 19일 목요일", "Thu 19 Nov"),
        (format.monthname, "2026년 11월", "Nov 2026"),
    ],
)
def test_a_day(write, korean, english):
    with translation.override("ko"):
        assert write(DAY) == korean
    with translation.override("en"):
        assert write(DAY) == english


def test_a_moment_is_shown_in_seoul_time():
    at = dt.datetime(2026, 11, 18, 21, 10, tzinfo=dt.UTC)
    with translation.override("ko"):
        assert format.daytime(at) == "11. 19. 06:10"
        assert format.fulltime(at.astimezone(ZoneInfo("Asia/Seoul"))) == "2026. 11. 19. 06:10"


def test_a_range_includes_its_last_day():
    with translation.override("ko"):
        assert format.period(SPAN) == "2022. 3. 15.~2027. 3. 14."
        assert format.period(SimpleNamespace(lower=SPAN.lower, upper=None, isempty=False)) == "2022. 3. 15.부터"
    with translation.override("en"):
        assert format.period(SPAN) == "15 Mar 2022 – 14 Mar 2027"


def test_an_empty_date_is_empty_text():
    assert [write(None) for write in (format.fullday, format.period, format.daytime, format.people, format.num)] == [
        ""
    ] * 5


def test_households_and_people_are_counted_apart():
    with translation.override("ko"):
        assert (format.people(206), format.households(158), format.num(1689)) == ("206명", "158가구", "1,689")
    with translation.override("en"):
        assert (format.people(1), format.households(2)) == ("1 person", "2 households")


def test_late_is_said_in_words_and_never_as_a_minus_number():
    with translation.override("ko"):
        assert (format.daysleft(115), format.daysleft(0), format.daysleft(-5)) == ("115일 남음", "오늘", "5일 지남")


@pytest.mark.parametrize("value", [5, "5", "emergency", "EMERGENCY", SimpleNamespace(value=5)])
def test_a_band_is_known_by_number_code_or_enum(value):
    assert format.band_level(value) == 5
    with translation.override("ko"):
        assert format.band_name(value) == "긴급"


def test_particles_stay_out_of_english():
    with translation.override("ko"):
        assert format.josa("정금주", "이/가") == "정금주가"
    with translation.override("en"):
        assert format.josa("Jeong", "이/가") == "Jeong"


def test_the_contact_bar_has_its_tick_in_the_middle_and_stops_at_the_end():
    assert (parts.gap_width(14, 14), parts.gap_width(7, 14), parts.gap_width(90, 14)) == ("42.0", "21.0", "84.0")
    assert parts.over(22, 14)
    assert not parts.over(14, 14)


def test_the_protection_bar_splits_at_today():
    bar = charts.protection_geometry(SPAN, DAY, 2022, 2028, dt.date(2026, 12, 14))
    assert bar["past_x"] + bar["past_w"] == pytest.approx(bar["left_x"])
    assert bar["left_x"] == bar["today_x"] < bar["mark_x"] < bar["left_x"] + bar["left_w"]


def test_somebody_without_a_protection_period_has_an_empty_bar():
    assert charts.protection_geometry(None, DAY, 2022, 2028, None)["has"] is False


def test_the_waffle_has_one_square_a_household():
    grid = charts.waffle_grid([{"level": 5, "count": 1, "over": 1}, {"level": 1, "count": 116, "over": 9}])
    assert [len(group["cells"]) for group in grid["groups"]] == [1, 116]
    assert sum(cell["over"] for group in grid["groups"] for cell in group["cells"]) == 10
