"""Recording a crisis: the verb, and taking a mistaken entry back."""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from households.actions.refusal import NotAllowed
from households.actions.rights import answers_for
from households.actions.stated import landed_version
from households.models import Membership
from households.models.screening import keepers_of
from risk.actions import Refused
from risk.models import Incident

WITHIN = timedelta(hours=24)


def check_can_record_incident(user, household):
    """Raise NotAllowed unless the user works for the household, or supervises it, at the centre that answers for it."""
    if not can(user, May.RECORD_CONTACT):
        raise NotAllowed(_("Crises are recorded by case managers, counsellors and supervisors."))
    if not answers_for(user, household) or not keepers_of(user, household=household).exists():
        raise NotAllowed(_("Crises of this household are recorded by its workers and the supervisors of its centre."))


@transaction.atomic
def record_incident(household, *, kind, occurred_on, by, on, person=None, source="", note="", client_key=None):
    """Record that a crisis happened to a household, or to one of its members; return the Incident.

    `kind`: a word of Incident.Kind. `on`: today; nothing is recorded of a day to come. The same kind of crisis of the
    same person on the same day, and the same `client_key` of the same author, land once. Rules never read it.
    Raises Refused with the sentence to show.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM households_household WHERE id = %s FOR NO KEY UPDATE", [household.pk])
    if landed := _landed(household, kind, occurred_on, person, by, client_key):
        return landed
    _check(household, kind, occurred_on, person, on)
    said = {"kind": kind, "occurred_on": occurred_on, "source": source.strip(), "note": note.strip()}
    made = Incident(household=household, person=person, recorded_by=by, client_key=client_key, **said)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        if landed := _landed(household, kind, occurred_on, person, by, client_key):
            return landed
        raise
    record("incident recorded", made, by=by, data={"kind": kind, "occurred_on": occurred_on.isoformat()})
    return made


@transaction.atomic
def withdraw_incident(incident, *, by, now):
    """Take a mistaken entry back within 24 hours by its author: it is superseded and stays on record."""
    if incident.recorded_by_id != by.pk or now - incident.recorded_at > WITHIN:
        raise Refused(_("Only its author can take an entry back, within 24 hours."))
    if Incident.objects.filter(pk=incident.pk, superseded_at=None).update(superseded_at=now):
        record("incident withdrawn", incident, by=by, data={"kind": incident.kind})


def _landed(household, kind, occurred_on, person, by, client_key):
    """Return what is already on record: the same tap, taken back since or not, or the same thing said again."""
    said = {"household": household, "kind": kind, "occurred_on": occurred_on, "person": person}
    return landed_version(Incident, by, client_key) or Incident.objects.current().filter(**said).first()


def _check(household, kind, occurred_on, person, on):
    if kind not in Incident.Kind.values:
        raise Refused(_("Choose what happened."))
    if occurred_on > on:
        raise Refused(_("This day lies in the future."))
    lived = Membership.objects.current().filter(household=household, person=person)
    if person and not lived.exists():
        raise Refused(_("This person has not lived in the household."))
