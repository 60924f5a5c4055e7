"""A mail is sent by one worker at a time, tried again, given up in the open, and lost by nobody."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as mails
from django.core.mail.backends.smtp import EmailBackend
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from casework import outbox
from casework.clock import Holiday
from casework.telling import letterbox, sending
from casework.telling.actions import tell
from casework.telling.letters import message_of
from casework.telling.models import Mail, Preference
from tests.casework.telling.conftest import NOON
from tests.factories import UserFactory
from tests.factories.agencies import LONG_AGO
from tests.harness.racing import at_once


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
    mailed(worker, kind="arrived_urgent")  # at any hour: the eight hours end in the night
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
        ("비밀번호", "not set up"),
    ],
)
def test_a_server_that_cannot_be_reached_ends_the_round_and_no_try_counts(worker, mailed, served, broken, error, why):
    for n in range(outbox.CLAIMED_AT_ONCE + 2):
        mailed(worker, label=f"R-0000-0000-{n}")
    broken(opening=unwritable(error) if isinstance(error, str) else error)
    assert send() == 0
    put_off = Mail.objects.filter(tries=0, last_error=why, next_at=NOON + sending.PAUSE)
    assert put_off.count() == outbox.CLAIMED_AT_ONCE
    assert Mail.objects.filter(tries=0, last_error="", next_at=NOON).count() == 2
    assert letterbox.kept_back() == letterbox.words_of(put_off.first()) != why, "said to the administrator"


def unwritable(word):
    """Return what comes of a password that the server's log-in cannot carry."""
    try:
        word.encode("ascii")
    except UnicodeEncodeError as error:
        return error


def test_settings_that_contradict_themselves_leave_no_mail_claimed(worker, mailed, served, monkeypatch):
    mailed(worker)
    monkeypatch.setattr(sending, "get_connection", lambda: EmailBackend(use_tls=True, use_ssl=True))
    assert send() == 0
    row = Mail.objects.get()
    assert (row.tries, row.next_at, row.last_error) == (0, NOON + sending.PAUSE, "not set up")


def test_what_was_taken_up_six_times_and_never_noted_is_given_up(worker, mailed, served):
    mailed(worker, kind="arrived_urgent")
    now = NOON
    for _ in range(len(outbox.AGAIN) + 1):
        assert len(sending.claim(now)) == 1
        now += outbox.LEASE + timedelta(seconds=1)
    assert sending.claim(now) == []
    row = Mail.objects.get()
    assert (row.dead_at, row.last_error) == (now, outbox.LEFT)
    assert letterbox.words_of(row) != outbox.LEFT


def test_a_slow_worker_holds_each_mail_anew_and_passes_over_what_another_took(worker, mailed, served, monkeypatch):
    """Each mail takes four minutes here: the lease of the claim alone would have ended before the third."""
    for n in range(4):
        mailed(worker, label=f"R-0000-0000-{n}", kind="arrived_urgent")
    clock, others = [NOON], []

    def slow(mail, connection):
        held = Mail.objects.get(pk=mail.pk)
        assert held.next_at == clock[0] + outbox.LEASE
        clock[0] += timedelta(minutes=4)
        others.extend(sending.claim(clock[0]))
        assert mail not in others, "nobody else has it meanwhile"
        return message_of(mail, connection)

    monkeypatch.setattr(sending, "message_of", slow)
    assert sending.work_off(lambda: clock[0]) == 2
    assert len(mails.outbox) == 2
    assert [mail.label for mail in others] == ["R-0000-0000-2", "R-0000-0000-3"], "the tail is another worker's"
    assert set(Mail.objects.filter(pk__in=[mail.pk for mail in others]).values_list("sent_at", flat=True)) == {None}


def test_quiet_hours_are_asked_about_at_each_try(worker, mailed, served):
    mailed(worker)
    mailed(worker, kind="arrived_urgent")
    night = NOON + timedelta(hours=9)
    assert send(night) == 1, "what is owed within hours goes out"
    row = Mail.objects.get(sent_at=None)
    assert (row.tries, row.next_at) == (0, NOON + timedelta(hours=20))
    Holiday.objects.create(day=row.next_at.date(), name_ko="임시공휴일")
    assert send(row.next_at) == 0
    row.refresh_from_db()
    assert (row.tries, row.next_at) == (0, NOON + timedelta(hours=44))
    Preference.objects.create(user=worker, days_off=False)
    assert send(row.next_at) == 1


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


def test_who_has_no_role_in_force_any_more_gets_none(db, mailed, served):
    leaving = UserFactory(email="leaving@centre.example")
    row = mailed(leaving)
    leaving.grants.update(during=DateTimeTZRange(LONG_AGO, NOON))
    assert send() == 0
    row.refresh_from_db()
    assert row.last_error == "no address"


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


def test_two_workers_at_once_send_each_mail_once(committed_db, settings):
    settings.EMAIL_URL, count = "smtp://mail.example", 40
    people = [UserFactory(email=f"w{n}@centre.example") for n in range(count)]
    tell(people, "arrived", label="R-7QX4-1DTM-5", url=("referrals:inbox",), now=NOON)
    arrived, _told = at_once(send, send)
    assert sum(arrived) == count
    assert sorted(letter.to[0] for letter in mails.outbox) == sorted(person.email for person in people)
    assert set(Mail.objects.values_list("tries", flat=True)) == {1}
