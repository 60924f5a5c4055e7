"""The times a worker is offered: now, an hour ago; tomorrow by telephone, a visit on Saturday; and what is due when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from casework.clock import SATURDAY, SEOUL, seoul_day
from casework.templatetags.format import daytime, hourmin, rowday, rowdayw
from households.forms.moments import moment_of, value_of

MORNING, AFTERNOON = time(10), time(14)


@dataclass(frozen=True)
class Due:
    """Until when the next contact is due: `met` if this one reaches the person, `not_met` if it does not.

    None where nothing is known. `passed`: the day that has gone by already, then `not_met` is tomorrow.
    """

    met: date | None = None
    not_met: date | None = None
    passed: date | None = None

    @classmethod
    def from_said(cls, said, now):
        """Return the Due of what `households.beside` says, on the day of `now`."""
        today, due = seoul_day(now), said["due_on"]
        tomorrow = today + timedelta(days=1)
        if due is None:
            return cls(met=said["due_if_met"])
        if said["daily"]:
            return cls(met=said["due_if_met"], not_met=tomorrow)
        passed = due if due < today else None
        return cls(said["due_if_met"], max(due, tomorrow), passed)

    def missed(self, moment, *, met):
        """Return the day that a next contact at `moment` would miss, or None."""
        day = self.met if met else self.not_met
        return day if day and moment and seoul_day(moment) > day else None

    def hint(self):
        """Return both days in words; the style sheet shows the half that fits what was chosen."""
        halves = []
        if self.met:
            halves.append(("when-met", _("if met: by %(day)s") % {"day": rowday(self.met)}))
        if self.passed:
            words = _("was due by %(day)s: as soon as can be") % {"day": rowday(self.passed)}
            halves.append(("when-not", words))
        elif self.not_met:
            halves.append(("when-not", _("if not met: by %(day)s") % {"day": rowday(self.not_met)}))
        return format_html_join("", '<span class="{}">{}</span>', halves)


def times(now, kept=None):
    """Return the choices of when it took place; `kept` is what a draft or the sent form chose."""
    ago = now - timedelta(hours=1)
    offered = [
        (value_of(now), _("Now %(time)s") % {"time": hourmin(now)}),
        (value_of(ago), _("An hour ago")),
    ]
    return _with_kept(offered, kept, daytime)


def next_times(now, kept=None, due=None):
    """Return the choices of the next contact; one that lies later than it is `due` (a Due) says so."""
    today = timezone.localtime(now).date()
    tomorrow = _at(today + timedelta(days=1), MORNING)
    saturday = _at(today + timedelta(days=(SATURDAY - today.weekday() - 1) % 7 + 1), AFTERNOON)
    offered = [
        (value_of(tomorrow, "phone"), _("Tomorrow %(time)s, call") % {"time": hourmin(tomorrow)}),
        (value_of(saturday, "visit"), _("%(day)s, visit") % {"day": rowdayw(saturday)}),
    ]
    offered = _with_kept(offered, kept, daytime)
    return [(value, _warned(words, moment_of(value), due)) for value, words in offered] if due else offered


def _warned(words, moment, due):
    """Add "later than due" for the half (met, not met) in which it is; words that the style sheet shows by half."""
    halves = [name for name, met in (("when-met", True), ("when-not", False)) if due.missed(moment, met=met)]
    if not halves:
        return words
    later = _("later than due")
    return format_html(
        "{}{}", words, format_html_join("", '<span class="late {}"> · {}</span>', ((name, later) for name in halves))
    )


def _with_kept(offered, kept, say):
    moment = moment_of(kept or "")
    if moment is None or kept in dict(offered):
        return offered
    return [(kept, say(moment)), *offered]


def _at(day, clock):
    return datetime.combine(day, clock, tzinfo=SEOUL)
