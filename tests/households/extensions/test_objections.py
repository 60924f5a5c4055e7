"""Objections: in time and late, answered by two, counted as accepted by the days and settled by people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from casework.audit.models import Event
from casework.clock import day_begins
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.extensions import deciding, objecting
from households.models import Objection, ProtectionPeriod
from tests.factories.agencies import day_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def objection(cast, at):
    """An objection to a refusal, received on the day the result was told."""
    told = at("told", outcome="refused")
    return objecting.receive(told, received_on=cast.on, words="혼자 지내고 있습니다.", by=cast.first, now=cast.now)


def later(cast, days):
    """A moment of a Seoul day so many days from now."""
    return day_at(cast.on + timedelta(days=days))


def prepared(objection, cast, now, **words):
    said = {"answer": "accepted", "follow": "nothing", "reasons": "사정을 다시 살폈습니다.", **words}
    return objecting.prepare(objection, by=cast.first, now=now, **said)


def test_an_objection_is_taken_down_once_and_only_after_the_result_was_told(cast, at):
    decided = at("decided")
    words = {"received_on": cast.on, "words": "-", "by": cast.first, "now": cast.now, "client_key": uuid4()}
    with pytest.raises(NotNow):
        objecting.receive(decided, **words)
    type(decided).objects.filter(pk=decided.pk).update(status="told", told_on=cast.on, told_way="handed")
    assert objecting.receive(decided, **words) == objecting.receive(decided, **words)
    with pytest.raises(Refused, match="이의신청"):
        objecting.receive(decided, **{**words, "client_key": uuid4()})
    with pytest.raises(NotYours):
        objecting.receive(decided, **{**words, "by": cast.worker})


@pytest.mark.parametrize(
    ("days", "arrived", "late"), [(0, True, False), (90, True, False), (95, True, True), (95, False, False)]
)
def test_ninety_days_and_late_ones_are_kept_and_marked_where_the_arrival_is_on_record(cast, at, days, arrived, late):
    told, on = at("told"), cast.on + timedelta(days=days)
    if arrived:
        told = deciding.reach(told, reached_on=cast.on, by=cast.first, now=cast.now)
    made = objecting.receive(told, received_on=on, words="-", by=cast.first, now=day_at(on))
    assert made.late is late
    terms = objecting.ExtensionTerm.objects.numbers(on)
    assert objecting.answer_of(made, on + timedelta(days=200), terms).deemed is not late


def test_an_answer_in_time_is_given_by_two(cast, objection):
    ready = prepared(objection, cast, later(cast, 10), answer="rejected")
    with pytest.raises(NotYours):
        objecting.confirm(ready, by=cast.first, now=later(cast, 10))
    with pytest.raises(IntegrityError, match="objection_confirmed_by_a_second"), transaction.atomic():
        Objection.objects.filter(pk=ready.pk).update(confirmed_by=cast.first)
    done = objecting.confirm(ready, by=cast.second, now=later(cast, 11))
    assert (done.status, done.answer, done.confirmed_by) == ("answered", "rejected", cast.second)
    assert ProtectionPeriod.objects.current().filter(person=cast.person).count() == 1


def test_accepted_and_extended_appends_a_period_once_confirmed(cast, objection, last_day):
    until = last_day() + timedelta(days=365)
    ready = prepared(objection, cast, later(cast, 10), follow="extend", until=until)
    assert last_day() < until
    objecting.confirm(ready, by=cast.second, now=later(cast, 11))
    assert last_day() == until


def test_without_an_answer_nothing_is_stored_until_two_officers_wrote_it(cast, objection, last_day):
    now = later(cast, 61)
    stands = objecting.answer_of(
        objection, cast.on + timedelta(days=61), objecting.ExtensionTerm.objects.numbers(cast.on)
    )
    assert stands.deemed
    objection.refresh_from_db()
    assert (objection.status, objection.answer) == ("received", "")
    with pytest.raises(Refused):
        prepared(objection, cast, now, answer="rejected")
    ready = prepared(objection, cast, now, answer="deemed", follow="extend", until=last_day() + timedelta(days=30))
    objecting.confirm(ready, by=cast.second, now=now)
    assert ProtectionPeriod.objects.current().filter(person=cast.person, basis="extension").count() == 1


def test_an_answer_given_in_time_stands_though_it_is_confirmed_later(cast, objection):
    last_moment = day_begins(cast.on + timedelta(days=61)) - timedelta(minutes=1)
    ready = prepared(objection, cast, last_moment, answer="rejected")
    assert ready.answered_on == cast.on + timedelta(days=60)
    terms = objecting.ExtensionTerm.objects.numbers(cast.on)
    assert not objecting.answer_of(ready, cast.on + timedelta(days=70), terms).deemed
    back = objecting.send_back(ready, by=cast.second, now=later(cast, 61), reason="다시 적어 주십시오.")
    assert (back.status, back.answer, back.answered_on) == ("received", "", None)
    assert objecting.answer_of(back, cast.on + timedelta(days=70), terms).deemed
    given = cast.on + timedelta(days=59)
    ready = prepared(back, cast, later(cast, 64), answer="rejected", answered_on=given)
    with pytest.raises(NotYours):
        objecting.confirm(ready, by=cast.first, now=later(cast, 65))
    done = objecting.confirm(ready, by=cast.second, now=later(cast, 65))
    assert (done.status, done.answer, done.answered_on) == ("answered", "rejected", given)


@pytest.mark.parametrize(("given", "today", "field"), [(-1, 5, "answered_on"), (6, 5, "answered_on"), (61, 64, None)])
def test_the_day_of_an_answer_lies_between_its_receipt_and_today_and_in_time(cast, objection, given, today, field):
    with pytest.raises(Refused) as refused:
        prepared(objection, cast, later(cast, today), answered_on=cast.on + timedelta(days=given))
    assert refused.value.field == field


def test_words_that_do_not_fit_together_are_refused(cast, objection, last_day):
    for words in (
        {"answer": "deemed"},
        {"answer": "rejected", "follow": "other"},
        {"follow": "extend"},
        {"follow": "nothing", "until": last_day() + timedelta(days=9)},
        {"follow": "extend", "until": last_day()},
    ):
        with pytest.raises(Refused):
            prepared(objection, cast, later(cast, 5), **words)


def test_an_objection_is_withdrawn(cast, objection):
    assert objecting.withdraw(objection, by=cast.first, now=cast.now, reason="본인 뜻").status == "withdrawn"
    with pytest.raises(NotNow):
        objecting.withdraw(objection, by=cast.first, now=cast.now, reason="-")


def test_the_ninety_days_are_counted_from_when_the_result_reached_the_person(cast, at):
    told = at("told")
    on = cast.on + timedelta(days=97)
    type(told).objects.filter(pk=told.pk).update(reached_on=cast.on)
    late = objecting.receive(told, received_on=on, words="-", by=cast.first, now=day_at(on))
    assert late.late
    with pytest.raises(Refused) as refused:
        deciding.reach(told, reached_on=told.told_on - timedelta(days=1), by=cast.first, now=cast.now)
    assert refused.value.field == "reached_on"
    arrived = cast.on + timedelta(days=9)
    reached = deciding.reach(told, reached_on=arrived, by=cast.first, now=day_at(on))
    assert (reached.status, reached.reached_on) == ("told", arrived)
    assert deciding.objection_until(reached) >= arrived + timedelta(days=90)
    late.refresh_from_db()
    assert not late.late
    events = Event.objects.about(reached).filter(verb="result reached the person")
    deciding.reach(reached, reached_on=arrived, by=cast.first, now=day_at(on))
    assert events.count() == 1
    with pytest.raises(NotYours):
        deciding.reach(reached, reached_on=arrived, by=cast.worker, now=day_at(on))


def test_what_was_handed_over_reached_the_person_that_day(cast, at):
    decided = at("decided")
    told = deciding.tell(decided, told_on=cast.on, told_way="handed", by=cast.first, now=cast.now)
    assert told.reached_on == cast.on
