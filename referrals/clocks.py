"""Who has until when: dates computed from the referral's moments and the table of routes, never stored."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.clock import SEOUL, add_working_days, day_begins, seoul_day
from casework.templatetags.format import daytime
from referrals.routing import route, routes
from referrals.states import Status

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WHOLE = 97  # the width of a drawn clock, as the component draws it


@dataclass(frozen=True)
class Station:
    """One clock: from which moment it runs, what ends it, in which state it is the one that counts."""

    name: str
    label: object
    begins: str
    ends: str
    runs_in: Status
    basis: object


STATIONS = (
    Station("acknowledge", _("Receipt"), "sent_at", "acknowledged_at", Status.SENT, _("%(limit)s after sending")),
    Station("answer", _("Acceptance"), "sent_at", "answered_at", Status.RECEIVED, _("%(limit)s after sending")),
    Station("outcome", _("Outcome"), "answered_at", "provided_at", Status.ACCEPTED, _("%(limit)s after acceptance")),
    Station(
        "confirm", _("Sender confirms"), "provided_at", "confirmed_at", Status.PROVIDED, _("%(limit)s after outcome")
    ),
)
RUNNING = {station.runs_in: station for station in STATIONS}


@dataclass(frozen=True)
class Due:
    """The clock that counts now: its label, its moment, its state ("late", "soon" within a working day, or "")."""

    label: object
    at: datetime
    state: str
    text: str

    @property
    def late(self):
        """Whether the moment has passed."""
        return self.state == "late"


def deadline(referral, station, holidays):
    """Return the moment a Station runs out for this referral, or None while its first moment has not come."""
    begins = getattr(referral, station.begins)
    if begins is None:
        return None
    limits = route(referral.need, seoul_day(referral.sent_at)).limits
    return limits[station.name].after(begins, holidays)


def due(referral, now, holidays):
    """Return the Due of the side whose turn it is, or None where no clock runs (draft, declined, finished)."""
    station = RUNNING.get(referral.status)
    at = deadline(referral, station, holidays) if station else None
    if station is None or at is None:
        return None
    state = "late" if at < now else "soon" if at <= add_working_days(now, 1, holidays) else ""
    return Due(station.label, at, state, distance(at, now))


def distance(at, now):
    """Say how far a deadline is: "3 days late", "4 hours", "2 days"; never a minus number."""
    far = abs(at - now)
    n, hours = (far // DAY, False) if far >= DAY else (max(1, far // HOUR), True)
    if at < now and hours:
        return ngettext("%(n)s hour late", "%(n)s hours late", n) % {"n": n}
    if at < now:
        return ngettext("%(n)s day late", "%(n)s days late", n) % {"n": n}
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def stations(referral, now, holidays):
    """Return the clocks of a sent referral for drawing: label, state, words, note, width (0 to 97)."""
    if referral.sent_at is None:
        return []
    ended = referral.status in (Status.DECLINED, Status.CANCELLED) or (
        referral.status == Status.CLOSED and referral.confirmed_at is None
    )
    shown = [s for s in STATIONS if not ended or getattr(referral, s.ends)]
    return [_drawn(referral, station, now, holidays) for station in shown]


def _drawn(referral, station, now, holidays):
    at = deadline(referral, station, holidays)
    ended = getattr(referral, station.ends)
    limit = route(referral.need, seoul_day(referral.sent_at)).limits[station.name]
    rule = station.basis % {"limit": limit}
    clock = {"label": station.label, "width": WHOLE}
    if ended:
        words = gettext("in time") if ended <= at else distance(at, ended)
        return clock | {"state": "done", "words": words, "note": daytime(ended)}
    if at is None:
        return clock | {"state": "", "words": rule, "note": gettext("not yet")}
    note = gettext("%(rule)s, until %(at)s") % {"rule": rule, "at": daytime(at)}
    if at < now:
        return clock | {"state": "late", "words": distance(at, now), "note": note}
    begins = getattr(referral, station.begins)
    width = round(WHOLE * ((now - begins) / (at - begins)))
    left = gettext("%(time)s left") % {"time": distance(at, now)}
    return clock | {"state": "run", "words": left, "note": note, "width": width}


def overdue(now, holidays):
    """Return the condition on Referral rows that the running clock has passed; the same days as `due` counts."""
    needs = defaultdict(list)
    for line in routes():
        for station in STATIONS:
            needs[station, line.limits[station.name], line.since, line.until].append(line.need)
    late = Q(pk__in=[])
    for (station, limit, since, until), names in needs.items():
        begun = _begun_too_long_ago(station.begins, limit, now, holidays)
        late |= Q(status=station.runs_in, need__in=names) & _sent_between(since, until) & begun
    return late


def _sent_between(since, until):
    valid = Q(sent_at__gte=day_begins(since))
    return valid if until is None else valid & Q(sent_at__lt=day_begins(until))


def _begun_too_long_ago(field, limit, now, holidays):
    """Turn "start + limit < now" round, so that the database compares the stored moment alone."""
    if limit.unit == "h":
        return Q(**{f"{field}__lt": now - timedelta(hours=limit.amount)})
    today, local = seoul_day(now), now.astimezone(SEOUL)
    edge, day = [], today
    while (last := add_working_days(day, limit.amount, holidays)) >= today:
        if last == today:
            edge.append(day)
        day -= DAY
    same_day = Q(**{f"{field}__date__in": edge, f"{field}__time__lt": local.time()})
    return Q(**{f"{field}__date__lte": day}) | same_day
