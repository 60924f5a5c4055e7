"""The words of a mail: a number and a link. Who reads over somebody's shoulder learns neither the field nor a name."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def letter(label, url, *, language):
    """Return (subject, body) of a mail about one number, in the reader's language; `url`: (name, *arguments)."""
    with translation.override(language):
        subject = _("Work notice %(number)s") % {"number": label}
        body = _("There is a notice for you.\n\nNumber: %(number)s\nOpen: %(link)s") % {
            "number": label,
            "link": link_to(*url),
        }
        return subject, f"{body}\n\n{_foot()}\n"


def digest_letter(count, unread, *, language):
    """Return (subject, body) of the weekly mail: how many notices came since the last one, how many are unread."""
    with translation.override(language):
        came = ngettext("%(n)s notice came.", "%(n)s notices came.", count) % {"n": count}
        left = ngettext("%(n)s is unread.", "%(n)s are unread.", unread) % {"n": unread}
        opened = _("Open: %(link)s") % {"link": link_to("telling:list")}
        said = _("Since the last weekly mail:")
        return str(_("Work notices of the week")), f"{said} {came} {left}\n\n{opened}\n\n{_foot()}\n"


def _foot():
    return _("This mail was sent by machine; please do not answer it. Mails are set after logging in: %(link)s") % {
        "link": link_to("telling:settings")
    }


def link_to(name, *arguments):
    """Return the full address of a page, or of the notices where this installation has no such page."""
    try:
        path = reverse(name, args=arguments)
    except NoReverseMatch:
        path = reverse("telling:list")
    return f"{site()}{path}"


def site():
    """Return where this installation answers (CASEWORK_URL), else its first named host, else nothing."""
    if settings.CASEWORK_URL:
        return settings.CASEWORK_URL
    hosts = [host for host in settings.ALLOWED_HOSTS if host[:1] not in "*."]
    return f"http{'s' if settings.HTTPS else ''}://{hosts[0]}" if hosts else ""


def message_of(mail, connection=None):
    """Return a Mail row as an EmailMessage; its Message-ID is that of the row, on every try."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    with translation.override(mail.user.language):
        sender = formataddr((str(_("Work notices")), address))
    domain = address.rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{mail.message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.body, sender, [mail.user.email], headers=headers, connection=connection)
