"""A sweep run twice, by two at once, or killed half-way leaves the flags of an undisturbed run."""

import threading
from datetime import date, timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection, connections, transaction

from casework.clock import AsOf
from casework.facts import supersede
from casework.touched import Touched, TouchedLease
from households.models import Residence
from risk import queue, sweeps
from risk.bands import Band
from risk.models import Assessment, Flag, Standing, Sweep
from risk.sweeps import Busy, sweep
from tests.factories import HouseholdFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of
from tests.factories.risk import SignalFactory, as_of, contact, live_sweep
from tests.harness.racing import at_once

ON = date(2025, 11, 19)


def a_small_register():
    """Three households: one cut off, one in arrears and not met, one quiet."""
    homes = [HouseholdFactory(members=2, registered_on=ON - timedelta(days=600)) for _ in range(3)]
    for home in homes:
        contact(home, ON, 30)
    SignalFactory(household=homes[0], code_id="S14", on=ON)
    SignalFactory(household=homes[1], code_id="S01", months=4, on=ON)
    contact(homes[1], ON, 12, made=False)
    contact(homes[1], ON, 11, made=False)
    return homes


def open_flags():
    rows = Flag.objects.open().order_by("household", "rule", "person")
    return list(rows.values_list("household", "rule", "person", "since", "weight", "points", "floor", "evidence"))


@pytest.mark.django_db
def test_a_sweep_raises_flags_once_and_keeps_what_it_found():
    cut, owing, quiet = a_small_register()
    first = live_sweep(ON)
    assert (first.households, first.persons) == (3, 6)
    assert first.opened == Flag.objects.open().count() > 0
    assert first.bands["high"] == 2
    assert first.bands["general"] == 1
    again = live_sweep(ON)
    assert (again.opened, again.cleared, Assessment.objects.count()) == (0, 0, 3)
    standing = Standing.objects.get(household=cut)
    assert (standing.band, standing.shown_band, standing.reason_rule) == (Band.HIGH, Band.HIGH, "R-UTIL-CUT")
    assert standing.assessment.hits[0]["rule"] == "R-UTIL-CUT"
    assert Standing.objects.get(household=owing).attempts == 2
    assert Standing.objects.get(household=quiet).reasons == 0


@pytest.mark.django_db
def test_a_condition_that_ends_clears_its_flag_with_history():
    cut, *_others = a_small_register()
    live_sweep(ON)
    contact(cut, ON + timedelta(days=1), 0, tags=["utilities_ok"])
    found = live_sweep(ON + timedelta(days=1))
    flag = Flag.objects.get(household=cut, rule="R-UTIL-CUT")
    assert found.cleared == 2  # the cut, and with it the overdue contact of a High household
    assert flag.cleared_by.on == ON + timedelta(days=1)
    assert Standing.objects.get(household=cut).band == Band.GENERAL
    SignalFactory(household=cut, code_id="S13", on=ON + timedelta(days=3), ago=1)
    live_sweep(ON + timedelta(days=3))
    assert Flag.objects.filter(household=cut, rule="R-UTIL-CUT").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("marked", [True, False])
def test_where_nobody_lives_any_more_nothing_is_owed_and_a_protected_address_stays_protected(marked):
    home = HouseholdFactory(registered_on=ON - timedelta(days=600))
    contact(home, ON, 30, tags=["violence"] if marked else [])
    SignalFactory(household=home, code_id="S14", on=ON)
    live_sweep(ON)
    (person,) = members_of(home)
    died_on = ON + timedelta(days=1)
    supersede(Residence.objects.current().get(person=person), by=None, now=day_at(died_on), during=(None, died_on))
    Residence.objects.create(person=person, status="deceased", during=(died_on, None), known_at=day_at(died_on))
    live_sweep(ON + timedelta(days=2))
    assert not Flag.objects.open().exists()
    left = Standing.objects.filter(household=home).values_list("address_protected", "shown_band", "contact_due_on")
    assert list(left) == ([(True, Band.GENERAL, None)] if marked else [])


@pytest.mark.django_db
def test_an_address_is_protected_also_where_nothing_else_changes():
    """Violence of long ago, told today, is no reason any more; the address stays protected."""
    home = HouseholdFactory(registered_on=ON - timedelta(days=1500))
    contact(home, ON, 5)
    live_sweep(ON)
    contact(home, ON, 1000, tags=["violence"], known_ago=0)
    live_sweep(ON)
    assert Standing.objects.get(household=home).address_protected


