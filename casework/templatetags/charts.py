"""Geometry of the server-made drawings: numbers for SVG attributes, never styles (strict CSP)."""

import calendar
import datetime as dt
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext

from casework.templatetags.format import WEEKDAYS_EN, WEEKDAYS_KO, korean

register = template.Library()

CELL, GAP = 118, 8  # tile map
SQUARE, ROWS = 21, 5  # waffle
LABEL = 76  # the longest band name under a narrow group
WIDTH = 1000  # protection bars
WAFFLE = 830  # a small caseload is drawn at the same size, not blown up


@register.simple_tag
def when_cells(tried: Any, suggested: Any) -> dict[str, Any]:
    """The hours grid: 7 days × morning, afternoon, evening. Both arguments hold (weekday 0–6, part 0–2) pairs."""
    tried_at, tips = set(map(tuple, tried or ())), set(map(tuple, suggested or ()))
    names = [WEEKDAYS_KO[i] if korean() else WEEKDAYS_EN[i] for i in range(7)]
    parts = [
        pgettext("part of the day", "a.m."),
        pgettext("part of the day", "p.m."),
        pgettext("part of the day", "eve."),
    ]
    rows = [
        {
            "label": label,
            "y": 21 + 26 * part,
            "text_y": 37 + 26 * part,
            "cells": [{"x": 40 + 27 * day, "css": _hour_css((day, part), tried_at, tips)} for day in range(7)],
        }
        for part, label in enumerate(parts)
    ]
    said = ", ".join(f"{names[day]} {parts[part]}" for day, part in sorted(tried_at)) or gettext("none yet")
    return {
        "days": [{"x": 51 + 27 * i, "label": name} for i, name in enumerate(names)],
        "rows": rows,
        "sentence": gettext("Hours tried: %(hours)s.") % {"hours": said},
    }


def _hour_css(cell: tuple[int, int], tried: set[Any], tips: set[Any]) -> str:
    if cell in tried:
        return "h-yes"
    return "h-tip" if cell in tips else "h-no"


def _year_part(day: dt.date) -> float:
    length = 366 if calendar.isleap(day.year) else 365
    return day.year + (day.timetuple().tm_yday - 1) / length


def _x(day: dt.date, first: int, last: int) -> float:
    part = (_year_part(day) - first) / (last + 1 - first)
    return round(min(max(part, 0.0), 1.0) * WIDTH, 1)


@register.simple_tag
def years_of(first: Any, last: Any) -> list[int]:
    """The years of the scale under the protection bars, both included."""
    return list(range(int(first), int(last) + 1)) if first and last else []


@register.simple_tag
def protection_geometry(during: Any, today: Any, first: Any, last: Any, notice_by: Any) -> dict[str, Any]:
    """Where the past part, the part left, the notice mark and today stand on a bar 1000 wide; None = not drawn."""
    shape: dict[str, Any] = dict.fromkeys(("past_x", "past_w", "left_x", "left_w", "mark_x", "today_x"))
    shape["has"] = bool(during) and not during.isempty
    if not first or not last:
        return shape
    first, last = int(first), int(last)
    now = shape["today_x"] = _x(today, first, last) if today else None
    if not shape["has"]:
        return shape
    start = _x(during.lower, first, last) if during.lower else 0.0
    end = _x(during.upper, first, last) if during.upper else float(WIDTH)
    seen = min(max(now, start), end) if now is not None else start
    shape |= {"past_x": start, "past_w": round(seen - start, 1), "left_x": seen, "left_w": round(end - seen, 1)}
    shape["mark_x"] = _x(notice_by, first, last) if notice_by else None
    return shape


@register.simple_tag
def tile_grid(tiles: Any) -> dict[str, Any]:
    """Places equal tiles; each has name, column, row (from 0), shade (1 pale … 5 dark, 0 hidden), value and note."""
    placed = []
    for tile in tiles or ():
        x, y = tile["column"] * (CELL + GAP), tile["row"] * (CELL + GAP)
        shade = tile["shade"]
        placed.append(
            {
                **tile,
                "css": f"q{shade}" if shade else "qx",
                "on": " on" if shade == 5 else "",
                "x": x,
                "y": y,
                "text_x": x + 13,
                "name_y": y + 28,
                "value_y": y + 76,
                "note_y": y + 100,
            }
        )
    return {
        "tiles": placed,
        "width": max((tile["x"] for tile in placed), default=0) + CELL,
        "height": max((tile["y"] for tile in placed), default=0) + CELL,
    }


@register.simple_tag
def waffle_grid(groups: Any) -> dict[str, Any]:
    """One square a household, five high; each group has level, count and over (framed squares)."""
    drawn, left = [], 2
    for group in groups or ():
        count = group["count"]
        columns = max(1, -(-count // ROWS))
        cells = [_square(left, i, i < group.get("over", 0)) for i in range(count)]
        drawn.append({"level": group["level"], "count": count, "x": left, "cells": cells})
        left += max(columns * SQUARE + 15, LABEL)
    return {"groups": drawn, "width": max(left, WAFFLE)}


def _square(left: int, index: int, over: bool) -> dict[str, Any]:
    x, y = left + SQUARE * (index // ROWS), 2 + SQUARE * (index % ROWS)
    return {"x": x, "y": y, "over": over, "ox": x - 1.5, "oy": y - 1.5}
