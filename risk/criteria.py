"""The numbers that hold for all rules together: bands, limits, ageing (risk.md §1 and §2).

They are our own criterion (자체 기준), kept as dated versions of one entry, as the numbers of each rule are.
"""

from dataclasses import dataclass, fields

from risk.bands import Band

CODE = "BANDS"


@dataclass(frozen=True)
class Criteria:
    """Scores, days and ages in force on the day asked about. Days unless the name says otherwise."""

    high_score: int = 60
    moderate_score: int = 35
    watch_score: int = 15
    doubled_score: int = 45
    group_cap: int = 45
    emergency_limit: int = 3
    high_limit: int = 14
    moderate_limit: int = 35
    watch_limit: int = 100
    general_limit: int = 200
    first_year_limit: int = 35
    later_years_limit: int = 100
    declined_limit: int = 183
    plan_days: int = 182
    memory_days: int = 730
    fade_days: int = 120
    trump_days: int = 3
    trump_high_days: int = 90
    trump_moderate_days: int = 365
    adult_age: int = 19
    child_age: int = 13
    old_age: int = 65
    emergency_review_days: int = 1
    high_review_days: int = 5
    strong_weight: int = 30
    emergency_load: int = 30
    high_load: int = 10
    moderate_load: int = 4
    watch_load: int = 2
    general_load: int = 1

    def limit(self, band):
        """Return the contact limit in days of a band."""
        return getattr(self, f"{Band(band).code}_limit")

    def load(self, band):
        """Return how much work a household of a band counts for when caseloads are weighed."""
        return getattr(self, f"{Band(band).code}_load")

    def as_dict(self):
        """Return the numbers as the parameters of SQL, and as what a version keeps."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def criteria_from(parameters):
    """Return the Criteria of a version; an unknown or missing number keeps what stands here."""
    known = {field.name for field in fields(Criteria)}
    return Criteria(**{name: value for name, value in parameters.items() if name in known})
