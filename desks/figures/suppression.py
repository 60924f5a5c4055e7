"""Counts that may be published: nothing below LEAST can be read, subtracted or narrowed down (LOOK, 5).

A column is a tree: one total, groups (regions), and the leaves of each group (centres). A count below LEAST is shown as
"fewer than 5"; where one count of a list is hidden, the next smallest goes with it; a total over hidden groups is
rounded to tens. Then the column is read as a stranger who knows these rules would read it: as long as any small count
could be narrowed to less than 0 to 4, one more count is hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

LEAST = 5
MOST_HIDDEN = LEAST - 1
EXACT, ABOUT, FEW, HIDDEN, VEILED = "exact", "about", "few", "hidden", "veiled"
ROUND = 10


@dataclass
class Cell:
    """One count and how it is shown: exact, about (rounded), few (below 5), hidden (5 or more), veiled (any number)."""

    value: int
    state: str = EXACT
    low: float = 0
    high: float = inf

    @property
    def shown(self) -> int | None:
        """The number to print: exact or rounded; None where there is none to print."""
        if self.state == EXACT:
            return self.value
        return _rounded(self.value) if self.state == ABOUT else None

    @property
    def small(self) -> bool:
        return self.value < LEAST

    def hide(self) -> None:
        """Show "fewer than 5" or "hidden", whichever the count is."""
        if self.state in (EXACT, ABOUT):
            self.state = FEW if self.small else HIDDEN


@dataclass
class Column:
    """One column as it may be shown: the total, the groups by key, and the leaves of each group by key."""

    total: Cell
    groups: dict = field(default_factory=dict)
    leaves: dict = field(default_factory=dict)

    def cell(self, group=None, leaf=None) -> Cell:
        """Return the cell of a leaf, of a group, or the total."""
        if group is None:
            return self.total
        return self.groups[group] if leaf is None else self.leaves[group][leaf]

    def places(self) -> list[tuple]:
        """Return (), (group,) and (group, leaf) of every cell."""
        leaves = [(group, leaf) for group, found in self.leaves.items() for leaf in found]
        return [(), *((group,) for group in self.groups), *leaves]


def suppressed(counts: Mapping, *, veiled=frozenset()) -> Column:
    """Return the Column of `counts`, {group: {leaf: count}}; the places in `veiled` are hidden whatever they hold."""
    leaves = {group: {leaf: Cell(n) for leaf, n in found.items()} for group, found in counts.items() if found}
    groups = {group: Cell(sum(cell.value for cell in found.values())) for group, found in leaves.items()}
    column = Column(Cell(sum(cell.value for cell in groups.values())), groups, leaves)
    for place in column.places():
        cell = column.cell(*place)
        cell.state = VEILED if place in veiled else FEW if cell.small else EXACT
    _settle(column)
    while (found := _narrowed(column)) is not None:
        _hide_more(column, found)
        _settle(column)
    return column


def in_tens(column: Column) -> Column:
    """Return the column with each count that still shows rounded to tens.

    For what can be asked over and over, of other households or of other moments: one taken from the other no longer
    tells of a few. Rounded after it was suppressed, it tells no more than before.
    """
    for place in column.places():
        cell = column.cell(*place)
        cell.state = ABOUT if cell.state == EXACT else cell.state
    return column


def _settle(column: Column) -> None:
    """Nothing hidden stands alone, what belongs together is hidden together, and the total is rounded."""
    for group, found in column.leaves.items():
        cells = list(found.values())
        if len(cells) == 1 and column.groups[group].state != cells[0].state:
            hidden = next(cell.state for cell in (column.groups[group], cells[0]) if cell.state != EXACT)
            column.groups[group].state = cells[0].state = hidden
        elif column.groups[group].state == EXACT:
            _not_alone(cells)
        elif all(cell.state == EXACT for cell in cells):
            _hide_smallest(cells)
    _not_alone(list(column.groups.values()))
    for group, found in column.leaves.items():
        if column.groups[group].state != EXACT and all(cell.state == EXACT for cell in found.values()):
            _hide_smallest(list(found.values()))
    if column.total.state == EXACT and any(cell.state != EXACT for cell in column.groups.values()):
        column.total.state = ABOUT


def _not_alone(cells: list[Cell]) -> None:
    if sum(cell.state != EXACT for cell in cells) == 1:
        _hide_smallest(cells)


def _hide_smallest(cells: list[Cell]) -> bool:
    """Hide the smallest count that still shows; tell whether there was one."""
    exact = [cell for cell in cells if cell.state == EXACT]
    if exact:
        min(exact, key=lambda cell: cell.value).hide()
    return bool(exact)


def _hide_more(column: Column, place: tuple) -> None:
    """Widen what a stranger must think possible of the cell at `place`."""
    group, leaf = (*place, None)[:2]
    if leaf is None:
        if not _hide_smallest(list(column.groups.values())):
            column.total.state = VEILED
    elif not _hide_smallest(list(column.leaves[group].values())):
        for cell in column.leaves[group].values():
            cell.state = VEILED


def _narrowed(column: Column) -> tuple | None:
    """Return the place of a small count that can be narrowed to less than 0 to 4, groups first, or None.

    Ranges are added up from the leaves and handed down again; on a tree that finds exactly what is possible.
    """
    _possible(column)
    for place in column.places()[1:]:
        cell = column.cell(*place)
        if cell.small and (cell.low > 0 or cell.high < MOST_HIDDEN):
            return place
    return None


def _possible(column: Column) -> None:
    for found in (column.groups, *column.leaves.values()):
        _as_said(list(found.values()))
    for group, found in column.leaves.items():
        _add_up(column.groups[group], list(found.values()))
    column.total.low, column.total.high = _range_of(column.total)
    _add_up(column.total, list(column.groups.values()))
    _hand_down(column.total, list(column.groups.values()))
    for group, found in column.leaves.items():
        _hand_down(column.groups[group], list(found.values()))


def _as_said(cells: list[Cell]) -> None:
    """Set the range that each cell's own words leave; what went along was the next smallest, which a stranger knows."""
    cap = min((cell.value for cell in cells if cell.state == EXACT), default=inf)
    for cell in cells:
        cell.low, cell.high = _range_of(cell)
        if cell.state == HIDDEN:
            cell.high = max(cap, cell.value)


