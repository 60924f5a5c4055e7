"""What the Ministry does with a request: receive it, ask beside it, bring it before the council, prepare, decide, tell.

Nobody decides what they prepared, and nothing is prepared before the Consultative Council deliberated on it
(제5조제3항, 제6조제1항).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, When
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import Holiday, seoul_day
from casework.touched import ring
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.extensions import clocks, periods, telling
from households.extensions.drafting import locked
from households.extensions.offices import offices_to_ask, tell_offices
from households.extensions.workflow import OPEN, REQUEST, RequestStatus, SittingStatus
from households.models import ExtensionRequest, ExtensionTerm, LocalOpinion, Sitting, SittingItem
from households.models.objection import OPEN as OPEN_OBJECTION

Outcome = ExtensionRequest.Outcome
Term = ExtensionTerm.Code
ASKED_WHILE = (RequestStatus.SUBMITTED, RequestStatus.RECEIVED, RequestStatus.AGENDA)


def receive(request, *, by, now, received_on):
    """Record that the Ministry has the request since a day, which may be earlier: late entry loses nothing."""
    _not_to_come(received_on, now, "received_on")
    with refusals():
        fresh = REQUEST.perform(request, "receive", by=by, received_on=received_on)
        telling.who_follows(fresh, by=by, now=now)
    return fresh


def ask_opinion(request, *, agency, by, now):
    """Ask a local government for its opinion beside the request, which goes on meanwhile; return the LocalOpinion.

    Asking the same office again changes nothing. Raises `Refused` for one of a place where the person does not live and
    has not lived during the period.
    """
    with refusals():
        held = locked(request)
        if not can(by, May.DECIDE_PROTECTION):
            raise NotYours("ministry")
        if first := held.opinions.filter(agency=agency).first():
            return first
        if held.status not in ASKED_WHILE:
            raise NotNow(held.status)
        on = seoul_day(now)
        if not offices_to_ask(held, on).filter(pk=agency.pk).exists():
            raise Refused(_("The person has not lived there during this period."), field="agency")
        days = ExtensionTerm.objects.numbers(on)[Term.OPINION].value
        made = LocalOpinion.objects.create(
            request=held, agency=agency, asked_on=on, asked_by=by, due_on=on + timedelta(days=days)
        )
        record("opinion asked", held, by=by, data={"agency": agency.pk})
        telling.the_office(held, agency, by=by, now=now)
    return made


def give_opinion(opinion, *, words, by, now):
    """Write the opinion of the office that was asked. Raises `NotYours` for anybody else, `Refused` once it is there
    or once the request was decided."""
    with refusals():
        held = locked(opinion.request)
        fresh = LocalOpinion.objects.select_for_update(of=("self",)).get(pk=opinion.pk)
        if fresh.agency_id != by.agency_id or not can(by, May.SEE_REGISTER):
            raise NotYours("office")
        if fresh.answered_on:
            raise NotNow(held.status)
        if held.status not in OPEN or held.status == RequestStatus.DECIDED:
            raise NotNow(held.status)
        fresh.words, fresh.answered_on, fresh.answered_by = words.strip(), seoul_day(now), by
        fresh.save(update_fields=["words", "answered_on", "answered_by"])
        record("opinion given", held, by=by, data={"agency": by.agency_id})
        telling.the_ministry(held, "extension_moved", by=by, now=now)
    return fresh


def put(request, *, sitting, by, now):
    """Put a request on the agenda of a sitting to come, while its members can still be notified in time."""
    with refusals():
        meeting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
        held = locked(request)
        REQUEST.check(held, "put", by)
        if meeting.status not in (SittingStatus.PLANNED, SittingStatus.ANNOUNCED):
            raise Refused(_("This sitting takes nothing more on its agenda."), field="sitting")
        if meeting.status == SittingStatus.ANNOUNCED and not in_time(meeting, now):
            raise Refused(_("It is too late to notify the members of one more request."), field="sitting")
        SittingItem.objects.create(sitting=meeting, request=held)
        fresh = REQUEST.perform(held, "put", by=by, sitting=meeting, data={"sitting": meeting.number})
        telling.who_follows(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def take_off(request, *, by, now, reason):
    """Take a request off the agenda, with a reason; it waits for another sitting. What was voted on stays in the
    record of the sitting."""
    held = locked(request)
    REQUEST.check(held, "take_off", by)
    held.items.filter(withdrawn_at=None, votes_for=None).update(withdrawn_at=now)
    fresh = REQUEST.perform(held, "take_off", by=by, reason=reason, sitting=None)
    telling.who_follows(fresh, by=by, now=now)
    return fresh


def prepare(request, *, outcome, reasons, by, now, granted_until=None):
    """Propose a decision with the reasons that the person will read; another officer decides.

    Raises `Refused` before the council voted on it, and where the last day does not fit the period.
    """
    with refusals():
        held = locked(request)
        REQUEST.check(held, "prepare", by)
        item = held.items.filter(withdrawn_at=None, sitting=held.sitting_id).first()
        if item is None or not item.voted:
            raise Refused(_("The Consultative Council has not deliberated on this request yet."))
        _check_outcome(held, outcome, granted_until, seoul_day(now))
        words = {"outcome": outcome, "granted_until": granted_until, "reasons": reasons.strip(), "prepared_by": by}
        fresh = REQUEST.perform(held, "prepare", by=by, data={"outcome": str(outcome)}, **words)
        telling.the_ministry(fresh, "extension_prepared", by=by, now=now)
    return fresh


@transaction.atomic
def send_back(request, *, by, now, reason):
    """Send a prepared decision back with a reason, by the second officer or by who prepared it."""
    cleared = {"outcome": "", "granted_until": None, "reasons": "", "prepared_by": None}
    fresh = REQUEST.perform(request, "send_back", by=by, reason=reason, **cleared)
    telling.the_ministry(fresh, "extension_moved", by=by, now=now)
    return fresh


def decide(request, *, by, now):
    """Decide as prepared: an extension appends a period, a shortening gives the period an earlier end; return the row.

    Raises `NotYours` for who prepared it, `Refused` where the register has changed so that it fits no longer.
    """
    on = seoul_day(now)
    with refusals():
        held = locked(request)
        REQUEST.check(held, "decide", by)
        period = _carry_out(held, on, by)
        data = {"outcome": held.outcome, "period": period.fact_id if period else None}
        fresh = REQUEST.perform(held, "decide", by=by, data=data, decided_by=by, decided_on=on)
        telling.who_follows(fresh, by=by, now=now)
        tell_offices(fresh, outcome=fresh.outcome, until=fresh.granted_until, by=by, now=now)
        ring()
    return fresh


def tell(request, *, told_on, told_way, by, now, told_proof=""):
    """Record that the result went out to the person in writing, on which day and in which way; what was handed over
    reached the person that day."""
    REQUEST.check(request, "tell", by)
    _not_to_come(told_on, now, "told_on")
    if told_on < request.decided_on:
        raise Refused(_("The result is told after the decision."), field="told_on")
    if told_way == ExtensionRequest.Way.REGISTERED and not told_proof.strip():
        raise Refused(_("Please give the number of the registered mail."), field="told_proof")
    with refusals():
        reached = told_on if told_way == ExtensionRequest.Way.HANDED else None
        words = {"reached_on": reached, "told_on": told_on, "told_way": told_way, "told_proof": told_proof.strip()}
        fresh = REQUEST.perform(request, "tell", by=by, **words)
        telling.who_follows(fresh, by=by, now=now)
    return fresh


def reach(request, *, reached_on, by, now):
    """Record when the result reached the person: the days for an objection are counted from it, also of one that was
    taken down already and is not settled."""
    _not_to_come(reached_on, now, "reached_on")
    with refusals():
        held = locked(request)
        REQUEST.check(held, "reach", by)
        if reached_on < held.told_on:
            raise Refused(_("It was told on a later day."), field="reached_on")
        if held.reached_on == reached_on:
            return held
        fresh = REQUEST.perform(held, "reach", by=by, reached_on=reached_on)
        until = objection_until(fresh)
        open_ones = fresh.objections.filter(status__in=OPEN_OBJECTION)
        open_ones.update(late=Case(When(received_on__gt=until, then=True), default=False))
    return fresh


def objection_until(request):
    """Return the last day for an objection: counted from when the result reached the person, else from its sending."""
    since = request.reached_on or request.told_on
    days = ExtensionTerm.objects.numbers(since)[Term.OBJECTION].value
    return clocks.objection_until(since, days, Holiday.objects.days())


def in_time(sitting, now):
    """Tell whether members notified at `now` are notified the days before the sitting that the Decree asks for."""
    on = seoul_day(now)
    days = ExtensionTerm.objects.numbers(on)[Term.NOTICE].value
    return (seoul_day(sitting.starts_at) - on).days >= days


def _check_outcome(held, outcome, until, on):
    """Raise `Refused` where the proposed result does not answer what was asked or does not fit the register."""
    wanted = {ExtensionRequest.Kind.EXTEND: Outcome.EXTENDED, ExtensionRequest.Kind.SHORTEN: Outcome.SHORTENED}
    if outcome not in (wanted[ExtensionRequest.Kind(held.kind)], Outcome.REFUSED):
        raise Refused(_("This is not what was asked for."), field="outcome")
    if outcome == Outcome.REFUSED:
        if until is not None:
            raise Refused(_("A refusal has no last day."), field="granted_until")
        return
    if until is None:
        raise Refused(_("Please say until when."), field="granted_until")
    period = periods.last_period(held.person)
    if period is None:
        raise Refused(_("No period of residence protection with a last day is on record for this person."))
    if outcome == Outcome.EXTENDED:
        years = ExtensionTerm.objects.numbers(on)[Term.YEARS].value
        periods.check_extends(period.during.upper - periods.DAY, until, years, field="granted_until")
    else:
        periods.check_shortens(period, until, on=on, field="granted_until")


def _carry_out(held, on, by):
    if held.outcome == Outcome.EXTENDED:
        years = ExtensionTerm.objects.numbers(on)[Term.YEARS].value
        return periods.extend(held.person, held.granted_until, number=held.number, years=years, by=by)
    if held.outcome == Outcome.SHORTENED:
        return periods.shorten(held.person, held.granted_until, number=held.number, on=on, by=by)
    return None


def _not_to_come(day, now, field):
    if day > seoul_day(now):
        raise Refused(_("This day is still to come."), field=field)
