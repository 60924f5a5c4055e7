"""The columns of the board, which are the states that the figures count in; how old; what is waited for."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.clocks import AGAIN, REPLY, STATIONS
from referrals.states import CAME_BACK, FINISHED, NEEDS, Status


@dataclass(frozen=True)
class Stand:
    """Several states of a referral under one word."""

    name: str
    label: Any
    statuses: tuple


TO_SEND = Stand("to_send", pgettext_lazy("board", "To be sent"), (Status.DRAFT,))
COLUMNS = (
    Stand("asked", pgettext_lazy("board", "Asked"), (Status.SENT,)),
    Stand("received", pgettext_lazy("board", "Received"), (Status.RECEIVED,)),
    Stand("under_way", pgettext_lazy("board", "Accepted, under way"), (Status.ACCEPTED, Status.IN_PROGRESS)),
    Stand("on_hold", pgettext_lazy("board", "On hold"), (Status.ON_HOLD,)),
    Stand("disputed", pgettext_lazy("board", "Help did not arrive"), (Status.DISPUTED,)),
    Stand("to_confirm", pgettext_lazy("board", "Outcome to be confirmed"), (Status.PROVIDED, Status.CONFIRMED)),
    Stand("came_back", pgettext_lazy("board", "Came back to the sender"), CAME_BACK),
)
DONE = Stand("done", pgettext_lazy("board", "Finished"), FINISHED)
STATES = (*COLUMNS, DONE)
OPEN = tuple(status for stand in COLUMNS for status in stand.statuses)

# Since the first sending, in working days: from so many on. Our own cut.
AGES = {
    "0": _("up to 2 working days"),
    "3": _("3 to 5 working days"),
    "6": _("6 to 10 working days"),
    "11": _("11 to 20 working days"),
    "21": _("more than 20 working days"),
}
# The clock that counts now says what is waited for; what was confirmed waits for nothing but its closing.
WAITS = {station.name: station.label for station in (*STATIONS, *AGAIN, REPLY)} | {"close": _("Closing")}
TURNS = {"sender": _("waits for the sending agency"), "receiver": _("waits for the receiving agency")}
WORDS: dict[str, dict[str, Any]] = {
    "need": dict(NEEDS),
    "state": {stand.name: stand.label for stand in (TO_SEND, *STATES)},
    "age": AGES,
    "wait": WAITS,
    "turn": TURNS,
}


def pairs() -> str:
    """Return (status, column) of every state as SQL values."""
    return ", ".join(f"('{status}', '{stand.name}')" for stand in (TO_SEND, *STATES) for status in stand.statuses)
