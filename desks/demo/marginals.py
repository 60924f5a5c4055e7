"""Published totals, scaled to any number of people within rounding."""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

DATA = Path(__file__).parent / "data"
REGISTER_UNTIL = 2023
"""34,078 people had come by the end of this year."""
PEOPLE = 34_078
RESIDENTS = 31_377
SEXES = ("M", "F")
Cell = TypeVar("Cell")


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file; its first line names the source."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def apportion(weights: Mapping[Cell, float], total: int) -> dict[Cell, int]:
    """Return whole numbers in the proportion of `weights` that add up to `total` (largest remainders)."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {cell: weight * total / whole for cell, weight in weights.items()}
    given = {cell: int(share) for cell, share in exact.items()}
    rest = total - sum(given.values())
    order = sorted(exact, key=lambda cell: given[cell] - exact[cell])
    return given | {cell: given[cell] + 1 for cell in order[:rest]}


def entrants(people: int) -> dict[tuple[str, str], int]:
    """Return {(years, sex): people} of those who came until the end of 2023."""
    cells = {}
    for row in table("entrants_by_year.csv"):
        if int(row["years"][-4:]) <= REGISTER_UNTIL:
            cells |= {(row["years"], "M"): int(row["male"]), (row["years"], "F"): int(row["female"])}
    return apportion(cells, people)


def ages(men: int, women: int) -> dict[tuple[str, str], int]:
    """Return {(age at entry, sex): people}: the ages of 2022, split by sex as in 2020, within both sums."""
    rows = table("age_at_entry.csv")
    wanted = apportion({row["age_at_entry"]: int(row["all_end_2022"]) for row in rows}, men + women)
    split = {(row["age_at_entry"], "M"): float(row["male_2020_09"]) for row in rows}
    split |= {(row["age_at_entry"], "F"): float(row["female_2020_09"]) for row in rows}
    _fit(split, wanted, {"M": men, "F": women})
    of_men = apportion({age: split[age, "M"] for age in wanted}, men)
    return {(age, "M"): of_men[age] for age in wanted} | {(age, "F"): wanted[age] - of_men[age] for age in wanted}


def _fit(split: dict[Any, float], rows: dict[str, int], columns: dict[str, int]) -> None:
    """Scale rows and columns in turn until both sums hold (iterative proportional fitting)."""
    for _turn in range(50):
        for place, sums in ((0, rows), (1, columns)):
            now: Counter[str] = Counter()
            for cell, share in split.items():
                now[cell[place]] += share  # type: ignore[assignment]
            for cell in split:
                split[cell] *= sums[cell[place]] / (now[cell[place]] or 1)


def residents(people: int) -> dict[tuple[str, str], int]:
    """Return {(region, sex): people} of those who live here: 92 of 100 of all who came."""
    cells = {}
    for row in table("residents_by_region_2024.csv"):
        cells |= {(row["region"], "M"): int(row["male"]), (row["region"], "F"): int(row["female"])}
    return apportion(cells, round(people * RESIDENTS / PEOPLE))


def years(label: str) -> range:
    """Return the years of a label: "~1998" (from 1990 on), "1999–2001", "2002"."""
    if label.startswith("~"):
        return range(1990, int(label[1:]) + 1)
    first, _, last = label.partition("–")
    return range(int(first), int(last or first) + 1)


def age_span(label: str) -> tuple[int, int]:
    """Return the first and last age of a label: "0-9", "60+" (up to 79)."""
    first, _, last = label.partition("-")
    return (int(first), int(last)) if last else (int(first.rstrip("+")), 79)
