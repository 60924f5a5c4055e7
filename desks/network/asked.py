"""What a page of the network is asked for: which side, which days, which part; read from the address, written back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import add_months, day_begins, day_ends
from desks.figures.past import last_end
from desks.network.columns import OPEN, WORDS
from referrals.models import Referral
from referrals.models.referral import drafts_of
from referrals.states import Status

DAY = timedelta(days=1)
BOUNDS = (date(1998, 1, 1), date(2040, 12, 31))  # the days that are numbered, see `casework.workdays`
RECEIVED, SENT = "received", "sent"
SIDES = {RECEIVED: _("Referrals received"), SENT: _("Referrals sent")}
# Of the own agency: days up to today. Of everybody: whole months up to the last end of one, see `desks.figures.past`.
DAYS = {"30": _("30 days"), "90": _("90 days"), "365": _("a year"), "": _("all")}
MONTHS = {"1": _("the last month"), "3": _("the last three months"), "12": _("the last twelve months")}
USUAL_DAYS, USUAL_MONTHS = "90", "12"
PARTS = ("need", "agency", "state", "age", "wait", "turn")


@dataclass(frozen=True)
class Asked:
    """One question: the side, the days of sending (None: open), and the part of it (`parts`, pairs), maybe `late`,
    maybe `open` alone. `period` is the code that the days came from, "" for days that were typed in or for all."""

    side: str
    first: date | None = None
    last: date | None = None
    period: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    late: bool = False
    open: bool = False

    @property
    def query(self) -> str:
        """The parameters of an address that asks this."""
        days = (("from", self.first), ("until", self.last))
        told = [("side", self.side), *((name, day.isoformat()) for name, day in days if day), *self.parts]
        return urlencode([*told, *((name, "1") for name in ("late", "open") if getattr(self, name))])

    def part(self, name: str, value: Any, *, late: bool = False, still: bool = False) -> "Asked":
        """Return the question about one part of this one."""
        kept = tuple((one, what) for one, what in self.parts if one != name)
        return replace(self, parts=(*kept, (name, str(value))), late=late, open=still)


def side_of(user: User, asked: str | None) -> str:
    """Return the side to show: the one asked for where the user has it, else the one the user works on most."""
    sides = sides_of(user)
    return asked if asked in sides else sides[0]


def sides_of(user: User) -> list[str]:
    """Return the sides that a user has, the first one shown unless asked; never none."""
    sends, receives, asks = can(user, May.REFER), can(user, May.RECEIVE), can(user, May.ASK_FOR)
    sides = ((SENT, sends), (RECEIVED, receives or not sends), (SENT, asks and not sends))
    return [side for side, has in sides if has]


def read(given: Mapping[str, str], user: User, today: date) -> Asked:
    """Return what the address asks about the own agency; what it does not know it leaves out.

    Days that are typed in go before a period; without either it is the last 90 days.
    """
    first, last = (_day(given.get(name)) for name in ("from", "until"))
    period = ""
    if first is None and last is None:
        period = given.get("period", USUAL_DAYS)
        period = period if period in DAYS else USUAL_DAYS
        first, last = (today - int(period) * DAY if period else None), (today if period else None)
    return replace(_part(given, user), first=first, last=last, period=period)


def read_list(given: Mapping[str, str], user: User) -> Asked:
    """Return what the address asks of the list: its days are those that it says, else all."""
    return replace(_part(given, user), first=_day(given.get("from")), last=_day(given.get("until")))


def read_national(given: Mapping[str, str], today: date) -> Asked:
    """Return what the address asks about everybody: some last whole months, and nothing narrower."""
    period = given.get("period", USUAL_MONTHS)
    period = period if period in MONTHS else USUAL_MONTHS
    last = last_end(today - DAY)
    return Asked(SENT, add_months(last.replace(day=1), 1 - int(period)), last, period)


def _part(given: Mapping[str, str], user: User) -> Asked:
    known = [(name, given[name]) for name in PARTS if given.get(name)]
    parts = [(name, said) for name, said in known if said in WORDS.get(name, ()) or (name == "agency" and _id(said))]
    late, still = (given.get(name) == "1" for name in ("late", "open"))
    return Asked(side_of(user, given.get("side")), parts=tuple(parts), late=late, open=still)


def _id(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) < 19


def refused_days(given: Mapping[str, str]) -> list[str]:
    """Return which of the two days was said and is left out, because it is none or lies out of BOUNDS."""
    return [name for name in ("from", "until") if given.get(name) and _day(given[name]) is None]


def _day(said: str | None) -> date | None:
    try:
        day = parse_date(said or "")
    except ValueError:
        return None
    return day if day and BOUNDS[0] <= day <= BOUNDS[1] else None


def own(user: User, side: str) -> QuerySet[Referral]:
    """Return those of `visible_to` that the user's agency received, or sent."""
    rows = Referral.objects.all()
    return rows.received_by_agency_of(user) if side == RECEIVED else rows.sent_by_agency_of(user)


def open_ones(user: User, side: str) -> QuerySet[Referral]:
    """Return what stands on the board: what is under way, and the drafts that wait for this user."""
    shown = Q(status__in=OPEN)
    return own(user, side).filter(shown | drafts_of(user) if side == SENT else shown)


def sent_within(rows: QuerySet[Referral], asked: Asked) -> QuerySet[Referral]:
    """Return those that were sent on the days asked about; drafts never were."""
    rows = rows.exclude(status=Status.DRAFT).filter(sent_at__isnull=False)
    if asked.first:
        rows = rows.filter(sent_at__gte=day_begins(asked.first))
    return rows.filter(sent_at__lt=day_ends(asked.last)) if asked.last else rows
