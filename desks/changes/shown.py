"""What the page and the file of a change tell of its trial: moves, centres and work, as they may be shown.

Whoever changes criteria sees all centres, suppressed. A centre sees the whole country suppressed and itself exactly:
every household of it is on its lists anyway.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.agencies.models import Agency, User
from casework.agencies.roles import May, can
from casework.templatetags.format import band_name, households, num, tenths
from desks.changes.charts import bars_of, flow_of, matrix_of
from desks.changes.masked import BANDS, Moves, beside, masked, sum_words, told
from desks.changes.work import work_of, workers_of
from desks.figures.suppression import ABOUT, EXACT, FEW, HIDDEN, LEAST, VEILED, Cell, Column
from desks.figures.tables import text_of
from risk.bands import Band
from risk.models import Simulation


def effect_shown(simulation: Simulation, user: User) -> dict[str, Any]:
    """Return what the page draws of a simulation, and the rows of its file."""
    result, own = simulation.result, None if can(user, May.SET_CRITERIA) else user.agency_id
    moves = masked(result["moves"])
    rows = _rows(result["centres"])
    new, cleared = (
        beside({row["key"]: row[name] for row in rows}, way)
        for name, way in (("new", moves.up()), ("cleared", moves.down()))
    )
    there = rows if own is None else [row for row in rows if row["key"] == own]
    columns = (new, cleared) if own is None else tuple(_exactly(there, name) for name in ("new", "cleared"))
    there = sorted(there, key=lambda row: (-told(column.groups[row["key"]] for column in columns), row["name"]))
    return {
        "everybody": text_of(Cell(result["households"], FEW if result["households"] < LEAST else EXACT)),
        "new": total_words(new),
        "cleared": total_words(cleared),
        "up": sum_words(moves.up()),
        "down": sum_words(moves.down()),
        "moved": sum_words(moves.among()),
        "emergency": _emergency(moves),
        "flow": flow_of(moves),
        "matrix": matrix_of(moves),
        "bands": BANDS,
        "bars": bars_of(there, *columns),
        "work": work_of(rows, new, cleared, own) if result["v"] > 1 else None,
        "own": own is not None,
        "ours": workers_of(result["workers"], user) if can(user, May.SEE_CENTRE) else [],
    }


def _rows(centres: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = Agency.objects.in_bulk([row["centre"] for row in centres if row["centre"]])
    nobody = _("No centre answers")
    return [{**row, "key": row["centre"], "name": str(names.get(row["centre"], nobody))} for row in centres]


def _exactly(rows: list[dict[str, Any]], name: str) -> Column:
    return Column(Cell(sum(row[name] for row in rows)), {row["key"]: Cell(row[name]) for row in rows})


def total_words(column: Column) -> str:
    """Return the total of a column by centre as it may be shown."""
    cell, least = column.total, told(column.groups.values())
    if cell.state == FEW:
        return _("fewer than 5 households")
    if cell.state in (EXACT, ABOUT):
        words = _("%(n)s households") if cell.state == EXACT else _("about %(n)s households")
        return words % {"n": num(cell.shown)}
    return _("%(n)s households or more") % {"n": num(least)} if least else pgettext("suppressed count", "hidden")


def _emergency(moves: Moves) -> dict[str, Any]:
    """Return the Emergencies now and afterwards, and who enters and leaves, by the moves that show."""
    band = int(Band.EMERGENCY)
    now, then = moves.now[band], moves.after(band)
    entering, leaving = moves.among(entering=band), moves.among(leaving=band)
    return {
        "before": text_of(now).text,
        "now": households(now.value) if now.state == EXACT else text_of(now).text,
        "after": households(then.value) if then.state == EXACT else text_of(then).text,
        "into": sum_words(entering),
        "out": sum_words(leaving),
        "still": not any(cell.value or cell.state == VEILED for cell in entering + leaving),
    }


def file_header() -> list[str]:
    """Return the heads of the file of a trial."""
    return [_("What"), _("Band or centre"), _("Afterwards"), pgettext("file of a trial", "Number")]


def file_rows(effect: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the rows of the file: exactly what the page shows, one number a row."""
    yield [_("Households judged"), "", "", effect["everybody"].text]
    for row in effect["matrix"]:
        band = band_name(row["band"])
        yield [_("Households by band now"), band, "", text_of(row["all"]).text]
        for after, (cell, same) in zip(BANDS, row["cells"], strict=True):
            what = _("Households that stay in their band") if same else _("Households that change their band")
            yield [what, band, band_name(after), text_of(cell).text]
    yield [_("Newly flagged"), "", "", effect["new"]]
    yield [_("Cleared"), "", "", effect["cleared"]]
    for line in effect["bars"]["lines"]:
        for name, what in (("new", _("Newly flagged")), ("cleared", _("Cleared"))):
            yield [what, line["name"], "", text_of(line[name]["cell"]).text]
    if not (work := effect["work"]):
        return
    whole = {"name": _("All workers together"), "before": work["before"], "after": work["after"], "state": EXACT}
    for line in (whole, *work["first"], *work["rest"]):
        yield [_("One worker's contacts a week, now"), line["name"], "", tenths(line["before"])]
        then = tenths(line["after"]) if line["state"] == EXACT else text_of(Cell(0, HIDDEN)).text
        yield [_("One worker's contacts a week, afterwards"), line["name"], "", then]
