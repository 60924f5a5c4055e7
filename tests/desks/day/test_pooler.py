"""Behind a pooler that hands out connections by the transaction the long questions give the same answers."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from casework.prepared import _kept
from desks.day.asking import rows_of
from desks.household.file import file_seen
from desks.supervision.numbers import caseload, waiting_of
from tests.factories import HouseholdFactory
from tests.factories.standings import stands


def plans():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'question%%'")
        return set(cursor.fetchall())


def test_every_long_question_is_answered_alike_and_nothing_is_prepared(client, worker, supervisor, monkeypatch):
    household, today = HouseholdFactory(worker=worker, members=["김하나"]), seoul_day(timezone.now())
    stands(household, 4, contact_due_on=today)

    def answers():
        file = file_seen(worker, household.number, on=today)
        homes = caseload(supervisor, worker, today)
        return rows_of(worker, on=today), file.title(), file.household, waiting_of(worker, homes, today)

    kept = answers()
    assert kept[0]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert answers() == kept
    client.force_login(worker)
    assert client.get(reverse("desks:household", args=[household.number])).status_code == 200
    assert plans() == set()


@pytest.fixture(autouse=True)
def healed(db):
    """Leave the connection as the next test expects it: who asks first finds out that its plans are gone."""
    yield
    _kept.clear()
