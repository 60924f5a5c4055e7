"""The contact steps: pure in the attempts and the moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.clock import SEOUL
from households.ladder import ladder, since_met


@dataclass
class Tried:
    channel: str
    occurred_at: datetime
    contact_made: bool = False


def at(month, day, hour=10, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=SEOUL)


def call(*when):
    return Tried("phone", at(*when))


def visit(*when):
    return Tried("visit", at(*when))


def done(steps):
    return [step.key for step in steps.steps if step.state == "done"]


FOUR = [call(10, 29, 10, 20), call(11, 3, 15, 5), call(11, 9, 11, 40), visit(11, 12, 14, 10)]


def test_before_the_first_attempt_nothing_is_due():
    steps = ladder([], now=at(11, 19))
    assert steps.next is None
    assert (steps.tried, steps.suggested, steps.daytime_only) == ((), (), False)


def test_three_calls_and_a_visit_lead_to_the_second_visit():
    steps = ladder(FOUR, now=at(11, 19, 15))
    assert done(steps) == ["call_1", "call_2", "call_3", "visit_1"]
    assert steps.next.key == "visit_2"
    assert steps.next.late
    assert steps.next.due == at(10, 29, 10, 20) + timedelta(days=5)


def test_for_a_household_at_high_risk_the_steps_are_compressed_to_72_hours():
    steps = ladder(FOUR, now=at(11, 19, 15), short_since=at(11, 17, 21))
    assert steps.next.due == at(11, 19, 21)
    assert not steps.next.late
    police = next(step for step in steps.steps if step.key == "police")
    assert police.due == at(11, 20, 21)


def test_calling_twice_in_one_morning_is_one_step():
    steps = ladder([call(11, 9, 9, 10), call(11, 9, 9, 40)], now=at(11, 9, 12))
    assert done(steps) == ["call_1"]
    assert steps.attempts == 2


def test_whoever_stood_before_the_door_need_not_call_first():
    steps = ladder([visit(11, 9)], now=at(11, 9, 12))
    assert steps.next.key == "visit_2"


def test_two_visits_lead_to_the_town_office_and_asking_it_leads_on():
    visits = [visit(11, 9), visit(11, 11, 19)]
    assert ladder(visits, now=at(11, 12)).next.key == "town"
    assert ladder(visits, now=at(11, 12), asked={"town": at(11, 11, 20)}).next.key == "police"


def test_attempts_in_office_hours_only_suggest_an_evening_or_saturday():
    steps = ladder(FOUR, now=at(11, 19, 15))
    assert steps.daytime_only
    assert steps.suggested == ((3, 2), (4, 2), (5, 0), (5, 1))


def test_after_an_evening_any_untried_hour_is_suggested():
    steps = ladder([call(11, 9, 19)], now=at(11, 10, 10))
    assert not steps.daytime_only
    assert (0, 2) not in steps.suggested
    assert len(steps.suggested) == 4


def test_a_holiday_is_not_an_office_hour():
    steps = ladder([call(11, 9, 10)], now=at(11, 10), holidays={at(11, 9).date()})
    assert not steps.daytime_only


def test_what_had_not_happened_yet_does_not_count():
    assert done(ladder(FOUR, now=at(11, 3, 23))) == ["call_1", "call_2"]


def test_attempts_before_the_last_meeting_do_not_count():
    met = Tried("visit", at(11, 8), contact_made=True)
    assert since_met([FOUR[2], met, FOUR[0]]) == [FOUR[2]]
