"""A mail is sent by one worker at a time, tried again, given up in the open, and lost by nobody."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail as mails
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from casework import outbox
from casework.telling import letterbox, sending
from casework.telling.actions import tell
from casework.telling.models import Mail
from tests.casework.telling.conftest import NOON
from tests.factories import UserFactory


def send(now=NOON):
    return sending.work_off(lambda: now)


class Broken:
    """A mail server that cannot be reached, or that refuses each mail."""

    def __init__(self, opening=None, sending=None):
        self.opening, self.sending, self.seen = opening, sending, []

    def open(self):
        if self.opening:
            raise self.opening

    def send_messages(self, messages):
        self.seen += messages
        raise self.sending

    def close(self):
        raise smtplib.SMTPServerDisconnected


@pytest.fixture
def broken(monkeypatch):
    def put(**errors):
        server = Broken(**errors)
        monkeypatch.setattr(sending, "get_connection", lambda: server)
        return server

    return put


def test_a_mail_arrives_with_a_neutral_sender_and_the_id_of_its_row(worker, mailed, served, settings):
    settings.DEFAULT_FROM_EMAIL = "사례관리 <no-reply@work.example>"
    row = mailed(worker)
    assert send() == 1
    (letter,) = mails.outbox
    assert letter.to == [worker.email]
    assert letter.from_email.endswith("<no-reply@work.example>")
    assert "사례관리" not in str(letter.message()["From"])
    assert letter.message()["Message-ID"] == f"<{row.message_id}@work.example>"
    assert send() == 0
    row.refresh_from_db()
    assert row.sent_at == NOON


def test_a_mail_waits_for_its_moment_and_for_a_server(worker, mailed, settings):
    settings.EMAIL_URL = ""
    row = mailed(worker, kind="alarm", now=NOON + timedelta(hours=10))
    later = row.due_at + timedelta(minutes=1)
    assert send(later) == 0
    assert Mail.objects.get().tries == 0, "without a server it waits untouched"
    settings.EMAIL_URL = "smtp://mail.example"
    assert send(row.due_at - timedelta(minutes=1)) == 0
    assert send(later) == 1


def test_a_failing_server_is_tried_again_later_then_it_is_a_dead_letter_and_then_again(
    worker, mailed, admin, served, broken, monkeypatch
):
    mailed(worker)
    server = broken(sending=smtplib.SMTPDataError(451, b"worker@centre.example: try later"))
    now, waits = NOON, []
    for _ in range(len(outbox.AGAIN) + 1):
        assert send(now) == 0
        row = Mail.objects.get()
        assert row.last_error == "answered 451", "nothing of the server's own text"
        waits.append(row.next_at - now)
        assert send(now) == 0, "not before its time"
        now = row.next_at + timedelta(seconds=1)
    assert waits[:-1] == [timedelta(minutes=n) for n in (1, 5, 30, 120, 480)]
    assert row.dead_at is not None
    assert len({letter.message()["Message-ID"] for letter in server.seen}) == 1
    assert list(letterbox.dead_letters()) == [row]
    assert letterbox.again(row, by=admin, now=now)
    assert not letterbox.again(row, by=admin, now=now), "twice changes nothing"
    monkeypatch.undo()
    assert send(now) == 1
    assert mails.outbox[-1].message()["Message-ID"] == server.seen[0].message()["Message-ID"]
    assert not letterbox.dead_letters().exists()


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ConnectionRefusedError(), "no connection"),
        (TimeoutError(), "no answer in time"),
        (smtplib.SMTPAuthenticationError(535, b"-"), "log-in refused"),
        (smtplib.SMTPServerDisconnected(), "connection ended"),
    ],
)
def test_a_server_that_cannot_be_reached_ends_the_round(worker, mailed, served, broken, error, why):
    for n in range(outbox.CLAIMED_AT_ONCE + 2):
        mailed(worker, label=f"R-0000-0000-{n}")
    broken(opening=error)
    assert send() == 0
    assert Mail.objects.filter(tries=1, last_error=why).count() == outbox.CLAIMED_AT_ONCE
    assert Mail.objects.filter(tries=0).count() == 2


def test_a_worker_that_died_loses_nothing_and_one_who_comes_late_settles_nothing(worker, mailed, served):
    mailed(worker)
    (dead,) = sending.claim(NOON)
    assert sending.claim(NOON) == [], "nobody else has it meanwhile"
    assert send(NOON) == 0
    later = NOON + outbox.LEASE + timedelta(seconds=1)
    assert send(later) == 1
    outbox.failed(dead, now=later, why="late")
    assert Mail.objects.get().last_error == ""


def test_who_left_or_has_no_address_any_more_gets_none(worker, other, mailed, served):
    mailed(worker)
    mailed(other)
    worker.email = ""
    worker.save()
    other.is_active = False
    other.save()
    assert send() == 0
    assert set(Mail.objects.values_list("last_error", flat=True)) == {"no address"}


def test_where_a_server_is_given_late_nobody_is_flooded(worker, mailed, admin, served):
    row = mailed(worker)
    late = NOON + timedelta(days=15)
    assert send(late) == 0
    assert Mail.objects.get().last_error == "too old"
    assert letterbox.again(row, by=admin, now=late)
    assert send(late) == 1, "by hand it is sent all the same"


def test_mails_are_forgotten_a_month_after_they_arrived(worker, mailed, served):
    mailed(worker)
    mailed(worker, label="R-0000-0000-1", now=NOON + timedelta(days=1))
    assert send() == 1
    assert sending.forget_old(NOON + timedelta(days=29)) == 0
    assert sending.forget_old(NOON + timedelta(days=31)) == 1
    assert Mail.objects.get().sent_at is None


def test_what_is_given_up_for_good_names_who_did_it(worker, mailed):
    row = mailed(worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=row.pk).update(settled_at=timezone.now())


def test_two_workers_at_once_send_each_mail_once(committed_db, django_db_blocker, settings):
    settings.EMAIL_URL, count = "smtp://mail.example", 40
    people = [UserFactory(email=f"w{n}@centre.example") for n in range(count)]
    tell(people, "arrived", label="R-7QX4-1DTM-5", url=("referrals:inbox",), now=NOON)
    barrier, arrived = threading.Barrier(2), []

    def work():
        with django_db_blocker.unblock():
            barrier.wait()
            arrived.append(send())
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(arrived) == count
    assert sorted(letter.to[0] for letter in mails.outbox) == sorted(person.email for person in people)
    assert set(Mail.objects.values_list("tries", flat=True)) == {1}
