"""The figures as they are printed: each number of the own agency with the way to its records; those of everybody
suppressed and in tens, with no way to anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from casework.agencies.models import Agency, Kind, User
from casework.agencies.roles import May, can
from desks.figures.suppression import LEAST, Cell, Column, in_tens, suppressed, together
from desks.figures.tables import Shown, percent, text_of
from desks.network import counting
from desks.network.asked import Asked
from desks.network.columns import AGES, STATES, WAITS, WORDS
from desks.network.counting import MEASURES
from desks.network.durations import Durations, durations

LABELS = {
    "sent": pgettext_lazy("referrals counted", "Sent"),
    "done": pgettext_lazy("referrals counted", "Finished"),
    "open": pgettext_lazy("referrals counted", "Open"),
    "late": pgettext_lazy("referrals counted", "Past their date"),
    "on_sender": pgettext_lazy("referrals counted", "Wait for the sender"),
}
TITLES = {
    "need": (gettext_lazy("By need"), gettext_lazy("What is needed")),
    "agency": (gettext_lazy("By agency"), gettext_lazy("Agency")),
    "kind": (gettext_lazy("By kind of the receiving agency"), gettext_lazy("Receiving agency")),
    "state": (gettext_lazy("By state"), gettext_lazy("State")),
    "wait": (gettext_lazy("What the open ones wait for"), gettext_lazy("Clock that runs")),
    "age": (gettext_lazy("How old the open ones are"), gettext_lazy("Since the first sending")),
}
OF_OPEN = ("open", "late", "on_sender")  # what is finished has no age and waits for nothing
ORDERED = {"state": [stand.name for stand in STATES], "age": list(AGES), "wait": list(WAITS)}
# Of everybody every row stands, counted or not: a row that came with its first referral would tell 0 from 1 to 4.
ALWAYS = ORDERED | {"need": list(WORDS["need"]), "kind": Kind.values}
OTHERS = 0  # the id of no agency: all those that were sent fewer than five, together and without their names
# Each pair fills its whole: where one part is small, the other must not give it away.
PARTS = (("sent", ("done", "open")), ("open", ("late", "in_time")), ("open", ("on_sender", "on_receiver")))


@dataclass(frozen=True)
class Number:
    """One number as text, and the query of the list that holds its records; "" where there is none to open."""

    shown: Shown
    query: str = ""


@dataclass(frozen=True)
class Line:
    """One row: its name, its numbers in the order of the table's measures, the share of the open ones that are late."""

    name: str
    numbers: list[Number]
    rate: float | None

    @property
    def rate_text(self) -> str:
        return percent(self.rate)


@dataclass(frozen=True)
class Table:
    """One table: what it is by, its words, its measures, its rows."""

    name: str
    title: Any
    first: Any
    measures: tuple[str, ...]
    lines: list[Line]

    @property
    def heads(self) -> list[Any]:
        return [LABELS[measure] for measure in self.measures]

    @property
    def peak(self) -> float:
        """The highest share: the full length of a bar."""
        return max((line.rate or 0 for line in self.lines), default=0) or 1


