"""The days within which a data request is answered, counted from its dates. Pure.

That access is given within ten days is known of the Enforcement Decree of the Personal Information Protection Act, but
its text was not read here; for the other kinds no number was found, and the same ten days are our own criterion. They
are calendar days, the first is not counted (Civil Act 157), and a day off does not move their end: the stricter
reading, in the person's favour. Working days before it, the page warns.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from casework.clock import is_working_day

ANSWER_DAYS = 10
"""Days within which a request is answered (see above: known for access, for the rest our own criterion)."""
EXTENSION_DAYS = 10
"""At most so many days more, once, with a reason: our own criterion."""
WARNED_BEFORE = 3
"""Working days before the last day from which a request counts as soon due: our own criterion."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """How a request stands on a day: its last day, the days left (negative once it has passed), its state ("late",
    "soon" or "")."""

    until: date
    left: int
    state: str


def due_on(received_on):
    """Return the last day for an answer to a request received on a day."""
    return received_on + ANSWER_DAYS * DAY


def latest_extension(due):
    """Return the last day to which an answer may be put off."""
    return due + EXTENSION_DAYS * DAY


def warned_from(until, holidays):
    """Return the day from which the end of the days is near: so many working days before it."""
    day, left = until, WARNED_BEFORE
    while left:
        day -= DAY
        left -= is_working_day(day, holidays)
    return day


def clock_of(until, on, holidays):
    """Return the Clock of a request that is still open."""
    left = (until - on).days
    state = "late" if left < 0 else "soon" if on >= warned_from(until, holidays) else ""
    return Clock(until, left, state)


def article_of(kind):
    """Return the article that gives a person the right, as found: 개인정보 보호법 제35조 to 제37조의2."""
    return {
        "see": _("Personal Information Protection Act, Article 35"),
        "correct": _("Personal Information Protection Act, Article 36"),
        "restrict": _("Personal Information Protection Act, Article 37"),
        "explain": _("Personal Information Protection Act, Article 37-2"),
    }[kind]


def days_said(kind):
    """Say what the ten days rest on, as far as it was found."""
    if kind == "see":
        return _(
            "Ten days are what is known of the Enforcement Decree; we have not read its text. Counted in calendar days."
        )
    return _("The days that the law sets were not found. Ten calendar days are our own criterion.")


def may_be_put_off(kind):
    """Tell whether an answer may be put off: postponing access is known of Article 35; for the others nothing was found
    that allows it."""
    return kind == "see"
