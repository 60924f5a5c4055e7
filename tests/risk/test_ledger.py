"""What is due is asked of the ledger: a night that was missed is made up at the first tick, at whatever hour."""

from datetime import date, datetime, timedelta

import pytest

from casework.clock import SEOUL
from risk.ledger import full_sweep_is_due
from risk.models import Sweep

pytestmark = pytest.mark.django_db
DAY = date(2025, 11, 19)


def swept(on, *, finished=True):
    at = datetime(on.year, on.month, on.day, 2, 1, tzinfo=SEOUL)
    Sweep.objects.create(kind="full", on=on, known_by=at, finished_at=at if finished else None)


def due_at(hour):
    return full_sweep_is_due(datetime(DAY.year, DAY.month, DAY.day, hour, 30, tzinfo=SEOUL))


def test_an_installation_that_never_swept_sweeps_at_once():
    assert due_at(0)


def test_after_a_night_as_it_should_be_the_next_one_begins_at_two():
    swept(DAY - timedelta(days=1))
    assert [due_at(hour) for hour in (0, 1, 2, 23)] == [False, False, True, True]


@pytest.mark.parametrize("days", [2, 3, 30])
def test_a_night_that_was_missed_is_made_up_before_two(days):
    swept(DAY - timedelta(days=days))
    assert due_at(0)


def test_a_sweep_that_broke_off_is_no_sweep():
    swept(DAY - timedelta(days=1), finished=False)
    assert due_at(0)


def test_once_a_day_is_enough():
    swept(DAY)
    assert not due_at(23)
