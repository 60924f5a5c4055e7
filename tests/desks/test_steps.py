"""The next step of a household is one answer, wherever it is read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import seoul_day
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import page_of
from desks.household.file import file_of
from desks.steps import step_of
from desks.today.caseload import caseload_of
from households.models import Household
from tests.factories import AttemptFactory, ContactFactory, HouseholdFactory
from tests.factories.risk import SignalFactory
from tests.factories.standings import stands


def page_file(household):
    return file_of(Household.objects.filter(pk=household.pk), on=seoul_day(timezone.now()))


def three_answers(user, household):
    """The next step as the at-risk list, the desk of today and the household page read it."""
    now = timezone.now()
    (listed,) = page_of(user, Filters(bands=(1, 2, 3, 4, 5)), now=now).rows
    (mine,) = caseload_of(user, now=now).rows
    return [step_of(found, now) for found in (listed, mine, page_file(household).stands)]


@pytest.fixture
def household(worker):
    return HouseholdFactory(worker=worker, registered_on=timezone.localdate() - timedelta(days=300))


def ago(**passed):
    return timezone.now() - timedelta(**passed)


def _owed(household, worker):
    stands(household, 4, due_in=-3)


def _planned(household, worker):
    stands(household, 3, due_in=9)
    ContactFactory(
        household=household, recorded_by=worker, next_at=timezone.now() + timedelta(days=2), next_channel="visit"
    )


def _tried(household, worker):
    stands(household, 4, due_in=-3, band_since=ago(days=3))
    ContactFactory(household=household, recorded_by=worker, occurred_at=ago(days=60))
    AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=2))
    AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(hours=20), channel="phone")


def _daily(household, worker):
    stands(household, 5, due_in=-9, limit=0, band_since=ago(days=9))
    AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(minutes=1))


def _not_yet(household, worker):
    stands(household, 1, due_in=90)
    AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=2))


@pytest.mark.parametrize(
    ("happened", "kind"),
    [(_owed, "contact"), (_planned, "planned"), (_tried, "try"), (_daily, "try"), (_not_yet, "contact")],
)
def test_the_list_the_desk_and_the_page_say_the_same_step_and_day(worker, household, happened, kind):
    happened(household, worker)
    listed, mine, page = three_answers(worker, household)
    assert listed == mine == page
    assert listed.kind == kind


def test_without_a_worker_somebody_has_to_be_named_first(supervisor, centre):
    household = HouseholdFactory(center=centre)
    stands(household, 4)
    now = timezone.now()
    (listed,) = page_of(supervisor, Filters(bands=(4,)), now=now).rows
    assert step_of(listed, now).kind == step_of(page_file(household).stands, now).kind == "assign"


def test_an_answered_message_ends_the_run_on_the_page_as_in_the_rules(worker, household, swept):
    ContactFactory(household=household, recorded_by=worker, occurred_at=ago(days=60))
    for days in (20, 18):
        AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=days))
    ContactFactory(household=household, recorded_by=worker, occurred_at=ago(days=10), channel="message")
    swept()
    found = page_file(household)
    assert (found.attempts, found.met["channel"], found.standing["attempts"]) == ([], "message", 0)
    SignalFactory(household=household, code_id="S14", ago=5)
    swept()
    found = page_file(household)
    assert (len(found.attempts), found.met["channel"], found.standing["attempts"]) == (2, "visit", 2)
