"""How the timeline tells of circumstances and screenings; of a screening only its name to whoever may not read it;
and of crises, which only those read who look after the household."""

from django.utils.translation import gettext as _

from desks.timeline.entry import Told, joined, learnt_of
from desks.timeline.happened import Happened
from households.models.circumstance import Aspect, label_of
from households.models.screening import Instrument
from households.readings import reading_of
from risk.models import Incident


def circumstance(happened: Happened, number: str) -> Told:
    """Return what was stated, of whom, and what stood before."""
    data = happened.data
    learnt, late = learnt_of(happened)
    was = label_of(data["kind"], data["was"]) if data["was"] else ""
    before = _("before: %(words)s") % {"words": was} if was else ""
    title = f"{Aspect(data['kind']).label}: {label_of(data['kind'], data['value'], data['detail'])}"
    return Told(title, joined(data["who"], before, data["source"]), "note", learnt=learnt, late=late)


def screening(happened: Happened, number: str) -> Told:
    """Return which screening took place, and its result where the entry carries one."""
    data = happened.data
    learnt, late = learnt_of(happened)
    title = _("Screening: %(instrument)s") % {"instrument": Instrument(data["instrument"]).label}
    if data["score"] is None:
        return Told(title, joined(data["who"]), "note", learnt=learnt, late=late)
    points = _("%(n)s points") % {"n": data["score"]}
    words = reading_of(data["instrument"], data["score"]).words
    item9 = _("item 9: 1 point or more") if data["item9"] else ""
    line = joined(data["who"], points, words, item9)
    return Told(title, line, "note", "red" if item9 else "", learnt=learnt, late=late)


def incident(happened: Happened, number: str) -> Told:
    """Return which crisis was recorded, of whom, and how it is known."""
    data = happened.data
    learnt, late = learnt_of(happened)
    title = _("Crisis: %(what)s") % {"what": Incident.Kind(data["kind"]).label}
    line = joined(data["who"], data["source"], data["note"])
    return Told(title, line, "flag", "red", learnt=learnt, late=late)
