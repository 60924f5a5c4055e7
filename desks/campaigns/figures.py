"""How a survey stands, as it may be shown: exact in the own centre; for those who see figures suppressed, and in tens,
for two surveys of nearly the same households must not be subtracted from each other."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.agencies.models import Agency, User
from casework.agencies.roles import May, can
from desks.figures.suppression import Cell, Column, in_tens, suppressed, together
from desks.figures.tables import Shown, percent, text_of
from risk.campaigns.counts import STEPS, counts_by_centre
from risk.models import Campaign
from risk.models.campaign import Helper

MEASURES = (*STEPS, "waiting")
# Each pair fills its whole: where one part is small, the other must not give it away.
PARTS = {
    "population": ("in_scope", "out"),
    "in_scope": ("checked", "waiting"),
    "checked": ("in_crisis", "calm"),
    "in_crisis": ("served", "unserved"),
}


@dataclass(frozen=True)
class FunnelStep:
    """One step of the funnel: its name, the count as shown, the length of its bar, and the share of the step before."""

    label: str
    shown: Shown
    bar: int
    share: str


@dataclass(frozen=True)
class CentreLine:
    """One centre: its name, its counts in the order of MEASURES, and how much of it was checked."""

    name: str
    cells: list[Shown]
    coverage: str


@dataclass(frozen=True)
class Result:
    """A survey's figures: the funnel, whose help was arranged, the centres (none where only one is seen), and how many
    households of the filter are left out because nobody lives there any more."""

    funnel: list[FunnelStep]
    helpers: list[tuple[str, Shown]]
    lines: list[CentreLine]
    total: CentreLine
    emptied: Shown

    def header(self) -> list[str]:
        """Return the heads of a file."""
        labels = labels_of()
        return [_("Centre"), *(labels[measure] for measure in MEASURES), _("Share checked")]

    def rows(self) -> list[list[Any]]:
        """Return the rows of a file: the centres, the total."""
        return [[line.name, *(cell.text for cell in line.cells), line.coverage] for line in (*self.lines, self.total)]


def labels_of() -> dict[str, str]:
    """Return the heads of the columns, which are the steps of the funnel and what is left."""
    return {
        "population": pgettext("survey", "Population"),
        "in_scope": pgettext("survey", "To be asked"),
        "checked": pgettext("survey", "Checked"),
        "in_crisis": pgettext("survey", "In crisis"),
        "served": pgettext("survey", "Help arranged"),
        "waiting": pgettext("survey", "No answer yet"),
    }


def sees_numbers(user: User) -> bool:
    """Tell whether the user sees the numbers of a survey: those of the own centre, or suppressed ones."""
    return can(user, May.SEE_CENTRE) or can(user, May.SEE_FIGURES)


def result_for(user: User, campaign: Campaign) -> Result:
    """Return the figures of the survey as the user may see them; one query in a centre, two for everybody."""
    own = user.agency_id if can(user, May.SEE_CENTRE) else None
    rows = counts_by_centre(campaign, center=own)
    columns = _exact(rows) if own else _columns(rows)
    names = {} if own else Agency.objects.in_bulk([row["key"] for row in rows if row["key"]])
    lines = [] if own else [_line(_name(names, row["key"]), columns, (row["key"],)) for row in rows]
    total = _line(_("Own centre") if own else _("Whole country"), columns, ())
    by_name = sorted(lines, key=lambda one: one.name)
    emptied = _emptied(rows, hidden=not own)
    return Result(_funnel(columns), _helpers(rows, hidden=not own), by_name, total, emptied)


def _name(names: dict[int, Agency], key: int | None) -> str:
    return str(names[key]) if key in names else _("No centre answers")


def _columns(rows: list[dict[str, Any]]) -> dict[str, Column]:
    """Return the columns suppressed and in tens, each part looked at beside the whole that it is a part of."""
    whole = [{**row, **_rests(row)} for row in rows]
    counts = {
        name: {row["key"]: {None: row[name]} for row in whole}
        for name in ("population", *(part for pair in PARTS.values() for part in pair))
    }
    columns = {"population": suppressed(counts["population"])}
    for of, pair in PARTS.items():
        columns |= together({part: counts[part] for part in pair}, counts[of])
    return {name: in_tens(column) for name, column in columns.items()}


def _rests(row: dict[str, Any]) -> dict[str, int]:
    return {
        "out": row["population"] - row["in_scope"],
        "calm": row["checked"] - row["in_crisis"],
        "unserved": row["in_crisis"] - row["served"],
    }


def _exact(rows: list[dict[str, Any]]) -> dict[str, Column]:
    return {name: Column(Cell(sum(row[name] for row in rows))) for name in MEASURES}


def _line(name: str, columns: dict[str, Column], place: tuple) -> CentreLine:
    cells = [columns[measure].cell(*place) for measure in MEASURES]
    return CentreLine(name, [text_of(cell) for cell in cells], _share(cells[2], cells[1]))


def _share(part: Cell, whole: Cell) -> str:
    """Return a share of two counts that both show, else ""; it tells no more than they do."""
    return "" if part.shown is None or not whole.shown else percent(min(100.0, 100 * part.shown / whole.shown))


def _funnel(columns: dict[str, Column]) -> list[FunnelStep]:
    labels, cells = labels_of(), [columns[step].total for step in STEPS]
    shares = ["", *(_share(cell, before) for before, cell in pairwise(cells))]
    return [
        FunnelStep(labels[step], text_of(cell), cell.shown or 0, share)
        for step, cell, share in zip(STEPS, cells, shares, strict=True)
    ]


def _helpers(rows: list[dict[str, Any]], *, hidden: bool) -> list[tuple[str, Shown]]:
    """Return the households for whom each party's help was arranged."""
    counts = {helper: sum(row[helper.value] for row in rows) for helper in Helper}
    if not hidden:
        return [(str(helper.label), text_of(Cell(n))) for helper, n in counts.items()]
    column = in_tens(suppressed({helper: {None: n} for helper, n in counts.items()}))
    return [(str(helper.label), text_of(column.cell(helper))) for helper in Helper]


def _emptied(rows: list[dict[str, Any]], *, hidden: bool) -> Shown:
    """Return the households of the filter in which nobody lives any more."""
    count = sum(row["emptied"] for row in rows)
    column = in_tens(suppressed({None: {None: count}})) if hidden else Column(Cell(count))
    return text_of(column.total)
