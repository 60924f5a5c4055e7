"""Questions whose plan a connection keeps: the answer is the same as without, whoever asks and however often."""

import os
import re

import pytest
from django.db import DatabaseError, DataError, NotSupportedError, OperationalError, connection, transaction

from casework.agencies.models import User
from casework.prepared import KEPT, ME, Question, _kept, named
from tests.factories.agencies import UserFactory


def names_from(first):
    """Return a question after the users whose name begins with `first`, without the one who asks."""
    rows = User.objects.filter(name__startswith=first).exclude(pk=ME).order_by("name").values_list("name")
    sql, fixed = named(rows.query.sql_with_params(), {"me": ME})
    return Question(sql, fixed, {"me": "bigint"})


@pytest.fixture(autouse=True)
def fresh(request):
    """A connection that keeps no plan."""
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "db")
    run("DEALLOCATE ALL")
    _kept.clear()


@pytest.fixture
def people():
    return [UserFactory(name=name) for name in ("김하나", "김두리", "이세미", "100%맞춤")]


def plans_kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'question%%'")
        return cursor.fetchone()[0]


def test_each_asker_gets_the_own_answer_from_one_plan(people, django_assert_num_queries):
    question = names_from("김")
    before = plans_kept()
    with django_assert_num_queries(3):
        assert question.ask(me=people[0].pk) == [("김두리",)]
        assert question.ask(me=people[1].pk) == [("김하나",)]
        assert question.once(me=people[2].pk) == [("김두리",), ("김하나",)]
    assert plans_kept() - before in (0, 1), "one plan, where there was room without letting another go"


def test_what_was_recorded_since_is_in_the_next_answer(people):
    question = names_from("이")
    assert question.ask(me=people[0].pk) == [("이세미",)]
    UserFactory(name="이두나")
    assert question.ask(me=people[0].pk) == [("이두나",), ("이세미",)]


def test_a_percent_sign_stays_what_it_is(people):
    assert names_from("100%").ask(me=people[0].pk) == [("100%맞춤",)]


def test_a_connection_keeps_no_more_than_its_share_of_plans(people):
    asked = [names_from(chr(letter)) for letter in range(ord("가"), ord("가") + KEPT + 3)]
    for question in asked:
        question.ask(me=people[0].pk)
    assert plans_kept() == KEPT
    assert asked[0].ask(me=people[0].pk) == [], "what was let go is planned again"
    assert plans_kept() == KEPT


def test_after_a_question_that_fails_the_next_is_answered(people):
    broken = Question("SELECT 1 / %(by)s", {}, {"by": "integer"})
    with pytest.raises(DataError), transaction.atomic():
        broken.ask(by=0)
    assert broken.ask(by=1) == [(1,)]


def divided():
    return Question("SELECT 12 / %(by)s", {}, {"by": "integer"})


def names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'question%%'")
        return {name for (name,) in cursor.fetchall()}


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_question_that_fails_keeps_its_plan_and_leaves_no_second_one():
    question = divided()
    assert question.ask(by=3) == [(4,)]
    kept = names()
    for _time in range(3):
        with pytest.raises(DataError), transaction.atomic():
            question.ask(by=0)
    assert question.ask(by=4) == [(3,)]
    assert names() == kept


def test_failing_at_first_again_and_again_fills_no_connection():
    for _time in range(KEPT + 3):
        divided_by = Question(f"SELECT {_time} / %(by)s", {}, {"by": "integer"})
        with pytest.raises(DataError), transaction.atomic():
            divided_by.ask(by=0)
    assert divided_by.ask(by=1) == [(KEPT + 2,)]
    assert len(names()) <= KEPT


def test_in_a_transaction_that_has_failed_nothing_is_lost(people):
    question, others = divided(), [names_from(chr(letter)) for letter in range(ord("가"), ord("가") + KEPT)]
    with transaction.atomic():
        point = transaction.savepoint()
        for fails, asked in ((DataError, lambda: run("SELECT 1 / 0")), (DatabaseError, lambda: question.ask(by=3))):
            with pytest.raises(fails):
                asked()
        transaction.savepoint_rollback(point)
    for other in others:
        other.ask(me=people[0].pk)
    assert question.ask(by=3) == [(4,)]
    assert len(names()) == KEPT


def test_what_somebody_discarded_is_planned_anew_by_the_next_who_asks():
    question = divided()
    question.ask(by=3)
    run("DEALLOCATE ALL")
    with pytest.raises(OperationalError), transaction.atomic():
        question.ask(by=3)
    assert question.ask(by=3) == [(4,)]
    assert len(names()) == 1


def test_a_table_that_changed_is_asked_anew_and_the_old_plan_is_let_go():
    run("CREATE TEMP TABLE changing (n integer)")
    run("INSERT INTO changing VALUES (1)")
    question = Question("SELECT * FROM changing WHERE n = %(n)s", {}, {"n": "integer"})
    assert question.ask(n=1) == [(1,)]
    before = names()
    run("ALTER TABLE changing ADD said text")
    with pytest.raises(NotSupportedError), transaction.atomic():
        question.ask(n=1)
    assert question.ask(n=1) == [(1, None)]
    assert len(names()) == len(before)


def test_outside_a_transaction_nobody_notices_and_a_new_connection_begins_anew(committed_db):
    question = divided()
    assert question.ask(by=3) == [(4,)]
    run("DISCARD ALL")
    assert question.ask(by=3) == [(4,)]
    connection.close()
    assert question.ask(by=3) == [(4,)]
    assert len(names()) == 1


def test_a_name_is_of_this_process_and_of_no_other(people):
    names_from("김").ask(me=people[0].pk)
    (name,) = names()
    assert re.fullmatch(rf"question_{os.getpid()}_[0-9a-f]{{16}}", name)


def test_behind_a_pooler_no_plan_is_kept(people, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    before = names()
    assert names_from("김").ask(me=people[0].pk) == [("김두리",)]
    assert names() == before


def test_only_the_mark_itself_gets_its_name():
    sql, values = named(("SELECT %s, %s", [ME, [ME]]), {"me": ME})
    assert (sql, values) == ("SELECT %(me)s, %(p1)s", {"p1": [ME]})
