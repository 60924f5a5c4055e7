"""Giving many households to others at once, and taking that back: a few statements, whatever their number."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.audit.record import record, record_each
from casework.landing import landed
from households.actions.refusal import Refused
from households.actions.verb import on_day, since, verb
from households.conflicts.barring import check_pairs_not_barred
from households.models import Assignment, Household, Reassigned, Reassignment, Responsibility

MOST = 300
UNDO_FOR = timedelta(hours=24)
MAIN = Assignment.Kind.MAIN
NAMED = 3


@dataclass(frozen=True)
class Move:
    """One household to be given to a worker (ids).

    `was`: the row of the main assignment as it was seen when the move was planned, None where nobody looked after it:
    whoever plans on old news is told so, and nothing is changed.
    """

    household: int
    worker: int | None
    was: int | None


@verb
def reassign(moves, *, on, by, reason="", client_key=None):
    """Give each household of `moves` to its worker from `on`, all or none; return the Reassignment.

    At most MOST. The same `client_key` of the same author lands once. Raises `Refused` when a household changed hands
    since it was planned, is not the centre's, or a worker cannot carry a caseload there.
    """
    if first := landed(Reassignment.objects, by=by, client_key=client_key):
        return first
    if not moves:
        raise Refused(_("Please choose households and who is to look after them."))
    if len(moves) > MOST:
        raise Refused(_("At most %(n)s households can be given at once.") % {"n": MOST})
    return _reassign(moves, on=on, by=by, reason=reason, client_key=client_key)


@verb
def undo_reassignment(made, *, now, on, by):
    """Give every household of a Reassignment back to whoever had it, by a new statement; return that Reassignment.

    Within 24 hours, and only if none of them changed hands since; twice changes nothing.
    """
    rows = {row.household_id: row for row in made.rows.order_by("household_id")}
    _lock(rows)
    if back := Reassignment.objects.filter(undoes=made).first():
        return back
    if made.undoes_id is not None:
        raise Refused(_("What was taken back cannot be taken back again: give the work anew."))
    if now - made.recorded_at > UNDO_FOR:
        raise Refused(_("This can be taken back for 24 hours. Please give the work anew."))
    held = _held(rows, on)
    changed = [key for key, row in rows.items() if (held[key].fact_id if key in held else None) != row.made]
    if changed:
        raise Refused(_changed(changed))
    before = _before([row.was for row in rows.values() if row.was])
    moves = [
        Move(key, before[row.was].worker_id if row.was else None, held[key].pk if key in held else None)
        for key, row in rows.items()
    ]
    until = {key: before[row.was].during.upper for key, row in rows.items() if row.was}
    return _reassign(moves, on=on, by=by, reason=made.reason, undoes=made, until=until)


def can_undo(made, *, now):
    """Tell whether a Reassignment is young enough, no undoing itself and not taken back yet."""
    return made.undoes_id is None and not hasattr(made, "undone") and now - made.recorded_at <= UNDO_FOR


def _reassign(moves, *, on, by, reason, client_key=None, undoes=None, until=None):
    households = _lock(move.household for move in moves)
    # A double tap waited for the lock: what the first tap did has landed meanwhile.
    if first := landed(Reassignment.objects, by=by, client_key=client_key):
        return first
    _check_ours(households, on, by)
    _check_workers({move.worker for move in moves if move.worker}, by)
    check_pairs_not_barred((move.worker, move.household) for move in moves if move.worker)
    held = _held(households, on)
    changed = [m.household for m in moves if (held[m.household].pk if m.household in held else None) != m.was]
    if changed:
        raise Refused(_changed(changed))
    moves = [m for m in moves if m.worker != (held[m.household].worker_id if m.household in held else None)]
    close_all([move.was for move in moves if move.was], on=on, by=by)
    ends = until or {key: row.during.upper for key, row in held.items()}
    Assignment.objects.bulk_create(
        Assignment(
            household_id=move.household,
            worker_id=move.worker,
            kind=MAIN,
            reason=reason,
            during=DateRange(on, ends.get(move.household)) if ends.get(move.household) else since(on),
            recorded_by=by,
        )
        for move in moves
        if move.worker
    )
    return _kept(moves, held, households, on, by, reason, client_key, undoes)


def _kept(moves, held, households, on, by, reason, client_key, undoes):
    made = Reassignment.objects.create(
        center_id=by.agency_id, reason=reason, recorded_by=by, client_key=client_key, undoes=undoes
    )
    now = _held([move.household for move in moves], on)
    Reassigned.objects.bulk_create(
        Reassigned(
            reassignment=made,
            household_id=move.household,
            was=held[move.household].fact_id if move.household in held else None,
            made=now[move.household].fact_id if move.household in now else None,
        )
        for move in moves
    )
    about = {m.household: {"on": on.isoformat(), "worker": m.worker, "kind": "main", "many": made.pk} for m in moves}
    record_each("assigned", [h for key, h in households.items() if key in about], by=by, reason=reason, data=about)
    said = {"on": on.isoformat(), "households": len(moves), "undoes": undoes.pk if undoes else None}
    record("households_reassigned", made, by=by, reason=reason, data=said)
    return made


def close_all(rows, *, on, by):
    """End many assignments (ids of standing versions) as `close` ends one: `on` is the first day without them."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_assignment SET superseded_at = GREATEST(statement_timestamp(), known_at) "
            "WHERE id = ANY(%s) AND superseded_at IS NULL",
            [rows],
        )
        if cursor.rowcount != len(rows):
            raise Refused(_("Somebody else changed this just now. Please look again before you save."))
        cursor.execute(_CLOSED, [on, on, by.pk, rows])


