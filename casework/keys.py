"""Sets of keys as SQL written out, for predicates that are asked on every page."""

from django.db.models.expressions import RawSQL


def written(rows):
    """Return a queryset of one column as SQL, for `column__in=`. Django writes a nested queryset anew wherever it
    stands; what depends on nothing but a user's id is written once (the caller keeps it) and read when it runs."""
    return RawSQL(*rows.order_by().query.sql_with_params())  # nosec B611  # noqa: S611
