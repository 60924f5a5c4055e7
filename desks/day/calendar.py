"""The list of the day as lines of the calendar: of one's own households, by the case number of the head alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac

from casework.agencies.models import User
from casework.agencies.roles import May, can
from desks.day import sources
from desks.day.asking import Row, rows_of
from desks.day.shown import TASK, VISIT, href_of, is_mine, source_of, stood_in_for
from households.models import Membership


@dataclass(frozen=True)
class Dated:
    """One line: `what` for who is logged in, `plain` for a calendar program; of whom, 0 for nobody."""

    day: date
    case_number: str
    what: str
    key: str
    href: str
    person: int
    plain: str


def dated(user: User, on: date, first: date, last: date) -> Iterable[Dated]:
    """Yield what is due from `first` to `last`, as it stands on the day `on`. Who oversees a centre has what is their
    own, or of whom they stand in for: the whole centre's stands on the list of the day. Four queries."""
    if not can(user, May.SEE_CASELOAD):
        return
    kinds = tuple(source.kind for source in sources.SOURCES if source.dated)
    found = [row for row in rows_of(user, on=on, until=last, only=kinds) if row.due.day >= first and not row.put_off]
    mine = {user.pk, *stood_in_for(user)}
    rows = [row for row in found if _own(row, mine, can(user, May.SEE_CENTRE))]
    heads = _heads({row.due.household for row in rows if row.due.household}, on)
    for row in rows:
        person, number = heads.get(row.due.household or 0, (0, ""))
        label = str(source_of(row.due.kind).label)
        what = f"{label}: {row.due.words}" if row.due.words else label
        yield Dated(row.due.day, number, what, _key(row), href_of(row), person, label)


def _own(row: Row, mine: set[int], leads: bool) -> bool:
    """Of a worker everything but what was given to somebody else; of who oversees a centre what is their own."""
    return is_mine(row, mine) or (not leads and row.due.kind not in (TASK, VISIT))


def _heads(homes: set[int], on: date) -> dict[int, tuple[int, str]]:
    rows: Any = Membership.objects.current().during(on)
    heads = rows.filter(household__in=homes, role=Membership.Role.HEAD).order_by("-id")
    columns = ("household", "person", "person__case_number")
    return {home: (person, number) for home, person, number in heads.values_list(*columns)}


def _key(row: Row) -> str:
    mark = salted_hmac("desks.day.calendar", f"{row.due.kind} {row.due.key} {row.due.day.isoformat()}")
    return f"{row.due.kind}-{mark.hexdigest()}"
