"""How a member stands: stating it, putting a mistaken entry right, taking it back within a day."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.facts import supersede
from households.actions.refusal import Refused
from households.actions.stated import check_can_withdraw, landed_version, note, take_back
from households.actions.verb import close, lock_person, on_day, verb
from households.models import Circumstance
from households.models.circumstance import VALUES, Aspect


@verb
def record_circumstance(person, *, kind, value, since, by, detail="", source="", client_key=None):
    """State that from the day `since` the person's `kind` is `value` (`detail`: which benefit); return what
    then stands.

    What was on record for that day ends with it; what is on record for a later day stands. The same statement twice,
    or the same `client_key` of the same author, changes nothing. Raises `Refused` for what is not in the closed list.
    """
    _check_words(kind, value, detail)
    lock_person(person)
    if made := landed_version(Circumstance, by, client_key):
        return made
    told = Circumstance.objects.current().filter(person=person, kind=kind, detail=detail)
    held = on_day(told, since).first()
    if held and held.value == value:
        return held
    if held:
        close(held, on=since, by=by)
    made = Circumstance.objects.create(
        person=person,
        kind=kind,
        value=value,
        detail=detail,
        during=DateRange(since, _next_day(told, since)),
        source=source,
        recorded_by=by,
        client_key=client_key,
    )
    note("circumstance_recorded", made, on=since, by=by)
    return made


@verb
def correct_circumstance(circumstance, *, value, since, by, source=""):
    """Append a version that says what should have been said: another value, another first day (None: it was so from
    ever on, as a register states it); return it.

    The statement before it then ends, or goes on, to the new day. Nothing changed: the record comes back as it is.
    Raises `Refused` when the day lies before the statement before it began, or after this one ended.
    """
    _check_words(circumstance.kind, value, circumstance.detail)
    lock_person(circumstance.person)
    current = Circumstance.objects.current().get(fact_id=circumstance.fact_id)
    first, last = current.during.lower, current.during.upper
    if (current.value, first, current.source) == (value, since, source):
        return current
    if current.pk != circumstance.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    if last is not None and since is not None and since >= last:
        raise Refused(_("Something else is on record from that day on."), field="since")
    before = _before(current)
    if before and since != first and (since is None or since <= (before.during.lower or date.min)):
        raise Refused(_("This day lies before the statement before it. Correct that one first."), field="since")
    changes = {"value": value, "during": DateRange(since, last), "source": source}
    # The one that gives up days goes first, so that no day has two.
    steps = [(current, changes)]
    if before and since != first:
        steps.insert(0 if since < first else 1, (before, {"during": DateRange(before.during.lower, since)}))
    made = {fact.pk: supersede(fact, by=by, **change) for fact, change in steps}[current.pk]
    note("circumstance_corrected", made, on=since, by=by)
    return made


@verb
def withdraw_circumstance(circumstance, *, by, now):
    """Take back a mistaken entry within 24 hours; what it had ended, or left no day, goes on. Twice changes nothing.

    Raises `Refused` for somebody else's entry and after the 24 hours: then it is corrected.
    """
    lock_person(circumstance.person)
    current = Circumstance.objects.current().filter(fact_id=circumstance.fact_id).first()
    if current is None:
        return
    check_can_withdraw(current, by, now=now)
    before, emptied = _before(current), _emptied_by(current)
    take_back(current)
    if before:
        _goes_on(before, current, until=emptied and emptied.during.lower, by=by)
    if emptied:
        _stands_again(emptied, by)
    note("circumstance_withdrawn", current, on=current.during.lower, by=by)


def _check_words(kind, value, detail):
    if value not in VALUES.get(kind, {}):
        raise Refused(_("Please choose one of the answers offered."), field="value")
    if bool(detail) != (kind == Aspect.BENEFIT):
        raise Refused(_("Please say which benefit it is."), field="detail")


def _next_day(told, since):
    later = told.filter(during__startswith__gt=since).order_by("during__startswith").first()
    return later.during.lower if later else None


def _before(current):
    """Return the statement that ends on the very day on which `current` begins, or None."""
    same = {"person": current.person_id, "kind": current.kind, "detail": current.detail}
    ends = current.during.lower
    return Circumstance.objects.current().filter(during__endswith=ends, **same).first() if ends else None


def _goes_on(before, taken, *, until, by):
    """Give `before` the days back that `taken` took from it, at most up to the day `until`."""
    days = _went_on(before, taken) or before.during
    if until is not None and (days.upper is None or days.upper > until):
        days = DateRange(days.lower, until)
    if days != before.during:
        supersede(before, by=by, during=days)


def _went_on(before, taken):
    """Return the days of `before` as they were until `taken` ended them, or None where it had ended by itself."""
    was = Circumstance.objects.filter(fact_id=before.fact_id, superseded_at=before.known_at).first()
    if was is None or taken.during.lower not in was.during:
        return None
    ends = [day for day in (was.during.upper, taken.during.upper) if day is not None]
    return DateRange(before.during.lower, min(ends, default=None))


def _emptied_by(taken):
    """Return the version of the statement since the same day that `taken` left no day, as it stood until then, or
    None. Where that one was a mistake too and is taken back already, the one before it is returned."""
    if taken.during.isempty:
        return None
    first = Circumstance.objects.filter(fact_id=taken.fact_id).earliest("id")
    same = {"person": taken.person_id, "kind": taken.kind, "detail": taken.detail}
    # Both were written by one verb, the empty version just before.
    before = Circumstance.objects.filter(**same, tx=first.tx, pk__lt=first.pk, during__isempty=True)
    empty = before.order_by("-id").first()
    was = empty and Circumstance.objects.filter(fact_id=empty.fact_id, superseded_at=empty.known_at).last()
    if was is None or was.during.lower != first.during.lower:
        return None
    stands = Circumstance.objects.current().filter(fact_id=was.fact_id).exists()
    return was if stands else _emptied_by(was)


def _stands_again(was, by):
    """Let the statement that had no day left stand again, from its day up to what is on record after it."""
    told = Circumstance.objects.current().filter(person=was.person_id, kind=was.kind, detail=was.detail)
    ends = [day for day in (was.during.upper, _next_day(told, was.during.lower)) if day is not None]
    empty = Circumstance.objects.current().get(fact_id=was.fact_id)
    supersede(empty, by=by, during=DateRange(was.during.lower, min(ends, default=None)))
