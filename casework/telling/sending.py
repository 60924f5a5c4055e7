"""Sending what is due: at least once. A worker that dies between the server's answer and its own note sends again,
under the same Message-ID, by which a mail program knows it."""

import contextlib
import smtplib
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.db.models import Exists, OuterRef

from casework import outbox
from casework.agencies.models import RoleGrant
from casework.clock import Holiday
from casework.telling.letters import message_of
from casework.telling.models import Mail, preference_of

log = structlog.get_logger(__name__)
PAUSE = timedelta(minutes=5)  # until a server that could not be reached is asked again for the same mails
STALE = timedelta(days=14)  # where a server is only given later, nobody is flooded with what is long done
SENT_KEPT, DEAD_KEPT = timedelta(days=30), timedelta(days=365)


def has_server():
    """Tell whether this installation has a mail server; without one mails wait."""
    return bool(settings.EMAIL_URL)


def work_off(now):
    """Send what is due until nothing is; return how many arrived. `now` is a function that returns the moment.

    Several workers share the work: each mail is with one of them at a time. A server that cannot be reached ends the
    round: what was not tried goes back, and no try is counted.
    """
    arrived = 0
    while has_server() and (claimed := claim(now())):
        holidays, line, left = Holiday.objects.days(), Line(), list(claimed)
        try:
            while left:
                arrived += _send(left[0], line, now, holidays)
                left.pop(0)
        except Unreached as error:
            for mail in left:
                outbox.put_off(mail, until=now() + PAUSE, why=str(error))
            break
        finally:
            line.close()
    return arrived


def claim(now):
    """Take what is due for this worker; return the Mails, the oldest first; `works`: the person has a role in force."""
    works = Exists(RoleGrant.objects.in_force().filter(user=OuterRef("user")))
    rows = outbox.claim(Mail.objects.all(), now=now).annotate(works=works)
    return list(rows.select_related("user__telling_preference"))


def _send(mail, line, now, holidays):
    if unwanted := _unwanted(mail, now()):
        outbox.given_up(mail, now=now(), why=unwanted)
        return False
    at = now() if mail.at_any_hour else preference_of(mail.user).next_moment(now=now(), holidays=holidays)
    if at > now():
        outbox.put_off(mail, until=at)
        return False
    connection = line.opened()
    if not outbox.renewed(mail, now=now()):
        return False
    try:
        message_of(mail, connection).send()
    except Exception as error:
        line.close()  # whatever went wrong, the next mail has a line of its own
        _log(error, mail=mail.pk)
        outbox.failed(mail, now=now(), why=why(error))
        return False
    outbox.delivered(mail, now=now())
    return True


def _unwanted(mail, now):
    if now - mail.due_at > STALE:
        return "too old"
    reached = mail.user.is_active and mail.user.email and mail.works
    return "" if reached else "no address"


class Unreached(Exception):
    """No connection came about: no fault of any one mail. Its text is a short word, as of `why`."""


class Line:
    """The connection to the mail server: opened when the first mail needs it, and anew after one that failed."""

    def __init__(self):
        self.connection = None

    def opened(self):
        """Return the open connection. Raises `Unreached`."""
        if self.connection is None:
            try:
                self.connection = get_connection()
                self.connection.open()
            except Exception as error:
                self.close()
                _log(error)
                # A name or password that cannot even be written down (ValueError) is a fault of the settings.
                raise Unreached(why(error) if isinstance(error, OSError) else "not set up") from error
        return self.connection

    def close(self):
        """Close it, if it is open; what was answered is noted already."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()


def _log(error, **said):
    """Log what nobody foresaw, by its type alone: a text may name an address."""
    if not isinstance(error, OSError):
        log.error("mail_not_sent", error=type(error).__name__, **said)


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
    if isinstance(error, OSError):
        return "no connection"
    return "address not accepted" if isinstance(error, ValueError) else "unforeseen"


def forget_old(now):
    """Forget mails that arrived more than 30 days ago, and whatever did not arrive within a year; return how many."""
    sent = Mail.objects.filter(sent_at__lt=now - SENT_KEPT).delete()[0]
    return sent + Mail.objects.filter(sent_at=None, recorded_at__lt=now - DEAD_KEPT).delete()[0]
