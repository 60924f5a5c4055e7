"""The page of the national statistics: entrants by year and sex, age at entry, region, on any day; and its files."""

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
from desks.asof import begins, end_of
from desks.downloads import ReasonForm, csv_file
from desks.figures.past import DAY, last_end
from desks.figures.population import counted
from desks.figures.published import TABLES, YEARS, Printed, tables_of
from desks.figures.regions import regions
from desks.figures.views import check_sees_figures

THEN = "then"
WIDEST = 5
"""Columns of the widest table."""


@require_safe
def people_figures(request) -> HttpResponse:
    """The three tables of a day: today, or the last end of a month up to the day that was asked for; as known when the
    last month ended, or as known then (`known=then`)."""
    check_sees_figures(request.user)
    now = timezone.now()
    asked = asked_of(request.GET, now)
    known_by, exact = known_of(asked, now)
    looked(request, Act.LIST, detail={"population": asked})
    context = {
        "tables": tables_on(asked, now),
        "asked": asked,
        "on": day_of(asked, now),
        "today": seoul_day(now),
        "then": asked["known"] == THEN,
        "known_by": known_by,
        "exact": exact,
        "reason": ReasonForm(),
        "codes": TABLES,
    }
    return render(request, "desks/figures/people.html", context)


@require_POST
def people_file(request) -> HttpResponse:
    """One of the tables as CSV; the reason is kept."""
    check_sees_figures(request.user)
    form, now = ReasonForm(request.POST), timezone.now()
    if not form.is_valid():
        return render(request, "desks/reason.html", {"form": form, "back": "desks:people_figures"}, status=422)
    asked = asked_of(request.POST, now)
    table = table_of(asked, now)
    looked(request, Act.EXPORT, reason=form.cleaned_data["reason"], detail={"population": asked})
    return csv_file(f"{asked['table']}.csv", table.heads, table.lines())


def asked_of(given: Any, now: datetime) -> dict[str, str]:
    """Return {"table", "on", "known"} of what an address says: `on` the last end of a month up to the day named there,
    "" for today; what makes no sense is left out."""
    table = given.get("table", "")
    known = THEN if given.get("known", "") == THEN else ""
    return {
        "table": table if table in TABLES else TABLES[0],
        "on": _month_end(given.get("on", ""), now),
        "known": known,
    }


def _month_end(text: str, now: datetime) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return last_end(day).isoformat() if day < seoul_day(now) else ""


def day_of(asked: dict[str, str], now: datetime) -> date:
    """Return the day that is asked about."""
    return date.fromisoformat(asked["on"]) if asked["on"] else seoul_day(now)


def known_of(asked: dict[str, str], now: datetime) -> tuple[datetime, tuple[str, ...]]:
    """Return the moment whose knowledge counts, and which tables may be exact, so that of all that can be asked for
    together each count is exact in one table at most (docs/adr/0015).

    "Today" is what was known when the last month ended: there is no minute to close in on. With it the years are the
    same in every table; ages and regions are exact of the latest end of a year alone. What was known then is in tens:
    what was entered late would stand between the two. So is everything until a month of the register has ended.
    """
    on, today = day_of(asked, now), seoul_day(now)
    if asked["known"] == THEN:
        return min(now, end_of(on)), ()
    ended, first = last_end(today - DAY), begins()
    if first is None or first > ended:
        return now, ()
    latest = date(today.year - 1, 12, 31)
    return end_of(ended), TABLES if on == latest else (YEARS,)


def tables_on(asked: dict[str, str], now: datetime) -> list[Printed]:
    """Return the tables of the day and the knowledge that are asked about."""
    on = day_of(asked, now)
    known_by, exact = known_of(asked, now)
    return tables_of(counted(on, known_by), regions(on), may_be_exact=exact)


def table_of(asked: dict[str, str], now: datetime) -> Printed:
    """Return the one table that is asked about."""
    return next(table for table in tables_on(asked, now) if table.code == asked["table"])


class PopulationFile(Kind):
    """One table of the national statistics; it names nobody."""

    code = "population"
    label = gettext_lazy("Statistics of entrants")
    names = False

    def allows(self, user: User) -> bool:
        """Whoever sees figures."""
        return can(user, May.SEE_FIGURES)

    def narrowed(self, given: Any, user: User) -> dict[str, Any]:
        """`table`, `on`, `known` as on the page."""
        return asked_of(given, timezone.now())

    def said(self, asked: Any) -> str:
        """The table and the day."""
        names = {"years": _("Entrants by year and sex"), "ages": _("Age at entry"), "regions": _("Region of residence")}
        day = fullday(date.fromisoformat(asked["on"])) if asked["on"] else _("today")
        return f"{names[asked['table']]} · {day}" + (f" · {_('as known then')}" if asked["known"] == THEN else "")

    def back(self, asked: Any) -> str:
        """The page of the day."""
        return f"{reverse('desks:people_figures')}?on={asked['on']}&known={asked['known']}"

    def header(self) -> list[str]:
        """As many columns as the widest table has; each brings its own heads as its first row, for they differ."""
        return [str(self.label), *[""] * (WIDEST - 1)]

    def ids(self, user: User, asked: Any, *, now: datetime) -> list[int]:
        """The places of the heads and the rows."""
        return list(range(len(table_of(asked, now).lines()) + 1))

    def lines(self, user: User, asked: Any, ids: Any, *, now: datetime) -> list[Line]:
        """The heads and the rows, with nobody in them."""
        table = table_of(asked, now)
        rows = [table.heads, *table.lines()]
        return [Line(place, rows[place], [], []) for place in ids]

    def still(self, user: User, records: Any, closed: Any) -> bool:
        """Figures name nobody: whoever may see figures may read them."""
        return self.allows(user)
