"""The move-in: the people of a handover are put on file by the intake, exactly once, or found there."""

from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext as _

from casework.clock import seoul_day
from casework.facts import supersede
from households.actions.circle import belonging, move_in, move_person
from households.actions.intake import take_in
from households.actions.place import assign
from households.actions.refusal import Refused
from households.actions.rights import check_can_change
from households.actions.verb import lock, lock_person, on_day, verb
from households.handover.actions import locked, workers_for
from households.handover.workflow import HANDOVER
from households.models import Assignment, Draft, HandoverPerson, Hometown, Membership, Particulars, Person
from households.same import alike


@dataclass(frozen=True)
class Coming:
    """One person of a handover, and who on file may be the same (`households.same.Alike`)."""

    person: HandoverPerson
    similar: tuple


def coming_of(handover, user, day):
    """Return [Coming] of a handover, the head first."""
    people = list(HandoverPerson.objects.filter(handover=handover).order_by("place"))
    return [Coming(one, tuple(alike(_told(one, handover), {"phone": ""}, user=user, day=day))) for one in people]


@verb
def arrive(handover, *, by, now, on, decision, town="", known=None):
    """Record that the people of a handover moved in on a day; return the Household.

    `known`: {HandoverPerson id: the Person on file that it is}; everybody else is put on file through the intake. A
    head on file keeps the household on file. Raises NotYours and NotNow as every step, and `Refused` with the sentence.
    """
    known = known or {}
    home = _home_of(handover, known, on, by)
    # All of them at once, in one order: those whom people on file leave are held too.
    lock(home, *_left_by(known.values(), on))
    held = locked(handover)
    HANDOVER.check(held, "move_in", by)
    if on > seoul_day(now):
        raise Refused(_("This day lies in the future."), field="on")
    if not workers_for(held).filter(pk=held.worker_id).exists():
        raise Refused(_("%(name)s does not work there any more. Please name another worker.") % {"name": held.worker})
    said = {"decision": decision, "on": on, "town": town}
    for one in HandoverPerson.objects.filter(handover=held).order_by("place"):
        person, home = _settle(one, held, home, known.get(one.pk), said, by)
        HandoverPerson.objects.filter(pk=one.pk).update(person=person)
    if not on_day(Assignment.objects, on).filter(household=home, kind=Assignment.Kind.MAIN).exists():
        assign(home, worker=held.worker, on=on, by=by)
    HANDOVER.perform(held, "move_in", by=by, moved_on=on, household=home, data={"on": on.isoformat()})
    return home


def _home_of(handover, known, on, by):
    """Return the household of a head who is on file already, or None; only of a person the user's centre keeps."""
    if len({person.pk for person in known.values()}) < len(known):
        raise Refused(_("One person on file cannot be two of those who come."))
    for person in known.values():
        if not Person.objects.kept_by(by).filter(pk=person.pk).exists():
            raise Refused(_("The file of this person is kept by another centre. Please ask there for a transfer."))
    head = HandoverPerson.objects.filter(handover=handover, role="head").first()
    if head is None or head.pk not in known:
        return None
    found = belonging(known[head.pk], on=on)
    if found is None:
        raise Refused(_("%(name)s belongs to no household on this day.") % {"name": head})
    check_can_change(by, found.household)
    return found.household


def _left_by(people, on):
    """Return the households to which people on file belong on a day."""
    rows = on_day(Membership.objects, on).filter(person__in=[one.pk for one in people], kind="living")
    return [row.household for row in rows.select_related("household").order_by("id")]


def _settle(one, handover, home, person, said, by):
    """Put one person on file, or bring one who is there into the household; return (Person, Household)."""
    if person is None:
        home = take_in(
            by=by,
            on=said["on"],
            client_key=_draft(by),
            person=_told(one, handover),
            household=_where(one, handover, home, said),
            protection=_protected(one, said),
            contact=_wishes(handover),
            worker=handover.worker,
        )
        # The intake makes one person; the latest member of the household, held by this transaction, is that one.
        return home.membership_set.current().order_by("-id").first().person, home
    _anchor(person, one, said["on"], by)
    held = belonging(person, on=said["on"])
    if held is None:
        move_in(person, home, role=one.role, on=said["on"], by=by)
    elif held.household_id != home.pk:
        move_person(person, to=home, on=said["on"], by=by, role=one.role)
    return person, home


def _draft(by):
    """Return the key of an intake of this moment: the intake takes it along, so that it happens once."""
    return Draft.objects.create(author=by, kind=Draft.Kind.INTAKE, client_key=uuid4()).client_key


def _told(one, handover):
    """Return what the intake is told of a person, in the words of its first step."""
    return {
        "family": one.family,
        "given": one.given,
        "latin": "",
        "former": "",
        "sex": one.sex,
        "birth": (one.birth_on, one.birth_precision),
        "is_defector": "yes" if one.is_defector else "no",
        "language": handover.language,
        "entered_on": None,
        "home_province": one.home_province,
    }


def _where(one, handover, home, said):
    if home is None:
        return {"where": "new", "since": said["on"], "district": handover.district, "town": said["town"]}
    return {"where": "join", "household": home, "role": one.role, "since": said["on"]}


def _protected(one, said):
    if not one.is_defector:
        return {"decision": "none", "moved_in_on": None}
    return {"decision": said["decision"], "moved_in_on": said["on"]}


def _wishes(handover):
    language = handover.language if handover.language != "ko" else None
    return {
        "phone": "",
        "channel": "",
        "hours": "",
        "woman_worker": handover.woman_worker,
        "safe_number": "",
        "wants_no_contact": False,
        "language": language,
        "interpreter": handover.interpreter or None,
        "items": [],
    }


def _anchor(person, one, on, by):
    """State the first move-in and the home province of a person on file of whom nobody said it yet."""
    lock_person(person)
    about = Particulars.objects.current().filter(person=person).first()
    if about and about.moved_in_on is None and one.is_defector:
        supersede(about, by=by, moved_in_on=on)
    if one.home_province and not Hometown.objects.current().filter(person=person).exists():
        Hometown.objects.create(person=person, province=one.home_province, recorded_by=by)
