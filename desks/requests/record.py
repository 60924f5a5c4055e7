"""A person's own record in plain words (개인정보 보호법 제35조): everything kept about them, part by part.

Others stand in it as a relation at most. Where a household of the person carries a violence marker, whoever asks may be
who caused the danger: address and others are left out altogether, and so is what others told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.clock import seoul_day
from casework.facts import Fact
from desks.requests import kept, told, worked
from desks.requests.about import About
from desks.requests.veil import veil_of
from households.members import marked_among
from households.models import DataRequest, Person

Make = Callable[[About], list[str]]


@dataclass(frozen=True)
class Part:
    """One part of the record: its title and its lines, with a sentence where there is nothing."""

    title: str
    lines: list[str]


def record_of(request: DataRequest, *, now: datetime) -> list[Part]:
    """Return the record of the person whom a request is about, in Korean; a dozen and a half queries."""
    person = request.person_id
    with override("ko"):
        protected = bool(marked_among([person]))
        about = About(
            person=request.person,
            on=seoul_day(now),
            protected=protected,
            veil=veil_of(person, places=protected),
            notes=request.notes_given is True,
            agency=request.agency_id,
        )
        parts = [Part(title, [about.veil.line(line) for line in make(about)]) for title, make in _parts()]
        return [Part(part.title, part.lines or [_("Nothing is kept about this.")]) for part in parts]


def left_out() -> list[str]:
    """Say what is never in a record, the same words for everybody, so that they tell nothing."""
    return [
        _("Other people are not named here, and what they told about themselves is not in it."),
        _("Where the safety of somebody could suffer, an entry is left out; this sentence stands in every record."),
        _("Whether somebody told of a child in danger is said in no record, be it so or not."),
        _("Counselling notes are given where a counsellor has decided so."),
    ]


def as_text(request: DataRequest, parts: list[Part]) -> str:
    """Return the record as plain text."""
    with override("ko"):
        head = [_("Your record in plain words"), request.number, "", *left_out()]
        body = [line for part in parts for line in ("", f"■ {part.title}", *(f"- {one}" for one in part.lines))]
    return "\n".join([*head, *body, ""])


def _parts() -> list[tuple[str, Make]]:
    return [
        (_("Who you are"), kept.particulars),
        (_("How to reach you"), kept.reach),
        (_("Whom you live with, and where"), kept.households),
        (_("Protection periods and decisions"), kept.protection),
        (_("What is stated about how you live"), kept.circumstances),
        (_("Screenings"), kept.screenings),
        (_("Contacts with you, and what was written"), told.contacts),
        (_("Signals that other bodies sent about you"), told.signals),
        (_("Rules that spoke, and why"), told.flags),
        (_("Asked of other agencies for you"), told.referrals),
        (_("To whom the household was shown"), told.shares),
        (_("Courses"), worked.courses),
        (_("Work, school, treatment"), worked.outcomes),
        (_("What was found out about your needs"), worked.assessments),
        (_("Plans for you"), worked.plans),
        (_("Consents"), kept.consents),
        (_("Requests, and what is stopped"), kept.requests),
        (_("Applications and other entries"), kept.others),
        (_("Entries of further kinds"), _counted),
        (_("Which offices looked at your data, and when"), told.looks),
    ]


def _counted(about: About) -> list[str]:
    """Of kinds that no part tells yet: how many there are, so that nothing is kept unsaid."""
    lines = []
    for model, field in unlisted():
        rows = model.objects.current() if issubclass(model, Fact) else model._base_manager
        if number := rows.filter(**{field: about.person.pk}).count():
            said = _("%(what)s: %(n)s entries. They are given on request.")
            lines.append(said % {"what": model._meta.verbose_name, "n": number})
    return lines


def unlisted():
    """Return [(model, field)] of every model that points at a person and that no part tells or leaves out."""
    known = kept.TOLD | told.TOLD | worked.TOLD | LEFT_OUT.keys()
    return [
        (model, field.name)
        for model in apps.get_models()
        if model._meta.label not in known and not hasattr(model, "pgh_tracked_model")
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Person
    ]


# What points at a person and says nothing of its own, with the reason.
LEFT_OUT = {
    "households.NameKey": "search keys made of the names",
    "households.SettlementLine": "a frozen copy of the answers, which are told",
    "households.DataRequest": "told as requests",
    "households.ConflictOfInterest": "is about somebody who works here",
    "referrals.DesiredOutcome": "told with the referral",
}
