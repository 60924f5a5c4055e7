"""What people do with the closing of a case. What other floors have against it they ask first: see `risk.closings`.

The household is held first, the closing after it. The centre answers for a closed household as before.
"""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.audit.record import record
from casework.clock import add_months, seoul_day
from casework.landing import landed
from casework.touched import Touched
from households.actions.place import assign
from households.actions.refusal import Refused
from households.actions.rights import check_can_change
from households.actions.verb import close, lock, on_day, since, verb
from households.closings.evidence import missing
from households.closings.openings import openings_of
from households.closings.workflow import CLOSING, ClosingStatus
from households.models import AfterCare, Assignment, Closing, Task
from households.models.conflict import barred_pairs
from households.tasklist.actions import drop
from households.tasklist.workflow import TASK

R = Closing.Reason
MONTHS = (3, 6)
"""After how many months somebody asks how the household is: our own criterion."""
ASKED_AFTER = (R.GOALS_MET, R.DECLINED)


@verb
def propose(household, *, by, now, reason, words, client_key=None, **rests_on):
    """Propose to close the case of a household; return the Closing. The same key of the same author lands once.

    `rests_on`: what the reason asks for, of `evidence`, `contact` (a `fact_id`), `transfer` (a key), `same_as` (a
    Household), `left_open` (why first steps stay open where the goals were met). Raises `Refused` with the field where
    it is missing, and where a closing is open already.
    """
    if first := landed(Closing.objects, by=by, client_key=client_key, author="proposed_by"):
        return first
    lock(household)
    check_can_change(by, household)
    if first := landed(Closing.objects, by=by, client_key=client_key, author="proposed_by"):
        return first
    if standing := Closing.objects.open_at(by.agency_id).filter(household=household).first():
        if standing.status == ClosingStatus.APPROVED:
            raise Refused(_("This case is closed already."))
        raise Refused(_("%(name)s proposed to close this case already.") % {"name": standing.proposed_by})
    if not words.strip():
        raise Refused(_("Write what was reached, and what the closing rests on."), field="words")
    _check_rests(household, reason, by, now, rests_on)
    rests_on["left_open"] = _left_open(household, reason, now, rests_on.get("left_open"))
    said = {name: value for name, value in rests_on.items() if value not in (None, "")}
    made = Closing.objects.create(
        household=household,
        centre=by.agency,
        reason=reason,
        words=words.strip(),
        proposed_by=by,
        proposed_at=now,
        client_key=client_key,
        **said,
    )
    record("closing proposed", made, by=by, data={"reason": str(reason)})
    return made


@verb
def approve(closing, *, by, now, asks_later=None):
    """Close the case, as a second person; return the fresh row. `asks_later` (default: who approves) asks after it.

    Assignments end with the day and stay in the history. Raises `Refused` where what it rests on holds no more.
    """
    lock(closing.household)
    CLOSING.check(closing, "approve", by)
    rests_on = {name: getattr(closing, name) for name in ("evidence", "contact", "same_as")}
    if closing.reason != R.DECLINED:  # it was within its days when it was proposed
        _check_rests(closing.household, closing.reason, by, now, rests_on)
    _left_open(closing.household, closing.reason, now, closing.left_open)
    on = seoul_day(now)
    worker = None if closing.reason == R.TRANSFERRED else _end_assignments(closing, on, by)
    changes = {"answered_by": by, "answered_at": now, "approved_at": now, "worker": worker}
    closed = CLOSING.perform(closing, "approve", by=by, asks_later=asks_later or by, **changes)
    if closing.reason != R.TRANSFERRED:
        _drop_tasks(closed, by=by, now=now)
    _look_again(closed)
    return closed


@verb
def send_back(closing, *, by, now, reason):
    """Send the proposal back to who made it, with the reason; return the fresh row."""
    return CLOSING.perform(
        closing, "send_back", by=by, reason=reason, answered_by=by, answered_at=now, answer=reason.strip()
    )


@verb
def withdraw(closing, *, by, now):
    """Take the proposal back before anybody answered it; return the fresh row."""
    return CLOSING.perform(closing, "withdraw", by=by, answered_by=by, answered_at=now)


@verb
def reopen(closing, *, by, now, reason):
    """Open the case again, with everything there; return the fresh row.

    The worker of before looks after it again, where that is still possible; else nobody does, and it stands among the
    households with nobody until somebody is named.
    """
    lock(closing.household)
    opened = CLOSING.perform(
        closing, "reopen", by=by, reason=reason, reopened_by=by, reopened_at=now, reopened_why=reason.strip()
    )
    on = seoul_day(now)
    looked_after = on_day(Assignment.objects, on).filter(household=opened.household_id, kind=Assignment.Kind.MAIN)
    if not looked_after.exists() and (worker := _able(opened)):
        assign(opened.household, worker=worker, on=on, by=by, reason=_("The case was reopened."))
    _look_again(opened)
    return opened


