"""A person confirms, adjusts or dismisses; the machine's band and the shown one stay two things."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from casework.audit.models import Event
from risk.actions import Refused, endorse, needs_second_person, review
from risk.bands import Band
from risk.models import Flag, Review, Standing
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.risk import SignalFactory, contact, live_sweep

ON = date(2025, 11, 19)
SOON = ON + timedelta(days=30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def cut():
    """A household whose power was cut off."""
    home = HouseholdFactory(registered_on=ON - timedelta(days=600))
    contact(home, ON, 10)
    SignalFactory(household=home, code_id="S14", on=ON, ago=5)
    live_sweep(ON)
    return home


@pytest.fixture
def kim():
    return UserFactory(role="supervisor")


def decide(home, by, *, agreed=True, **fields):
    """Decide, let a second person agree where one is needed (unless `agreed` is False), and sweep."""
    made = {"decision": "confirm", "reason": "확인함", "review_on": SOON, "on": ON, **fields}
    found = review(home, by=by, **made)
    if agreed and needs_second_person(found):
        endorse(found, by=UserFactory(role="centre_head"))
    live_sweep(made["on"])
    return found


def shown(home):
    standing = Standing.objects.get(household=home)
    return Band(standing.band), standing.decided_band, Band(standing.shown_band)


def test_a_dismissed_reason_is_left_out_until_its_day(cut, kim):
    flag = Flag.objects.get(household=cut, rule="R-UTIL-CUT")
    decide(cut, kim, decision="dismiss", flag=flag)
    assert shown(cut) == (Band.HIGH, None, Band.GENERAL)
    assert Standing.objects.get(household=cut).reason_rule == ""
    assert Flag.objects.open().filter(pk=flag.pk).exists()
    live_sweep(SOON - timedelta(days=1))
    assert shown(cut)[2] == Band.GENERAL
    live_sweep(SOON)
    assert shown(cut)[2] == Band.HIGH


def test_a_dismissed_reason_comes_back_when_it_gets_worse(cut, kim):
    decide(cut, kim, decision="dismiss", flag=Flag.objects.get(household=cut, rule="R-UTIL-CUT"))
    SignalFactory(household=cut, code_id="S13", on=ON + timedelta(days=2), ago=1)
    live_sweep(ON + timedelta(days=2))
    assert shown(cut)[2] == Band.HIGH


def test_an_adjusted_band_holds_until_its_day_and_gives_way_to_worse(cut, kim):
    decide(cut, kim, decision="adjust", band=Band.MODERATE)
    assert shown(cut) == (Band.HIGH, Band.MODERATE, Band.MODERATE)
    SignalFactory(household=cut, code_id="S24", on=ON + timedelta(days=1), ago=0)
    live_sweep(ON + timedelta(days=1))
    assert shown(cut) == (Band.EMERGENCY, Band.MODERATE, Band.EMERGENCY)


def test_a_person_may_hold_a_household_higher(cut, kim):
    decide(cut, kim, decision="adjust", band=Band.EMERGENCY)
    assert shown(cut)[2] == Band.EMERGENCY
    live_sweep(SOON)
    assert shown(cut)[1:] == (None, Band.HIGH)


def test_an_emergency_is_stepped_down_by_two_people_only(cut, kim):
    SignalFactory(household=cut, code_id="S24", on=ON, ago=0)
    live_sweep(ON)
    lowered = decide(cut, kim, decision="adjust", band=Band.HIGH, agreed=False)
    assert shown(cut)[2] == Band.EMERGENCY
    with pytest.raises(Refused):
        endorse(lowered, by=kim)
    second = UserFactory(role="centre_head")
    assert endorse(lowered, by=second) == endorse(lowered, by=second)
    live_sweep(ON)
    assert shown(cut) == (Band.EMERGENCY, Band.HIGH, Band.HIGH)


@pytest.mark.parametrize("how", ["adjust", "dismiss"])
def test_high_is_lowered_by_two_people_only(cut, kim, how):
    flag = Flag.objects.get(household=cut, rule="R-UTIL-CUT")
    said = {"band": Band.WATCH} if how == "adjust" else {"flag": flag}
    lowered = decide(cut, kim, decision=how, agreed=False, **said)
    assert shown(cut) == (Band.HIGH, None, Band.HIGH)
    with pytest.raises(Refused):
        endorse(lowered, by=kim)
    endorse(lowered, by=UserFactory(role="centre_head"))
    live_sweep(ON)
    assert shown(cut)[2] < Band.HIGH


def test_raising_confirming_and_what_stands_below_high_need_one_person(cut, kim):
    assert not needs_second_person(decide(cut, kim))
    assert not needs_second_person(decide(cut, kim, decision="adjust", band=Band.EMERGENCY))
    low = HouseholdFactory(registered_on=ON - timedelta(days=600))
    contact(low, ON, 10)
    SignalFactory(household=low, code_id="S05", on=ON, months=4)
    SignalFactory(household=low, code_id="S07", on=ON, months=4)
    live_sweep(ON)
    assert Band.WATCH <= Standing.objects.get(household=low).band < Band.HIGH
    flag = Flag.objects.filter(household=low, floor=None).order_by("id").first()
    assert not needs_second_person(decide(low, kim, decision="dismiss", flag=flag))
    assert not needs_second_person(decide(low, kim, decision="adjust", band=Band.GENERAL))
    assert shown(low)[2] == Band.GENERAL


def test_a_review_is_due_in_working_days_until_somebody_has_looked(cut, kim):
    standing = Standing.objects.get(household=cut)
    since = standing.band_since.date()
    assert standing.review_due_on > since + timedelta(days=4)
    decide(cut, kim)
    assert Standing.objects.get(household=cut).review_due_on == SOON  # looked at: next on the day to look again
    live_sweep(SOON + timedelta(days=40))
    assert Standing.objects.get(household=cut).review_due_on == SOON  # ignoring it does not empty the queue


def test_a_double_tap_lands_once_and_is_recorded_once(cut, kim):
    key = uuid4()
    first = decide(cut, kim, client_key=key)
    assert decide(cut, kim, client_key=key) == first
    assert Review.objects.count() == 1
    assert Event.objects.filter(verb="review confirm", household_id=cut.pk).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "  "},
        {"review_on": ON + timedelta(days=91)},
        {"review_on": ON},
        {"decision": "adjust"},
        {"decision": "dismiss"},
        {"decision": "delete"},
    ],
)
def test_a_decision_that_is_not_complete_is_refused_with_a_sentence(cut, kim, wrong):
    with pytest.raises(Refused, match=r"\w{2,}"):
        decide(cut, kim, **wrong)
    assert not Review.objects.exists()
