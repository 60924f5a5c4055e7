"""A way to see how many questions a page asks."""

from tests.desks.conftest import own_queries

__all__ = ["own_queries"]
