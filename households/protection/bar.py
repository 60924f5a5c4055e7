"""One bar through time for a person: periods, gaps, personal protection, notices, today; and its words.

Geometry for SVG attributes, 1000 wide over whole years, never styles.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from casework.clock import five_years_from
from casework.templatetags.format import daysleft, fullday
from households.models import ProtectionPeriod
from households.protection.dates import gaps_of

WIDTH = 1000
MOST_YEARS = 10
DAY = timedelta(days=1)
RESIDENCE = (ProtectionPeriod.Basis.RESIDENCE, ProtectionPeriod.Basis.EXTENSION)


@dataclass(frozen=True)
class Span:
    """Days `first` to `last`, both included (None: open), drawn from `x` over `w`; `css` a class, `label` its words."""

    first: date | None
    last: date | None
    x: float
    w: float
    css: str
    label: str


@dataclass(frozen=True)
class Drawing:
    """A bar: the years of its scale (both included), spans, marks as (x, words), and where today stands."""

    first: int
    last: int
    spans: list[Span]
    marks: list[tuple[float, str]]
    today: float


@dataclass(frozen=True)
class Scale:
    """Whole years, `first` to `last`, on 1000 units."""

    first: int
    last: int

    def x(self, day: date) -> float:
        """Return where a day begins; what lies outside is drawn at the edge."""
        begin, end = date(self.first, 1, 1), date(self.last + 1, 1, 1)
        part = (day - begin).days / (end - begin).days
        return round(min(max(part, 0.0), 1.0) * WIDTH, 1)


def scale_of(days: list[date], on: date) -> Scale:
    """Return the scale that holds these days and today, ten years at most."""
    years = [day.year for day in days] + [on.year]
    return Scale(max(min(years), max(years) - MOST_YEARS + 1), max(years))


def days_of(periods: Any) -> list[date]:
    """Return the first and last days of periods as far as they are known."""
    return [
        day
        for one in periods
        for day in (one.during.lower, one.during.upper and one.during.upper - DAY)
        if day is not None
    ]


def draw(periods: Any, *, on: date, scale: Scale, marks: Any = ()) -> Drawing:
    """Return the bar of some periods (rows with `during`); each is cut at today into what passed and what is left.

    `marks`: (day, words) of what is drawn as a line. Gaps between the periods are spans of their own.
    """
    spans: list[Span] = []
    for one in sorted(periods, key=lambda row: row.during.lower or date.min):
        spans += _cut(one, on, scale)
    for first, last in gaps_of([(one.during.lower, one.during.upper) for one in periods]):
        words = _("No period from %(first)s to %(last)s") % {"first": fullday(first), "last": fullday(last)}
        x, end = scale.x(first), scale.x(last + DAY)
        spans.append(Span(first, last, x, round(end - x, 1), "p-none", words))
    return Drawing(scale.first, scale.last, spans, [(scale.x(day), words) for day, words in marks], scale.x(on))


def words_of(periods: Any, on: date) -> str:
    """Say until when a person is protected, in one sentence: the residence protection, extensions counted in, first."""
    residence = [one for one in periods if one.basis in RESIDENCE]
    running = [one for one in periods if one.during.lower is None or one.during.lower <= on]
    running = [one for one in running if one.during.upper is None or one.during.upper > on]
    if not periods:
        return _("No protection period on record.")
    if running and running[0].basis not in RESIDENCE:
        return _until(_("Protection in a facility"), running[0].during.upper, on)
    if not residence:
        return _("No residence protection on record.")
    ends = [one.during.upper for one in residence]
    last = None if None in ends else max(ends) - DAY
    if last is not None and last < on:
        return _("Residence protection ended on %(day)s") % {"day": fullday(last)}
    if not running:
        begins = min(one.during.lower for one in residence if one.during.lower and one.during.lower > on)
        return _("Residence protection from %(day)s") % {"day": fullday(begins)}
    return _until(_kind(residence), last and last + DAY, on)


def _kind(residence: list[Any]) -> str:
    if any(one.basis == ProtectionPeriod.Basis.EXTENSION for one in residence):
        return _("Residence protection, extended")
    first, upper = residence[0].during.lower, residence[0].during.upper
    whole = first and upper and five_years_from(first)[1] == upper - DAY
    return _("Five years of residence protection") if whole else _("Residence protection")


def _until(kind: str, upper: date | None, on: date) -> str:
    if upper is None:
        return _("%(kind)s, no last day on record") % {"kind": kind}
    last = upper - DAY
    return _("%(kind)s, until %(day)s (%(left)s)") % {
        "kind": kind,
        "day": fullday(last),
        "left": daysleft((last - on).days),
    }


def _cut(one: Any, on: date, scale: Scale) -> list[Span]:
    first, upper = one.during.lower, one.during.upper
    begin = scale.x(first) if first else 0.0
    end = scale.x(upper) if upper else float(WIDTH)
    now = min(max(scale.x(on), begin), end)
    label = str(one.get_basis_display()) if hasattr(one, "get_basis_display") else ""
    last = upper and upper - DAY
    css = "p-ext" if getattr(one, "basis", "") == ProtectionPeriod.Basis.EXTENSION else "p-left"
    parts = [(begin, now, "p-past"), (now, end, css)]
    return [Span(first, last, x, round(till - x, 1), css, label) for x, till, css in parts if till > x]