@verb
def record_after_care(closing, *, months, done_on, result, by, now, words=""):
    """Record that somebody asked, `months` after the closing, how the household is; return the AfterCare.

    The same twice changes nothing; two people at once: the first one stands. Raises `Refused` for a closing after
    which nobody asks, and for a day before the closing or to come.
    """
    lock(closing.household)
    fresh = Closing.objects.get(pk=closing.pk)
    check_asks(fresh, by)
    in_force = Closing.objects.in_force().filter(pk=fresh.pk).exists()
    if not in_force or fresh.reason not in ASKED_AFTER or months not in MONTHS:
        raise Refused(_("Nothing is asked after this closing any more."))
    if not seoul_day(fresh.approved_at) <= done_on <= seoul_day(now):
        raise Refused(_("The day lies after the closing, and not in the future."), field="done_on")
    if first := AfterCare.objects.filter(closing=fresh, months=months).first():
        return first
    try:
        with transaction.atomic():
            made = AfterCare.objects.create(
                closing=fresh, months=months, done_on=done_on, result=result, words=words.strip(), recorded_by=by
            )
    except IntegrityError:
        return AfterCare.objects.get(closing=fresh, months=months)
    record("asked after closing", fresh, by=by, data={"months": months, "result": str(result)})
    return made


def check_asks(closing, user):
    """Raise PermissionDenied unless the user leads the work of the centre, or was named to ask after this household."""
    named = closing.asks_later_id == user.pk and closing.centre_id == user.agency_id
    if not named and not CLOSING.actors["leader"](closing, user):
        raise PermissionDenied(_("Whoever was named, or who leads the centre, asks after a closed case."))


def due_after(closing):
    """Return [(months, day)] on which somebody asks after a closing; empty where nobody does."""
    if closing.approved_at is None or closing.reason not in ASKED_AFTER:
        return []
    first = seoul_day(closing.approved_at)
    return [(months, add_months(first, months)) for months in MONTHS]


def _left_open(household, reason, now, why):
    """Return why first steps stay open, "" where none does; raise `Refused` naming each where nobody says why."""
    open_ones = openings_of(household, on=seoul_day(now)) if reason == R.GOALS_MET else []
    if not open_ones:
        return ""
    if not (why or "").strip():
        said = _("%(open)s Do this first, or write why it stays open.")
        raise Refused(said % {"open": " ".join(open_ones)}, field="left_open")
    return why.strip()


def _check_rests(household, reason, by, now, rests_on):
    asked = {name: rests_on[name] for name in ("evidence", "contact", "same_as") if name in rests_on}
    if found := missing(household, reason=reason, by=by, now=now, **asked):
        field, sentence = found
        raise Refused(sentence, field=field)


def _end_assignments(closing, on, by):
    """End who looks after the household, also from later on; return the main worker of the day, or None."""
    rows = Assignment.objects.current().filter(household=closing.household_id, during__overlap=since(on)).order_by("id")
    worker = None
    for row in rows.select_related("worker"):
        if row.kind == Assignment.Kind.MAIN and (row.during.lower is None or row.during.lower <= on):
            worker = row.worker
        close(row, on=max(on, row.during.lower or on), by=by)
    return worker


def _able(closing):
    """Return the worker of before if that one still works at the centre that answers, looks after households, and has
    no conflict of interest with this one."""
    if closing.worker_id is None:
        return None
    able = User.objects.who_may(May.SEE_CASELOAD).people().filter(pk=closing.worker_id, agency=closing.centre_id)
    found = able.filter(is_active=True).first()
    return None if found is None or barred_pairs([found], [closing.household]) else found


def _drop_tasks(closing, *, by, now):
    """Call off what was still to be done for the household: it is said why, and a task can be opened again."""
    for task in Task.objects.open().filter(household=closing.household_id).order_by("id"):
        if TASK.actors[TASK.steps["drop"].actor](task, by):
            drop(task, by=by, now=now, reason=_("The case was closed."))


def _look_again(closing):
    """Let the sweep look at the household: a closed case owes no contact, a reopened one does."""
    Touched.objects.create(household_id=closing.household_id)


__all__ = ["MONTHS", "approve", "propose", "record_after_care", "reopen", "send_back", "withdraw"]
