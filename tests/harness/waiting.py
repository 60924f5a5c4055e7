"""Waiting for a condition instead of for a while."""

import time


def until(condition, words, seconds=30):
    """Wait until `condition()` is true and return its value; fail with `words` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (met := condition()):
        assert time.monotonic() < deadline, f"After {seconds} s this was still awaited: {words}."
        time.sleep(0.05)
    return met
