"""The tables of a Population as they may be printed: what the Ministry publishes to the unit, and the rest suppressed.

**What is exact.** The number of entrants by year and sex for the whole country is published by the Ministry to the
unit, also where it is small, once the year is over. To hide here what stands there protects nobody: a year and a sex
in the whole country name nobody; those cells are exact. A year that still runs is published by quarters, not by day:
its cells are rounded to tens, and hidden below 5, so that two questions on two days do not tell of one arrival; every
sum that holds it is rounded too. Ages and regions are published as of the end of a year: of such a day they are exact
where 5 or more, of any other day in tens; below 5 they are hidden as all figures are (`desks.figures.suppression`), and
then the table does not tell men from women.

**What one table does not tell, two may.** Only one table of several that can be asked for together is exact in a count
(`desks.figures.people.known_of`, docs/adr/0015): the others are in tens, those that could be published too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from desks.figures.population import NOT_KNOWN, SEXES, Population, last_year_of
from desks.figures.regions import Region
from desks.figures.suppression import ABOUT, EXACT, FEW, LEAST, Cell, Column, in_tens, suppressed
from desks.figures.tables import Shown, text_of

YEARS, AGES, REGIONS = "years", "ages", "regions"
TABLES = (YEARS, AGES, REGIONS)
WHOLE = "all"


@dataclass(frozen=True)
class Printed:
    """One table: its title, the heads of its columns, its rows as (name, cells), and the row of the sums."""

    code: str
    title: str
    heads: list[str]
    rows: list[tuple[str, list[Shown]]]
    total: tuple[str, list[Shown]] | None

    def lines(self) -> list[list[str]]:
        """Return the rows of a file."""
        rows = [*self.rows, self.total] if self.total else self.rows
        return [[name, *(cell.text for cell in cells)] for name, cells in rows]


def tables_of(found: Population, places: dict[str, Region], *, may_be_exact: Collection[str] = TABLES) -> list[Printed]:
    """Return the three tables of a Population; `places`: names of the regions by code, see `regions.regions`. A table
    that is not in `may_be_exact` is in tens whatever its day."""
    named = {code: region.name for code, region in places.items()}
    exact = may_be_exact if (found.on.month, found.on.day) == (12, 31) else ()
    ages = sorted(found.ages, key=lambda label: (label == NOT_KNOWN, int(label.rstrip("+").partition("-")[0] or 0)))
    by_size = sorted(found.regions, key=lambda code: -sum(found.regions[code].values()))
    by_age, by_region = {label: found.ages[label] for label in ages}, {code: found.regions[code] for code in by_size}
    return [
        _years(found, exact=YEARS in may_be_exact),
        _split(AGES, _("Age at entry"), _("Age"), by_age, {}, AGES in exact),
        _split(REGIONS, _("Region of residence"), _("Region"), by_region, named, REGIONS in exact),
    ]


def _years(found: Population, *, exact: bool) -> Printed:
    """Return the entrants by year and sex, with the running sum as the Ministry prints it."""
    rows, sums = [], dict.fromkeys(("M", "F", "all"), 0)
    rounded = not exact
    for label, counts in found.years.items():
        rounded = rounded or not is_over(label, found.on)
        for sex in SEXES:
            sums[sex] += counts[sex]
        sums["all"] += sum(counts.values())
        cells = [_year_cell(counts[sex], rounded) for sex in SEXES]
        cells += [_year_cell(sum(counts.values()), rounded), _sum(sums["all"], rounded)]
        rows.append((label or _("Year not known"), cells))
    total = [_sum(sums[key], rounded) for key in (*SEXES, "all")]
    heads = [_("Year of entry"), *_sexes(), _("Together"), pgettext("figures", "Running sum")]
    return Printed(YEARS, _("Entrants by year and sex"), heads, rows, (_("Total"), [*total, Shown("")]))


def is_over(label: str, on: date) -> bool:
    """Say whether every year of a row had ended by a day; what nobody knows the year of is published nowhere."""
    last = last_year_of(label)
    return last is not None and on >= date(last, 12, 31)


def _year_cell(number: int, rounded: bool) -> Shown:
    if not rounded:
        return text_of(Cell(number))
    return text_of(Cell(number, FEW if number < LEAST else ABOUT))


def _sum(number: int, rounded: bool) -> Shown:
    return text_of(Cell(number, ABOUT if rounded else EXACT))


def _split(code: str, title: str, first: str, counts: dict[str, Any], names: dict[str, str], exact: bool) -> Printed:
    """Return a table whose sums are suppressed; by sex only where no cell of it is small, for of two that make up a sum
    one tells the other, and the sums by sex stand in the first table."""
    sexes = SEXES if not any(_small(row) for row in counts.values()) else ()
    whole = suppressed({label: {WHOLE: sum(row.values())} for label, row in counts.items()})
    columns = [suppressed({label: {WHOLE: row[sex]} for label, row in counts.items()}) for sex in sexes]
    columns = [column if exact else in_tens(column) for column in (*columns, whole)]
    rows = [(names.get(label, label) or _("Not known"), _cells(columns, label)) for label in counts]
    total = (_("Total"), [text_of(column.cell()) for column in columns])
    heads = [first, *(_sexes() if sexes else ()), _("Together")]
    return Printed(code, title, heads, rows, total if counts else None)


def _small(row: Any) -> bool:
    """Say whether a count by sex is below 5, or what is left of the sum, whose sex nobody knows, is."""
    return any(row[sex] < LEAST for sex in SEXES) or 0 < sum(row.values()) - sum(row[sex] for sex in SEXES) < LEAST


def _cells(columns: list[Column], label: str) -> list[Shown]:
    return [text_of(column.cell(label)) for column in columns]


def _sexes() -> list[str]:
    return [_("Men"), _("Women")]
