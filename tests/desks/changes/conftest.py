"""The officers of `tests.risk.changes`."""

from tests.risk.changes.conftest import proposer, second

__all__ = ["proposer", "second"]
