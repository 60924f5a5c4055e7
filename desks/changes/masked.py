"""What a trial may tell of everybody: no move of one to four households can be read, added up or subtracted.

A move that nobody makes is about nobody and is said. One of 1 to 4 households is "fewer than 5", and every sum of moves
is taken from the moves that show, so that it tells no more than they do. No more can leave a band than stand in it, and
no more move up than are newly flagged: the page is read as a stranger who knows these rules would read it, and more is
hidden as long as a small count could be narrowed to fewer than four numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.templatetags.format import num
from desks.figures.suppression import EXACT, FEW, LEAST, MOST_HIDDEN, VEILED, Cell, Column, suppressed
from risk.bands import Band

BANDS = sorted((int(band) for band in Band), reverse=True)
ALL = "all"
SPREAD = LEAST - 2
"""A small count stays one of four numbers: 1 to 4."""


@dataclass
class Moves:
    """How many stand in each band now, and how many move from one to another, as it may be shown."""

    now: dict[int, Cell]
    cells: dict[tuple[int, int], Cell]

    def among(self, *, leaving: int | None = None, entering: int | None = None) -> list[Cell]:
        """Return the moves out of a band, or into one; or all."""
        return [
            cell
            for (before, after), cell in self.cells.items()
            if leaving in (None, before) and entering in (None, after)
        ]

    def up(self) -> list[Cell]:
        """Return the moves to a higher band."""
        return [cell for (before, after), cell in self.cells.items() if after > before]

    def down(self) -> list[Cell]:
        """Return the moves to a lower band."""
        return [cell for (before, after), cell in self.cells.items() if after < before]

    def stay(self, band: int) -> Cell:
        """Return who stays in a band, with those who leave it by a move that does not show."""
        return self._left(band, told(self.among(leaving=band)), self.among(leaving=band))

    def after(self, band: int) -> Cell:
        """Return how many stand in a band afterwards, by the moves that show."""
        leaving, entering = self.among(leaving=band), self.among(entering=band)
        return self._left(band, told(leaving) - told(entering), leaving + entering)

    def _left(self, band: int, gone: int, moves: list[Cell]) -> Cell:
        now = self.now[band]
        if now.state != EXACT:
            return now if not any(cell.value for cell in moves) else Cell(now.value, VEILED)
        left = Cell(now.value - gone)
        if 0 < left.value < LEAST:
            left.state = VEILED if any(cell.state != EXACT for cell in moves) else FEW
        return left


def told(cells: Iterable[Cell]) -> int:
    """Return the sum of the counts that show."""
    return sum(cell.value for cell in cells if cell.state == EXACT)


def sum_words(cells: Iterable[Cell]) -> str:
    """Return the sum of moves as text, taken from those that show."""
    there = [cell for cell in cells if cell.value or cell.state != EXACT]
    if any(cell.state == VEILED for cell in there):
        return pgettext("suppressed count", "hidden")
    few, shown = sum(cell.state == FEW for cell in there), told(there)
    if few and not shown:
        return _("fewer than 5") if few == 1 else _("fewer than 5 each")
    return _("%(n)s or more") % {"n": num(shown)} if few else num(shown)


def masked(moves: Iterable[list[int]]) -> Moves:
    """Return `moves`, [before, after, households] with those who stay, as they may be shown."""
    counts = {(before, after): count for before, after, count in moves}
    now = {band: sum(count for (before, _after), count in counts.items() if before == band) for band in BANDS}
    pairs = [(before, after) for before in BANDS for after in BANDS if before != after]
    cells = {pair: _move(counts.get(pair, 0)) for pair in pairs}
    veiled: set[int] = set()
    while True:
        standing = suppressed({ALL: now}, veiled=frozenset((ALL, band) for band in veiled)).leaves[ALL]
        tight = _tight(standing, cells)
        if tight is None:
            return Moves(standing, cells)
        more = [tight, *sorted(standing, key=lambda band: standing[band].value)]
        if not (rest := [band for band in more if band not in veiled]):
            return Moves(standing, {pair: Cell(cell.value, VEILED) for pair, cell in cells.items()})
        veiled.add(rest[0])


def _move(count: int) -> Cell:
    return Cell(count, FEW if 0 < count < LEAST else EXACT)


def _tight(standing: dict[int, Cell], cells: dict[tuple[int, int], Cell]) -> int | None:
    """Return a band that tells too much: of how few stand in it, leave it or stay in it."""
    everybody = sum(cell.value for cell in standing.values())
    leaving = {band: [cell for pair, cell in cells.items() if pair[0] == band] for band in standing}
    least = {band: max(cell.low, _least(leaving[band])) for band, cell in standing.items()}
    for band, cell in standing.items():
        others = [other for other in standing if other != band]
        most = min(cell.high, everybody - sum(least[other] for other in others))
        fewest = max(least[band], everybody - sum(standing[other].high for other in others))
        if _narrowed(cell, fewest, most, leaving[band]):
            return band
    return None


def _narrowed(cell: Cell, fewest: float, most: float, leaving: list[Cell]) -> bool:
    """Tell whether a small count of a band of `fewest` to `most` households could be but one of three numbers."""
    few, shown = sum(move.state == FEW for move in leaving), told(leaving)
    stay = cell.value - sum(move.value for move in leaving)
    spreads = [
        (cell.small and cell.state != EXACT, most - fewest),
        (few > 0, most - shown - few),
        (0 < stay < LEAST, most - shown - few - max(0, fewest - shown - MOST_HIDDEN * few)),
    ]
    return any(small and spread < SPREAD for small, spread in spreads)


def _least(cells: Iterable[Cell]) -> int:
    """Return how many at least these moves are: what shows, and one for each that is small."""
    return sum(cell.value if cell.state == EXACT else 1 for cell in cells)


def apart(counts: Mapping, veiled: Iterable[tuple] = ()) -> Column:
    """Return the suppressed column of {centre: count}; `veiled`: () for the total, (centre,) for a centre."""
    return suppressed({centre: {ALL: count} for centre, count in counts.items()}, veiled=frozenset(veiled))


def beside(counts: Mapping, moves: list[Cell]) -> Column:
    """Return `counts` by centre as they may be shown beside `moves`.

    `counts`: {centre: newly flagged}, `moves`: those to a higher band; or cleared, and to a lower one. Where one rule
    decides, whoever moves up was newly flagged: the one is then at least as much as the other.
    """
    column = apart(counts)
    if any(cell.state == VEILED for cell in moves) or sum(cell.value for cell in moves) > sum(counts.values()):
        return column
    veiled: set[tuple] = set()
    few, least = any(cell.state == FEW for cell in moves), _least(moves)
    while _tells(column, few, least):
        veiled.add(_next(column, veiled))
        column = apart(counts, veiled)
    return column


def _tells(column: Column, few: bool, least: int) -> bool:
    """Tell whether the moves narrow a small count of a centre, or the centres a small one of the moves."""
    centres = list(column.groups.values())
    if few and column.total.high - least < SPREAD:
        return True
    for cell in centres:
        elsewhere = sum(other.high for other in centres if other is not cell)
        if cell.small and cell.high - max(0, least - elsewhere) < SPREAD:
            return True
    return False


def _next(column: Column, veiled: set[tuple]) -> tuple:
    """Return what is hidden next: the total, then the centres, those that show and are small first."""
    if () not in veiled:
        return ()
    left = [group for group in column.groups if (group,) not in veiled]
    return (min(left, key=lambda group: (column.groups[group].state != EXACT, column.groups[group].value)),)
