"""The same loss weighs more on some: who earns the household's living, or a home with children."""

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, Value, When

from risk.rules.base import half


def laden(rows, condition):
    """Return gathered `rows` with the column `laden`: whether `condition` holds of any fact of the row."""
    return rows.annotate(laden=BoolOr(condition, default=False))


def heavier(weight, percent):
    """Return the expression: `percent` of the weight where laden, rounded up; halved once all facts have faded."""
    more = -(-weight * percent // 100)
    return Case(
        When(laden=True, all_faded=True, then=Value(half(more))),
        When(laden=True, then=Value(more)),
        When(all_faded=True, then=Value(half(weight))),
        default=Value(weight),
    )
