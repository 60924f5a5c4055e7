"""How a trump ages: by facts, not by silence (risk.md §1).

Emergency from the event until the person was met in person and a safety plan is recorded, both on or after it, and at
least 72 hours; then a High floor to day 90, a Moderate floor to 12 months, a Watch floor to 24 months. A fact has a day
and no hour, so the third day after it still counts as within the 72 hours.
"""

from django.db import models
from django.db.models import Case, Q, Value, When

from risk.bands import Band
from risk.rules.base import half


def acute(criteria):
    """Return the condition that a fact is in its first stage."""
    return Q(settled=False) | Q(age_days__lte=criteria.trump_days)


def trump(criteria):
    """Return the expression: the fact makes an Emergency today."""
    return Case(When(acute(criteria), then=Value(True)), default=Value(False), output_field=models.BooleanField())


def floor(criteria):
    """Return the expression: the floor at which the fact holds the household today."""
    high = acute(criteria) | Q(age_days__lte=criteria.trump_high_days)
    return Case(
        When(high, then=Value(int(Band.HIGH))),
        When(age_days__lte=criteria.trump_moderate_days, then=Value(int(Band.MODERATE))),
        default=Value(int(Band.WATCH)),
        output_field=models.IntegerField(),
    )


def weight(criteria, full):
    """Return the expression: full weight as long as the floor is High, half afterwards."""
    high = acute(criteria) | Q(age_days__lte=criteria.trump_high_days)
    return Case(When(high, then=Value(full)), default=Value(half(full)), output_field=models.IntegerField())


def stage(criteria):
    """Return the expression: the variant of the sentence, "" while acute and "settled" afterwards."""
    return Case(When(acute(criteria), then=Value("")), default=Value("settled"), output_field=models.CharField())
