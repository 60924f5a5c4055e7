"""The contact steps: pure in the attempts and the moment."""

from dataclasses import dataclass
from datetime import datetime

from casework.clock import SEOUL
from households.ladder import ladder


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
    assert steps.next.due == at(11, 3, 18)


def test_for_a_household_at_high_risk_the_steps_are_compressed_to_72_hours():
    steps = ladder(FOUR, now=at(11, 19, 15), short_since=at(11, 17, 21))
    assert steps.next.due == at(11, 19, 18)
    assert not steps.next.late
    police = next(step for step in steps.steps if step.key == "police")
    assert police.due == at(11, 20, 18)


def test_a_step_has_time_until_the_working_day_ends():
    night = ladder([call(11, 4, 23, 50)], now=at(11, 5, 9))
    assert night.next.due == at(11, 5, 18)
    over_the_weekend = ladder([call(11, 5, 10), call(11, 6, 10)], now=at(11, 7))
    assert over_the_weekend.next.due == at(11, 9, 18), "the third call falls on a Sunday: Monday evening"
    holiday = ladder([call(11, 4, 10)], now=at(11, 5), holidays={at(11, 5).date()})
    assert holiday.next.due == at(11, 6, 18)
    urgent = ladder([call(11, 5, 10), call(11, 5, 20)], now=at(11, 6), short_since=at(11, 6, 0))
    assert urgent.next.due == at(11, 7, 18), "what is shortened to 72 hours does not wait for Monday"


def test_calling_twice_in_one_morning_is_one_step():
    steps = ladder([call(11, 9, 9, 10), call(11, 9, 9, 40)], now=at(11, 9, 12))
    assert done(steps) == ["call_1"]
    assert steps.attempts == 2


def test_whoever_stood_before_the_door_need_not_call_first():
    steps = ladder([visit(11, 9)], now=at(11, 9, 12))
    assert steps.next.key == "visit_2"
    assert [step.state for step in steps.steps[:4]] == ["passed", "passed", "passed", "done"]
    assert {step.due for step in steps.steps[:4]} == {None}, "what was passed over is owed no more"


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


def test_after_the_worker_the_supervisor_must_act():
    assert ladder(FOUR, now=at(11, 12, 15)).next.owner == "supervisor", "the step is late"
    fresh = ladder([call(11, 9, 10)], now=at(11, 9, 11))
    assert fresh.next.owner == "worker"
    visits = [call(11, 9), call(11, 10), call(11, 11), visit(11, 11), visit(11, 12)]
    assert ladder(visits, now=at(11, 12, 15)).next.owner == "supervisor", "other offices are asked by the supervisor"


def test_where_no_protection_officer_is_left_the_step_goes_to_112_or_the_town():
    visits = [call(11, 9), call(11, 10), call(11, 11), visit(11, 11), visit(11, 12)]
    asked = {"town": at(11, 16)}
    guarded = ladder(visits, now=at(11, 17), asked=asked).next
    left = ladder(visits, now=at(11, 17), asked=asked, guarded=False).next
    assert guarded.key == left.key == "police"
    assert str(left.label) != str(guarded.label)
    assert ladder(visits, now=at(11, 17), asked={**asked, "rescue": at(11, 17)}, guarded=False).next is None


def test_the_next_attempt_is_suggested_at_another_hour_and_by_another_way():
    steps = ladder([call(11, 9, 10), call(11, 10, 10)], now=at(11, 10, 12))
    assert steps.next.key == "call_3"
    assert steps.proposal.means == "message", "a call was tried twice"
    assert (steps.proposal.day.weekday(), steps.proposal.part) == steps.suggested[0]
    assert (steps.proposal.day.weekday(), steps.proposal.part) not in steps.tried
    assert steps.proposal.part == 2 or steps.proposal.day.weekday() == 5, "every attempt fell into office hours"
    assert ladder(FOUR, now=at(11, 12, 15)).proposal.means == "visit", "the next step is a visit"
    assert ladder([], now=at(11, 12)).proposal is None
