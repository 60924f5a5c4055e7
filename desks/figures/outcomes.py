"""Employment, education and health by year: counts for those who see figures, nothing below 5; and its files.

**What is published.** The Ministry tells how many resettled people work in the public sector at the end of a year (211
at the end of 2024). The other tables are our own (자체 분류): no publication with their definitions was found.

**What is exact.** One year, as known at its own end: asked again it says the same. Every other count can be asked for
on two days, and what lies between may be one person: those are in tens (docs/adr/0015). Men and women stand apart only
where neither is below 5; how long jobs were kept is told as shares of the jobs that began, hidden as all figures are.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.exports.kinds import Kind, Line
from casework.templatetags.format import fullday
from desks.asof import end_of
from desks.downloads import ReasonForm, csv_file
from desks.figures.kept import GROUPS, KEPT, TABLES, counted_by_year
from desks.figures.past import last_end
from desks.figures.population import SEXES
from desks.figures.published import Printed
from desks.figures.suppression import ABOUT, LEAST, Cell, in_tens, suppressed
from desks.figures.tables import Shown, text_of
from desks.figures.views import check_sees_figures

THEN = "then"
YEARS = 6
"""So many years stand in a table."""
WHOLE = "all"


@require_safe
def outcome_figures(request) -> HttpResponse:
    """The tables of a day: today, or the last end of a month up to the day that was asked for; as known today, or as
    known then (`known=then`)."""
    check_sees_figures(request.user)
    now = timezone.now()
    asked = asked_of(request.GET, now)
    looked(request, Act.LIST, detail={"outcomes": asked})
    context = {
        "tables": tables_on(asked, now),
        "asked": asked,
        "on": day_of(asked, now),
        "today": seoul_day(now),
        "then": asked["known"] == THEN,
        "reason": ReasonForm(),
    }
    return render(request, "desks/figures/outcomes.html", context)


@require_POST
def outcome_file(request) -> HttpResponse:
    """One of the tables as CSV; the reason is kept."""
    check_sees_figures(request.user)
    form, now = ReasonForm(request.POST), timezone.now()
    if not form.is_valid():
        return render(request, "desks/reason.html", {"form": form, "back": "desks:outcome_figures"}, status=422)
    asked = asked_of(request.POST, now)
    table = table_of(asked, now)
    looked(request, Act.EXPORT, reason=form.cleaned_data["reason"], detail={"outcomes": asked})
    return csv_file(f"{asked['table']}.csv", table.heads, table.lines())


def asked_of(given: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Return {"table", "on", "known"} of what an address says; what makes no sense is left out."""
    table = given.get("table", "")
    try:
        day = date.fromisoformat(given.get("on", ""))
        on = last_end(day).isoformat() if day < seoul_day(now) else ""
    except ValueError:
        on = ""
    known = THEN if given.get("known", "") == THEN and on else ""
    return {"table": table if table in TABLES else TABLES[0], "on": on, "known": known}


def day_of(asked: Mapping[str, str], now: datetime) -> date:
    """Return the day that is asked about."""
    return date.fromisoformat(asked["on"]) if asked["on"] else seoul_day(now)


def tables_on(asked: Mapping[str, str], now: datetime) -> list[Printed]:
    """Return the tables of the day and the knowledge that are asked about; three queries."""
    on, then = day_of(asked, now), asked["known"] == THEN
    years = range(on.year - YEARS + 1, on.year + 1)
    found = counted_by_year(years, on, min(now, end_of(on)) if then else now)
    return [_printed(table, found[table], on, frozen=then) for table in TABLES]


def table_of(asked: Mapping[str, str], now: datetime) -> Printed:
    """Return the one table that is asked about."""
    return next(table for table in tables_on(asked, now) if table.code == asked["table"])


def _printed(code: str, years: Mapping[int, Mapping[str, Counter]], on: date, *, frozen: bool) -> Printed:
    """Return a table: a row for each year, men, women, together, and of jobs how long they were kept."""
    heads = [_("Year"), _("Men"), _("Women"), _("Together")]
    if code == TABLES[0]:
        heads += [str(label) for label in KEPT.values()]
    rows = []
    for year, counts in sorted(years.items(), reverse=True):
        exact = frozen and on == date(year, 12, 31)
        rows.append((str(year), _cells(code, counts, exact)))
    return Printed(code, str(GROUPS[code]), heads, rows, None)


def _cells(code: str, counts: Mapping[str, Counter], exact: bool) -> list[Shown]:
    """Return the cells of one year; each year is a tree of its own, so that no sum joins two."""
    by_sex, parts = counts["sex"], counts["kept"] if code == TABLES[0] else None
    leaves = {part: parts[part] for part in KEPT} if parts is not None else {WHOLE: sum(by_sex.values())}
    whole = suppressed({WHOLE: leaves})
    whole = whole if exact else in_tens(whole)
    apart = [Cell(by_sex[sex]) for sex in SEXES] if _told_apart(by_sex) else []
    for cell in apart:
        cell.state = cell.state if exact else ABOUT
    cells = [text_of(cell) for cell in apart] or [Shown(_("not told apart"), "hidden")] * len(SEXES)
    cells.append(text_of(whole.groups[WHOLE]))
    return cells + [text_of(whole.cell(WHOLE, part)) for part in (KEPT if parts is not None else ())]


def _told_apart(by_sex: Counter) -> bool:
    """Say whether men and women may stand apart: neither below 5, nor what is left over, whose sex nobody knows."""
    left = sum(by_sex.values()) - sum(by_sex[sex] for sex in SEXES)
    return all(by_sex[sex] >= LEAST for sex in SEXES) and (left == 0 or left >= LEAST)


class OutcomesFile(Kind):
    """One table of outcomes by year; it names nobody."""

    code = "outcomes"
    label = gettext_lazy("Employment, education and health by year")
    names = False

    def allows(self, user: User) -> bool:
        """Whoever sees figures."""
        return can(user, May.SEE_FIGURES)

    def narrowed(self, given: Mapping[str, Any], user: User) -> dict[str, Any]:
        """`table`, `on`, `known` as on the page."""
        return asked_of(given, timezone.now())

    def said(self, asked: Mapping[str, Any]) -> str:
        """The table and the day."""
        day = fullday(date.fromisoformat(asked["on"])) if asked["on"] else _("today")
        return f"{GROUPS[asked['table']]} · {day}" + (f" · {_('as known then')}" if asked["known"] == THEN else "")

    def back(self, asked: Mapping[str, Any]) -> str:
        """The page of the day."""
        return f"{reverse('desks:outcome_figures')}?on={asked['on']}&known={asked['known']}"

    def header(self) -> list[str]:
        """As many columns as the widest table has; each brings its own heads as its first row, for they differ."""
        return [str(self.label), *[""] * (len(SEXES) + 1 + len(KEPT))]

    def ids(self, user: User, asked: Mapping[str, Any], *, now: datetime) -> list[int]:
        """The places of the heads and the rows."""
        return list(range(len(table_of(asked, now).lines()) + 1))

    def lines(self, user: User, asked: Mapping[str, Any], ids: Any, *, now: datetime) -> list[Line]:
        """The heads and the rows, with nobody in them."""
        table = table_of(asked, now)
        rows = [table.heads, *table.lines()]
        return [Line(place, rows[place], [], []) for place in ids]

    def still(self, user: User, records: Any, closed: Any) -> bool:
        """Figures name nobody: whoever may see figures may read them."""
        return self.allows(user)
