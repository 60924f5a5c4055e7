"""Who has until when: dates computed from the referral's moments and its route, never stored, never counted up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.clock import add_working_days, seoul_day, working_days_between
from casework.templatetags.format import daytime
from referrals.states import CAME_BACK, UNDER_WAY, Status, Waits

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WHOLE = 97  # the width of a drawn clock, as the component draws it
SENDER, RECEIVER = "sender", "receiver"
OUTCOME = "outcome"


@dataclass(frozen=True)
class Station:
    """One clock: from which moment it runs, what ends it, in which states it is the one that counts, whose it is."""

    name: str
    label: object
    begins: str
    ends: str
    runs_in: tuple
    side: str
    basis: object


STATIONS = (
    Station(
        "acknowledge",
        _("Receipt"),
        "clock_from",
        "acknowledged_at",
        (Status.SENT,),
        RECEIVER,
        _("%(limit)s after sending"),
    ),
    Station(
        "answer",
        _("Acceptance"),
        "clock_from",
        "answered_at",
        (Status.RECEIVED,),
        RECEIVER,
        _("%(limit)s after sending"),
    ),
    Station(
        "contact",
        _("First contact"),
        "answered_at",
        "contacted_at",
        (Status.ACCEPTED,),
        RECEIVER,
        _("%(limit)s after acceptance"),
    ),
    Station(
        OUTCOME, _("Outcome"), "answered_at", "provided_at", UNDER_WAY[1:], RECEIVER, _("%(limit)s after acceptance")
    ),
    Station(
        "confirm",
        _("Sender confirms"),
        "provided_at",
        "confirmed_at",
        (Status.PROVIDED,),
        SENDER,
        _("%(limit)s after outcome"),
    ),
)
# Clocks of the sender beside the way of the referral: it came back, or a question waits.
AGAIN = (
    Station(
        "again",
        _("Ask again"),
        "answered_at",
        "closed_at",
        (Status.DECLINED,),
        SENDER,
        _("%(limit)s after it came back"),
    ),
    Station(
        "again", _("Ask again"), "failed_at", "closed_at", (Status.FAILED,), SENDER, _("%(limit)s after it came back")
    ),
)
# Passed on without a ground towards the next agency: the sender finds one or asks elsewhere, by the first clock.
PASSED_ON = Station(
    "acknowledge",
    _("Send on"),
    "clock_from",
    "sent_at",
    (Status.DRAFT,),
    SENDER,
    _("%(limit)s after the first sending"),
)
REPLY = Station("reply", _("Answer to the question"), "waits_since", "", (), SENDER, _("%(limit)s after the question"))
NAMES = ("acknowledge", "answer", "contact", "outcome", "confirm", "again", "reply")
RUNNING = {status: station for station in (*STATIONS, *AGAIN, PASSED_ON) for status in station.runs_in}


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


def running(referral):
    """Return the Station that counts now, or None (draft, finished, confirmed)."""
    own = RUNNING.get(referral.status)
    if referral.waits_for == Waits.SENDER and not (own and referral.route.limit(own.name).unit == "h"):
        return REPLY
    return own


def deadline(referral, station, calendar, now):
    """Return the moment a Station runs out for this referral, or None while its first moment has not come.

    `calendar` is a WorkCalendar. Working days on which the clock stood still are added; of a pause that lasts, those
    up to `now`.
    """
    begins = getattr(referral, station.begins)
    if begins is None:
        return None
    agency = referral.to_agency_id if station.side == RECEIVER else referral.from_agency_id
    limit = referral.route.limit(station.name)
    closed = calendar.closed(agency)
    paused = paused_days(referral, station, begins, now, closed) if station.side == RECEIVER else 0
    return limit.after(begins, closed, paused)


def stands_still(referral):
    """Say whether the receiver's clock stands still now: it waits for somebody, and it counts working days."""
    own = RUNNING.get(referral.status)
    return bool(referral.waits_for and own and referral.route.limit(own.name).unit != "h")


def standing_words(referral, now, calendar):
    """Say since how many working days the clock stands still."""
    n = working_days_between(seoul_day(referral.waits_since), seoul_day(now), calendar.holidays)
    if n == 0:
        return gettext("stands still since today")
    return ngettext("stands still for %(n)s day", "stands still for %(n)s days", n) % {"n": n}


def paused_days(referral, station, since, now, closed):
    """Return on how many of the receiver's working days since a moment its clock stood still.

    A row of `with_clocks` brings the number for the clock that counts; else `referral.pauses` is read.
    """
    if station is RUNNING.get(referral.status) and hasattr(referral, "stood_still"):
        return referral.stood_still
    until = (getattr(referral, station.ends) if station.ends else None) or now  # what stood still later is no matter
    days = 0
    for pause in referral.pauses.all():
        if since <= pause.during.lower < until:
            last = min(pause.during.upper or until, until)
            days += working_days_between(seoul_day(pause.during.lower), seoul_day(last), closed)
    return days


def due(referral, now, calendar):
    """Return the Due of the side whose turn it is, or None where no clock runs (draft, confirmed, finished).

    On hold it says for how long it stands still, unless it was late before.
    """
    station = running(referral)
    at = deadline(referral, station, calendar, now) if station else None
    if station is None or at is None:
        return None
    closed = calendar.closed(referral.to_agency_id if station.side == RECEIVER else referral.from_agency_id)
    if station.side == RECEIVER and at >= now and stands_still(referral):
        return Due(station.label, at, "", standing_words(referral, now, calendar))
    return due_by(station.label, at, now, soon=add_working_days(now, 1, closed))


def due_by(label, at, now, *, soon):
    """Return the Due of a clock that runs out at a moment: late after it, soon up to `soon`."""
    state = "late" if at < now else "soon" if at <= soon else ""
    return Due(label, at, state, distance(at, now))


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


def stations(referral, now, calendar):
    """Return the clocks of a sent referral for drawing: label, state, words, note, width (0 to 97)."""
    if referral.sent_at is None:
        return []
    ended = referral.status in (*CAME_BACK, Status.CANCELLED, Status.REROUTED)
    ended = ended or (referral.status == Status.CLOSED and referral.confirmed_at is None)
    shown = [s for s in STATIONS if not ended or getattr(referral, s.ends)]
    return [_drawn(referral, station, now, calendar) for station in shown]


def _drawn(referral, station, now, calendar):
    at = deadline(referral, station, calendar, now)
    ended = getattr(referral, station.ends)
    rule = station.basis % {"limit": referral.route.limit(station.name)}
    clock = {"label": station.label, "width": WHOLE}
    if ended:
        words = gettext("in time") if at is None or ended <= at else distance(at, ended)
        return clock | {"state": "done", "words": words, "note": daytime(ended)}
    if at is None:
        return clock | {"state": "", "words": rule, "note": gettext("not yet")}
    note = gettext("%(rule)s, until %(at)s") % {"rule": rule, "at": daytime(at)}
    if at < now:
        return clock | {"state": "late", "words": distance(at, now), "note": note}
    begins = getattr(referral, station.begins)
    width = round(WHOLE * ((now - begins) / (at - begins)))
    if station.side == RECEIVER and station == RUNNING.get(referral.status) and stands_still(referral):
        return clock | {"state": "run", "words": standing_words(referral, now, calendar), "note": rule, "width": width}
    left = gettext("%(time)s left") % {"time": distance(at, now)}
    return clock | {"state": "run", "words": left, "note": note, "width": width}
