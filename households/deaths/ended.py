"""What the record of a death ends, fact by fact, and how the same facts return when the record was a mistake."""

from django.apps import apps
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from casework.facts import supersede
from households.actions.refusal import Refused
from households.models import (
    Assignment,
    Consent,
    Membership,
    Participant,
    PersonalProtectionPeriod,
    Phone,
    ProtectionPeriod,
    Residence,
)

OF_PERSON = (Residence, ProtectionPeriod, PersonalProtectionPeriod, Consent, Phone)
OF_HOME = (Membership, Assignment)
EMPTY = DateRange(empty=True)


def standing(people, homes):
    """Return {(model, fact_id): (key of the version, its days)} of all that the death of the person of the records
    `people` may end."""
    found = {}
    for of_person in OF_PERSON:
        found |= _versions(of_person, Q(person__in=people))
    for of_home in OF_HOME:
        found |= _versions(of_home, Q(household__in=homes))
    return found


def difference(before, after):
    """Return what changed between two `standing`s as JSON: what was made, and what ended with its days of before."""
    changed = [key for key in after if before.get(key) != after[key]]
    return [_line(key, before.get(key), after[key][0]) for key in sorted(changed)]


def give_back(ended, *, by):
    """Take back what was made and let return what ended; `ended` is what `difference` returned.

    Raises `Refused` where a fact was changed again since: then a person has to look.
    """
    current = [(line, _current(line)) for line in ended]
    for line, fact in current:
        if line["made"]:
            supersede(fact, by=by, during=EMPTY)
    for line, fact in current:
        if "next_at" in line:
            plan_again(fact, next_at=parse_datetime(line["next_at"]), next_channel=line["next_channel"])
        elif not line["made"]:
            supersede(fact, by=by, during=_days(line))


def homes_of(ended):
    """Return the ids of the households of which a membership ended; `ended` is what `difference` returned."""
    facts = [line["fact"] for line in ended if line["model"] == Membership._meta.label_lower]
    return set(Membership.objects.current().filter(fact_id__in=facts).values_list("household", flat=True))


def dropped(contact, next_at, channel):
    """Return the line of `ended` for a planned contact that was dropped from `contact`, its version of now."""
    told = {"next_at": next_at.isoformat(), "next_channel": channel}
    return {"model": contact._meta.label_lower, "fact": contact.fact_id, "version": contact.pk, "made": False, **told}


def plan_again(contact, **next_one):
    """Write a contact with another `next_at` and `next_channel`, in its author's name; return the version."""
    spoken = sorted(contact.participants.values_list("person_id", flat=True))
    version = supersede(contact, by=contact.recorded_by, **next_one)
    Participant.objects.bulk_create(Participant(contact=version, person_id=one) for one in spoken)
    return version


def _versions(model, condition):
    rows = model.objects.current().filter(condition).order_by("fact_id").values_list("fact_id", "pk", "during")
    return {(model._meta.label_lower, fact): (pk, during) for fact, pk, during in rows}


def _line(key, before, now):
    label, fact = key
    days = before[1] if before else EMPTY
    first, after = (None, None) if days.isempty else (days.lower, days.upper)
    told = {"first": first and first.isoformat(), "after": after and after.isoformat(), "empty": days.isempty}
    return {"model": label, "fact": fact, "version": now, "made": before is None, **told}


def _current(line):
    model = apps.get_model(line["model"])
    fact = model.objects.current().filter(fact_id=line["fact"]).first()
    if fact is None or fact.pk != line["version"]:
        said = _("Something was changed since the death was recorded (%(what)s). Please correct that first.")
        raise Refused(said % {"what": model._meta.verbose_name})
    return fact


def _days(line):
    if line["empty"]:
        return EMPTY
    return DateRange(*(line[name] and parse_date(line[name]) for name in ("first", "after")))
