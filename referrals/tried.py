"""What was tried so far, as a first text for a referral: one dated line a contact; no word of any note.

The sender sees, changes or strikes it before anything is sent.
"""

from datetime import timedelta

from django.utils.translation import gettext, ngettext

from casework.templatetags.format import hourmin, rowdayw
from households.models import Contact
from households.models.contact import Channel

SPAN = timedelta(days=90)
LINES = 8


def tried_words(household, now):
    """Return the contacts of the last 90 days, the newest first, at most LINES lines and how many came before."""
    asked = Contact.objects.current().filter(household=household, occurred_at__range=(now - SPAN, now))
    rows = list(asked.order_by("-occurred_at", "-id").values_list("occurred_at", "channel", "contact_made"))
    lines = [_line(*row) for row in rows[:LINES]]
    if (more := len(rows) - LINES) > 0:
        lines.append(ngettext("and %(n)s more in these 90 days", "and %(n)s more in these 90 days", more) % {"n": more})
    return "\n".join(lines)


def _line(at, channel, made):
    words = {"day": rowdayw(at), "hour": hourmin(at), "channel": Channel(channel).label}
    if made:
        return gettext("%(day)s %(hour)s %(channel)s: reached") % words
    return gettext("%(day)s %(hour)s %(channel)s: not reached") % words
