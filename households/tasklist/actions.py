"""What people do with tasks, and with what is due but has to wait. Each is atomic."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import day_begins
from casework.landing import landed
from households.actions.refusal import NotAllowed, Refused, refusals
from households.actions.rights import check_can_record_contact
from households.actions.verb import lock
from households.conflicts.barring import check_not_barred
from households.models import Snooze, Task
from households.models.task import LONGEST_SNOOZE, URGENT
from households.tasklist.workflow import TASK, TaskStatus


def may_have(agency):
    """Return those of an agency to whom a task can be given, by name."""
    return User.objects.who_may(May.RECORD_CONTACT).people().filter(agency=agency).order_by("name", "id")


def add_task(*, household=None, what, due_on, owner, by, now, source="", client_key=None):
    """Set a task; return it. The same `client_key` of the same author lands once.

    `owner` None: whoever is responsible for the household today, so that it goes with the household; somebody: it was
    given to that person on purpose and stays there. `source`: where it comes from, in words. Raises `NotAllowed` for
    whoever does not work with the household, `Refused` for an owner of another agency or who may not do it.
    """
    if not can(by, May.RECORD_CONTACT):
        raise NotAllowed(_("Tasks are set by those who work with households."))
    if household is not None:
        check_can_record_contact(by, household)
    with refusals():
        _lock(household, by)
        if first := landed(Task.objects, by=by, client_key=client_key):
            return first
        if owner is not None:
            _check_may_have(owner, by)
            if household is not None:
                check_not_barred([owner], [household.pk], field="owner")
        elif household is None:
            owner = by
        words = {"what": what.strip(), "source": source, "client_key": client_key}
        made = Task.objects.create(
            household=household, agency=by.agency, due_on=due_on, owner=owner, recorded_by=by, **words
        )
        record("task: set", made, by=by, data={"due_on": due_on.isoformat(), "owner": made.owner_id})
    return made


def hand(task, *, to, by, now, reason=""):
    """Give an open task to `to`, or (None) back to whoever is responsible for its household; return it.

    The same once more changes nothing. Raises `Refused` for one that is settled by now, and for somebody who may not
    have it.
    """
    _check_works(by)
    with refusals():
        lock(task.household)
        fresh = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
        if fresh.owner_id == getattr(to, "pk", None):
            return fresh
        if fresh.status != TaskStatus.OPEN:
            raise Refused(_("This task is settled already: %(state)s.") % {"state": fresh.get_status_display()})
        if to is not None:
            _check_may_have(to, by)
            check_not_barred([to], [fresh.household_id] if fresh.household_id else [], field="to")
        elif fresh.household_id is None:
            raise Refused(_("A task without a household belongs to somebody by name."), "to")
        before, fresh.owner = fresh.owner_id, to
        fresh.save(update_fields=["owner"])
        data = {"from": before, "to": fresh.owner_id}
        record("task: handed on", fresh, by=by, reason=reason.strip(), data=data)
    return fresh


def done(task, *, by, now):
    """Say that a task is done. Raises `NotNow` where it is settled already."""
    return TASK.perform(task, "done", by=by, settled_by=by, settled_at=now)


def drop(task, *, by, now, reason):
    """Say that a task is not needed any more, and why. Raises `NotNow`, `Refused` without a reason."""
    if not reason.strip():
        raise Refused(_("Please say why the task is not needed any more."), "reason")
    why = reason.strip()
    return TASK.perform(task, "drop", by=by, reason=why, dropped_because=why, settled_by=by, settled_at=now)


def reopen(task, *, by, now):
    """Open a task again that was settled by mistake. Raises `NotNow` for one that is open."""
    return TASK.perform(task, "reopen", by=by, settled_by=None, settled_at=None, dropped_because="")


VERBS: dict[str, Callable] = {"done": done, "drop": drop, "reopen": reopen, "hand": hand}


def snooze(*, kind, key, household, due_on, until, reason, by, on):
    """Put off what is due on `due_on` until it comes back on `until`; return the Snooze.

    `kind`, `key`: as the list of the day names it. Put off already: the one that holds comes back. Raises `Refused`
    for more than 14 days (our own criterion), without a reason, and always for a contact that is owed to a household
    in Emergency or High.
    """
    _check_works(by)
    if household is not None:
        check_can_record_contact(by, household)
    if kind == URGENT:
        raise Refused(_("A contact owed to a household in Emergency or High is not put off."))
    if not 0 < (until - on).days <= LONGEST_SNOOZE:
        raise Refused(_("Choose a day from tomorrow on, at most 14 days ahead."), "until")
    if not reason.strip():
        raise Refused(_("Please say why."), "reason")
    with refusals():
        lock(household)
        thing = Snooze.objects.filter(kind=kind, key=key, due_on=due_on, lifted_at=None)
        if held := thing.filter(until__gt=on, household=household).first():
            return held
        # One that ended by itself, or stood for another household, makes room; both stay on record.
        thing.update(lifted_at=day_begins(on), lifted_by=by)
        about = {"kind": kind, "key": key, "household": household, "due_on": due_on}
        made = Snooze.objects.create(**about, put_off_on=on, until=until, reason=reason.strip(), by=by)
        data = {"kind": kind, "key": key, "until": until.isoformat()}
        record("put off", made, by=by, reason=made.reason, data=data)
    return made


def lift(found, *, by, now):
    """Let what was put off come back at once; twice changes nothing."""
    _check_works(by)
    with refusals():
        ended = Snooze.objects.filter(pk=found.pk, lifted_at=None).update(lifted_at=now, lifted_by=by)
        if ended:
            record("put off: ended", found, by=by, data={"kind": found.kind, "key": found.key})
    return bool(ended)


def _lock(household, by):
    """Hold the household, or, where there is none, the author, so that a double tap lands once."""
    if household is None:
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    lock(household)


def _check_works(user):
    if not can(user, May.RECORD_CONTACT):
        raise PermissionDenied(_("This is for those who work with households."))


def _check_may_have(owner, by):
    if not may_have(by.agency_id).filter(pk=owner.pk).exists():
        raise Refused(_("Please choose somebody of your centre who works with households."), "owner")
