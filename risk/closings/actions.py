"""Proposing and approving the closing of a case, with what risk and referrals have against it asked first."""

from typing import Any

from django.utils.translation import gettext as _

from households.actions import Refused
from households.actions.verb import lock, verb
from households.closings import actions
from households.models import Closing, Household
from risk.closings.blocks import blocks_of, transfer_of

R = Closing.Reason


class Blocked(Refused):
    """The case cannot be closed now; `sentences` name each thing that stands against it."""

    def __init__(self, sentences: list[str]):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@verb
def propose(household: Household, *, by: Any, now: Any, reason: str, **said: Any) -> Closing:
    """Propose to close a case, see `households.closings.actions.propose`. Raises `Blocked` with what stands open."""
    lock(household)
    if blocks := blocks_of(household, reason=reason, user=by):
        raise Blocked(blocks)
    if reason == R.TRANSFERRED:
        accepted = transfer_of(household, by.agency_id)
        if accepted is None:
            raise Refused(_("No other centre has accepted this household yet."), field="reason")
        said["transfer"] = accepted.pk
    return actions.propose(household, by=by, now=now, reason=reason, **said)


@verb
def approve(closing: Closing, *, by: Any, now: Any, asks_later: Any = None) -> Closing:
    """Close a case as a second person. What stood against it is asked again, with the household held."""
    lock(closing.household)
    if blocks := blocks_of(closing.household, reason=closing.reason, user=by):
        raise Blocked(blocks)
    if closing.reason == R.TRANSFERRED and transfer_of(closing.household, closing.centre_id, done=True) is None:
        raise Refused(_("The other centre has not met the household yet: until then the file stays here."))
    return actions.approve(closing, by=by, now=now, asks_later=asks_later)
