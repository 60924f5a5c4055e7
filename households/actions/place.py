"""Where a household lives, which centre answers for it, and who looks after it."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.agencies.models import Agency
from casework.audit.record import record
from households.actions.refusal import Refused
from households.actions.verb import close, lock, on_day, since, verb
from households.conflicts.barring import check_not_barred
from households.models import Assignment, Dwelling, Responsibility

MAIN = Assignment.Kind.MAIN


@verb
def change_district(household, *, district, town="", center=None, on, by):
    """Record that the household lives in another district, or town, from `on`; return the Dwelling.

    The centre stays responsible until another one takes over; `center` says which does, see `hand_over`.
    """
    lock(household)
    held = on_day(Dwelling.objects, on).filter(household=household).first()
    if center is not None:
        hand_over(household, center=center, on=on, by=by)
    if held and (held.district_id, held.town) == (district.pk, town):
        return held
    if held:
        close(held, on=on, by=by)
    home = Dwelling.objects.create(household=household, district=district, town=town, during=since(on), recorded_by=by)
    data = {"on": on.isoformat(), "district": str(district.pk), "center": center.pk if center else None}
    record("district_changed", household, by=by, household_id=household.pk, data=data)
    return home


def centres_for(district, *, on):
    """Return the Hana Centers that cover `district` on a day."""
    return Agency.objects.centres().covering(district, on=on)


@verb
def assign(household, *, worker, kind=MAIN, on, by, reason="", until=None):
    """Let `worker` look after the household from `on` (up to and including `until`); return the Assignment.

    A new main worker takes the place of the one until then. Assigning the same worker again changes nothing.
    """
    lock(household)
    held = on_day(Assignment.objects, on).filter(household=household, kind=kind)
    if same := held.filter(worker=worker).first():
        return same
    if not on_day(Responsibility.objects, on).filter(household=household, center=worker.agency_id).exists():
        raise Refused(
            _("%(worker)s does not work at the centre that answers for this household.") % {"worker": worker}, "worker"
        )
    check_not_barred([worker], [household], field="worker")
    if until is not None and until < on:
        raise Refused(_("The last day lies before the first."), field="until")
    if kind == MAIN:
        for old in held:
            close(old, on=on, by=by)
    during = DateRange(on, until, "[]") if until else since(on)
    made = Assignment.objects.create(
        household=household, worker=worker, kind=kind, reason=reason, during=during, recorded_by=by
    )
    data = {"on": on.isoformat(), "worker": worker.pk, "kind": str(kind)}
    record("assigned", household, by=by, household_id=household.pk, reason=reason, data=data)
    return made


@verb
def unassign(household, *, worker, kind=MAIN, on, by, reason):
    """End a worker's assignment: `on` is the first day without it. Nothing to end changes nothing."""
    lock(household)
    held = on_day(Assignment.objects, on).filter(household=household, worker=worker, kind=kind).first()
    if held is None:
        return None
    closed = close(held, on=on, by=by)
    data = {"on": on.isoformat(), "worker": worker.pk, "kind": str(kind)}
    record("unassigned", household, by=by, household_id=household.pk, reason=reason, data=data)
    return closed


@verb
def hand_over(household, *, center, on, by):
    """Make `center` answer for the household from `on`; return the Responsibility. Called by a transfer, never alone.

    The work of the old centre's people ends with that day, also what was planned for later: the new centre says who
    looks after the file.
    """
    lock(household)
    held = on_day(Responsibility.objects, on).filter(household=household).first()
    if held and held.center_id == center.pk:
        return held
    if held:
        close(held, on=on, by=by)
        # Those planned for later too: a substitute of the old centre must not come back to a file it no longer keeps.
        for task in Assignment.objects.current().filter(household=household, during__overlap=since(on)).order_by("id"):
            close(task, on=max(on, task.during.lower or on), by=by)
    duty = Responsibility.objects.create(household=household, center=center, during=since(on), recorded_by=by)
    data = {"on": on.isoformat(), "center": center.pk, "from": held.center_id if held else None}
    record("handed_over", household, by=by, household_id=household.pk, data=data)
    return duty
