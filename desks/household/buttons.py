"""The buttons of the household page: what this user may do here."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.context import url_or_nothing
from desks.household.file import File
from households.views.deeds import DEEDS

OF_WORK = ("assign", "unassign", "share")
OF_REACH = ("whereabouts", "asked", "guard")
NO_ACTS: dict[str, Any] = {"keys": [], "more": [], "search": []}


@dataclass(frozen=True)
class Button:
    """A button: its address, words, icon and key."""

    href: str
    label: str
    icon: str = ""
    key: str = ""


def acts_for(user: User, file: File) -> dict[str, Any]:
    """Return the buttons that this user has here: three with keys, and the verbs of the register under "more"."""
    number = file.household.number
    own = bool(file.centre and file.centre["id"] == user.agency_id)
    wanted = [
        (May.RECORD_CONTACT, "households:contact", _("Log a visit"), "note", "V"),
        (May.REFER, "referrals:new", _("Send a referral"), "send", "E"),
        (May.REVIEW, "risk:review", _("Review"), "flag", "R"),
    ]
    keys = [
        Button(href, label, icon, key)
        for word, name, label, icon, key in wanted
        if own and can(user, word) and (href := url_or_nothing(name, number))
    ]
    if not own and file.members and can(user, May.ASK_FOR):  # shared with an office: its centre is asked, for the head
        href = url_or_nothing("referrals:ask_for", file.members[0].id)
        keys.append(Button(href, _("Ask the Hana Center"), "send", "E"))
    verbs = [verb for verb in DEEDS if own and can(user, _word_for(verb))]
    buttons = {verb: Button(url_or_nothing(f"households:{verb}", number), str(DEEDS[verb].title)) for verb in verbs}
    if own and can(user, May.REVIEW):
        buttons["end"] = Button(url_or_nothing("risk:end_search", number), _("End the contact steps"))
    if own and can(user, May.INTAKE):
        buttons["transfer"] = Button(url_or_nothing("referrals:propose_transfer", number), _("Propose a transfer"))
    if own and can(user, May.REFER):
        buttons["moved"] = Button(url_or_nothing("referrals:move", number), _("What follows from the move"))
        buttons["council"] = Button(url_or_nothing("referrals:council_propose", number), _("Bring before a meeting"))
    if own and can(user, May.SEE_CASELOAD):
        buttons = {"case": Button(url_or_nothing("desks:case", number), _("Case of the household")), **buttons}
    if own and can(user, May.INQUIRE):
        buttons["inquiry"] = Button(url_or_nothing("desks:inquiry", number), _("Inquiry"))
    if own and can(user, May.RECORD_CONTACT):
        buttons["incident"] = Button(url_or_nothing("risk:incident", number), _("Record a crisis"))
    return {
        "keys": keys,
        "more": [button for verb, button in buttons.items() if verb not in (*OF_REACH, "end")],
        "search": [button for verb, button in buttons.items() if verb in (*OF_REACH, "end")],
    }


def _word_for(verb: str) -> May:
    """Return the word that a verb of the register asks for."""
    return May.ASSIGN if verb in OF_WORK else May.RECORD_CONTACT if verb in OF_REACH else May.INTAKE
