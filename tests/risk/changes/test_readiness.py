"""What may be decided about: tried out on what is in force still, and read by more than one person."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from casework.clock import seoul_day
from casework.workflow import NotYours
from risk.actions import Refused
from risk.changes import actions as changing
from risk.changes import readiness
from risk.changes.workflow import ChangeStatus
from risk.criteria import CODE
from risk.models import ChangeReading
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.changes import approved, as_now, change_of, line_of, officer

pytestmark = pytest.mark.django_db


def today():
    return seoul_day(timezone.now())


# --- what a trial rests on ---


def overtaken(proposer, second, code="R-TEL-ARR", **content):
    """A change that waits for approval while another rule's was approved."""
    change = change_of(by=proposer, stands="requested")
    approved(change_of(code, by=proposer, stands="requested", **content), by=second)
    return change


@pytest.mark.parametrize(("code", "numbers"), [("R-TEL-ARR", {"weight": 5}), (CODE, {"watch_score": 14})])
def test_another_criterion_that_was_decided_since_stops_the_approval(code, numbers, household, proposer, second):
    change = overtaken(proposer, second, code, numbers=numbers)
    with pytest.raises(Refused, match="다시 계산"):
        approved(change, by=second)
    changing.try_out(change, by=second, as_of=as_now())
    change.refresh_from_db()
    assert change.status == ChangeStatus.REQUESTED
    approved(change, by=second)


def test_what_was_decided_before_comes_into_force_and_stops_the_approval(household, proposer, second):
    approved(change_of("R-TEL-ARR", by=proposer, stands="requested", numbers={"weight": 5}), by=second)
    change = change_of(by=proposer, stands="requested")
    simulation = change.last_simulation()
    assert not readiness.is_stale(simulation, on=today())
    assert readiness.is_stale(simulation, on=today() + timedelta(days=1))


def test_what_waits_is_tried_out_again_only_when_it_was_overtaken(household, proposer, second):
    change = change_of(by=proposer, stands="requested")
    with pytest.raises(Refused):
        changing.try_out(change, by=second, as_of=as_now())
    with pytest.raises(NotYours):
        changing.try_out(change, by=UserFactory(role="centre_head"), as_of=as_now())
    assert change.simulations.count() == 1


def test_a_trial_without_a_word_on_what_it_rests_on_counts_for_nothing(household, proposer):
    change = change_of(by=proposer, stands="read")
    last = change.last_simulation()
    last.pk, last.rests_on = None, {}
    last.save(force_insert=True)
    with pytest.raises(Refused):
        changing.request(change, by=proposer, now=timezone.now())


# --- the second reader ---


def test_nobody_approves_what_only_its_proposer_has_read(household, proposer, second):
    change = change_of(by=proposer, stands="requested")
    day = {"starts_on": today() + timedelta(days=1), "today": today(), "now": timezone.now()}
    with pytest.raises(Refused, match="단계가 오르는 가구"):
        changing.approve(change, by=second, **day)
    changing.read(change, household, verdict="right", words="", by=officer("한지우"))
    assert changing.approve(change, by=second, **day).version == 2


def test_one_of_each_direction_is_read_by_somebody_else(household, proposer, second):
    up, down, same = (
        line_of(home, before=3, after=n)
        for home, n in ((household, 4), (HouseholdFactory(), 1), (HouseholdFactory(), 3))
    )
    change = change_of(by=proposer, stands="simulated")
    last = change.last_simulation()
    last.pk, last.sample = None, [up, down, same, line_of(HouseholdFactory(), before=3, after=4)]
    last.save(force_insert=True)
    changing.read(change, household, verdict="right", words="", by=second)
    assert readiness.unread_by_second(change, change.last_simulation()) == ["down", "stays"]


def test_the_verbs_themselves_ask_who_may(household, proposer):
    other = UserFactory(agency=CentreFactory(), role="centre_head")
    with pytest.raises(PermissionDenied):
        change_of(by=other)
    change = change_of(by=proposer, stands="simulated")
    with pytest.raises(PermissionDenied):
        changing.read(change, household, verdict="right", words="", by=other)
    assert not ChangeReading.objects.exists()
