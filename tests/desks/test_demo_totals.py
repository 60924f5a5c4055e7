"""The demo register has the published totals, ages and regions, at any size."""

from collections import Counter
from datetime import date
from random import Random

from desks.demo import marginals, people

ON = date(2026, 11, 20)
PEOPLE = 3_000


def test_the_totals_are_the_published_ones_scaled_to_any_size():
    for size in (marginals.PEOPLE, PEOPLE):
        published = {
            (row["years"], sex): int(row[name]) * size / marginals.PEOPLE
            for row in marginals.table("entrants_by_year.csv")
            if row["years"] not in ("2024", "2025")
            for sex, name in (("M", "male"), ("F", "female"))
        }
        assert all(abs(marginals.entrants(size)[cell] - number) < 1 for cell, number in published.items())
    assert marginals.entrants(marginals.PEOPLE) == published_entrants()


def published_entrants():
    rows = [row for row in marginals.table("entrants_by_year.csv") if row["years"] not in ("2024", "2025")]
    return {(r["years"], "M"): int(r["male"]) for r in rows} | {(r["years"], "F"): int(r["female"]) for r in rows}


def test_everybody_together_has_the_published_ages_and_regions():
    came = people.defectors(marginals.PEOPLE, Random(1), on=ON)
    assert len(came) == 34_078
    assert Counter((years_of(one.entered.year), one.sex) for one in came) == published_entrants()
    ages = Counter(age_band(one.age(one.entered)) for one in came)
    for row in marginals.table("age_at_entry.csv"):
        assert abs(ages[row["age_at_entry"]] - int(row["all_end_2022"]) * 34_078 / 33_836) < 2
    living = Counter((one.region, one.sex) for one in came if one.status == "resident")
    for row in marginals.table("residents_by_region_2024.csv"):
        assert living[row["region"], "M"] == int(row["male"])
        assert living[row["region"], "F"] == int(row["female"])


def years_of(year):
    return next(
        row["years"] for row in marginals.table("entrants_by_year.csv") if year in marginals.years(row["years"])
    )


def age_band(age):
    return "60+" if age >= 60 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"
