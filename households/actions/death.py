"""The death of a person: one verb ends what must not run on, and opens what is owed afterwards; a mistake is undone.

The record stays whole: nobody is deleted. Telephone, protection, consents and membership end with the day of death; the
people who look after the household end with it where nobody is left there.
"""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.facts import supersede
from households.actions.circle import end_membership
from households.actions.refusal import Refused
from households.actions.verb import lock, lock_person, on_day, since, verb
from households.deaths.ended import EMPTY, OF_PERSON, difference, dropped, give_back, plan_again, standing
from households.deaths.following import Death, follow
from households.deaths.records import records_of
from households.deaths.reopening import reopen_deceased
from households.deaths.reported import unconfirmed, was_living
from households.deaths.workflow import DEATH_REVIEW
from households.models import (
    Assignment,
    BereavedStep,
    Contact,
    DeathReview,
    Household,
    Membership,
    Residence,
    Responsibility,
)


@verb
def record_death(person, *, on, by, new_head=None):
    """Record that the person died on `on`, and end with that day what must not name the person as living again, in
    every record that is linked to this one.

    Raises `Refused` (field `new_head`) when the head dies and nobody of those who stay was named to follow, and where
    the death is on record already.
    """
    records = records_of(person)
    held = _held(records, on)
    homes = list({one.household_id: one.household for one in held}.values())
    lock(*homes)
    for one in sorted(records, key=lambda one: one.pk):
        lock_person(one)
    held = _held(records, on)  # again, now that nobody moves them
    told = unconfirmed().filter(person__in=records, during__overlap=since(on))
    told = list(told.order_by("id"))  # by a file, which this confirms, also where a later one took it back
    dead = _running(Residence, on).filter(person=person, status=Residence.Status.DECEASED)
    if dead.exclude(pk__in=[one.pk for one in told]).exists():
        raise Refused(_("This death is on record already."), field="on")
    before = standing(records, homes)
    for one in told:
        was_living(one, on=on, by=by)
    _end_memberships(held, person, on=on, by=by, new_head=new_head)
    emptied = [home for home in homes if not _running(Membership, on).filter(household=home).exists()]
    _end([row for model in OF_PERSON for row in _running(model, on).filter(person__in=records).order_by("id")], on, by)
    for one in records:
        Residence.objects.create(person=one, status=Residence.Status.DECEASED, during=since(on), recorded_by=by)
    plans = []
    for home in homes:
        record("death_recorded", person, by=by, household_id=home.pk, data={"on": on.isoformat()})
        plans += _drop_plans(home, records, home in emptied, by)
    review = _open_review(person, homes, on, by)
    if review is not None:
        deaths = [Death(one, on, by, review.opened_at, tuple(homes), tuple(emptied)) for one in records]
        review.told = list(dict.fromkeys(said for death in deaths for said in follow(death)))
    # Last, for whoever looks after the household may do what follows as long as they do.
    _end(_running(Assignment, on).filter(household__in=emptied).order_by("id"), on, by)
    if review is not None:
        review.ended = [*difference(before, standing(records, homes)), *plans]
        review.save(update_fields=["told", "ended"])
    return person


@verb
def correct_death(review, *, by, now, reason):
    """Record that the person is alive: what ended returns as it was, and the DeathReview is withdrawn; return it.

    A case that was closed because of the death is reopened, or `review.told` says who does so. What others were told
    since cannot be taken back: somebody has to tell them. Raises `Refused` where something was changed again since.
    """
    lock(review.household)
    lock_person(review.person)
    DEATH_REVIEW.check(review, "mistaken", by)
    if not review.ended:
        raise Refused(_("This death was told by the file of the register: please correct it there."), field="reason")
    fresh = DEATH_REVIEW.perform(review, "mistaken", by=by, reason=reason, mistake=reason.strip())
    give_back(fresh.ended, by=by)
    if said := reopen_deceased(fresh, by=by, now=now, reason=reason):
        fresh.told = [*fresh.told, *said]
        fresh.save(update_fields=["told"])
    record("death_corrected", fresh.person, by=by, household_id=fresh.household_id, reason=reason)
    return fresh


