"""Opening hours as one line that people and the database can check: `mon 09:00-18:00, sat 09:00-13:00`.

At most one span a day, in the order of the week; a day that is not named is closed, and "" says nothing at all.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORDS = {
    "mon": pgettext_lazy("weekday", "Mon"),
    "tue": pgettext_lazy("weekday", "Tue"),
    "wed": pgettext_lazy("weekday", "Wed"),
    "thu": pgettext_lazy("weekday", "Thu"),
    "fri": pgettext_lazy("weekday", "Fri"),
    "sat": pgettext_lazy("weekday", "Sat"),
    "sun": pgettext_lazy("weekday", "Sun"),
}
SPAN = r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
# What the database checks too: the pattern of each day, in the order of the week.
LINE = "^(" + "".join(f"({day} {SPAN}(, )?)?" for day in DAYS) + ")$"


def parse(line):
    """Return {day: (opens, closes)} of a line, in the order of the week; "" gives {}."""
    return {part[:3]: tuple(part[4:].split("-")) for part in line.split(", ") if part}


def join(spans):
    """Return the line of {day: (opens, closes)}."""
    return ", ".join(f"{day} {spans[day][0]}-{spans[day][1]}" for day in DAYS if day in spans)


def read_span(text):
    """Return (opens, closes) of "09:00-18:00", or None for "". Raises `ValidationError` with the sentence."""
    squeezed = re.sub(r"\s", "", text).replace("~", "-").replace("–", "-")
    if not squeezed:
        return None
    squeezed = re.sub(r"(^|-)(\d):", r"\g<1>0\2:", squeezed)
    if not re.fullmatch(SPAN, squeezed):
        raise ValidationError(_("Please write the hours like 09:00-18:00."))
    opens, closes = squeezed.split("-")
    if closes <= opens:
        raise ValidationError(_("It closes after it opens."))
    return opens, closes


def check(line):
    """Raise `ValidationError` unless `line` is "" or hours as this module writes them."""
    if not re.match(LINE, line) or line != join(parse(line)):
        raise ValidationError(_("Please write the hours like mon 09:00-18:00, tue 09:00-18:00."))
    for opens, closes in parse(line).values():
        read_span(f"{opens}-{closes}")


def spoken(line):
    """Return the hours as people read them: `Mon–Fri 09:00–18:00, Sat 09:00–13:00`; "" says nothing."""
    runs: list[list] = []
    for day, span in parse(line).items():
        if runs and runs[-1][2] == span and DAYS.index(day) == DAYS.index(runs[-1][1]) + 1:
            runs[-1][1] = day
        else:
            runs.append([day, day, span])
    words = gettext("%(days)s %(opens)s–%(closes)s")
    return ", ".join(words % {"days": _run(a, b), "opens": span[0], "closes": span[1]} for a, b, span in runs)


def _run(first, last):
    if first == last:
        return str(WORDS[first])
    return gettext("%(first)s–%(last)s") % {"first": WORDS[first], "last": WORDS[last]}
