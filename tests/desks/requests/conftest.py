"""The household of a data request, as its own tests know it."""

from tests.households.requests.conftest import at, cast

__all__ = ["at", "cast"]
