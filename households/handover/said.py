"""What happened to a handover, in words: the verbs of its Events."""

from django.utils.translation import gettext

from casework.audit.models import Event
from households.handover.workflow import HANDOVER

STEPS = {step.recorded_as: step.label for step in HANDOVER.steps.values()}


def events_of(handover):
    """Return the Events of a handover, the newest first, each with `said`: its verb in words."""
    rows = list(Event.objects.about(handover))
    for row in rows:
        row.said = said(row.verb)
    return rows


def said(verb):
    """Return an Event's verb in words."""
    own = {
        "handover announced": gettext("Announced to the centre"),
        "handover accepted": gettext("Accepted, worker named"),
        "handover declined": gettext("Declined by the centre"),
        "handover withdrawn": gettext("Withdrawn by the Ministry"),
        "handover moved in": gettext("Moved in"),
        "handover step done": gettext("A first step was done"),
        "handover step taken back": gettext("A first step was taken back"),
    }
    return own.get(verb) or str(STEPS.get(verb, verb))


def whose(actor):
    """Return the sentence for somebody who may look but not take a step; `actor`: whose step it is."""
    return {
        "centre": gettext("This step is for who assigns the work of the centre it is addressed to."),
        "receiver": gettext("The move-in is recorded by the named worker or who assigns the work of the centre."),
    }.get(actor, gettext("This step is for the officers of the Ministry."))
