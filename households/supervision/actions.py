"""Writing down a talk of supervision, adding beneath it, saying that an agreed step is done."""

from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from households.actions.refusal import NotAllowed, Refused, refusals
from households.models import SupervisionAddendum, SupervisionNote, SupervisionStep


@transaction.atomic
def write_note(worker, *, by, now, held_on, text, steps=(), client_key=None):
    """Keep a talk of supervision with a worker of the own centre; return the note. `steps`: (words, due or None).

    The same `client_key` lands once. Raises `NotAllowed` for whoever leads no centre, `Refused` for a day ahead, for
    oneself and for somebody of another centre. The Event says that a note was written, and nothing of it.
    """
    check_can_supervise(by)
    if first := landed(SupervisionNote.objects, by=by, client_key=client_key, author="supervisor"):
        return first
    if worker.agency_id != by.agency_id:
        raise Refused(_("This worker belongs to another centre."))
    if held_on > seoul_day(now):
        raise Refused(_("This day lies in the future."), field="held_on")
    about = {"center": by.agency, "worker": worker, "supervisor": by}
    with refusals():
        made = SupervisionNote.objects.create(**about, held_on=held_on, text=text.strip(), client_key=client_key)
        SupervisionStep.objects.bulk_create(
            SupervisionStep(note=made, place=place, text=words, due_on=due) for place, (words, due) in enumerate(steps)
        )
        record("supervision noted", made, by=by, data={"worker": worker.pk})
    return made


@transaction.atomic
def add_beneath(note, *, by, text, client_key=None):
    """Add a text beneath a note, by either of the two; the note stays as it was. The same key lands once."""
    check_is_one_of(note, by)
    if first := landed(SupervisionAddendum.objects, by=by, client_key=client_key):
        return first
    with refusals():
        return SupervisionAddendum.objects.create(note=note, text=text.strip(), recorded_by=by, client_key=client_key)


@transaction.atomic
def finish_step(step, *, by, now):
    """Say that an agreed step is done, by either of the two. Twice changes nothing; who was first stays on record."""
    check_is_one_of(step.note, by)
    SupervisionStep.objects.filter(pk=step.pk, done_at=None).update(done_at=now, done_by=by)
    step.refresh_from_db()
    return step


def check_can_supervise(user):
    """Raise `NotAllowed` unless the user decides over the work of a centre."""
    if not can(user, May.ASSIGN):
        raise NotAllowed(_("Notes of supervision are written by the supervisor or the head of the centre."))


def check_is_one_of(note, user):
    """Raise `NotAllowed` unless the user is the worker or the supervisor of a note."""
    if user.pk not in (note.worker_id, note.supervisor_id):
        raise NotAllowed(_("A note of supervision belongs to the two who talked."))
