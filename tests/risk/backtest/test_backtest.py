"""The back-test as a job: what it finds, how far it is, and what survives a lost worker."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from casework.touched import Touched
from risk.actions import Refused
from risk.backtest import runs as backtest
from risk.backtest.warned import SET
from risk.models import Assessment, BacktestRun, Flag, Incident, RuleChange, RuleVersion, Sweep
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import day_at
from tests.factories.incidents import BacktestFactory, IncidentFactory
from tests.factories.risk import SignalFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 19)


@pytest.fixture
def officer():
    return UserFactory(role="ministry_officer")


@pytest.fixture
def run(officer):
    return BacktestFactory(on=ON, known_by=day_at(ON), requested_by=officer)


def on_file(**fields):
    return HouseholdFactory(registered_on=date(2025, 6, 1), **fields)


def cut_off(household, day, known=None):
    SignalFactory(household=household, code_id="S14", on=day, ago=0, known_at=day_at(known or day))


def done(run):
    backtest.work_off(timezone.now)
    run.refresh_from_db()
    assert run.state == "done", run.state
    return run.result


def test_the_last_twelve_month_ends_are_asked():
    ends = backtest.month_ends(date(2026, 11, 30))
    assert (ends[0], ends[-1], len(ends)) == (date(2025, 11, 30), date(2026, 10, 31), 12)
    assert backtest.month_ends(date(2026, 3, 1))[-1] == date(2026, 2, 28)


def test_a_crisis_that_the_rules_saw_coming_is_warned_of_and_one_out_of_the_blue_is_missed(run):
    seen, unseen = on_file(), on_file()
    cut_off(seen, date(2026, 6, 12))
    for household in (seen, unseen):
        IncidentFactory(household=household, occurred_on=date(2026, 9, 10), kind="found")
    found = done(run)
    whole, rule = found["what"][SET], found["what"]["R-UTIL-CUT"]
    assert (found["crises"], whole["warned"], whole["missed"]) == (2, 1, 1)
    assert whole["days"] == [72, 72, 72], "from the 30th of June to the 10th of September"
    assert (rule["warned"], rule["alarms"], rule["true"]) == (1, 1, 1)
    assert found["what"]["R-SUI"]["alarms"] == 0


def test_what_was_learnt_later_gives_no_warning_in_hindsight(run):
    household = on_file()
    cut_off(household, date(2026, 3, 1), known=date(2026, 9, 20))
    IncidentFactory(household=household, occurred_on=date(2026, 9, 10))
    assert done(run)["what"][SET]["warned"] == 0


def test_a_run_leaves_nothing_behind_but_its_result(run):
    household = on_file()
    cut_off(household, date(2026, 6, 12))
    IncidentFactory(household=household, occurred_on=date(2026, 9, 10))
    before = [model.objects.count() for model in (Assessment, Flag, Sweep, Touched)]
    done(run)
    assert [model.objects.count() for model in (Assessment, Flag, Sweep, Touched)] == before
    assert run.done_months == 12
    assert run.versions["R-UTIL-CUT"] == 1


def test_a_recorded_crisis_touches_no_queue_and_no_rule():
    household = on_file()
    Touched.objects.all().delete()
    IncidentFactory(household=household)
    assert not Touched.objects.exists()


def test_asking_twice_is_asking_once(officer):
    now = timezone.now()
    assert backtest.request(by=officer, now=now) == backtest.request(by=officer, now=now)
    assert BacktestRun.objects.count() == 1


def test_only_who_may_change_criteria_asks_and_cancels(run):
    other = UserFactory(role="foundation_officer")
    with pytest.raises(PermissionDenied):
        backtest.request(by=other, now=timezone.now())
    with pytest.raises(PermissionDenied):
        backtest.cancel(run, by=other)
    run.refresh_from_db()
    assert (run.state, BacktestRun.objects.count()) == ("queued", 1)


def test_one_that_was_cancelled_stops_at_the_next_month_end(run, officer):
    on_file()
    judged = []

    def meanwhile(execute, sql, params, many, context):
        """Somebody cancels while the fourth month end is judged."""
        if sql.startswith("SELECT household_id, band FROM sweep_judged"):
            judged.append(sql)
            if len(judged) == 4:
                backtest.cancel(run, by=officer)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        backtest.work_off(timezone.now)
    run.refresh_from_db()
    assert (run.state, run.result, run.done_months, len(judged)) == ("cancelled", None, 3, 4)
    with pytest.raises(Refused):
        backtest.cancel(run, by=officer)


def test_a_run_left_behind_by_a_killed_worker_is_taken_up_again(run):
    BacktestRun.objects.filter(pk=run.pk).update(state="running", done_months=7, tries=1)
    assert backtest.waiting()
    done(run)
    assert run.tries == 2


def test_one_that_cost_three_workers_is_given_up(run):
    BacktestRun.objects.filter(pk=run.pk).update(state="running", tries=backtest.TRIES)
    backtest.work_off(timezone.now)
    run.refresh_from_db()
    assert run.state == "failed"
    assert not backtest.waiting()


def test_while_one_worker_runs_another_does_nothing(run):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [backtest.LOCK])
        assert backtest.work_off(timezone.now) == 0
    finally:
        with other.cursor() as cursor:  # a session that is closed gives its lock back only a moment later
            cursor.execute("SELECT pg_advisory_unlock(%s)", [backtest.LOCK])
        other.close()
    run.refresh_from_db()
    assert run.state == "queued"


def test_a_crisis_taken_back_or_recorded_after_the_question_does_not_count(run):
    household = on_file()
    IncidentFactory(household=household, occurred_on=date(2026, 9, 10), known_at=day_at(ON) + timedelta(days=1))
    mistaken = IncidentFactory(household=household, occurred_on=date(2026, 9, 11))
    Incident.objects.filter(pk=mistaken.pk).update(superseded_at=day_at(date(2026, 9, 12)))
    assert done(run)["crises"] == 0


def test_a_change_is_compared_with_the_rules_in_force_over_the_same_months(officer):
    base = RuleVersion.objects.get(code="R-NHI-ARR", version=1)
    said = {"parameters": {**base.parameters, "months": 2}, "base": base, "why": "-", "proposed_by": officer}
    change = RuleChange.objects.create(code="R-NHI-ARR", **said)

    def kept(about, mean, warned):
        told = {"ends": ["2026-10-31"], "what": {SET: {"mean": mean, "warned": warned, "alarms": 40}}}
        return BacktestFactory(state="done", on=ON, change=about, numbers=about.numbers if about else "", result=told)

    kept(change, 32.4, 9)
    assert backtest.earlier(change) is None, "there is nothing to compare with"
    kept(None, 18.0, 7)
    found = backtest.earlier(change)
    assert (found["days"], found["warned"], found["alarms"]) == (14, 2, (40, 40))


def test_a_run_for_a_change_judges_by_what_it_proposes(run, officer):
    base = RuleVersion.objects.get(code="R-NHI-ARR", version=1)
    said = {"parameters": {**base.parameters, "months": 2}, "base": base, "why": "-", "proposed_by": officer}
    household = on_file()
    SignalFactory(household=household, on=date(2026, 6, 12), ago=0, months=2, known_at=day_at(date(2026, 6, 12)))
    change = RuleChange.objects.create(code="R-NHI-ARR", **said)
    proposed = BacktestFactory(on=ON, known_by=day_at(ON), change=change, numbers=change.numbers)
    assert done(run)["what"]["R-NHI-ARR"]["alarms"] == 0
    proposed.refresh_from_db()
    assert proposed.result["what"]["R-NHI-ARR"]["alarms"] == 1
    assert proposed.versions["R-NHI-ARR"] == 2


def test_counts_are_for_those_who_see_figures(run, officer):
    assert BacktestRun.objects.visible_to(officer).exists()
    assert not BacktestRun.objects.visible_to(UserFactory(role="case_manager")).exists()