_CLOSED = """
INSERT INTO households_assignment
    (fact_id, known_at, household_id, worker_id, kind, reason, absence, during, recorded_by_id, batch_id)
SELECT fact_id, superseded_at, household_id, worker_id, kind, reason, absence,
    CASE WHEN lower(during) >= %s THEN 'empty' ELSE daterange(lower(during), %s) END, %s, batch_id
FROM households_assignment WHERE id = ANY(%s) ORDER BY id
"""


def _lock(keys):
    found = Household.objects.select_for_update().filter(pk__in=set(keys)).order_by("pk")
    return {household.pk: household for household in found}


def _held(keys, on):
    rows = on_day(Assignment.objects, on).filter(household__in=list(keys), kind=MAIN)
    return {row.household_id: row for row in rows.order_by("id")}


def _before(facts):
    """Return {fact_id: the assignment as it was before its latest version ended it}."""
    rows = Assignment.objects.filter(fact_id__in=facts).exclude(superseded_at=None).order_by("id")
    return {row.fact_id: row for row in rows}


def _check_ours(households, on, by):
    duties = on_day(Responsibility.objects, on).filter(center=by.agency_id, household__in=list(households))
    if duties.count() != len(households):
        raise Refused(_("Some of these households are not answered for by your centre. Nothing was changed."))


def _check_workers(workers, by):
    able = User.objects.who_may(May.SEE_CASELOAD).filter(pk__in=workers, agency=by.agency_id)
    if able.count() != len(workers):
        raise Refused(_("Some of these workers do not look after households at your centre. Nothing was changed."))


def _changed(keys):
    numbers = list(Household.objects.filter(pk__in=keys).order_by("pk").values_list("number", flat=True)[:NAMED])
    said = ngettext(
        "%(n)s household changed hands in the meantime (%(numbers)s). Nothing was changed; please look again.",
        "%(n)s households changed hands in the meantime (%(numbers)s). Nothing was changed; please look again.",
        len(keys),
    )
    return said % {"n": len(keys), "numbers": ", ".join(numbers) + (" …" if len(keys) > NAMED else "")}
