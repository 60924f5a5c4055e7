"""The table of figures as it is printed: text in the place of a hidden number, rates only where both counts show."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.templatetags.format import households as households_words
from casework.templatetags.format import num
from desks.figures.regions import Region
from desks.figures.suppression import ABOUT, EXACT, FEW, Cell, Column

COUNTED = ("households", "urgent", "moderate", "nobody", "overdue", "unreachable")
# Where a darker shade of the map begins, in percent of the households of the region.
SHADES = {
    "urgent": (3.5, 4, 4.5, 5.5),
    "nobody": (0.2, 0.5, 1, 2),
    "overdue": (5, 10, 15, 25),
    "unreachable": (0.5, 1, 2, 4),
}


@dataclass(frozen=True)
class Shown:
    """One cell as text: `state` "few" or "hidden" where no number stands, "late" where the number is a reproach."""

    text: str
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One row: its name, its cells by measure, its rate, and whether it is a region, a centre or the total."""

    name: str
    cells: dict[str, Shown]
    rate: float | None
    kind: str
    region: str = ""

    @property
    def rate_text(self) -> str:
        return percent(self.rate)

    @property
    def ordered(self) -> list[Shown]:
        return [self.cells[measure] for measure in ("nobody", "overdue", "unreachable")]


def measures(shown: str) -> list[dict[str, Any]]:
    """Return what the map can show: value, label, whether it is shown now."""
    labels = labels_of()
    labels["urgent"] = _("Share of Emergency and High")
    now = shown if shown in SHADES else "urgent"
    return [{"value": name, "label": labels[name], "current": name == now} for name in SHADES]


def labels_of() -> dict[str, str]:
    """Return the heads of the columns."""
    return {
        "households": pgettext("figures", "Households"),
        "urgent": _("Emergency and High"),
        "moderate": pgettext("band", "Moderate"),
        "nobody": _("Nobody responsible"),
        "overdue": _("Contact date passed"),
        "unreachable": _("Cannot be reached"),
    }


def percent(rate: float | None) -> str:
    """Return `4.3%`, or "" for none."""
    return "" if rate is None else f"{rate:.1f}%"


class Table:
    """Suppressed columns with the names of their places; nothing else than what is shown can be got out of it."""

    def __init__(self, columns: dict[str, Column], places: dict[Any, Region], *, national: bool) -> None:
        self._columns, self._places, self.national = columns, places, national
        groups = list(columns["households"].groups)
        regions = [self._line(places[group].name, (group,), "region") for group in groups]
        self.rows = sorted(regions, key=lambda line: (line.rate is None, -(line.rate or 0), line.name))
        self.total = self._line(_("Whole country") if national else _("Whole centre"), (), "total")
        self.centres = [
            self._line(places[group].centres.get(leaf, ""), (group, leaf), "centre", places[group].name)
            for group in groups
            for leaf in columns["households"].leaves[group]
            if national
        ]

    @property
    def labels(self) -> dict[str, str]:
        return labels_of()

    @property
    def peak(self) -> float:
        """The highest rate of the table: the full length of a bar."""
        return max((line.rate or 0 for line in (*self.rows, *self.centres)), default=0) or 1

    def header(self) -> list[str]:
        """Return the heads of a file."""
        labels = labels_of()
        return [
            _("Kind of row"),
            _("Name"),
            *(labels[measure] for measure in COUNTED),
            _("Share of Emergency and High"),
        ]

    def lines(self) -> list[list[str]]:
        """Return the rows of a file: regions, centres, the total."""
        kinds = {"region": _("Region"), "centre": _("Centre"), "total": _("Total")}
        rows = [*self.rows, *self.centres, self.total]
        return [[kinds[r.kind], r.name, *(r.cells[m].text for m in COUNTED), r.rate_text] for r in rows]

    def tiles(self, shown: str) -> dict[str, Any]:
        """Return the tile map of a measure, with the key of its shades."""
        measure = shown if shown in SHADES else "urgent"
        tiles = [self._tile(code, region, measure) for code, region in self._places.items() if region.place]
        what = next(item["label"] for item in measures(measure) if item["current"])
        label = _("%(what)s by region; the same numbers stand in the table beside.") % {"what": what}
        return {"tiles": tiles, "key": _key(SHADES[measure]), "label": label}

    def _tile(self, code: Any, region: Region, measure: str) -> dict[str, Any]:
        column, row = region.place or (0, 0)
        tile = {"name": region.name, "column": column, "row": row, "shade": 0}
        if code not in self._columns[measure].groups:
            return tile | {"value": "–", "note": _("no household")}
        cell = self._columns[measure].groups[code]
        rate = self._rate((code,), measure)
        if rate is None:
            note = households_words(cell.shown) if cell.shown is not None else pgettext("suppressed count", "hidden")
            return tile | {"value": text_of(cell).text, "note": note}
        shade = 1 + sum(rate >= edge for edge in SHADES[measure])
        return tile | {"shade": shade, "value": percent(rate), "note": households_words(cell.shown)}

    def _line(self, name: str, place: tuple, kind: str, region: str = "") -> Line:
        cells = {measure: text_of(column.cell(*place)) for measure, column in self._columns.items()}
        loud = self._columns["nobody"].cell(*place)
        if loud.state == EXACT:
            cells["nobody"] = Shown(cells["nobody"].text, "late")
        return Line(name, cells, self._rate(place), kind, region)

    def _rate(self, place: tuple, measure: str = "urgent") -> float | None:
        """The rate of two counts that both show, of the rounded where one is rounded: it tells no more than they."""
        part, whole = self._columns[measure].cell(*place).shown, self._columns["households"].cell(*place).shown
        return None if part is None or not whole else min(100.0, 100 * part / whole)


def text_of(cell: Cell) -> Shown:
    """Return a suppressed count as it is printed."""
    if cell.state == EXACT:
        return Shown(num(cell.value))
    if cell.state == ABOUT:
        return Shown(_("about %(n)s") % {"n": num(cell.shown)})
    if cell.state == FEW:
        return Shown(_("fewer than 5"), "few")
    return Shown(pgettext("suppressed count", "hidden"), "hidden")


def _key(edges: tuple[float, ...]) -> list[dict[str, Any]]:
    first, last = _("below %(n)s") % {"n": f"{edges[0]:g}%"}, _("%(n)s and more") % {"n": f"{edges[-1]:g}%"}
    words = [first, *(f"{edge:g}" for edge in edges[:-1]), last]
    return [{"x": 82 * i, "css": f"q{i + 1}", "text": text} for i, text in enumerate(words)]
