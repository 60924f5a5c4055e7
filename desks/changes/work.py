"""What a change gives the workers to do, as it may be shown: contacts owed in a week by one worker of a centre.

A figure of work is a sum over households, so it is shown only where five or more stand behind it and no single one
makes most of it. Limits that change for fewer than five of the whole country between the same two bands are left out:
from the sum one could compute how many they are.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from casework.agencies.models import User
from desks.changes.masked import apart
from desks.figures.suppression import EXACT, FEW, LEAST, Column

MOST_CENTRES = 8


def work_of(rows: list[dict[str, Any]], new: Column, cleared: Column, own: int | None = None) -> dict[str, Any]:
    """Return the contacts owed a week by one worker: for all, and by centre, the largest increase first.

    `new` and `cleared`: by centre as they are shown; where one hides a count, the work would tell it. `own`: the centre
    that alone is listed, and exactly.
    """
    rows = [row for row in rows if row["workers"] and (row["households"] >= LEAST or row["key"] == own)]
    counted = _counted(rows)
    shown = _shown(rows, counted, (new, cleared))
    workers = sum(row["workers"] for row in rows) or 1
    before = sum(row["before"] for row in rows)
    more = sum(more for __, more, __ in counted.values())
    if own is not None:
        rows = [row for row in rows if row["key"] == own]
        lines = [_line(row, row["after"] - row["before"], EXACT) for row in rows]
    else:
        lines = [_line(row, counted[row["key"]][1], shown.groups[row["key"]].state) for row in rows]
    lines.sort(key=lambda line: (line["state"] != EXACT, -line["more"], line["name"]))
    most = next((line for line in lines if line["state"] == EXACT and line["more"] >= 0.05), None)
    return {
        "before": before / workers,
        "after": (before + more) / workers,
        "first": lines[:MOST_CENTRES],
        "rest": lines[MOST_CENTRES:],
        "most": most,
        "hidden": any(line["state"] != EXACT for line in lines),
    }


def _counted(rows: Iterable[dict[str, Any]]) -> dict[Any, tuple[int, float, bool]]:
    """Return {centre: (households whose limit changes, contacts a week more, whether one of them makes most of it)}."""
    owed = {row["key"]: row.get("owed", []) for row in rows}
    everywhere: Counter = Counter()
    for lines in owed.values():
        for before, after, households, *__ in lines:
            everywhere[before, after] += households
    found = {}
    for key, lines in owed.items():
        counted = [line[2:] for line in lines if everywhere[line[0], line[1]] >= LEAST]
        households, more = sum(line[0] for line in counted), sum(line[1] for line in counted)
        gross, largest = sum(abs(line[1]) for line in counted), max((line[2] for line in counted), default=0)
        found[key] = (households, more, largest * 2 > gross)
    return found


def _shown(rows: list[dict[str, Any]], counted: dict[Any, tuple], beside: Iterable[Column]) -> Column:
    """Return which centres' work shows: a column of how many households stand behind it."""
    counts = {
        row["key"]: min(households, LEAST - 1) if alone else households
        for row in rows
        for households, _more, alone in [counted[row["key"]]]
    }
    hidden = {key for column in beside for key, cell in column.groups.items() if cell.state not in (EXACT, FEW)}
    return apart(counts, ((key,) for key in hidden & counts.keys()))


def _line(row: dict[str, Any], more: float, state: str) -> dict[str, Any]:
    """Return the line of a centre; where its work does not show, only what it is now."""
    before = row["before"] / row["workers"]
    after = before + more / row["workers"] if state == EXACT else before
    return {"name": row["name"], "state": state, "before": before, "after": after, **difference(before, after)}


def difference(before: float, after: float) -> dict[str, Any]:
    """Return the difference of two figures shown with one decimal, as a number and as a word with its sign."""
    more = round(after, 1) - round(before, 1)
    return {"more": more, "words": f"+{more:.1f}" if more >= 0.05 else f"−{-more:.1f}" if more <= -0.05 else "0"}


def workers_of(workers: list[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    """Return the workers of the user's own centre by name."""
    ours = [row for row in workers if row["centre"] == user.agency_id]
    names = User.objects.in_bulk([row["worker"] for row in ours])
    lines = [{**row, "name": names.get(row["worker"], "")} for row in ours]
    return [
        {**line, **difference(line["before"], line["after"])}
        for line in sorted(lines, key=lambda line: str(line["name"]))
    ]
