"""The fairness table as it is printed: per group how many are flagged and what people decided, small counts hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.agencies.models import User
from casework.agencies.roles import May, can
from desks.figures.regions import ELSEWHERE, regions
from desks.figures.suppression import EXACT, LEAST, Cell, Column, suppressed
from desks.figures.tables import COUNTED, Shown, percent, text_of
from desks.figures.views import columns_of
from risk.backtest.fairness import AGES, ENTRIES, MEASURES, counted
from risk.counting import counts_by_centre

ALL = "all"
Counts = Mapping[Any, Mapping[str, int]]


@dataclass(frozen=True)
class Row:
    """One group: its name, the four counts as text, the share flagged, and of the decisions the share that upheld."""

    name: str
    cells: list[Shown]
    flagged: str
    upheld: str


@dataclass(frozen=True)
class Dimension:
    """One way to look at everybody."""

    title: str
    rows: list[Row]


def fairness_for(user: User, *, on: date) -> list[Dimension]:
    """Return the dimensions that the user may count, suppressed; by region only for the whole country."""
    found = counted(user, on=on)
    names = _names()
    shown = [_dimension(title, found[name], words) for name, (title, words) in names.items() if found[name]]
    if not can(user, May.SEE_CENTRE):
        shown.append(_by_region(user, found["centre"], on))
    return shown


def _dimension(title: str, counts: Counts, words: Mapping[Any, str], hidden: Any = None) -> Dimension:
    """Return one dimension in the order of `words`; `hidden`: {measure: categories to be hidden}."""
    order = [category for category in words if category in counts]
    columns = {
        measure: _column(measure, {category: counts[category] for category in order}, (hidden or {}).get(measure, ()))
        for measure in MEASURES
    }
    return Dimension(title, [_row(words[c], {m: columns[m].cell(ALL, c) for m in MEASURES}) for c in order])


def _column(measure: str, counts: Counts, hidden: Any) -> Column:
    """Suppress one measure. Every dimension adds up to the same whole, which therefore counts as known to everybody;
    and where nearly everybody is flagged, the few others would be told by the difference."""
    veiled = {(ALL, category) for category in hidden}
    if measure == "flagged":
        veiled |= {(ALL, c) for c, row in counts.items() if row["people"] - row["flagged"] < LEAST <= row["flagged"]}
    return suppressed({ALL: {category: row[measure] for category, row in counts.items()}}, veiled=frozenset(veiled))


def _row(name: str, cells: Mapping[str, Cell]) -> Row:
    return Row(
        name,
        [text_of(cells[measure]) for measure in MEASURES],
        _share(cells["flagged"], cells["people"]),
        _share(cells["confirmed"], cells["confirmed"], cells["set_aside"]),
    )


def _share(part: Cell, *whole: Cell) -> str:
    """Return the share of two counts that both stand there, else nothing."""
    total = sum(cell.value for cell in whole)
    exact = total and all(cell.state == EXACT for cell in (part, *whole))
    return percent(100 * part.value / total) if exact else ""


def _by_region(user: User, counts: Counts, on: date) -> Dimension:
    """By region, hiding at least what the page of figures hides, lest the two be read against each other."""
    places = regions(on)
    home = {centre: code for code, region in places.items() for centre in region.centres}
    summed: dict[str, dict[str, int]] = {}
    for centre, row in counts.items():
        into = summed.setdefault(home.get(centre, ELSEWHERE), dict.fromkeys(MEASURES, 0))
        for measure in MEASURES:
            into[measure] += row[measure]
    names = {code: region.name for code, region in places.items()}
    return _dimension(_("By region"), summed, names, _hidden_elsewhere(user, home, on))


def _hidden_elsewhere(user: User, home: Mapping[Any, str], on: date) -> dict[str, set[str]]:
    """Return the regions whose households, or whose urgent ones, the page of figures does not show."""
    counts: dict[str, dict[str, dict]] = {measure: {} for measure in COUNTED}
    for row in counts_by_centre(user, on=on):
        place, key = home.get(row["key"], ELSEWHERE), row["key"] if row["key"] in home else None
        for measure in COUNTED:
            counts[measure].setdefault(place, {})[key] = row[measure]
    columns = columns_of(counts)
    return {
        ours: {code for code, cell in columns[theirs].groups.items() if cell.state != EXACT}
        for ours, theirs in (("people", "households"), ("flagged", "urgent"))
    }


def _names() -> dict[str, tuple[str, dict[Any, str]]]:
    return {
        "sex": (_("By sex"), {"F": _("Women"), "M": _("Men"), "": _("Not known")}),
        "age": (_("By age"), _bands(AGES, _("under %(n)s"), _("%(from)s to %(to)s"), _("%(n)s and older"))),
        "entry": (
            _("By years since entry"),
            _bands(ENTRIES, _("under %(n)s years"), _("%(from)s to %(to)s years"), _("%(n)s years and more")),
        ),
        "protection": (
            _("By protection"),
            {True: pgettext("fairness", "In protection"), False: pgettext("fairness", "Protection over")},
        ),
    }


def _bands(edges: tuple[int, ...], first: str, middle: str, last: str) -> dict[Any, str]:
    """Return the names of the bands that begin at the edges, in order, and of those of whom it is not known."""
    between = {n: middle % {"from": edges[n - 1], "to": edges[n] - 1} for n in range(1, len(edges))}
    return {0: first % {"n": edges[0]}, **between, len(edges): last % {"n": edges[-1]}, None: _("Not known")}
