"""An inquiry is read from one state of the database: what is committed in between is in none of its parts."""

import threading
from datetime import timedelta

from django.db import connection, connections
from django.utils import timezone

from casework.audit.models import AccessLog
from desks.inquiry import found as inquiry
from households.models import Person
from risk.models import Sweep
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import CentreFactory
from tests.factories.risk import SignalFactory
from tests.harness.asking import ago, inquiry_of, section_of


def elsewhere(do):
    """Do it on a connection of its own and commit it, before this one goes on."""

    def work():
        do()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


def test_what_is_committed_between_two_questions_is_in_none_of_the_answers(committed_db, client, monkeypatch):
    worker = UserFactory(agency=CentreFactory())
    supervisor = UserFactory(agency=worker.agency, role="supervisor")
    household = HouseholdFactory(worker=worker, registered_on=ago(500))
    ask, told = inquiry.shown_at, []

    def meanwhile(*args):
        if not told:
            elsewhere(lambda: SignalFactory(household=household, code_id="S14", ago=40, known_ago=10))
            told.append(True)
        return ask(*args)

    monkeypatch.setattr(inquiry, "shown_at", meanwhile)
    client.force_login(supervisor)
    client.post(inquiry_of(household), {"on": str(ago(20)), "reason": "경위 확인"})
    first, again = (client.get(inquiry_of(household), {"on": str(ago(20))}).content.decode() for _ in range(2))
    assert told
    assert "단전" not in first, "it came while the inquiry was being read"
    assert "단전" in section_of(again, "later")
    assert AccessLog.objects.filter(view="desks:inquiry", act="open").count() == 2, "written outside of the reading"


def test_what_is_written_within_a_reading_is_taken_back(committed_db):
    with inquiry.one_reading(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_isolation')")
        assert cursor.fetchone()[0] == "repeatable read"
        Person.objects.create(case_number="0000-0000-0")
        Sweep.objects.create(kind="past", on=ago(1), known_by=timezone.now() - timedelta(days=1))
    assert not Person.objects.filter(case_number="0000-0000-0").exists()
    assert not Sweep.objects.exists()
