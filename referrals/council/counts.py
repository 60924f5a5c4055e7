"""Counts that tell of nobody: fewer than 5 is said as that, and nothing hidden can be found by subtraction."""

from django.utils.translation import gettext

LEAST, ROUND = 5, 10


def suppressed(counts):
    """Return (total, {name: count}) as texts.

    One hidden count takes the next smallest along, and a total over hidden counts is rounded to tens; where nothing is
    left to take along, the total is not told.
    """
    total = sum(counts.values())
    hidden = {name for name, n in counts.items() if n < LEAST}
    rest = sorted((name for name in counts if name not in hidden), key=lambda name: counts[name])
    along = rest[:1] if len(hidden) == 1 else []
    cells = {name: _said(n, name in hidden, name in along) for name, n in sorted(counts.items())}
    return _total(total, bool(hidden)), cells


def _said(n, hidden, along):
    if hidden:
        return gettext("fewer than 5")
    return gettext("hidden") if along else str(n)


def _total(total, hides):
    if not hides:
        return str(total)
    if total < LEAST:
        return gettext("fewer than 5")
    return gettext("about %(n)s") % {"n": max(ROUND, (total + ROUND // 2) // ROUND * ROUND)}
