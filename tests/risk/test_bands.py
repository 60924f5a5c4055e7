"""The mark beside one reason: a trump's, its floor's, or by its points."""

import pytest

from risk.bands import Band, level_of


@pytest.mark.parametrize(
    ("flag", "band"),
    [
        ({"trump": True, "floor": Band.HIGH, "points": 5}, Band.EMERGENCY),
        ({"trump": False, "floor": Band.HIGH, "points": 5}, Band.HIGH),
        ({"trump": False, "floor": None, "points": 15}, Band.MODERATE),
        ({"trump": False, "floor": None, "points": 14}, Band.WATCH),
        ({"trump": False, "floor": None, "points": None}, Band.WATCH),
    ],
)
def test_a_reason_is_marked_by_trump_then_floor_then_points(flag, band):
    assert level_of(**flag) == band
