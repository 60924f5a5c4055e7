"""The day as its page shows it: late, today, this week, later, by household; what was put off, folded."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from desks.day import sources
from desks.day.asking import Row, rows_of
from desks.day.due import Source
from desks.titles import Title, titles_of
from households.models import Absence, PlannedVisit
from households.models.circle import TODAY

PAGE = 40
GROUPS = {"late": _("Late"), "today": _("Today"), "week": _("This week"), "later": _("Later")}
NOBODY, ME = "nobody", "me"
TASK, VISIT = "task", "visit"


@dataclass(frozen=True)
class Line:
    """One line of the list: what, of which household, by when in which group, where it is done, whose it is, how many
    days `late` it is, and whether `others` do it: whoever leads the centre, and not the user."""

    row: Row
    source: Source
    title: Title | None
    group: str
    href: str
    stand_in: str
    nobody: bool
    late: int = 0
    others: bool = False

    @property
    def snooze(self) -> str:
        """Where it is put off; "" where it cannot be: what is urgent, or waits already."""
        return snooze_href(self.row) if self.source.waits and not self.row.put_off else ""


@dataclass
class Day:
    """The lines of one page, and what stands around them."""

    lines: list[Line]
    put_off: list[Line]
    page: Page
    count: int
    kinds: list[dict[str, Any]]
    people: list[tuple[int, str]]
    titles: dict[int, Title]
    nobodys: int
    missing: list[PlannedVisit]
    late: int

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The lines of the page by their group."""
        return [
            {"key": key, "label": label, "lines": [one for one in self.lines if one.group == key]}
            for key, label in GROUPS.items()
            if any(one.group == key for one in self.lines)
        ]


def day_of(user: User, *, now: datetime, who: str = "", kind: str = "", number: Any = None, whole: bool = False) -> Day:
    """Return the day of `user`: for who oversees a centre the whole centre's, or (`who`) one's own, one worker's (an
    id), or what nobody has. `kind`: of one kind; `whole`: without pages, for paper. Five queries."""
    on = seoul_day(now)
    away = stood_in_for(user)
    found = rows_of(user, on=on)
    leads = can(user, May.SEE_CENTRE)
    mine = {user.pk, *away}
    rows = _of(found, who, mine, leads)
    people = sorted({(row.doer, row.doer_name) for row in found if row.doer}, key=lambda pair: pair[1])
    chosen = _in_order([row for row in rows if kind in ("", row.due.kind) and not row.put_off], on)
    put_off = [row for row in rows if row.put_off and kind in ("", row.due.kind)]
    page = Paginator(chosen, max(len(chosen), 1) if whole else PAGE).get_page(number)
    shown = [*page.object_list, *put_off]
    missing = missing_visits(user, now)
    homes = {row.due.household for row in shown if row.due.household} | {one.household_id for one in missing}
    titles = titles_of(user, homes, on=on)
    reviews = can(user, May.REVIEW)
    lines = [_line(row, titles, away, on, reviews) for row in page.object_list]
    return Day(
        lines=lines,
        put_off=[_line(row, titles, away, on, reviews) for row in put_off],
        page=page,
        count=len(chosen),
        kinds=_kinds(rows),
        people=people if leads else [],
        titles=titles,
        nobodys=sum(is_nobodys(row) for row in found) if leads else 0,
        missing=missing,
        late=sum(row.due.late(on) for row in rows if not row.put_off),
    )


def stood_in_for(user: User) -> dict[int, str]:
    """Return {id: name} of those of the agency who are away today and for whom the user stands in; one query."""
    rows = Absence.objects.current().visible_to(user).filter(substitute=user.pk, during__contains=TODAY)
    return {row.worker_id: str(row.worker) for row in rows.select_related("worker").order_by("id")}


def missing_visits(user: User, now: datetime) -> list[PlannedVisit]:
    """Return the visits that the user sees from which nobody came back at the expected time, the longest first; one
    query. They go to who leads the centre, who is on duty for it, and those who went."""
    visits: Any = PlannedVisit.objects
    rows = visits.visible_to(user).missing(now).select_related("worker", "companion", "household")
    return list(rows.order_by("expected_back", "id"))


def is_nobodys(row: Row) -> bool:
    """Say whether nobody who works here now has it: its worker left, lost the role, or there is none."""
    return not row.works and (row.due.household is not None or row.due.kind == TASK)


def is_mine(row: Row, mine: set[int]) -> bool:
    """Say whether it is one of `mine`, ids of the user and of those for whom the user stands in."""
    if row.due.household is None and row.due.kind != TASK:
        return True
    return row.doer in mine or row.companion in mine


def _of(rows: list[Row], who: str, mine: set[int], leads: bool) -> list[Row]:
    """A worker sees everything of the own households but what was given to somebody else by name."""
    if not leads:
        return [row for row in rows if row.due.kind not in (TASK, VISIT) or is_mine(row, mine) or is_nobodys(row)]
    if who == ME:
        return [row for row in rows if is_mine(row, mine)]
    if who == NOBODY:
        return [row for row in rows if is_nobodys(row)]
    if who.isdecimal():
        return [row for row in rows if int(who) in (row.doer, row.companion)]
    return rows


def group_of(day: date, on: date) -> str:
    """Return where a due day belongs; the week ends on Sunday."""
    if day <= on:
        return "late" if day < on else "today"
    return "week" if day <= on + timedelta(days=6 - on.weekday()) else "later"


def _in_order(rows: list[Row], on: date) -> list[Row]:
    """By group, within it by household in the order of its first day: what is done on one way stands together."""
    order = list(GROUPS)
    first: dict[tuple[str, Any], date] = {}
    for row in rows:
        place = (group_of(row.due.day, on), row.number)
        first[place] = min(first.get(place, row.due.day), row.due.day)

    def place_of(row: Row) -> tuple[Any, ...]:
        group, home = group_of(row.due.day, on), row.number
        return order.index(group), first[group, home], home, row.due.day

    return sorted(rows, key=place_of)


def _kinds(rows: list[Row]) -> list[dict[str, Any]]:
    counts = Counter(row.due.kind for row in rows if not row.put_off)
    return [
        {"kind": source.kind, "label": source.label, "count": counts[source.kind]}
        for source in sources.SOURCES
        if counts[source.kind]
    ]


def _line(row: Row, titles: dict[int, Title], away: dict[int, str], on: date, reviews: bool) -> Line:
    source = source_of(row.due.kind)
    title = titles.get(row.due.household) if row.due.household else None
    stand_in = away.get(row.doer, "") if row.doer else ""
    late = max((on - row.due.day).days, 0)
    others = source.leads and not reviews
    return Line(row, source, title, group_of(row.due.day, on), href_of(row), stand_in, is_nobodys(row), late, others)


def source_of(kind: str) -> Source:
    """Return the source of a kind."""
    return next(source for source in sources.SOURCES if source.kind == kind)


def href_of(row: Row) -> str:
    """Return where the thing is done."""
    return source_of(row.due.kind).href(row.due, row.number)


def snooze_href(row: Row) -> str:
    """Return where it is put off."""
    return f"{reverse('desks:snooze')}?{urlencode({'kind': row.due.kind, 'key': row.due.key})}"
