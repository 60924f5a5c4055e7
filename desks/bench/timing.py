"""Numbers out of many times."""

from collections.abc import Callable, Sequence
from time import perf_counter


def quantile(seconds: Sequence[float], share: float) -> float:
    """Return the time below which `share` of the times lie, in milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def took(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun
