"""What happened to a referral, from its Events, in words, for the small timeline."""

from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.templatetags.format import fullday
from referrals.alarms.shown import raised
from referrals.states import Outcome, Waits

LABELS = {
    "drafted": (_("Draft written"), "note", ""),
    "draft changed": (_("Draft changed"), "note", ""),
    "sent": (_("Referral sent"), "send", "blue"),
    "acknowledged": (_("Receipt acknowledged"), "mail", "blue"),
    "accepted": (_("Accepted"), "ok", "green"),
    "declined": (_("Declined"), "x", "red"),
    "rerouted": (_("Passed on to another agency"), "send", "blue"),
    "passed on": (_("Passed on by the agency before"), "send", "blue"),
    "went along": (_("Went along with the household to another centre"), "send", "blue"),
    "assigned": (_("Given to a worker"), "people", ""),
    "handed back": (_("Given back to the office: a conflict of interest"), "people", ""),
    "commented": (_("Message written"), "mail", ""),
    "asked": (_("Question asked"), "mail", "blue"),
    "answered": (_("Question answered"), "mail", "blue"),
    "benefit applied for": (_("Benefit applied for"), "note", ""),
    "decision extended": (_("Decision extended to 60 days"), "clock", ""),
    "benefit decided": (_("Benefit decided"), "ok", ""),
    "first contact": (_("First contact made"), "ok", "green"),
    "put on hold": (_("Put on hold"), "clock", ""),
    "resumed": (_("Taken up again"), "ok", "blue"),
    "failed": (_("Could not be carried out"), "x", "red"),
    "outcome provided": (_("Outcome reported"), "note", "blue"),
    "confirmed": (_("Confirmed: the help arrived"), "ok", "green"),
    "not received": (_("Not received"), "warn", "red"),
    "ground upheld": (_("Urgent danger upheld"), "ok", "green"),
    "ground not upheld": (_("Urgent danger not upheld: the receiver's view is closed"), "lock", "red"),
    "closed": (_("Closed"), "lock", ""),
    "cancelled": (_("Cancelled"), "x", ""),
    "ended: the person has died": (_("Ended: the person has died"), "x", ""),
}
BEFORE_SENDING = ("drafted", "draft changed")
LINKS = {
    "next": _("goes on as %(number)s"),
    "passed_on_from": _("passed on from %(number)s"),
    "again": _("asked again as %(number)s"),
}


def happened(referral, *, sending, veiled=False):
    """Return rows of {at, title, icon, tone, who, words}, newest first: the steps, and the alarms in between.

    The receiver (`sending` False) sees what happened from the sending on; while its view is closed (`veiled`), without
    the words.
    """
    events = Event.objects.about(referral)
    if not sending:
        events = events.exclude(verb__in=BEFORE_SENDING)
    agencies = _agencies(referral)
    rows = [_row(event, agencies) for event in events] + raised(referral)
    rows.sort(key=lambda row: row["at"], reverse=True)
    return [row | ({"words": ""} if veiled else {}) for row in rows]


def _agencies(referral):
    """The two of the referral, and those that passed it on before."""
    named = {referral.from_agency_id: referral.from_agency}
    while referral is not None:
        named[referral.to_agency_id] = referral.to_agency
        referral = referral.rerouted_from
    return named


def _row(event, agencies):
    title, icon, tone = LABELS.get(event.verb, (event.verb, "note", ""))
    agency = agencies.get(event.agency_id)
    return {
        "at": event.at,
        "title": title,
        "icon": icon,
        "tone": tone,
        "who": f"{event.actor_label} ({agency})" if agency else event.actor_label,
        "words": _words(event),
    }


def _words(event):
    outcome = event.data.get("outcome")
    said = [str(Outcome(outcome).label)] if outcome in Outcome.values else []
    handler = event.data.get("handler")
    if handler and handler != event.actor_label:
        said.append(gettext("taken by %(name)s") % {"name": handler})
    said += _links(event.data) + _of_the_law(event.data)
    if event.data.get("waits_for") in Waits.values:
        said.append(gettext("waits for: %(whom)s") % {"whom": Waits(event.data["waits_for"]).label})
    if event.reason:
        said.append(event.reason)
    return " · ".join(said)


def _links(data):
    """The other referral that a step names, and the agency that was proposed."""
    said = [words % {"number": data[name]} for name, words in LINKS.items() if data.get(name)]
    if proposes := data.get("proposes"):
        name = proposes["en"] if get_language() == "en" and proposes["en"] else proposes["ko"]
        said.append(gettext("proposes to ask %(agency)s") % {"agency": name})
    return [str(words) for words in said]


def _of_the_law(data):
    said = [data["benefit"]] if data.get("benefit") else []
    if data.get("day"):
        said.append(fullday(date.fromisoformat(data["day"])))
    if "granted" in data:
        said.append(gettext("granted") if data["granted"] else gettext("refused"))
    return said
