"""Mails that did not arrive, for the system administrator: whom they were to reach and why not, never about whom."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from casework import outbox
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.telling.models import Mail

# What `last_error` says, in words; an answer of the server stands as it is.
WHY = {
    "no connection": gettext_lazy("The mail server could not be reached."),
    "not set up": gettext_lazy("The settings of the mail server do not work."),
    "no answer in time": gettext_lazy("The mail server did not answer in time."),
    "connection ended": gettext_lazy("The mail server ended the connection."),
    "log-in refused": gettext_lazy("The mail server refused the log-in of this installation."),
    "recipient refused": gettext_lazy("The mail server refused the recipient's address."),
    "address not accepted": gettext_lazy("The recipient's address is not written as an address."),
    "no address": gettext_lazy("This person has no address any more, or does not work here any more."),
    "unforeseen": gettext_lazy("Something unforeseen went wrong while it was sent; the log of the server says what."),
    outbox.LEFT: gettext_lazy("It was taken up six times, and each time the sending broke off."),
    "too old": pgettext_lazy("mail", "It had waited more than 14 days."),
}

UNREACHED = ("no connection", "no answer in time", "connection ended", "log-in refused", "not set up")


def check_can_keep(user):
    """Raise PermissionDenied unless the user keeps the installation."""
    if not can(user, May.ADMINISTER):
        raise PermissionDenied(_("Mails that did not arrive are kept by the system administrator."))


def dead_letters():
    """Return what could not be sent and was not given up for good, the latest first."""
    rows = Mail.objects.filter(dead_at__isnull=False, settled_at=None).select_related("user__agency")
    return rows.order_by("-dead_at", "-id")


def waiting():
    """Return how many mails wait to be sent."""
    return Mail.objects.filter(sent_at=None, dead_at=None).count()


def kept_back():
    """Return in words why mails that wait are held up at present, or nothing."""
    held = Mail.objects.filter(sent_at=None, dead_at=None, last_error__in=UNREACHED).order_by("-next_at").first()
    return words_of(held) if held else ""


def words_of(mail):
    """Return in words why a mail did not arrive."""
    answered = mail.last_error.removeprefix("answered ")
    if answered != mail.last_error:
        return _("The mail server answered with the code %(code)s.") % {"code": answered}
    return str(WHY.get(mail.last_error, mail.last_error))


@transaction.atomic
def again(mail, *, by, now):
    """Take a dead letter up again, from the first try; False when it is none any more."""
    check_can_keep(by)
    rows = Mail.objects.filter(pk=mail.pk, settled_at=None)
    if not outbox.revived(rows, now=now, due_at=now):
        return False
    record("mail sent again", mail, by=by)
    transaction.on_commit(_ring)
    return True


@transaction.atomic
def give_up(mail, *, by, now):
    """Give a dead letter up for good; False when it is none any more. The notification in the product stays."""
    check_can_keep(by)
    dead = Mail.objects.filter(pk=mail.pk, dead_at__isnull=False, settled_at=None)
    if not dead.update(settled_at=now, settled_by=by):
        return False
    record("mail given up", mail, by=by)
    return True


def _ring():
    from casework.telling.tasks import ring

    ring()
