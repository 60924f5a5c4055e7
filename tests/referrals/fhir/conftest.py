"""The same people as for the rest of the interface."""

from tests.referrals.api.conftest import household, ours, sender, theirs, words

__all__ = ["household", "ours", "sender", "theirs", "words"]
