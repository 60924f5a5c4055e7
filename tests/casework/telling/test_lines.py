"""Many mails go over one line to the server; where it breaks, only the mail that was on it has failed."""

import smtplib

import pytest
from django.core.mail.backends.smtp import EmailBackend

from casework import outbox
from casework.telling import sending
from casework.telling.models import Mail
from tests.casework.telling.conftest import NOON
from tests.factories import UserFactory


def send():
    return sending.work_off(lambda: NOON)


class Server:
    """A mail server behind Django's own connection, which keeps its state: who is refused, and when a line breaks."""

    def __init__(self, *, breaks_at=(), refuses=(), closed_after=None):
        self.breaks_at, self.refuses, self.closed_after = breaks_at, refuses, closed_after
        self.lines, self.tried, self.arrived = 0, [], []

    def connect(self, *args, **kwargs):
        if self.closed_after is not None and self.lines >= self.closed_after:
            raise ConnectionRefusedError
        self.lines += 1
        return SMTPLine(self)


class SMTPLine:
    def __init__(self, server):
        self.server, self.whole = server, True

    def sendmail(self, sender, recipients, message):
        if not self.whole:
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        self.server.tried.append(recipients[0])
        if len(self.server.tried) in self.server.breaks_at:
            self.whole = False
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        if len(self.server.tried) in self.server.refuses:
            raise RuntimeError("nobody foresaw this")
        self.server.arrived.append(recipients[0])

    def quit(self):
        if not self.whole:
            raise smtplib.SMTPServerDisconnected("please run connect() first")

    def close(self):
        self.whole = False


@pytest.fixture
def five(db, mailed, served, settings, monkeypatch):
    """Return five(…): a Server of these words, and five mails that wait for it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    def put(**words):
        server = Server(**words)
        monkeypatch.setattr(EmailBackend, "connection_class", lambda self, *args, **kwargs: server.connect())
        for n in range(5):
            mailed(UserFactory(email=f"w{n}@centre.example"))
        return server

    return put


def test_after_a_line_that_broke_the_next_mails_go_over_a_new_one(five):
    server = five(breaks_at=[2])
    assert send() == 4
    assert (server.lines, len(server.tried), len(server.arrived)) == (2, 5, 4)
    row = Mail.objects.get(sent_at=None)
    assert (row.tries, row.last_error, row.next_at) == (1, "connection ended", NOON + outbox.AGAIN[0])


def test_where_the_server_is_gone_after_a_broken_line_the_untried_go_back_without_a_try(five):
    server = five(breaks_at=[2], closed_after=1)
    assert send() == 1
    assert len(server.tried) == 2
    assert list(Mail.objects.order_by("id").values_list("tries", flat=True)) == [1, 1, 0, 0, 0]
    assert set(Mail.objects.filter(tries=0).values_list("last_error", flat=True)) == {"no connection"}


def test_what_nobody_foresaw_counts_as_a_failure_of_that_mail_alone(five):
    five(refuses=[3])
    assert send() == 4
    row = Mail.objects.get(sent_at=None)
    assert (row.tries, row.last_error, row.next_at) == (1, "unforeseen", NOON + outbox.AGAIN[0])
