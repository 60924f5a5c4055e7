"""Writing an education record, and putting it right."""

from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.facts import supersede
from casework.landing import landed
from households.actions.refusal import NotAllowed, Refused
from households.actions.rights import check_can_state
from households.actions.verb import lock_person, verb
from households.models import CourseRecord, Household, Membership

FIELDS = ("kind", "title", "begins_on", "ends_on", "hours", "result", "reason", "place")


def home_for(user, person):
    """Return the household of the person whose file the user's centre keeps, the one of today first, or None."""
    kept = Household.objects.kept_by(user).order_by().values("pk")
    rows = Membership.objects.current().filter(person=person, household__in=kept, during__isempty=False)
    row = rows.select_related("household").order_by("-during", "-id").first()
    return row.household if row else None


def check_may_record(user, person):
    """Raise `NotAllowed` unless the user records circumstances at the centre that keeps the person's file."""
    home = home_for(user, person)
    if home is None:
        raise NotAllowed(_("Education is recorded by the centre that keeps the file."))
    check_can_state(user, home)


@verb
def record_course(person, *, by, now, client_key=None, **said):
    """Record a course of a person; `said`: FIELDS. The same `client_key` of the same author lands once.

    Raises `NotAllowed`, and `Refused` with the field where what is said does not hold together.
    """
    if first := landed(CourseRecord.objects.current(), by=by, client_key=client_key):
        return first
    check_may_record(by, person)
    _check(said, seoul_day(now))
    lock_person(person)
    if first := landed(CourseRecord.objects.current(), by=by, client_key=client_key):
        return first
    made = CourseRecord.objects.create(person=person, recorded_by=by, client_key=client_key, **said)
    _told("course_recorded", made, by)
    return made


@verb
def correct_course(course, *, by, now, **said):
    """Put a record right by a new version; the same words once more change nothing. Raises as `record_course`."""
    check_may_record(by, course.person)
    _check(said, seoul_day(now))
    lock_person(course.person)
    if all(getattr(course, name) == value for name, value in said.items()):
        return course
    made = supersede(course, by=by, **said)
    _told("course_corrected", made, by)
    return made


def _check(said, on):
    if said["result"] != CourseRecord.Result.COMPLETED and not said["reason"]:
        raise Refused(_("Please say why the course was not attended, or only in part."), field="reason")
    if said["result"] == CourseRecord.Result.COMPLETED and (said["ends_on"] or said["begins_on"]) > on:
        raise Refused(_("A course is completed on its last day, not before."), field="ends_on")
    if said["ends_on"] and said["ends_on"] < said["begins_on"]:
        raise Refused(_("The last day lies before the first."), field="ends_on")


def _told(word, made, by):
    home = home_for(by, made.person)
    data = {"course": made.fact_id, "kind": str(made.kind), "result": str(made.result)}
    record(word, made.person, by=by, household_id=home.pk if home else None, data=data)