@dataclass(frozen=True)
class Figures:
    """All that the page shows: the total, the tables, how long the steps took, the decisions on benefits."""

    national: bool
    total: dict[str, Number]
    tables: dict[str, Table]
    durations: Durations

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to count at all."""
        return not self.national and self.total["sent"].shown.text == "0"

    def header(self) -> list[Any]:
        """Return the heads of a file."""
        return [_("Table"), _("Row"), *(LABELS[measure] for measure in MEASURES), *self.durations.heads()]

    def rows(self) -> list[list[Any]]:
        """Return the rows of a file: the total, every table, and how long the steps took."""
        found = [[_("Total"), "", *(self.total[measure].shown.text for measure in MEASURES)]]
        for table in self.tables.values():
            for line in table.lines:
                told = dict(zip(table.measures, line.numbers, strict=True))
                cells = [told[measure].shown.text if measure in told else "" for measure in MEASURES]
                found.append([table.title, line.name, *cells])
        wide = [[*row, *([""] * len(self.durations.heads()))] for row in found]
        return wide + [[*row[:2], *([""] * len(MEASURES)), *row[2:]] for row in self.durations.rows()]


def sees_all(user: User) -> bool:
    """Tell whether the user counts everybody's referrals instead of the own agency's."""
    return can(user, May.SEE_FIGURES) and not can(user, May.SEE_CENTRE)


def figures_for(user: User, asked: Asked, now: datetime) -> Figures:
    """Return what the user may count, as it may be shown; four queries however many referrals there are."""
    everybody = sees_all(user)
    rows = counting.national(user, asked) if everybody else counting.counted(user, asked)
    found = counting.counts(rows, asked.side, now)
    found = _filled(found) if everybody else found
    names = _names(found)
    shown = _suppressed if everybody else _exact
    tables = {name: shown(name, found[name], names, asked) for name in TITLES if everybody or name != "kind"}
    took = durations(counting.times(rows, now), counting.law(rows, now), hidden=everybody)
    return Figures(everybody, _total(found["total"].get(None), asked, everybody), tables, took)


def _filled(found: dict[str, dict[Any, dict[str, int]]]) -> dict[str, dict[Any, dict[str, int]]]:
    """Return the counts of everybody with every row that there can be, so that no row tells that there is something."""
    nothing = dict.fromkeys(MEASURES, 0)
    filled = {name: dict.fromkeys(values, nothing) | found[name] for name, values in ALWAYS.items()}
    named = {agency: n for agency, n in found["agency"].items() if n["sent"] >= LEAST}
    rest = [n for agency, n in found["agency"].items() if agency not in named]
    others = {measure: sum(n[measure] for n in rest) for measure in MEASURES}
    return found | filled | {"agency": named | {OTHERS: others}}


def _names(found: dict[str, dict[Any, Any]]) -> dict[str, dict[Any, Any]]:
    agencies = Agency.objects.in_bulk(list(found["agency"]))
    kinds = {kind.value: kind.label for kind in Kind}
    named = {key: str(agency) for key, agency in agencies.items()}
    return {**WORDS, "agency": named | {OTHERS: _("Other agencies, fewer than 5 each")}, "kind": kinds}


def _total(counts: dict[str, int] | None, asked: Asked, everybody: bool) -> dict[str, Number]:
    counts = counts or dict.fromkeys(MEASURES, 0)
    if everybody:
        columns = _columns({None: counts})
        return {measure: Number(text_of(columns[measure].total)) for measure in MEASURES}
    return {measure: _linked(counts[measure], asked, "", "", measure) for measure in MEASURES}


def _exact(name: str, counts: dict[Any, dict[str, int]], names: dict[str, dict], asked: Asked) -> Table:
    """Return a table of the own agency: every number opens its records."""
    measures = OF_OPEN if name in ("age", "wait") else MEASURES
    lines = [
        Line(
            str(names[name].get(value, value)),
            [_linked(counts[value][measure], asked, name, value, measure) for measure in measures],
            _share(counts[value]["late"], counts[value]["open"]),
        )
        for value in _ordered(name, counts, names)
    ]
    return Table(name, *TITLES[name], measures, lines)


def _linked(n: int, asked: Asked, name: str, value: Any, measure: str) -> Number:
    return Number(text_of(Cell(n)), _of(asked, name, value, measure).query if n else "")


def _of(asked: Asked, name: str, value: Any, measure: str) -> Asked:
    """Return the question whose answer is the records behind one number."""
    parts = [(name, value)] if name else []
    parts += [("state", "done")] if measure == "done" else [("turn", "sender")] if measure == "on_sender" else []
    found = asked
    for part, said in parts:
        found = found.part(part, said)
    return Asked(found.side, found.first, found.last, "", found.parts, measure == "late", measure == "open")


def _suppressed(name: str, counts: dict[Any, dict[str, int]], names: dict[str, dict], asked: Asked) -> Table:
    """Return a table of everybody: nothing below five, nothing exact, no way to a record."""
    measures = OF_OPEN if name in ("age", "wait") else MEASURES
    columns = _columns(counts)
    lines = []
    for value in _ordered(name, counts, names):
        cells = {measure: columns[measure].cell(value) for measure in measures}
        rate = _share(cells["late"].shown, cells["open"].shown)
        numbers = [Number(text_of(cell)) for cell in cells.values()]
        lines.append(Line(str(names[name].get(value, value)), numbers, rate))
    return Table(name, *TITLES[name], measures, lines)


def _columns(counts: dict[Any, dict[str, int]]) -> dict[str, Column]:
    """Return the columns suppressed and in tens, each part looked at beside the whole that it is a part of."""
    rests = {"in_time": "late", "on_receiver": "on_sender"}
    whole = {value: n | {rest: n["open"] - n[part] for rest, part in rests.items()} for value, n in counts.items()}

    def column(measure: str) -> dict[Any, dict[None, int]]:
        return {value: {None: n[measure]} for value, n in whole.items()}

    columns = {"sent": suppressed(column("sent"))}
    for of, pair in PARTS:
        columns |= together({part: column(part) for part in pair}, column(of))
    return {measure: in_tens(columns[measure]) for measure in MEASURES}


def _share(part: int | None, whole: int | None) -> float | None:
    """Return a share of two counts that both show, in percent; it tells no more than they do."""
    return None if part is None or not whole else min(100.0, 100 * part / whole)


def _ordered(name: str, counts: dict[Any, Any], names: dict[str, dict]) -> Iterable[Any]:
    """Return the values of a table: states, ages and clocks in their order, needs and agencies by name, then others."""
    if name in ORDERED:
        return [value for value in ORDERED[name] if value in counts]
    return sorted(counts, key=lambda value: (value == OTHERS, str(names[name].get(value, value))))