@pytest.mark.django_db
def test_a_past_sweep_changes_no_live_flag():
    a_small_register()
    live_sweep(ON)
    before, standings = open_flags(), list(Standing.objects.order_by("pk").values())
    past = sweep(as_of(ON - timedelta(days=30)), live=False)
    assert past.bands["general"] == 3
    assert (open_flags(), list(Standing.objects.order_by("pk").values())) == (before, standings)
    assert Sweep.objects.filter(kind="past").count() == 1
    assert Assessment.objects.count() == 3


@pytest.mark.django_db
def test_a_past_day_gives_the_same_answer_before_and_after_later_facts():
    homes = a_small_register()
    question = as_of(ON)
    before = sweep(question, live=False)
    SignalFactory(household=homes[2], code_id="S24", on=ON, ago=5, known_at=day_at(ON + timedelta(days=9)))
    after = sweep(question, live=False)
    assert (before.bands, before.rules) == (after.bands, after.rules)
    assert sweep(AsOf(on=ON, known_by=day_at(ON + timedelta(days=10))), live=False).bands["emergency"] == 1


@pytest.mark.django_db
def test_a_household_alone_gives_what_the_full_sweep_gives():
    homes = a_small_register()
    live_sweep(ON)
    whole = open_flags()
    Flag.objects.update(cleared_at=day_at(ON), cleared_by=Sweep.objects.first())
    for home in homes:
        live_sweep(ON, households=[home.pk])
    assert open_flags() == whole


@pytest.mark.django_db
def test_the_number_of_statements_does_not_depend_on_the_number_of_people(django_assert_num_queries):
    a_small_register()
    live_sweep(ON)
    with connection.execute_wrapper(counter := Counter()):
        sweep(as_of(ON))
    few = counter.number
    for _ in range(6):
        a_small_register()
    with connection.execute_wrapper(counter := Counter()):
        sweep(as_of(ON))
    assert counter.number == few


class Counter:
    number = 0

    def __call__(self, execute, *arguments):
        self.number += 1
        return execute(*arguments)


@pytest.mark.django_db
def test_what_was_touched_is_swept_and_the_queue_emptied():
    cut, *_others = a_small_register()
    assert Touched.objects.filter(household_id=cut.pk).exists()
    swept = queue.sweep_queue(lambda: day_at(ON, 12))
    assert swept == 3
    assert not Touched.objects.exists()
    assert not TouchedLease.objects.exists()
    assert Flag.objects.open().filter(household=cut).exists()


def test_two_sweeps_at_once_change_nothing_twice(committed_db):
    a_small_register()
    found, _told = at_once(*[lambda: sweep(as_of(ON))] * 3)
    assert len(found) == 3
    assert sorted(result.opened for result in found)[:2] == [0, 0]
    assert Flag.objects.open().count() == max(result.opened for result in found) > 0
    assert Assessment.objects.count() == 3


def test_who_does_not_want_to_wait_is_told_that_a_sweep_runs(committed_db):
    a_small_register()
    told = []

    def second():
        try:
            sweep(as_of(ON), wait=False)
        except Busy:
            told.append("busy")
        connections.close_all()

    with sweeps.one_snapshot(live=True):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert told == ["busy"]


def test_a_worker_killed_half_way_loses_nothing(committed_db):
    homes = a_small_register()
    expected = undisturbed()
    Touched.objects.bulk_create([Touched(household_id=home.pk) for home in homes])
    assert queue.claim() is not None
    with pytest.raises((OperationalError, InterfaceError)):
        half_a_sweep()
    connection.close()
    assert not Flag.objects.exists()
    assert not Touched.objects.exists()
    assert queue.claim() is None  # the lease is still the dead worker's
    TouchedLease.objects.update(expires_at=day_at(ON))
    queue.sweep_queue(lambda: day_at(ON, 12))
    assert open_flags() == expected
    assert not TouchedLease.objects.exists()


def half_a_sweep():
    """Write everything that a sweep writes, and die before it is committed."""
    with sweeps.one_snapshot(live=True):
        facts, rules = sweeps.judged(as_of(ON), live=True)
        sweeps._reconcile(sweeps._record(as_of(ON), facts, rules, None, True), facts, day_at(ON, 12))
        assert Flag.objects.exists()
        kill_this_connection()
        Flag.objects.exists()


def kill_this_connection():
    """End our connection from another of the same role, as the death of the worker's machine would."""
    pid = connection.connection.info.backend_pid

    def kill():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connections.close_all()

    thread = threading.Thread(target=kill)
    thread.start()
    thread.join()


def undisturbed():
    """Return the flags of a sweep that nobody disturbs, and undo it."""
    with transaction.atomic():
        sweep(AsOf.live(day_at(ON, 12)))
        flags = open_flags()
        transaction.set_rollback(True)
    Touched.objects.all().delete()
    return flags
