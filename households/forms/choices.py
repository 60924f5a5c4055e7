"""The times a worker is offered: now, an hour ago; tomorrow by telephone, a visit on Saturday."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from casework.clock import SATURDAY, SEOUL
from casework.templatetags.format import daytime, hourmin, rowdayw
from households.forms.moments import moment_of, value_of

MORNING, AFTERNOON = time(10), time(14)


def times(now, kept=None):
    """Return the choices of when it took place; `kept` is what a draft or the sent form chose."""
    ago = now - timedelta(hours=1)
    offered = [
        (value_of(now), _("Now %(time)s") % {"time": hourmin(now)}),
        (value_of(ago), _("An hour ago")),
    ]
    return _with_kept(offered, kept, daytime)


def next_times(now, kept=None):
    """Return the choices of the next contact."""
    today = timezone.localtime(now).date()
    tomorrow = _at(today + timedelta(days=1), MORNING)
    saturday = _at(today + timedelta(days=(SATURDAY - today.weekday() - 1) % 7 + 1), AFTERNOON)
    offered = [
        (value_of(tomorrow, "phone"), _("Tomorrow %(time)s, call") % {"time": hourmin(tomorrow)}),
        (value_of(saturday, "visit"), _("%(day)s, visit") % {"day": rowdayw(saturday)}),
    ]
    return _with_kept(offered, kept, daytime)


def _with_kept(offered, kept, say):
    moment = moment_of(kept or "")
    if moment is None or kept in dict(offered):
        return offered
    return [(kept, say(moment)), *offered]


def _at(day, clock):
    return datetime.combine(day, clock, tzinfo=SEOUL)
