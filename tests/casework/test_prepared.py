"""Questions whose plan a connection keeps: the answer is the same as without, whoever asks and however often."""

import pytest
from django.db import DataError, connection, transaction

from casework.agencies.models import User
from casework.prepared import KEPT, ME, Question, named
from tests.factories.agencies import UserFactory

pytestmark = pytest.mark.django_db


def names_from(first):
    """Return a question after the users whose name begins with `first`, without the one who asks."""
    rows = User.objects.filter(name__startswith=first).exclude(pk=ME).order_by("name").values_list("name")
    sql, fixed = named(rows.query.sql_with_params(), {"me": ME})
    return Question(sql, fixed, {"me": "bigint"})


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


def test_only_the_mark_itself_gets_its_name():
    sql, values = named(("SELECT %s, %s", [ME, [ME]]), {"me": ME})
    assert (sql, values) == ("SELECT %(me)s, %(p1)s", {"p1": [ME]})
