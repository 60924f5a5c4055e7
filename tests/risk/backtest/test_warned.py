"""Counting a back-test: pure numbers, no database."""

from datetime import date

import pytest

from risk.backtest.warned import SET, Crisis, Seen, runs, tally, wilson

ENDS = [date(2026, month, day) for month, day in ((6, 30), (7, 31), (8, 31), (9, 30))]


def seen(**marks):
    """The four month ends; `h1="0110"` means household 1 was flagged at the second and the third."""
    found = Seen(ENDS)
    for number in range(len(ENDS)):
        high = [int(name[1:]) for name, said in marks.items() if said[number] == "1"]
        found.add(number, range(1, 10), {SET: high, "R-X": []})
    return found


def found(crises, **marks):
    return tally(seen(**marks), crises)["what"][SET]


def test_the_days_of_warning_run_from_the_first_month_end_of_the_unbroken_run():
    told = found([Crisis(1, "found", date(2026, 9, 10))], h1="0110")
    assert (told["warned"], told["missed"], told["days"]) == (1, 0, [41, 41, 41])


def test_a_flag_that_had_gone_before_the_crisis_is_no_warning():
    told = found([Crisis(1, "death", date(2026, 9, 10))], h1="1100")
    assert (told["warned"], told["missed"], told["days"], told["mean"]) == (0, 1, None, 0)


def test_flagged_on_the_day_itself_is_no_warning():
    assert found([Crisis(1, "death", ENDS[0])], h1="1111")["warned"] == 0
    assert found([Crisis(1, "death", ENDS[1])], h1="1111")["warned"] == 1


def test_an_alarm_is_true_when_a_crisis_follows_it_before_the_next_month_end():
    crises = [Crisis(1, "found", date(2026, 9, 10)), Crisis(1, "death", date(2026, 8, 20))]
    told = found(crises, h1="0110", h2="1000", h3="0011", h4="1011")
    assert (told["alarms"], told["true"], told["standing"]) == (5, 1, 2), "one run warned of both crises"
    assert told["warned"] == 2


def test_who_was_flagged_from_the_first_month_end_on_was_warned_of_at_least_so_early():
    told = found([Crisis(1, "found", date(2026, 10, 5))], h1="1111")
    assert (told["at_least"], told["days"][1]) == (1, 97)


def test_a_household_that_was_not_yet_on_file_is_counted_apart():
    whole = tally(seen(h1="1111"), [Crisis(77, "death", date(2026, 9, 10)), Crisis(1, "death", date(2026, 9, 10))])
    assert (whole["crises"], whole["unknown"]) == (1, 1)


def test_the_same_crisis_told_as_two_kinds_counts_once():
    twice = [Crisis(1, "hospitalisation", date(2026, 9, 10)), Crisis(1, "review", date(2026, 9, 10))]
    assert tally(seen(h1="1111"), twice)["crises"] == 1


def test_warned_and_missed_are_told_by_kind():
    crises = [Crisis(1, "death", date(2026, 9, 10)), Crisis(2, "death", date(2026, 9, 11))]
    assert tally(seen(h1="0010"), crises)["kinds"] == {"death": {"warned": 1, "missed": 1}}


@pytest.mark.parametrize(
    ("mark", "expected"), [(0, []), (0b1, [(0, 0)]), (0b110, [(1, 2)]), (0b1011, [(0, 1), (3, 3)])]
)
def test_runs_are_unbroken(mark, expected):
    assert runs(mark) == expected


def test_the_interval_of_a_small_share_is_wide_and_stays_within_nought_and_one():
    low, high = wilson(0, 5)
    assert low == 0
    assert 0.43 < high < 0.44  # 0.4345 by Wilson's formula
    assert wilson(0, 0) is None
    low, high = wilson(80, 100)
    assert (round(low, 3), round(high, 3)) == (0.711, 0.867)
