"""The days of a request, counted from its dates and never stored. Pure: numbers come from the dated terms.

The first day is not counted (Civil Act 157). That the 90 days end on the next working day where they end on a day off,
in the person's favour, and that the 60 days do not move, is our own reading.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.clock import add_working_days, last_of_years

DAY = timedelta(days=1)


def extended(last_day, years):
    """Return the first day of an extension that follows `last_day`, and the last day that it may have."""
    first = last_day + DAY
    return first, last_of_years(first, years)


def objection_until(told_on, days, holidays=frozenset()):
    """Return the last day on which an objection is in time: `days` after the result was told (제32조)."""
    return add_working_days(told_on + timedelta(days=days), 0, holidays)


def answer_until(received_on, days):
    """Return the last day for an answer to an objection: `days` after it was received (시행령 제50조)."""
    return received_on + timedelta(days=days)


@dataclass(frozen=True)
class Answer:
    """How the answer to an objection stands on a day: its last day, the days left (negative once it has passed), the
    day from which it counts as accepted, whether it does so, and whether the warning holds."""

    until: date
    left: int
    deemed_on: date
    deemed: bool
    warned: bool


def answer_of(received_on, on, *, days, warned_after, answered=False, answered_on=None):
    """Return the Answer of an objection received on a day, as of the day `on`; an answered one is neither.

    `answered_on`: the day on which a prepared answer was given in writing; whether that was in time is judged by it.
    """
    until = answer_until(received_on, days)
    return Answer(
        until=until,
        left=(until - on).days,
        deemed_on=until + DAY,
        deemed=not answered and (answered_on or on) > until,
        warned=not answered and received_on + timedelta(days=warned_after) <= on <= until,
    )
