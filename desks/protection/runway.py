"""Whose protection ends, one line a person: where the steps stand on the way to the last day, and what to do next.

Six queries, whatever their number.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.clock import add_months, seoul_day
from casework.templatetags.format import dayslate, rowday
from households.extensions.workflow import RequestStatus
from households.members import names_on
from households.models import (
    Assignment,
    Contact,
    ExtensionRequest,
    Membership,
    Person,
    ProtectionPeriod,
    Restriction,
)
from households.models.circle import TODAY
from households.models.ending import EndStep
from households.protection.dates import LOOK_AHEAD
from households.protection.notices import asked_days
from households.protection.standing import DONE, LATE, Ending, endings_of
from risk.models import Standing

DAY = timedelta(days=1)
YEAR = timedelta(days=365)
WRITE_WITHIN = 60
"""Days before the last day from which a request that the person wants is to be written: our own criterion."""
LEFT, LENGTH = 14.0, 380.0
"""The runway: from D-180 to the last day, in the units of the drawing."""


@dataclass
class Home:
    """Where a person lives, who looks after the household, how it stands, and the request under way by its number."""

    number: str = ""
    band: int = 1
    worker: str = ""
    hidden: bool = False
    household: int = 0
    request: str = ""
    request_status: str = ""
    spoken_at: datetime | None = None


@dataclass(frozen=True)
class Mark:
    """One step on the runway: where, and whether it is "done", "late" or "next"; `label` its words."""

    x: float
    state: str
    label: str


@dataclass(frozen=True)
class Todo:
    """What to do next, its dates, how pressing ("late", "soon" or ""), and where it is done."""

    text: str
    note: str = ""
    tone: str = ""
    href: str = ""


@dataclass
class Line:
    """One person whose protection ends."""

    person: int
    case_number: str
    ending: Ending
    home: Home
    name: str = ""
    asked_on: date | None = None

    @property
    def href(self) -> str:
        return reverse("households:person_protection", args=[self.case_number])

    @property
    def now_x(self) -> float:
        return _x(self.ending, self.ending.on)

    @property
    def run(self) -> float:
        return round(self.now_x - LEFT, 1)

    @property
    def aim_x(self) -> float | None:
        return _x(self.ending, self.ending.check_by) if self.ending.check_by else None

    @property
    def marks(self) -> list[Mark]:
        return [Mark(_x(self.ending, one.due.on), one.state, one.label) for one in self.ending.stations]

    @property
    def words(self) -> str:
        """The runway read out."""
        states = {DONE: _("done"), LATE: _("no record or came back"), "next": _("to come")}
        return ", ".join(f"{mark.label}: {states[mark.state]}" for mark in self.marks)

    @property
    def asked(self) -> str:
        """Where the request to extend or shorten stands, while one is under way."""
        return str(RequestStatus(self.home.request_status).label) if self.home.request else ""

    @property
    def wish(self) -> str:
        """What the person said about an extension."""
        return str(EndStep.Result(self.ending.wish).label) if self.ending.wish else _("none on record")

    @property
    def todo(self) -> Todo:
        """What to do next: what the centre itself is late with comes first. What the Ministry owes is asked about,
        once, and makes nothing of the centre late."""
        ending, step = self.ending, self.ending.todo
        if step and step.state == LATE:
            return Todo(step.label, rowday(step.due.on), "late")
        if ending.notice_state == "returned" and not self._reached:
            return Todo(_("Reach the person: the letter came back"), "", "soon")
        if ending.wish == EndStep.Result.WANTED and not self.home.request and 0 <= ending.left <= WRITE_WITHIN:
            return Todo(
                _("Write the request with the person"),
                "",
                "soon",
                reverse("households:extension_new", args=[self.person]),
            )
        if step and step.due.on <= ending.on:
            return Todo(step.label, rowday(step.due.on), "soon")
        if ending.notice_state == "none" and ending.may_ask:
            if self.asked_on:
                return Todo(_("The Ministry was asked on %(day)s") % {"day": rowday(self.asked_on)})
            return Todo(_("Ask the Ministry about the notice"), _owed(ending), "soon")
        return Todo(step.label, rowday(step.due.on)) if step else Todo(_("nothing left to do"))

    @property
    def _reached(self) -> bool:
        """Whether the household was spoken with on a day after the letter came back."""
        notice, spoken = self.ending.notice, self.home.spoken_at
        return bool(notice and notice.returned_on and spoken and seoul_day(spoken) > notice.returned_on)


def lines_of(user: User, *, on: date, past: bool = False) -> list[Line]:
    """Return the people of the centre's own files whose protection ends within a year, or (`past`) ended within the
    last, the next first; not yet named, and without what is on record for them. One query."""
    first, last = (on - YEAR, on - DAY) if past else (on, on + YEAR)
    seen = Person.objects.kept_by(user).order_by().values("pk")
    rows = ProtectionPeriod.objects.filter(person__in=seen).ending_between(first, last)
    found = rows.order_by("during__endswith", "id").values_list("person", "during__endswith", "person__case_number")
    lines = [Line(person, number, Ending(person, upper - DAY, on), Home()) for person, upper, number in found]
    return lines[::-1] if past else lines


def within(lines: list[Line]) -> list[Line]:
    """Return those whose last day lies at most 180 days ahead."""
    return [line for line in lines if line.ending.left <= LOOK_AHEAD.days]


def fill(lines: list[Line], *, on: date) -> None:
    """Give the lines what is on record for them; two queries."""
    pairs = [(line.person, line.ending.last) for line in lines]
    for line, ending in zip(lines, endings_of(pairs, on=on), strict=True):
        line.ending = ending


def name(lines: list[Line], *, on: date) -> None:
    """Give the lines names, households, bands, workers, and when the Ministry was asked; three queries. Where an
    address is protected the line names the case number."""
    people = [line.person for line in lines]
    asked = asked_days(people)
    homes, names = _homes(people, on), names_on(people, on)
    for line in lines:
        line.home = homes.get(line.person, line.home)
        line.asked_on = asked.get((line.person, line.ending.last))
        line.name = line.case_number if line.home.hidden else names.get(line.person, line.case_number)


def months_of(lines: list[Line], on: date) -> list[dict[str, Any]]:
    """Return a bar for each of the next twelve months: how many people's protection ends in it."""
    counted = Counter((line.ending.last.year, line.ending.last.month) for line in lines)
    most = max(counted.values(), default=1)
    bars = []
    for place in range(12):
        month = add_months(on.replace(day=1), place)
        number = counted[month.year, month.month]
        height = round(46 * number / most)
        bars.append({"x": 3 + 28 * place, "y": 64 - height, "h": height, "n": number, "month": month.month})
    return bars


