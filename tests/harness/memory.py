"""Collecting garbage seldom: all that is imported stays to the end, and looking through it took a sixth of a run."""

import gc


def pytest_collection_finish(session):
    """Set aside what is there before the first test; afterwards look through what tests leave, now and then."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
