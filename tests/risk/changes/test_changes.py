"""Changing a rule is a decision: drafted, tried out, read, approved by a second person, in force from a later day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.utils import timezone, translation

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from risk.actions import Refused
from risk.changes import actions as changing
from risk.changes import readiness
from risk.changes.proposals import differences, latest, law_left
from risk.changes.workflow import CHANGE, ChangeStatus
from risk.criteria import CODE
from risk.judge import in_force
from risk.models import ChangeReading, Flag, RuleChange, RuleVersion, Simulation
from risk.sweeps import sweep
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.changes import PATTERN, approved, as_now, change_of
from tests.factories.risk import SignalFactory

pytestmark = pytest.mark.django_db


def today():
    return seoul_day(timezone.now())


# --- what may be proposed ---


def test_a_number_out_of_range_is_answered_with_the_field_and_what_would_be_right(proposer):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        change_of(by=proposer, numbers={"months": 99})
    assert refused.value.message_dict == {"months": ["Months: write a whole number from 1 to 24."]}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"numbers": {"months": "2"}}, "months"),
        ({"numbers": {"floor": 5}}, "floor"),
        ({"numbers": {"months": 3}}, "__all__"),
        ({"numbers": {"months": 2}, "why": "  "}, "why"),
        ({"code": CODE, "numbers": {"watch_score": 39, "moderate_score": 30}}, "moderate_score"),
        ({"code": CODE, "numbers": {"watch_score": 14}, "off": True}, "off"),
        ({"code": "pattern", "pattern": {**PATTERN, "floor": "emergency"}, "name_ko": "가", "name_en": "a"}, "floor"),
        ({"code": "pattern", "pattern": PATTERN, "name_ko": "가"}, "name_en"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(content, field, proposer):
    with pytest.raises(ValidationError) as refused:
        change_of(by=proposer, **content)
    assert list(refused.value.message_dict) == [field]
    assert not RuleChange.objects.exists()


def test_the_same_tap_twice_is_one_draft_and_a_second_open_change_of_a_rule_is_refused(proposer, second):
    key = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    first = change_of(by=proposer, numbers={"months": 2}, client_key=key)
    assert change_of(by=proposer, numbers={"months": 2}, client_key=key) == first
    with pytest.raises(Refused):
        change_of(by=second, numbers={"months": 4})
    assert RuleChange.objects.count() == 1


def test_leaving_what_a_law_fixes_is_said_and_coming_back_too():
    standing = latest("R-RENT-ARR").parameters
    with translation.override("en"):
        left = law_left("R-RENT-ARR", standing, {**standing, "months": 2})
        back = law_left("R-RENT-ARR", {**standing, "months": 2}, standing)
    assert left[0]["leaves"]
    assert left[0]["after"] == "Our own criterion"
    assert "Threshold of 3 months" in left[0]["before"]
    assert not back[0]["leaves"]
    assert "Threshold of 3 months" in back[0]["after"]
    assert law_left("R-RENT-ARR", standing, {**standing, "weight": 30}) == []


def test_the_differences_stand_in_words(proposer):
    change = change_of(by=proposer, numbers={"months": 2, "weight": 25}, off=True)
    with translation.override("en"):
        assert [(str(label), old, new) for label, old, new in differences(change)] == [
            ("Points", 20, 25),
            ("Months", 3, 2),
            ("The rule", "in force", "switched off"),
        ]


# --- the way of a change ---


def test_the_whole_way_from_draft_to_a_version_in_force_from_tomorrow(household, proposer, second):
    change = change_of(by=proposer, stands="requested")
    version = approved(change, by=second)
    assert (version.code, version.version, version.parameters["months"]) == ("R-RENT-ARR", 2, 2)
    assert version.change == change
    tomorrow = today() + timedelta(days=1)
    months = [
        next(known.rule.months for known in in_force(day)[1] if known.rule.code == "R-RENT-ARR")
        for day in (today(), tomorrow)
    ]
    assert months == [3, 2]
    assert [e.verb for e in Event.objects.about(change).order_by("id")] == [
        "change proposed",
        "change tried out",
        "change read",
        "approval requested",
        "change read",
        "change approved",
    ]


def test_a_flag_names_the_version_that_raised_it(household, proposer, second):
    version = approved(change_of(by=proposer, stands="requested"), by=second)
    assert not Flag.objects.filter(rule="R-RENT-ARR").exists()
    tomorrow = timezone.now() + timedelta(days=1)
    sweep(type(as_now()).live(tomorrow))
    assert Flag.objects.get(rule="R-RENT-ARR").version == version


def test_nobody_approves_what_they_proposed(household, proposer):
    change = change_of(by=proposer, stands="requested")
    with pytest.raises(NotYours):
        approved(change, by=proposer)
    with pytest.raises(Error), transaction.atomic():
        RuleChange.objects.filter(pk=change.pk).update(
            status="approved", decided_by=proposer, decided_at=timezone.now(), starts_on=today()
        )


@pytest.mark.parametrize("role", ["supervisor", "centre_head", "foundation_officer", "system_administrator"])
def test_other_roles_take_no_step(role, household, proposer):
    other = UserFactory(agency=CentreFactory(), role=role)
    change = change_of(by=proposer, stands="requested")
    for verb in CHANGE.steps:
        with pytest.raises(NotYours):
            CHANGE.check(change, verb, other)
    assert CHANGE.open_to(change, other) == []


def test_a_change_is_never_in_force_for_a_day_that_has_begun(household, proposer, second):
    change = change_of(by=proposer, stands="requested")
    with pytest.raises(Refused):
        approved(change, by=second, days=0)
    change.refresh_from_db()
    assert change.status == ChangeStatus.REQUESTED


def test_it_is_not_requested_before_it_was_tried_out_and_read(household, proposer):
    change = change_of(by=proposer)
    with pytest.raises(NotNow):
        changing.request(change, by=proposer, now=timezone.now())
    changing.try_out(change, by=proposer, as_of=as_now())
    change.refresh_from_db()
    with pytest.raises(Refused):
        changing.request(change, by=proposer, now=timezone.now())
    changing.read(change, household, verdict="worrying", words="아이가 있는 집", by=proposer)
    changing.request(change, by=proposer, now=timezone.now())


def test_other_numbers_need_another_trial_and_other_readings(household, proposer):
    change = change_of(by=proposer, stands="read")
    change = changing.edit(change, by=proposer, why=change.why, numbers={"months": 1})
    assert change.status == ChangeStatus.DRAFT
    assert change.last_simulation() is None
    simulation = changing.try_out(change, by=proposer, as_of=as_now())
    change.refresh_from_db()
    assert readiness.unread(change, simulation) == [household.pk]
    with pytest.raises(Refused):
        changing.request(change, by=proposer, now=timezone.now())


def test_a_rule_that_changed_in_between_stops_the_approval(household, proposer, second):
    approved(change_of(by=proposer, stands="requested", numbers={"weight": 25}), by=second)
    late = RuleChange.objects.create(
        code="R-RENT-ARR", base=RuleVersion.objects.get(code="R-RENT-ARR", version=1), proposed_by=proposer, why="늦음"
    )
    with pytest.raises(Refused):
        readiness.check_ready(late, on=today())


def test_a_second_change_begins_after_the_first_or_not_at_all(household, proposer, second):
    first = approved(change_of(by=proposer, stands="requested", numbers={"weight": 25}), by=second, days=10)
    again = change_of(by=proposer, stands="requested", numbers={"weight": 30})
    with pytest.raises(Refused):
        approved(again, by=second, days=5)
    third = approved(again, by=second, days=20)
    first.refresh_from_db()
    assert first.in_force.upper == third.in_force.lower
    assert third.version == 3


def test_a_discarded_change_keeps_the_reason_and_leaves_the_rule_free(proposer, second):
    change = change_of(by=proposer)
    with pytest.raises(Refused):
        changing.discard(change, by=second, reason=" ", now=timezone.now())
    changing.discard(change, by=second, reason="자료가 부족합니다", now=timezone.now())
    change.refresh_from_db()
    assert (change.status, change.discarded_because) == ("discarded", "자료가 부족합니다")
    change_of(by=second, numbers={"months": 4})


def test_a_switched_off_rule_is_asked_no_more_and_its_flags_clear(household, proposer, second):
    SignalFactory(household=household, code_id="S01", months=5)
    sweep(as_now())
    assert Flag.objects.open().filter(rule="R-NHI-ARR").exists()
    approved(change_of("R-NHI-ARR", by=proposer, stands="requested", off=True), by=second)
    sweep(type(as_now()).live(timezone.now() + timedelta(days=1)))
    assert not Flag.objects.open().filter(rule="R-NHI-ARR").exists()
    assert Flag.objects.filter(rule="R-NHI-ARR", version__version=1).exists()


def test_a_reading_is_of_the_sample_says_what_worries_and_is_kept_once(household, proposer):
    change = change_of(by=proposer, stands="simulated")
    with pytest.raises(Refused):
        changing.read(change, HouseholdFactory(), verdict="right", words="", by=proposer)
    with pytest.raises(Refused):
        changing.read(change, household, verdict="worrying", words=" ", by=proposer)
    for _ in range(2):
        changing.read(change, household, verdict="right", words="맞음", by=proposer)
    assert ChangeReading.objects.count() == 1
    changing.read(change, household, verdict="worrying", words="다시 보니 걱정됨", by=proposer)
    assert ChangeReading.objects.count() == 2


# --- what the database holds, whoever asks ---


def test_the_database_lets_nobody_change_a_version(household, proposer, second):
    version = approved(change_of(by=proposer, stands="requested"), by=second)
    statements = [
        "UPDATE risk_ruleversion SET parameters = '{}' WHERE id = %s",
        "UPDATE risk_ruleversion SET in_force = daterange(NULL, CURRENT_DATE + 9) WHERE id = %s",
        "DELETE FROM risk_ruleversion WHERE id = %s",
        """INSERT INTO risk_ruleversion (code, version, parameters, in_force)
        SELECT code, 9, parameters, daterange(CURRENT_DATE + 30, NULL) FROM risk_ruleversion WHERE id = %s""",
    ]
    for statement in statements:
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [version.pk])
    first = RuleVersion.objects.get(code="R-TEL-ARR")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE risk_ruleversion SET in_force = '[,2030-01-01)' WHERE id = %s", [first.pk])


def test_raw_sql_does_not_skip_a_step_or_slip_other_numbers_in(household, proposer):
    change = change_of(by=proposer, stands="requested")
    for told in ({"parameters": {"months": 1}}, {"off": True}, {"why": "x"}, {"code": "R-TEL-ARR"}):
        with pytest.raises(Error), transaction.atomic():
            RuleChange.objects.filter(pk=change.pk).update(**told)
    fresh = change_of("R-TEL-ARR", by=proposer, numbers={"weight": 5})
    with pytest.raises(Error), transaction.atomic():
        RuleChange.objects.filter(pk=fresh.pk).update(status="requested")


# --- who sees what ---


def test_a_centre_sees_what_waits_for_approval_and_not_which_households_were_read(household, proposer):
    head = UserFactory(agency=CentreFactory(), role="centre_head")
    draft, waiting = (
        change_of("R-TEL-ARR", by=proposer, numbers={"weight": 5}),
        change_of(by=proposer, stands="requested"),
    )
    assert list(RuleChange.objects.visible_to(head)) == [waiting]
    assert set(RuleChange.objects.visible_to(proposer)) == {draft, waiting}
    assert not Simulation.objects.visible_to(head).exists()
    assert not ChangeReading.objects.visible_to(head).exists()
    assert ChangeReading.objects.visible_to(proposer).exists()
    worker = UserFactory(agency=CentreFactory(), role="case_manager")
    assert not RuleChange.objects.visible_to(worker).exists()
