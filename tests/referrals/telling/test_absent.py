"""Whoever is away is not told alone."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.facts import supersede
from households.models import Absence
from tests.referrals.telling.conftest import DAY, step, told

pytestmark = pytest.mark.django_db


class TestOfThoseWhoAreAway:
    def test_who_stands_in_for_the_sender_is_told_as_well(self, at, people, away):
        away(people.sender, people.mate)
        step(at("in_progress"), "provide", people.receiver)
        assert told() == {"provided": {"서지훈", "옆상담사"}}

    def test_where_nobody_stands_in_all_who_decide_over_the_work_are_told(self, at, people, away):
        away(people.sender)
        step(at("in_progress"), "provide", people.receiver)
        assert told() == {"provided": {"서지훈", "한팀장"}}

    def test_who_stands_in_and_is_away_too_is_no_help(self, at, people, away):
        away(people.sender, people.mate)
        away(people.mate)
        step(at("in_progress"), "provide", people.receiver)
        assert told() == {"provided": {"서지훈", "한팀장"}}

    def test_where_the_receiver_is_away_all_who_receive_there_are_told(self, at, people, away):
        away(people.receiver)
        step(at("provided"), "return", people.sender)
        assert told() == {"disputed": {"구민서", "다른주무관"}}

    def test_an_absence_of_other_days_or_one_that_was_ended_is_none(self, at, people):
        today = timezone.localdate()
        days = DateRange(today - 3 * DAY, today)
        Absence.objects.create(worker=people.sender, substitute=people.mate, during=days, recorded_by=people.boss)
        held = Absence.objects.create(
            worker=people.sender, during=DateRange(today, today + DAY), recorded_by=people.boss
        )
        supersede(held, by=people.boss, during=DateRange(empty=True))
        step(at("in_progress"), "provide", people.receiver)
        assert told() == {"provided": {"서지훈"}}