@verb
def write_review(review, *, by, now, finish=False, **words):
    """Keep what the review of a death says (`known`, `last_contact`, `waits`, `learnt`), and finish it where asked;
    return the fresh row. Saved with the same words it changes nothing."""
    fresh = DeathReview.objects.get(pk=review.pk)
    said = {name: text.strip() for name, text in words.items()}
    DEATH_REVIEW.check(fresh, "finish" if finish else "write", by)
    if finish:
        if not said.get("known", fresh.known):
            raise Refused(_("Write what was known before you finish the review."), field="known")
        return DEATH_REVIEW.perform(fresh, "finish", by=by, finished_by=by, finished_at=now, **said)
    if all(getattr(fresh, name) == text for name, text in said.items()):
        return fresh
    return DEATH_REVIEW.perform(fresh, "write", by=by, **said)


@verb
def record_bereaved(review, *, kind, done_on, by, on, words=""):
    """Record that something was done for those who stay; return the BereavedStep. The same twice changes nothing."""
    lock(review.household)
    if not review.died_on <= done_on <= on:
        raise Refused(_("The day lies after the death, and not in the future."), field="done_on")
    if first := BereavedStep.objects.filter(review=review, kind=kind).first():
        return first
    made = BereavedStep.objects.create(review=review, kind=kind, done_on=done_on, words=words.strip(), recorded_by=by)
    record("bereaved_step_recorded", review, by=by, household_id=review.household_id, data={"kind": str(kind)})
    return made


def _held(records, on):
    """Return the memberships of the day and later of all records of a person, the person's own of the day first."""
    person = records[0]
    rows = _running(Membership, on).filter(person__in=records).select_related("household", "person").order_by("id")
    return sorted(rows, key=lambda one: (one.person_id != person.pk, _later(one, on), one.pk))


def _later(fact, on):
    return fact.during.lower is not None and fact.during.lower > on


def _end_memberships(held, person, *, on, by, new_head):
    """End `held` with the day; what was to begin later never holds. The heads go last: their own second record does not
    stay behind. Raises `Refused` where a head goes and the household of that record has to name another first."""
    own = {one.household_id for one in held if one.person_id == person.pk and not _later(one, on)}
    for one in sorted(held, key=lambda one: (one.role == Membership.Role.HEAD, one.pk)):
        if _later(one, on) or one.household_id not in own:
            _check_head_elsewhere(one, on)
        if _later(one, on):
            supersede(one, by=by, during=EMPTY)
            continue
        follows = one.household_id in own and one.kind == Household.Kind.LIVING
        end_membership(one, on=on, by=by, new_head=new_head if follows else None)


def _check_head_elsewhere(held, on):
    others = _running(Membership, on).filter(household=held.household_id).exclude(person=held.person_id)
    if held.role == Membership.Role.HEAD and others.exists():
        said = _(
            "%(record)s is the head of household %(number)s. Name another head there first, then record the death."
        )
        raise Refused(said % {"record": held.person.case_number, "number": held.household.number}, field="new_head")


def _end(rows, on, by):
    """End facts with the day; what was to begin later never holds."""
    for row in rows:
        first = row.during.lower
        supersede(row, by=by, during=EMPTY if first and first >= on else DateRange(first, on))


def _running(model, on):
    return model.objects.current().filter(during__overlap=since(on))


def _drop_plans(home, records, empty, by):
    """Drop the next contact that was planned with the person alone, or with a home in which nobody is left; return what
    brings it back.

    The note stays its author's own; who dropped the plan stands in the Event.
    """
    latest = Contact.objects.current().filter(household=home).order_by("-occurred_at", "-id").first()
    if latest is None or latest.next_at is None:
        return []
    spoken = set(latest.participants.values_list("person_id", flat=True))
    if not empty and not (spoken and spoken <= {one.pk for one in records}):
        return []
    next_at, channel = latest.next_at, latest.next_channel
    version = plan_again(latest, next_at=None, next_channel="")
    record("planned_contact_dropped", version, by=by, data={"fact": version.fact_id})
    return [dropped(version, next_at, channel)]


def _open_review(person, homes, on, by):
    """Open the review of the death at the home the person lived in; None where the person belonged to no household."""
    home = next((one for one in homes if one.kind == Household.Kind.LIVING), homes[0] if homes else None)
    if home is None:
        return None
    duty = on_day(Responsibility.objects, on).filter(household=home).first()
    centre = duty.center_id if duty else by.agency_id
    review = DeathReview.objects.create(person=person, household=home, centre_id=centre, died_on=on, opened_by=by)
    review.refresh_from_db(fields=["opened_at"])
    record("death review opened", review, by=by)
    return review


__all__ = ["correct_death", "record_bereaved", "record_death", "write_review"]
