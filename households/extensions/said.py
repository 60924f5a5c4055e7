"""What happened to a request, a sitting or an objection, in words: the verbs of its Events."""

from django.utils.translation import gettext

from casework.audit.models import Event
from households.extensions.workflow import OBJECTION, REQUEST, SITTING

STEPS = {step.recorded_as: step.label for flow in (REQUEST, SITTING, OBJECTION) for step in flow.steps.values()}


def events_of(record):
    """Return the Events of a record, the newest first, each with `said`: its verb in words."""
    rows = list(Event.objects.about(record))
    for row in rows:
        row.said = said(row.verb)
    return rows


def said(verb):
    """Return an Event's verb in words: of a step without what its button asks for."""
    own = {
        "request written": gettext("Request written"),
        "request changed": gettext("Form changed"),
        "evidence added": gettext("Paper added"),
        "opinion asked": gettext("Opinion asked for"),
        "opinion given": gettext("Opinion given"),
        "objection received": gettext("Objection taken down"),
        "sitting planned": gettext("Sitting planned"),
        "attendance": gettext("Attendance written"),
        "vote": gettext("Vote written"),
        "minutes written": gettext("Minutes written"),
    }
    return own.get(verb) or str(STEPS.get(verb, verb)).partition(" · ")[0]
