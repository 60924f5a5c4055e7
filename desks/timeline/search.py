"""How the timeline tells of the search for somebody who cannot be reached: whom one asked, where the person was found,
and what a supervisor decided. Only those read it who look after the household."""

from typing import Any

from django.utils.translation import gettext as _

from desks.timeline.entry import Told, joined
from desks.timeline.happened import Happened
from households.models import PersonalProtection, SearchStep, Whereabouts
from risk.models import SearchEnd


def search(happened: Happened, number: str) -> Told:
    """Return the entry of one of the five verbs of a search."""
    return WORDS[happened.data["verb"]](happened.data, happened.data["data"])


def _found(said: dict[str, Any], data: dict[str, Any]) -> Told:
    where, evidence = Whereabouts.Where(data["where"]).label, Whereabouts.Evidence(data["evidence"]).label
    return Told(_("Whereabouts confirmed: %(where)s") % {"where": where}, joined(said["by"], evidence), "ok", "green")


def _asked(said: dict[str, Any], data: dict[str, Any]) -> Told:
    step = SearchStep.Step(data["step"]).label
    return Told(_("Asked for help: %(whom)s") % {"whom": step}, joined(said["by"], data["to"]), "people")


def _guard(said: dict[str, Any], data: dict[str, Any]) -> Told:
    state = PersonalProtection.State(data["state"]).label
    return Told(_("Personal protection: %(state)s") % {"state": state}, joined(said["by"]), "note")


def _ended(said: dict[str, Any], data: dict[str, Any]) -> Told:
    reason = SearchEnd.Reason(data["reason"]).label
    return Told(_("Contact steps ended by decision"), joined(said["by"], reason, said["reason"]), "flag", "blue")


def _agreed(said: dict[str, Any], data: dict[str, Any]) -> Told:
    return Told(_("A second person agreed to end the contact steps"), joined(said["by"]), "flag", "blue")


WORDS = {
    "whereabouts_recorded": _found,
    "search_step_recorded": _asked,
    "personal_protection_recorded": _guard,
    "search ended": _ended,
    "search end agreed": _agreed,
}
