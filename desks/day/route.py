"""A day of visits in an order to go: districts by their code, then towns, then hours. No map service is asked.

A household whose address is protected stands last, by its number and without a place.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.dateparse import parse_date

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import day_begins, day_ends
from desks.titles import Title, titles_of
from households.models import Dwelling, PlannedVisit
from households.visits.workflow import VisitStatus

FARTHEST = 10 * timedelta(days=366)
"""So far from today a day of visits is asked for: our own criterion."""


@dataclass(frozen=True)
class Stop:
    """One visit on the way: where the household lives, district and town, "" where that is kept back or not needed."""

    visit: PlannedVisit
    title: Title | None
    district: str
    town: str

    @property
    def name(self) -> str:
        """How the household is called."""
        return self.title.name if self.title else self.visit.household.number


@dataclass(frozen=True)
class Route:
    """The stops in their order, and the households that are named."""

    stops: list[Stop]
    titles: dict[int, Title]
    people: list[tuple[int, str]]


def day_asked(text: str, today: date) -> date:
    """Return the day of `?on=`, or today for what is none, or lies too far from today."""
    try:
        day = parse_date(text) or today
    except ValueError:
        return today
    return day if abs(day - today) <= FARTHEST else today


def route_of(user: User, *, on: date, who: str, mine: set[int]) -> Route:
    """Return the visits of a day: of `mine` (ids), or, for who oversees a centre, of everybody or of one worker
    (`who`, an id). Three queries."""
    rows: Any = PlannedVisit.objects
    found = rows.visible_to(user).filter(begins__gte=day_begins(on), begins__lt=day_ends(on))
    found = found.exclude(status=VisitStatus.CANCELLED).select_related("household", "worker", "companion")
    visits = list(found.order_by("begins", "id"))
    leads = can(user, May.SEE_CENTRE)
    people = sorted({(one.worker_id, str(one.worker)) for one in visits}, key=lambda pair: pair[1]) if leads else []
    if not leads:
        visits = [one for one in visits if mine & {one.worker_id, one.companion_id}]
    elif who.isdecimal():
        visits = [one for one in visits if int(who) in (one.worker_id, one.companion_id)]
    homes = {one.household_id for one in visits}
    titles = titles_of(user, homes, on=on)
    places = _places(homes, on)
    placed = sorted(((_place(one, titles, places), one) for one in visits), key=lambda pair: (pair[0], pair[1].pk))
    return Route([_stop(one, titles, places) for _place_of, one in placed], titles, people)


def _places(homes: set[int], on: date) -> dict[int, tuple[str, str, str]]:
    """Return {household id: (code of the district, its name, town)}."""
    rows: Any = Dwelling.objects.current().filter(household__in=homes, during__contains=on)
    return {
        row.household_id: (row.district.code, str(row.district), row.town)
        for row in rows.select_related("district__parent").order_by("id")
        if row.district
    }


def _kept_back(visit: PlannedVisit, titles: dict[int, Title]) -> bool:
    title = titles.get(visit.household_id)
    return title is None or title.protected


def _place(visit: PlannedVisit, titles: dict[int, Title], places: dict[int, tuple[str, str, str]]) -> tuple[Any, ...]:
    if _kept_back(visit, titles):
        return 2, "", "", visit.begins
    code, _name, town = places.get(visit.household_id, ("", "", ""))
    if visit.place == PlannedVisit.Place.CENTRE:
        return 0, "", "", visit.begins
    return 1, code, town, visit.begins


def _stop(visit: PlannedVisit, titles: dict[int, Title], places: dict[int, tuple[str, str, str]]) -> Stop:
    title = titles.get(visit.household_id)
    if _kept_back(visit, titles) or visit.place == PlannedVisit.Place.CENTRE:
        return Stop(visit, title, "", "")
    _code, district, town = places.get(visit.household_id, ("", "", ""))
    return Stop(visit, title, district, town)