def _homes(people: list[int], on: date) -> dict[int, Home]:
    rows = Membership.objects.current().during(on).filter(person__in=people, kind="living")
    columns = (
        "person",
        "household__number",
        "band",
        "worker",
        "hidden",
        "stopped",
        "household",
        "request",
        "request_status",
        "spoken",
    )
    found = rows.annotate(**_beside(on)).order_by("id").values_list(*columns)
    return {
        person: Home(
            number, band or 1, worker or "", bool(hidden or by_number), home, request or "", status or "", spoken
        )
        for person, number, band, worker, hidden, by_number, home, request, status, spoken in found
    }


def _beside(on: date) -> dict[str, Any]:
    """What stands beside each membership: the household's band and worker, a request, the last conversation."""
    standing = Standing.objects.filter(household=OuterRef("household"))
    main = Assignment.objects.current().during(on).filter(household=OuterRef("household"), kind="main")
    spoken = Contact.objects.current().filter(household=OuterRef("household"), contact_made=True)
    # Rights are today's: who had the use of their data stopped is called by number.
    stopped = Restriction.objects.current().during(TODAY).people()
    asked = ExtensionRequest.objects.open().filter(person=OuterRef("person")).order_by("id")
    return {
        "band": Subquery(standing.order_by("pk").values("shown_band")[:1]),
        "hidden": Subquery(standing.order_by("pk").values("address_protected")[:1]),
        "stopped": Case(When(person__in=stopped, then=True), default=False, output_field=BooleanField()),
        "worker": Subquery(main.order_by("id").values("worker__name")[:1]),
        "request": Subquery(asked.values("number")[:1]),
        "request_status": Subquery(asked.values("status")[:1]),
        "spoken": Subquery(spoken.order_by("-occurred_at").values("occurred_at")[:1]),
    }


def _x(ending: Ending, day: date) -> float:
    part = 1 - (ending.last - day).days / LOOK_AHEAD.days
    return round(LEFT + min(max(part, 0.0), 1.0) * LENGTH, 1)


def _owed(ending: Ending) -> str:
    by = rowday(ending.notice_by)
    if ending.notice_days_late:
        return _("The Ministry's day: %(day)s · %(late)s") % {"day": by, "late": dayslate(ending.notice_days_late)}
    return _("Our day: %(check)s · the Ministry's: %(day)s") % {"check": rowday(ending.check_by), "day": by}
