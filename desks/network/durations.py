"""How long the steps took, in words: half of them, nine of ten, and how many within what the route allows."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casework.templatetags.format import num
from desks.figures.suppression import LEAST, ROUND, in_tens, suppressed
from desks.figures.tables import Shown, percent, text_of
from desks.network.columns import WORDS

STEPS = {
    "acknowledge": gettext_lazy("Sending to receipt"),
    "decide": gettext_lazy("Sending to the decision whether it is accepted"),
    "deliver": gettext_lazy("Acceptance to the outcome"),
    "confirm": gettext_lazy("Outcome to the sender's confirmation"),
}
UNITS = {"wd": gettext_lazy("working days"), "h": gettext_lazy("hours by the clock")}
NOTHING = {"n": 0, "kept": 0, "median": None, "ninth": None}
MOST_FOR_NINTH = 10  # of fewer, nine of ten is the longest single one


@dataclass(frozen=True)
class Span:
    """How long one step took: its words, in which unit, how many, half of them, nine of ten, how many in time."""

    label: Any
    unit: Any
    n: Shown
    median: str
    ninth: str
    kept: str


@dataclass(frozen=True)
class NeedSpans:
    """One need: the median and nine of ten of each step, in working days; "" where there are too few."""

    label: str
    spans: list[tuple[str, str]]


@dataclass(frozen=True)
class Law:
    """Decisions on benefits, counted from the application in calendar days."""

    applied: Shown
    decided: Shown
    late: Shown
    median: str
    ninth: str
    kept: str


@dataclass(frozen=True)
class Durations:
    """The steps of all referrals, those of each need, and the law's clock apart from them (None: no application)."""

    steps: list[Span]
    needs: list[NeedSpans]
    law: Law | None

    def heads(self) -> list[Any]:
        """Return the heads of a file's columns."""
        return [_("Measured"), _("Unit"), _("Half within"), _("Nine of ten within"), _("In time")]

    def rows(self) -> list[list[Any]]:
        """Return the rows of a file: table, row, then as `heads`."""
        title, needs = _("How long the steps took"), _("How long the steps took, by need")
        found = [[title, s.label, s.n.text, s.unit, s.median, s.ninth, s.kept] for s in self.steps]
        for line in self.needs:
            for label, (median, ninth) in zip(STEPS.values(), line.spans, strict=True):
                found.append([needs, f"{line.label} · {label}", "", UNITS["wd"], median, ninth, ""])
        if self.law:
            law = self.law
            words = _("Statutory decision on a benefit")
            found.append([words, "", law.decided.text, _("calendar days"), law.median, law.ninth, law.kept])
        return found


def durations(times: list[dict[str, Any]], law: dict[str, Any], *, hidden: bool) -> Durations:
    """Return the Durations of what `counting.times` and `counting.law` found; `hidden`: as those may see them who see
    nobody, with every row that there can be."""
    order = [(step, unit) for step in STEPS for unit in UNITS]
    measured = {(row["step"], row["unit"]): row for row in times if row["all_needs"]}
    steps = [measured.get(pair, {"step": pair[0], "unit": pair[1], **NOTHING}) for pair in order]
    known = set(WORDS["need"]) if hidden else {row["need"] for row in times if not row["all_needs"]}
    needs = sorted(known, key=lambda need: str(WORDS["need"][need]))
    by_need = {(row["need"], row["step"]): row for row in times if not row["all_needs"] and row["unit"] == "wd"}
    return Durations(
        [_span(row, hidden) for row in steps if hidden or row["n"]],
        [
            NeedSpans(str(WORDS["need"][need]), [_pair(by_need.get((need, step)), hidden) for step in STEPS])
            for need in needs
        ],
        _law(law, hidden) if hidden or law["applied"] else None,
    )


def _span(row: dict[str, Any], hidden: bool) -> Span:
    median, ninth = _pair(row, hidden)
    return Span(
        STEPS[row["step"]],
        UNITS[row["unit"]],
        _count(row["n"], hidden),
        median,
        ninth,
        _kept(row["kept"], row["n"], hidden),
    )


def _pair(row: dict[str, Any] | None, hidden: bool) -> tuple[str, str]:
    if row is None or (hidden and row["n"] < LEAST):
        return "", ""
    few = hidden and row["n"] < MOST_FOR_NINTH
    return _took(row["median"], row["unit"]), "" if few else _took(row["ninth"], row["unit"])


def _took(value: Any, unit: str) -> str:
    """Return "1.5 days" or "3.0 hours"."""
    if value is None:
        return ""
    n = round(float(value), 1)
    words = {
        "wd": ngettext("%(n)s working day", "%(n)s working days", 1 if n == 1 else 2),
        "h": ngettext("%(n)s hour", "%(n)s hours", 1 if n == 1 else 2),
        "d": ngettext("%(n)s day", "%(n)s days", 1 if n == 1 else 2),
    }
    return words[unit] % {"n": f"{n:g}"}


def _count(n: int, hidden: bool) -> Shown:
    if not hidden:
        return Shown(num(n))
    return text_of(in_tens(suppressed({None: {None: n}})).total)


def _kept(kept: int, n: int, hidden: bool) -> str:
    """Return the share in time; of everybody's from counts in tens, and none where either part is small."""
    if hidden:
        if min(kept, n - kept) < LEAST:
            return ""
        kept, n = (round(count / ROUND) * ROUND for count in (kept, n))
    return percent(min(100.0, 100 * kept / n)) if n else ""


def _law(found: dict[str, Any], hidden: bool) -> Law:
    row = {"n": found["decided"], "unit": "d", "median": found["median"], "ninth": found["ninth"]}
    median, ninth = _pair(row, hidden)
    applied, decided, late = (_count(found[name], hidden) for name in ("applied", "decided", "late"))
    return Law(applied, decided, late, median, ninth, _kept(found["kept"], found["decided"], hidden))
