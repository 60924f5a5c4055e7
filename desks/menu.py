"""The menu as a table: what stands in it, for whom, and which rooms lie behind an item."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May
from referrals.concerns.actions import TAKES

CASEWORK = (May.SEE_CASELOAD, May.SEE_CENTRE)
REFERRING = (May.REFER, May.RECEIVE)


@dataclass(frozen=True)
class Room:
    """One page to go to: its URL name and label, the words of which one opens it, and the pages under it."""

    url_name: str
    label: Any
    words: tuple[May, ...]
    under: tuple[str, ...] = ()

    def holds(self, view_name: str) -> bool:
        """Say whether a page is this one or lies under it."""
        return view_name == self.url_name or view_name in self.under


@dataclass(frozen=True)
class Item:
    """One item of the menu, with the key that opens it after G; behind it one room, or several side by side."""

    label: Any
    key: str
    rooms: tuple[Room, ...]


def _one(url_name: str, label: Any, key: str, words: tuple[May, ...], *under: str) -> Item:
    return Item(label, key, (Room(url_name, label, words, under),))


BETWEEN_AGENCIES = (
    Room("referrals:inbox", _("Inbox and outbox"), REFERRING, ("referrals:detail", "referrals:new", "referrals:edit")),
    Room("desks:board", _("Board"), REFERRING),
    Room("referrals:alarms", _("Deadline alarms"), REFERRING, ("agencies:duty", "agencies:closures")),
    Room("referrals:concerns", _("Concerns"), TAKES, ("referrals:concern", "referrals:concern_new")),
    Room(
        "referrals:councils",
        _("Council meetings"),
        REFERRING,
        (
            "referrals:council",
            "referrals:council_new",
            "referrals:council_member",
            "referrals:council_member_end",
            "referrals:council_propose",
            "referrals:propose_find",
            "referrals:meeting",
            "referrals:meeting_new",
            "referrals:meeting_step",
            "referrals:meeting_attendance",
            "referrals:meeting_minutes",
            "referrals:item_decide",
            "referrals:item_withdraw",
            "referrals:item_ground",
            "referrals:decision_step",
        ),
    ),
    Room("referrals:transfers", _("Transfers"), CASEWORK, ("referrals:transfer", "referrals:propose_transfer")),
    Room(
        "referrals:directory",
        _("Services"),
        (*REFERRING, May.ADMINISTER),
        ("referrals:service", "referrals:service_new", "referrals:service_edit", "referrals:booklet"),
    ),
    Room("desks:network", _("Figures of referrals"), (May.SEE_CENTRE, May.SEE_FIGURES), ("desks:network_list",)),
)
PROTECTION = (Room("households:register", _("Residence-protection register"), (May.SEE_REGISTER,)),)
MENU = (
    _one(
        "desks:home",
        _("Today"),
        "T",
        (*CASEWORK, May.SEE_REGISTER),
        "desks:today",
        "desks:supervisor",
        "desks:receiving",
    ),
    _one("desks:list", _("At risk"), "L", CASEWORK, "desks:household", "risk:review"),
    Item(_("Referrals"), "R", BETWEEN_AGENCIES),
    Item(_("Protection periods"), "P", PROTECTION),
    _one("households:intake", _("Intake"), "I", (May.INTAKE,)),
    _one(
        "imports:list",
        _("Files"),
        "F",
        (May.IMPORT, May.ADMINISTER),
        "imports:upload",
        "imports:batch",
        "imports:row",
    ),
    _one("desks:map", _("Figures"), "C", (May.SEE_FIGURES,)),
    _one("desks:backtest", _("Back-test"), "", (May.SET_CRITERIA,)),
    _one("desks:campaigns", _("Surveys"), "", (May.SEE_CASELOAD, May.SEE_FIGURES), "desks:campaign"),
    _one(
        "risk:criteria",
        _("Risk criteria"),
        "",
        (*CASEWORK, May.SEE_FIGURES),
        "desks:changes",
        "desks:change",
        "desks:change_new",
    ),
    _one("desks:logs", _("Access log"), "", (May.SEE_LOGS,)),
    _one("desks:people", _("Users and agencies"), "", (May.ADMINISTER,)),
    _one(
        "interfaces:tokens",
        _("Interfaces"),
        "",
        (May.ADMINISTER,),
        "interfaces:issue",
        "referrals:webhooks",
        "referrals:webhook_add",
    ),
)
