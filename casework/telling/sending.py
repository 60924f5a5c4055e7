"""Sending what is due: at least once. A worker that dies between the server's answer and its own note sends again,
under the same Message-ID, by which a mail program knows it."""

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection

from casework import outbox
from casework.telling.letters import message_of
from casework.telling.models import Mail

STALE = timedelta(days=14)  # where a server is only given later, nobody is flooded with what is long done
SENT_KEPT, DEAD_KEPT = timedelta(days=30), timedelta(days=365)


def has_server():
    """Tell whether this installation has a mail server; without one mails wait."""
    return bool(settings.EMAIL_URL)


def work_off(now):
    """Send what is due until nothing is; return how many arrived. `now` is a function that returns the moment.

    Several workers share the work: each mail is with one of them at a time. A server that cannot be reached ends the
    round; what was claimed is tried again later.
    """
    arrived = 0
    while has_server() and (claimed := claim(now())):
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            for mail in claimed:
                outbox.failed(mail, now=now(), why=why(error))
            break
        try:
            arrived += sum(_send(mail, connection, now) for mail in claimed)
        finally:
            _close(connection)
    return arrived


def claim(now):
    """Take what is due for this worker; return the Mails, the oldest first."""
    return list(outbox.claim(Mail.objects.all(), now=now).select_related("user"))


def _send(mail, connection, now):
    if now() - mail.due_at > STALE:
        outbox.given_up(mail, now=now(), why="too old")
        return False
    if not mail.user.is_active or not mail.user.email:
        outbox.given_up(mail, now=now(), why="no address")
        return False
    try:
        message_of(mail, connection).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        outbox.failed(mail, now=now(), why=why(error))
        return False
    outbox.delivered(mail, now=now())
    return True


def _close(connection):
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return  # what was answered is noted already


def why(error):
    """Return a short word for a failure, with nothing of the server's own text: that may name an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "recipient refused"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "log-in refused"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPException):
        return "connection ended"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return "no connection" if isinstance(error, OSError) else "address not accepted"


def forget_old(now):
    """Forget mails that arrived more than 30 days ago, and whatever did not arrive within a year; return how many."""
    sent = Mail.objects.filter(sent_at__lt=now - SENT_KEPT).delete()[0]
    return sent + Mail.objects.filter(sent_at=None, recorded_at__lt=now - DEAD_KEPT).delete()[0]
