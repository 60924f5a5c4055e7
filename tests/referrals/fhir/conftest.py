"""The same people as for the rest of the interface."""

from tests.referrals.api.conftest import household, ours, receiver, sender, theirs, words

__all__ = ["household", "ours", "receiver", "sender", "theirs", "words"]
