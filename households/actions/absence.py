"""Days on which a worker is away: a substitute has the households for those days, and they come back by themselves."""

from datetime import timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.facts import supersede
from households.actions.many import close_all
from households.actions.refusal import NotAllowed, Refused
from households.actions.verb import verb
from households.models import Absence, Assignment

LONGEST = timedelta(days=366)


@verb
def record_absence(worker, *, first, last, substitute, by, kind=Absence.Kind.LEAVE):
    """Record that `worker` is away from `first` up to and including `last`; return the Absence.

    `substitute` (None: nobody) looks after the worker's households on those days beside the worker, who remains
    responsible; days on which the substitute has a household anyway are left as they are. Recorded again with the same
    days, it gives the substitute what came in between.
    """
    check_can_record_absence(by, worker)
    during = DateRange(first, last, "[]")
    if last < first or last - first > LONGEST:
        raise Refused(_("The last day lies after the first, within a year."), field="last")
    if substitute is not None:
        _check_substitute(worker, substitute, during)
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=worker.pk)
    held = Absence.objects.current().filter(worker=worker, during=DateRange(first, last + timedelta(days=1))).first()
    if held and held.substitute_id != getattr(substitute, "pk", None):
        raise Refused(_("Other days, or another substitute, are recorded already. End that absence first."))
    made = held or Absence.objects.create(
        worker=worker, substitute=substitute, kind=kind, during=during, recorded_by=by
    )
    given = _give(made, substitute, first, last, by) if substitute else 0
    if held is None or given:
        days = {"first": first.isoformat(), "last": last.isoformat()}
        record("absence_recorded", worker, by=by, data={**days, "substitute": made.substitute_id, "households": given})
    return made


@verb
def end_absence(absence, *, on, by):
    """Let an absence end early: `on` is the first day back. What the substitute has because of it ends too, what
    somebody assigned by hand stays. Twice changes nothing."""
    check_can_record_absence(by, absence.worker)
    current = Absence.objects.current().select_for_update(of=("self",)).get(fact_id=absence.fact_id)
    if current.during.isempty or current.during.upper <= on:
        return current
    first = max(on, current.during.lower)
    rows = Assignment.objects.current().filter(
        absence=current.fact_id, kind=Assignment.Kind.SUBSTITUTE, during__endswith__gt=first
    )
    close_all(list(rows.order_by("id").values_list("id", flat=True)), on=first, by=by)
    begun = current.during.lower
    during = DateRange(empty=True) if first == begun else DateRange(begun, first)
    ended = supersede(current, by=by, during=during)
    record("absence_ended", current.worker, by=by, data={"on": first.isoformat()})
    return ended


def standing_in(users, now):
    """Return {id of who is away on the day of `now`: id of who stands in} of those of `users` (ids), where the one who
    stands in is at work. One query."""
    today = Absence.objects.current().during(seoul_day(now))
    rows = today.filter(worker__in=users, substitute__isnull=False, substitute__is_active=True)
    rows = rows.exclude(substitute__in=today.order_by().values("worker"))
    return dict(rows.order_by("id").values_list("worker", "substitute"))


def check_can_record_absence(user, worker):
    """Raise `NotAllowed` unless the user assigns work at the agency where `worker` works."""
    if not can(user, May.ASSIGN):
        raise NotAllowed(_("Absences are recorded by the supervisor or the head of the centre."))
    if worker.agency_id != user.agency_id:
        raise NotAllowed(_("Absences are recorded at the centre where the person works."))


def _check_substitute(worker, substitute, during):
    able = User.objects.who_may(May.SEE_CASELOAD).filter(pk=substitute.pk, agency=worker.agency_id)
    if substitute.pk == worker.pk or not able.exists():
        raise Refused(_("Please choose somebody else of the centre who looks after households."), field="substitute")
    if Absence.objects.current().filter(worker=substitute, during__overlap=during).exists():
        raise Refused(_("%(name)s is away on some of these days too.") % {"name": substitute}, field="substitute")


def _give(absence, substitute, first, last, by):
    """Make the substitute one of every household of the worker for the days that overlap and on which the substitute
    has not got it, without those from which a conflict of interest bars them; return how many households."""
    words = str(_("stands in for %(name)s") % {"name": absence.worker})
    days = [first, last]
    values = [*days, absence.worker_id, substitute.pk, substitute.pk, substitute.pk, words, absence.fact_id, by.pk]
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, values)
        return cursor.fetchone()[0]


_GIVEN = """
WITH away AS (SELECT daterange(%s, %s, '[]') AS days),
given AS (
    SELECT main.household_id, left_over.days
    FROM away
    JOIN households_assignment main ON main.worker_id = %s AND main.kind = 'main' AND main.superseded_at IS NULL
        AND main.during && away.days
    CROSS JOIN LATERAL unnest(datemultirange(main.during * away.days) - COALESCE((
        SELECT range_agg(own.during) FROM households_assignment own
        WHERE own.household_id = main.household_id AND own.worker_id = %s AND own.superseded_at IS NULL
            AND own.kind IN ('main', 'substitute')
    ), '{}')) AS left_over (days)
    WHERE NOT EXISTS (
        SELECT FROM households_conflictofinterest conflict
        JOIN households_membership member ON member.superseded_at IS NULL AND NOT isempty(member.during)
            AND (member.person_id = conflict.person_id OR EXISTS (
                SELECT FROM households_personlink link
                WHERE link.status = 'linked' AND ((link.person_id, link.duplicate_id) IN (
                    (conflict.person_id, member.person_id), (member.person_id, conflict.person_id)
                ))
            ))
        WHERE conflict.user_id = %s AND conflict.superseded_at IS NULL AND conflict.during @> CURRENT_DATE
            AND member.household_id = main.household_id
    )
),
made AS (
    INSERT INTO households_assignment (household_id, worker_id, kind, reason, absence, during, recorded_by_id)
    SELECT household_id, %s, 'substitute', %s, %s, days, %s FROM given ORDER BY household_id, days
    RETURNING household_id
)
SELECT count(DISTINCT household_id) FROM made
"""
