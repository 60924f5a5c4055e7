"""The verbs of a handover before the move: announced by the Ministry, accepted or declined by the centre."""

from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow
from households.actions.place import centres_for
from households.actions.refusal import NotAllowed, Refused, refusals
from households.handover import telling
from households.handover.workflow import HANDOVER, HandoverStatus
from households.models import Handover, HandoverPerson, HandoverStep, Household

FIELDS = (
    "center",
    "district",
    "moves_on",
    "cohort",
    "language",
    "interpreter",
    "woman_worker",
    "first_day",
)


def check_may_announce(user):
    """Raise `NotAllowed` unless the user is an officer of the Ministry, to which Hanawon belongs."""
    if not can(user, May.DECIDE_PROTECTION):
        raise NotAllowed(_("Households from Hanawon are announced by the officers of the Ministry."))


def announce(*, by, now, people, client_key=None, **said):
    """Put a coming household on the list of its centre; return the Handover.

    `people`: dicts of the fields of HandoverPerson, one of them the head; `said`: FIELDS. The same `client_key` of the
    same author lands once. Raises `NotAllowed`, and `Refused` with the sentence.
    """
    check_may_announce(by)
    if first := landed(Handover.objects, by=by, client_key=client_key, author="announced_by"):
        return first
    if sum(one["role"] == "head" for one in people) != 1:
        raise Refused(_("One of the people who are coming is the head of the household."))
    _check_covers(said["center"], said["district"], said["moves_on"])
    with refusals():
        made = Handover.objects.create(
            announced_by=by, announced_at=now, client_key=client_key, **{name: said[name] for name in FIELDS}
        )
        ordered = sorted(people, key=lambda one: one["role"] != "head")
        HandoverPerson.objects.bulk_create(
            HandoverPerson(handover=made, place=place, **one) for place, one in enumerate(ordered, 1)
        )
        record("handover announced", made, by=by, data={"people": len(people), "center": made.center_id})
        telling.the_centre(made, by=by, now=now)
    return made


def accept(handover, *, by, now, worker):
    """Take the household on and name who will look after it; of two who accept at once, one wins."""
    with refusals():
        held = locked(handover)
        HANDOVER.check(held, "accept", by)
        _check_worker(held, worker)
        fresh = HANDOVER.perform(held, "accept", by=by, worker=worker, accepted_by=by, accepted_at=now)
        telling.the_worker(fresh, by=by, now=now)
    return fresh


def name(handover, *, by, now, worker):
    """Name another worker; the same one once more changes nothing."""
    with refusals():
        held = locked(handover)
        HANDOVER.check(held, "name", by)
        if held.worker_id == worker.pk:
            return held
        _check_worker(held, worker)
        fresh = HANDOVER.perform(held, "name", by=by, worker=worker, data={"was": held.worker_id})
        telling.the_worker(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def decline(handover, *, by, now, reason):
    """Send the handover back to the Ministry with the reason."""
    fresh = HANDOVER.perform(handover, "decline", by=by, reason=reason, why=reason)
    telling.the_ministry(fresh, by=by, now=now)
    return fresh


def readdress(handover, *, by, now, center, district):
    """Address a handover that came back to a centre, the same or another."""
    with refusals():
        held = locked(handover)
        HANDOVER.check(held, "readdress", by)
        _check_covers(center, district, held.moves_on)
        data = {"was": held.center_id}
        fresh = HANDOVER.perform(held, "readdress", by=by, center=center, district=district, data=data)
        telling.the_centre(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def postpone(handover, *, by, now, moves_on):
    """Change the expected day of the move, before and after the centre accepted; the same day changes nothing."""
    held = locked(handover)
    verb = "move_day" if held.status == HandoverStatus.ACCEPTED else "postpone"
    HANDOVER.check(held, verb, by)
    if held.moves_on == moves_on:
        return held
    data = {"was": held.moves_on.isoformat(), "day": moves_on.isoformat()}
    fresh = HANDOVER.perform(held, verb, by=by, moves_on=moves_on, data=data)
    telling.the_centre(fresh, by=by, now=now, kind="handover_changed")
    telling.the_worker(fresh, by=by, now=now, kind="handover_changed")
    return fresh


@transaction.atomic
def withdraw(handover, *, by, now, reason):
    """Take the household off the list, with the reason; what was written stays."""
    fresh = HANDOVER.perform(handover, "withdraw", by=by, reason=reason, why=reason)
    telling.the_centre(fresh, by=by, now=now, kind="handover_changed")
    telling.the_worker(fresh, by=by, now=now, kind="handover_changed")
    return fresh


def tick(handover, step, *, by, now, done_on):
    """Record that a step after the move was done on a day; said twice it is kept once. Returns the standing row."""
    if done_on > seoul_day(now):
        raise Refused(_("This day lies in the future."), field="done_on")
    return _tick(handover, step, by=by, done=True, done_on=done_on)


def take_back(handover, step, *, by):
    """Say that a step is not done after all, by a new row; said twice it is kept once."""
    return _tick(handover, step, by=by, done=False, done_on=None)


def check_may_tick(user, handover):
    """Raise `NotAllowed` unless the user keeps the household's file and records contacts there."""
    if not can(user, May.RECORD_CONTACT):
        raise NotAllowed(_("The first steps are recorded by case managers, counsellors and supervisors."))
    if not Household.objects.kept_by(user).filter(pk=handover.household_id).exists():
        raise NotAllowed(_("The first steps are recorded by the centre that keeps the file."))


def _tick(handover, step, *, by, done, done_on):
    with refusals():
        held = locked(handover)
        if held.status != HandoverStatus.MOVED_IN:
            raise NotNow(held.status)
        check_may_tick(by, held)
        last = HandoverStep.objects.filter(handover=held, step=step).order_by("-id").first()
        if (last.done, last.done_on) == (done, done_on) if last else not done:
            return last
        made = HandoverStep.objects.create(handover=held, step=step, done=done, done_on=done_on, recorded_by=by)
        data = {"step": str(step), "on": done_on.isoformat() if done_on else None}
        record("handover step done" if done else "handover step taken back", held, by=by, data=data)
    return made


def locked(handover):
    """Return the handover as it stands now, held until the transaction ends."""
    return Handover.objects.select_for_update(of=("self",)).select_related("center", "district").get(pk=handover.pk)


def workers_for(handover):
    """Return the people of the centre who look after households there, by name."""
    return User.objects.who_may(May.SEE_CASELOAD).people().filter(agency=handover.center_id).order_by("name", "id")


def _check_worker(handover, worker):
    if not workers_for(handover).filter(pk=worker.pk).exists():
        raise Refused(_("This person does not look after households at this centre."), field="worker")


def _check_covers(center, district, on):
    if not centres_for(district, on=on).filter(pk=center.pk).exists():
        raise Refused(_("This centre does not cover the district."), field="center")
