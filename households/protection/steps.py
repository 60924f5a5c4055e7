"""The centre's steps before a last day: done once each, taken back by their author within a day."""

from django.utils.translation import gettext as _

from casework.audit.record import record
from households.actions.refusal import Refused
from households.actions.stated import check_can_withdraw, landed_version, take_back
from households.actions.verb import lock_person, verb
from households.models import EndStep, Membership, ProtectionPeriod
from households.models.circle import TODAY
from households.protection.dates import steps_before


def last_day_of(person):
    """Return the last day of a person's residence protection, extensions counted in; None where there is none."""
    rows = ProtectionPeriod.objects.filter(person=person).last_of_runs()
    upper = rows.order_by("id").values_list("during__endswith", flat=True).first()
    return upper and upper.fromordinal(upper.toordinal() - 1)


@verb
def record_step(person, *, step, last_day, done_on, by, result="", words="", client_key=None):
    """Keep that a step before `last_day` was done on a day, and what came of it; return the EndStep.

    `step`, `result`: words of EndStep; the plan for afterwards has `words` and no result. The same step twice, or the
    same `client_key` of the same author, changes nothing. Raises `Refused` when the last day is another by now, or the
    day of the step has not come.
    """
    lock_person(person)
    if made := landed_version(EndStep, by, client_key):
        return made
    if held := EndStep.objects.current().filter(person=person, last_day=last_day, step=step).first():
        return held
    if last_day_of(person) != last_day:
        raise Refused(_("The last day of protection was changed in between. Please look at the new steps."))
    due = next(one for one in steps_before(last_day) if one.step == step)
    if done_on < due.on and step != "review":
        raise Refused(_("This step belongs to the days from %(day)s on.") % {"day": due.on.isoformat()}, "done_on")
    made = EndStep.objects.create(
        person=person,
        step=step,
        last_day=last_day,
        done_on=done_on,
        result=result,
        words=words.strip(),
        recorded_by=by,
        client_key=client_key,
    )
    note("end_step_recorded", person, by=by, on=done_on, data={"step": step, "last_day": last_day.isoformat()})
    return made


@verb
def take_back_step(step, *, by, now):
    """Take back a step that was recorded by mistake, within 24 hours by its author; twice changes nothing.

    Raises `Refused` for somebody else's entry and after the 24 hours.
    """
    lock_person(step.person)
    current = EndStep.objects.current().filter(fact_id=step.fact_id).first()
    if current is None:
        return step
    check_can_withdraw(current, by, now=now)
    take_back(current)
    note("end_step_taken_back", step.person, by=by, on=step.done_on, data={"step": step.step})
    return step


def note(verb_name, person, *, by, on, data, reason=""):
    """Write the Event, about the day `on`, at the household in which the person lives today: who looks after it reads
    it."""
    homes = Membership.objects.current().filter(person=person, during__contains=TODAY, kind="living").order_by("id")
    home = homes.values_list("household_id", flat=True).first()
    record(verb_name, person, by=by, household_id=home, reason=reason, data={**data, "on": on.isoformat()})
