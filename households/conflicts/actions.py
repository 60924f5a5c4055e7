"""Saying that a conflict of interest exists, and ending it: by the worker for oneself, or by who assigns the work."""

from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from households.actions.refusal import NotAllowed
from households.actions.verb import close, lock, lock_person, since, verb
from households.conflicts import telling
from households.models import Assignment, ConflictOfInterest, Household, Membership, Person, Task
from households.models.duplicate import either_record


def check_may_declare(by, user):
    """Raise `NotAllowed` unless `by` speaks for oneself, or assigns the work of the agency where `user` works."""
    if not can(by, May.SEE_CASELOAD):
        raise NotAllowed(_("Conflicts of interest are recorded by those who look after households."))
    if by.pk != user.pk and not (can(by, May.ASSIGN) and by.agency_id == user.agency_id):
        raise NotAllowed(_("For somebody else the supervisor or the head of the centre records it."))


@verb
def declare(person, *, user, kind, words="", by, now):
    """Record from today on that `user` has a conflict of interest with `person`; return the ConflictOfInterest.

    The user loses the person's households at once: assignments of today and later end with it, open tasks go back to
    the households, and who assigns the work is told. Said again while it stands, it is kept once. Raises `NotAllowed`.
    """
    check_may_declare(by, user)
    if not Person.objects.visible_to(by).filter(pk=person.pk).exists():
        if same := _standing(person, user):
            return same
        raise NotAllowed(_("Only of people whose household one sees."))
    return stand_back(person, user=user, kind=kind, words=words, by=by, now=now, homes=homes_of(person))


def stand_back(person, *, user, kind, words, by, now, homes):
    """Write down a conflict of interest and take the user's work in `homes` away, inside the verb of whoever checked
    that `by` may say so; return the ConflictOfInterest."""
    on = seoul_day(now)
    lock(*homes)
    lock_person(person)
    if same := _standing(person, user):
        return same
    made = ConflictOfInterest.objects.create(
        person=person, user=user, kind=kind, words=words.strip(), during=since(on), recorded_by=by
    )
    left = _stop_work(user, homes, on, by)
    _give_back_tasks(user, homes, by)
    for home in homes:
        data = {"user": user.pk, "left": home.pk in left}
        record("conflict_declared", person, by=by, household_id=home.pk, data=data)
    telling.who_assigns(user, [home.number for home in homes if home.pk in left], made, by=by, now=now)
    return made


@verb
def end(conflict, *, by, now):
    """Record that a conflict of interest is over from today; twice changes nothing.

    By somebody else than the one it is about, who assigns the work there. Nothing is given back by itself.
    """
    check_may_end(by, conflict)
    lock_person(conflict.person)
    held = ConflictOfInterest.objects.current().filter(fact_id=conflict.fact_id).first()
    if held is None or held.during.isempty or held.during.upper is not None:
        return held
    ended = close(held, on=seoul_day(now), by=by)
    record("conflict_ended", conflict.person, by=by, data={"user": conflict.user_id})
    return ended


def check_may_end(by, conflict):
    """Raise `NotAllowed` unless `by` assigns work at the centre that keeps the file and is not the one concerned."""
    if by.pk == conflict.user_id:
        raise NotAllowed(_("A conflict of interest is ended by somebody else than the one it is about."))
    if not can(by, May.ASSIGN):
        raise NotAllowed(_("A conflict of interest is ended by the supervisor or the head of the centre."))


def homes_of(person):
    """Return the households to which the person belongs or ever belonged, under this record or one that is linked."""
    one = Person.objects.filter(pk=person.pk).order_by().values("pk")
    rows = Membership.objects.current().filter(person__in=either_record(one), during__isempty=False)
    return list(Household.objects.filter(pk__in=rows.order_by().values("household")).order_by("pk"))


def staff_for(by):
    """Return the people of whom `by` may record a conflict: oneself, or everybody at one's centre."""
    if can(by, May.ASSIGN):
        return User.objects.who_may(May.SEE_CASELOAD).people().filter(agency=by.agency_id).order_by("name", "id")
    return User.objects.filter(pk=by.pk).order_by("id")


def _standing(person, user):
    return ConflictOfInterest.objects.standing().filter(person=person, user=user).first()


def _stop_work(user, homes, on, by):
    """End the user's assignments in the households, also those planned for later; return the keys of the households."""
    rows = Assignment.objects.current().filter(worker=user, household__in=homes, during__overlap=since(on))
    left = set()
    for held in rows.select_related("household").order_by("id"):
        close(held, on=max(on, held.during.lower or on), by=by)
        data = {"on": on.isoformat(), "worker": user.pk, "kind": str(held.kind)}
        record("unassigned", held.household, by=by, household_id=held.household_id, data=data)
        left.add(held.household_id)
    return left


def _give_back_tasks(user, homes, by):
    """Give the user's open tasks in the households back to whoever is responsible there."""
    for task in Task.objects.open().filter(owner=user, household__in=homes).select_for_update(of=("self",)):
        task.owner = None
        task.save(update_fields=["owner"])
        record("task: handed on", task, by=by, data={"from": user.pk, "to": None})
