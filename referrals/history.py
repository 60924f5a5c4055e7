"""What happened to a referral, from its Events, in words, for the small timeline."""

from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from referrals.states import Outcome

LABELS = {
    "drafted": (_("Draft written"), "note", ""),
    "draft changed": (_("Draft changed"), "note", ""),
    "sent": (_("Referral sent"), "send", "blue"),
    "acknowledged": (_("Receipt acknowledged"), "mail", "blue"),
    "accepted": (_("Accepted"), "ok", "green"),
    "declined": (_("Declined"), "x", "red"),
    "outcome provided": (_("Outcome reported"), "note", "blue"),
    "confirmed": (_("Confirmed: the help arrived"), "ok", "green"),
    "not received": (_("Not received"), "warn", "red"),
    "closed": (_("Closed"), "lock", ""),
    "cancelled": (_("Cancelled"), "x", ""),
}
BEFORE_SENDING = ("drafted", "draft changed")


def happened(referral, *, sending):
    """Return rows of {at, title, icon, tone, who, words}, newest first.

    The receiver (`sending` False) sees what happened from the sending on.
    """
    events = Event.objects.about(referral)
    if not sending:
        events = events.exclude(verb__in=BEFORE_SENDING)
    return [_row(event, referral) for event in events]


def _row(event, referral):
    title, icon, tone = LABELS.get(event.verb, (event.verb, "note", ""))
    agencies = {referral.from_agency_id: referral.from_agency, referral.to_agency_id: referral.to_agency}
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
        said.append(str(_("taken by %(name)s") % {"name": handler}))
    if event.reason:
        said.append(event.reason)
    return " · ".join(said)
