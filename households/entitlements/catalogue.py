"""The catalogue in force on a day, and the reference amounts by which incomes are measured."""

from dataclasses import dataclass
from datetime import date, datetime

from households.models.entitlement import EntitlementVersion, Section

MEDIAN_INCOME = "MEDIAN-INCOME"
"""The reference entry whose amounts are the median income a month (기준중위소득) by size of the household."""


@dataclass(frozen=True)
class Catalogue:
    """What stands on a day: `versions` that entitle somebody, and `medians`, won a month, smallest household first."""

    versions: tuple[EntitlementVersion, ...]
    medians: tuple[int, ...]

    def counting(self) -> "Catalogue":
        """Return the part that R-BEN-MISS counts."""
        return Catalogue(tuple(version for version in self.versions if version.counts_missed), self.medians)

    def by_code(self) -> dict[str, EntitlementVersion]:
        """Return {code: version}."""
        return {version.entitlement.code: version for version in self.versions}


def catalogue_of(*, on: date, known_by: datetime | None = None) -> Catalogue:
    """Return the catalogue of a day, by what was approved by `known_by` (None: all); one query."""
    standing = list(EntitlementVersion.objects.standing(on=on, known_by=known_by))
    lines = [version for version in standing if version.entitlement.code == MEDIAN_INCOME]
    return Catalogue(
        tuple(version for version in standing if version.entitlement.section != Section.LINE and version.criteria),
        medians_of(lines[0]) if lines else (),
    )


def medians_of(version: EntitlementVersion) -> tuple[int, ...]:
    """Return the amounts by size without a gap: where a size is missing, no larger one is told either."""
    by_size = {
        amount["least"]: amount["krw"] for amount in version.amounts if amount.get("krw") and amount.get("least")
    }
    found: list[int] = []
    while len(found) + 1 in by_size:
        found.append(by_size[len(found) + 1])
    return tuple(found)
