"""Geometry of the two drawings of a change: how bands flow, and who gains and loses by centre. Numbers only."""

from dataclasses import dataclass, field
from typing import Any

from desks.changes.masked import BANDS, Moves, told
from desks.figures.suppression import EXACT, VEILED, Cell, Column

LEAST, GAP, TOP, FLOWING = 44.0, 20.0, 10.0, 180.0
LEFT, RIGHT = 160, 500
READABLE = 14.0
ROW, ZERO, HALF, FIRST = 27, 260, 240, 26


@dataclass
class Flow:
    """The drawing of the bands: bars left and right, ribbons between them, words beside."""

    bars: list[dict[str, Any]] = field(default_factory=list)
    ribbons: list[dict[str, Any]] = field(default_factory=list)
    height: int = 0


def flow_of(moves: Moves) -> Flow:
    """Return the drawing of `moves`; a ribbon is as thick as it carries households, thin where that does not show."""
    moved = [(*pair, cell) for pair, cell in moves.cells.items() if cell.value and cell.state != VEILED]
    total = told(cell for *__, cell in moved)
    thick = min(1.0, FLOWING / total) if total else 0.0
    flow, tops, y = Flow(), {}, TOP
    for band in BANDS:
        going, coming = told(moves.among(leaving=band)), told(moves.among(entering=band))
        height = max(LEAST, going * thick, coming * thick)
        tops[band] = y
        flow.bars.append(_bar(band, y, height, moves.now[band], moves.after(band), coming - going))
        y += height + GAP
    flow.height = round(y - GAP + TOP)
    flow.ribbons = _ribbons([(before, after, told([cell])) for before, after, cell in moved], thick, tops)
    return flow


def _bar(band: int, y: float, height: float, before: Cell, after: Cell, more: int) -> dict[str, Any]:
    middle = y + height / 2
    return {
        "band": band,
        "y": round(y, 1),
        "height": round(height, 1),
        "name_y": round(middle - 3, 1),
        "count_y": round(middle + 15, 1),
        "before": before,
        "after": after,
        "more": f"+{more:,}" if more > 0 else f"−{-more:,}" if more < 0 else "±0",
    }


def _ribbons(moved: list[tuple[int, int, int]], thick: float, tops: dict[int, float]) -> list[dict[str, Any]]:
    """Place the ribbons: at both ends in the order of the bands, so that they cross as little as can be. A count that
    does not show is 0 here."""
    leaves, arrives = dict(tops), dict(tops)
    starts, ends = {}, {}
    for before, after, count in sorted(moved, key=lambda move: (-move[0], -move[1])):
        starts[before, after] = leaves[before]
        leaves[before] += count * thick
    for before, after, count in sorted(moved, key=lambda move: (-move[1], -move[0])):
        ends[before, after] = arrives[after]
        arrives[after] += count * thick
    drawn = []
    for before, after, count in moved:
        start, end, width = starts[before, after], ends[before, after], max(count * thick, 1.0)
        middle = (LEFT + RIGHT) / 2
        low_start, low_end = start + width, end + width
        drawn.append(
            {
                "up": after > before,
                "count": count,
                "path": f"M{LEFT} {start:.1f}C{middle:.1f} {start:.1f} {middle:.1f} {end:.1f} {RIGHT} {end:.1f}"
                f"V{low_end:.1f}C{middle:.1f} {low_end:.1f} {middle:.1f} {low_start:.1f} {LEFT} {low_start:.1f}z",
                "label": width >= READABLE,
                "x": 215,
                "y": round(start + width / 2 + (end - start) * 0.07 + 4, 1),
            }
        )
    return drawn


def bars_of(rows: list[dict[str, Any]], new: Column, cleared: Column) -> dict[str, Any]:
    """Return the drawing by centre: to the right who is newly flagged, to the left who is cleared; small counts are
    words. `rows` have `key` and `name`; the columns are suppressed and hold one leaf for each key."""
    shown = [cell.value for column in (new, cleared) for cell in column.groups.values() if cell.state == EXACT]
    most = max(shown, default=0) or 1
    scale = HALF / most
    lines = []
    for index, row in enumerate(rows):
        y = FIRST + ROW * index
        right, left = (_half(column.groups[row["key"]], scale, side) for column, side in ((new, 1), (cleared, -1)))
        place = {"name": row["name"], "text_y": y + 14, "y": y}
        lines.append({**place, "new": right, "cleared": left, "halves": [right, left]})
    ticks = _ticks(most) if shown and max(shown) else []
    grid = [{"x": ZERO + side * value * scale, "value": value} for value in ticks for side in (1, -1)]
    return {
        "lines": lines,
        "grid": grid,
        "bottom": FIRST + ROW * len(rows),
        "zero": ZERO,
        "height": FIRST + ROW * len(rows) + 6,
    }


def _half(cell: Any, scale: float, side: int) -> dict[str, Any]:
    """Return one bar from the middle line, or only its words where the count is hidden or nothing."""
    if cell.state != EXACT:
        return {"cell": cell, "state": cell.state, "width": 0, "text_x": ZERO + 8 * side}
    width = round(cell.value * scale, 1)
    return {
        "cell": cell,
        "state": EXACT,
        "value": cell.value,
        "width": width,
        "x": ZERO if side > 0 else round(ZERO - width, 1),
        "text_x": round(ZERO + side * (width + 7), 1),
    }


def _ticks(most: int) -> list[int]:
    """Return round numbers for the grid, three at most."""
    step = next(n * 10**power for power in range(8) for n in (1, 2, 5) if n * 10**power * 3 >= most)
    return [step * n for n in (1, 2, 3) if step * n <= most]


def matrix_of(moves: Moves) -> list[dict[str, Any]]:
    """Return the same flows as rows of a table: each band now, with how many stand where afterwards."""
    return [
        {
            "band": before,
            "cells": [
                (moves.stay(before), True) if before == after else (moves.cells[before, after], False)
                for after in BANDS
            ],
            "all": moves.now[before],
        }
        for before in BANDS
    ]
