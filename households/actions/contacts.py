"""Logging a contact or an attempt, correcting it within a day, adding to it afterwards."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.facts import supersede
from casework.landing import landed
from households.actions.refusal import Refused, constraint_of
from households.actions.verb import lock, verb
from households.models import Addendum, Contact, Draft, Participant

EDIT_FOR = timedelta(hours=24)


@verb
def log_contact(household, *, people, by, client_key, **entry):
    """Append a contact (`contact_made`) or an attempt, and who was spoken with; return it.

    `entry` holds columns of Contact; `people` are persons. The same `client_key` of the same author lands once: the
    second time the first record comes back. The draft of that key goes with it.
    """
    if first := landed(Contact.objects.current(), by=by, client_key=client_key):
        return first
    try:
        with transaction.atomic():
            contact = Contact.objects.create(
                household=household,
                worker=by,
                agency=by.agency,
                recorded_by=by,
                client_key=client_key,
                **entry,
            )
    except IntegrityError as error:
        again = constraint_of(error) == "contact_landed_once"
        first = landed(Contact.objects.current(), by=by, client_key=client_key) if again else None
        if first is None:
            raise
        return first
    Participant.objects.bulk_create(Participant(contact=contact, person=person) for person in people)
    Draft.objects.filter(author=by, client_key=client_key).delete()
    record("contact_logged" if contact.contact_made else "attempt_logged", contact, by=by, data=_about(contact))
    return contact


@verb
def revise_contact(contact, *, people, by, now, **entry):
    """Append a version of `contact` with what was changed, within 24 hours of its first version; return it.

    Nothing changed: the record comes back as it is, also when the same change was sent twice. Raises `Refused` after
    the 24 hours, for somebody else's record, and when a newer version says something else.
    """
    current = Contact.objects.current().select_for_update().get(fact_id=contact.fact_id)
    check_can_revise(current, by, now=now)
    if _same(current, people, entry):
        return current
    if current.pk != contact.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    version = supersede(current, by=by, **entry)
    Participant.objects.bulk_create(Participant(contact=version, person=person) for person in people)
    record("contact_revised", version, by=by, data=_about(version))
    return version


@verb
def add_addendum(contact, *, text, by, client_key):
    """Append `text` under a contact; the original stays as it was. The same key lands once."""
    if not text.strip():
        raise Refused(_("Please write what is to be added."), field="text")
    lock(contact.household)
    if first := landed(Addendum.objects, by=by, client_key=client_key):
        return first
    made = Addendum.objects.create(
        contact_fact_id=contact.fact_id,
        household=contact.household,
        text=text.strip(),
        recorded_by=by,
        client_key=client_key,
    )
    record("addendum_added", contact, by=by, data={"fact": contact.fact_id})
    return made


def check_can_revise(contact, user, *, now):
    """Raise `Refused` unless `user` wrote the contact and its 24 hours, counted from the first version, still run."""
    if contact.recorded_by_id != user.pk:
        raise Refused(_("Only the author corrects a record; others add to it."))
    first = Contact.objects.filter(fact_id=contact.fact_id).order_by("id").values_list("recorded_at", flat=True).first()
    if now - first > EDIT_FOR:
        raise Refused(_("A record can be corrected for 24 hours. Please add to it instead."))


def can_revise(contact, user, *, now):
    """Return the answer of `check_can_revise` as a bool."""
    try:
        check_can_revise(contact, user, now=now)
    except Refused:
        return False
    return True


def _same(contact, people, entry):
    spoken = set(contact.participants.values_list("person_id", flat=True))
    return spoken == {person.pk for person in people} and all(getattr(contact, k) == v for k, v in entry.items())


def _about(contact):
    """What an event keeps of a contact: nothing of its content."""
    return {"fact": contact.fact_id, "channel": contact.channel, "met": contact.contact_made}