def _range_of(cell: Cell) -> tuple[float, float]:
    about = _rounded(cell.value)
    return {
        EXACT: (cell.value, cell.value),
        ABOUT: (about - ROUND // 2, about + ROUND // 2 - 1),
        FEW: (0, MOST_HIDDEN),
        HIDDEN: (LEAST, inf),
        VEILED: (0, inf),
    }[cell.state]


def _add_up(whole: Cell, parts: list[Cell]) -> None:
    whole.low = max(whole.low, sum(part.low for part in parts))
    whole.high = min(whole.high, sum(part.high for part in parts))


def _hand_down(whole: Cell, parts: list[Cell]) -> None:
    before = [(part.low, part.high) for part in parts]
    endless = sum(high == inf for _low, high in before)
    least, most = sum(low for low, _high in before), sum(high for _low, high in before if high != inf)
    for part, (low, high) in zip(parts, before, strict=True):
        others_endless = endless - (high == inf) > 0
        others_most = inf if others_endless else most - (0 if high == inf else high)
        part.low = max(low, whole.low - others_most)
        part.high = min(high, whole.high - (least - low))


def _rounded(value: int) -> int:
    return (value + ROUND // 2) // ROUND * ROUND


def together(parts: Mapping[str, Mapping], whole: Mapping) -> dict[str, Column]:
    """Return the columns of `parts`, {name: counts}, whose counts are shares of `whole` without overlap.

    Where a small count could be narrowed because the row has hardly room for it beside another, both are veiled.
    """
    plain = {name: suppressed(counts) for name, counts in parts.items()}
    rows = suppressed(whole)
    veiled = set()
    for place in rows.places():
        cells = [column.cell(*place) for column in plain.values()]
        room = rows.cell(*place).value - max(cell.value for cell in cells)
        if any(cell.small for cell in cells) and not all(cell.small for cell in cells) and room < MOST_HIDDEN:
            veiled.add(place)
    return {name: suppressed(counts, veiled=frozenset(veiled)) for name, counts in parts.items()} if veiled else plain
