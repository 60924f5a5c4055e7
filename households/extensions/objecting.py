"""Objections (제32조, 시행령 제50조): received, answered by two officers; unanswered in time they count as accepted.

The machine counts the days and says so; what follows is entered by an officer and confirmed by a second one.
"""

from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.touched import ring
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.extensions import clocks, periods, telling
from households.extensions.deciding import Term, objection_until
from households.extensions.drafting import locked as locked_request
from households.extensions.offices import tell_offices
from households.extensions.workflow import OBJECTION, ObjectionStatus, RequestStatus
from households.models import ExtensionRequest, ExtensionTerm, Objection

Answer, Follow = Objection.Answer, Objection.Follow


def receive(request, *, received_on, words, by, now, client_key=None):
    """Take an objection down; one after the last day is taken down too, and marked late where it is on
    record when the result reached the person. Returns the Objection."""
    with refusals():
        held = locked_request(request)
        if not can(by, May.DECIDE_PROTECTION):
            raise NotYours("ministry")
        if first := landed(Objection.objects, by=by, client_key=client_key, author="received_by"):
            return first
        if held.status != RequestStatus.TOLD:
            raise NotNow(held.status)
        if received_on > seoul_day(now):
            raise Refused(_("This day is still to come."), field="received_on")
        if received_on < held.told_on:
            raise Refused(_("The result was told on a later day."), field="received_on")
        until = objection_until(held)
        made = Objection.objects.create(
            request=held,
            received_on=received_on,
            late=held.reached_on is not None and received_on > until,
            words=words.strip(),
            received_by=by,
            client_key=client_key,
        )
        record("objection received", held, by=by, data={"objection": made.pk, "late": made.late})
        telling.the_ministry(held, "extension_objection", by=by, now=now)
        telling.who_follows(held, by=by, now=now)
    return made


def answer_of(objection, on, terms):
    """Return the clocks.Answer of an objection as of a day; `terms`: the numbers of the day it was received."""
    settled = objection.status in (ObjectionStatus.ANSWERED, ObjectionStatus.WITHDRAWN)
    return clocks.answer_of(
        objection.received_on,
        on,
        days=terms[Term.ANSWER].value,
        warned_after=terms[Term.WARNED].value,
        # Whether a late objection counts as accepted is not said in the law as we found it: it is not counted.
        answered=settled or objection.late,
        answered_on=objection.answered_on,
    )


def prepare(objection, *, answer, reasons, follow, by, now, until=None, answered_on=None):
    """Prepare the answer, or, once the days have passed, enter what follows; a second officer confirms it.

    `answered_on`: the day on which the answer was given in writing, today where it is not said; by it the days for an
    answer are judged, so that late entry loses nothing.
    """
    with refusals():
        held = _locked(objection)
        OBJECTION.check(held, "prepare", by)
        given = answered_on or seoul_day(now)
        _check_day(held, given, now)
        _check_answer(held, answer, follow, until, given, now)
        words = {"answer": answer, "reasons": reasons.strip(), "follow": follow, "until": until, "prepared_by": by}
        words["answered_on"] = given
        fresh = OBJECTION.perform(held, "prepare", by=by, data={"answer": str(answer)}, **words)
        telling.the_ministry(held.request, "extension_prepared", by=by, now=now)
    return fresh


def send_back(objection, *, by, now, reason):
    """Send a prepared answer back with a reason."""
    cleared = {"answer": "", "reasons": "", "follow": "", "until": None, "prepared_by": None, "answered_on": None}
    with refusals():
        return OBJECTION.perform(objection, "send_back", by=by, reason=reason, **cleared)


def confirm(objection, *, by, now):
    """Confirm as prepared; where the period is extended it is appended now. Raises `Refused` where the register has
    changed so that it fits no longer."""
    with refusals():
        held = _locked(objection)
        OBJECTION.check(held, "confirm", by)
        _check_answer(held, held.answer, held.follow, held.until, held.answered_on, now)
        on, data = seoul_day(now), {"answer": held.answer}
        if held.follow == Follow.EXTEND:
            years = ExtensionTerm.objects.numbers(on)[Term.YEARS].value
            number = held.request.number
            made = periods.extend(held.request.person, held.until, number=number, years=years, by=by, field="until")
            data["period"] = made.fact_id
            tell_offices(held.request, outcome=ExtensionRequest.Outcome.EXTENDED, until=held.until, by=by, now=now)
        fresh = OBJECTION.perform(held, "confirm", by=by, data=data, confirmed_by=by)
        telling.who_follows(held.request, by=by, now=now)
        ring()
    return fresh


def withdraw(objection, *, by, now, reason):
    """Record that the person withdraws the objection."""
    with refusals():
        return OBJECTION.perform(objection, "withdraw", by=by, reason=reason)


def _check_day(held, given, now):
    if given > seoul_day(now):
        raise Refused(_("This day is still to come."), field="answered_on")
    if given < held.received_on:
        raise Refused(_("The objection was received on a later day."), field="answered_on")


def _check_answer(held, answer, follow, until, given, now):
    on = seoul_day(now)
    stands = answer_of(held, given, ExtensionTerm.objects.numbers(held.received_on))
    if stands.deemed and answer != Answer.DEEMED:
        raise Refused(_("The days for an answer have passed: it counts as accepted. Please enter what follows."))
    if not stands.deemed and answer == Answer.DEEMED:
        raise Refused(_("The days for an answer have not passed yet."), field="answer")
    if answer == Answer.REJECTED and follow != Follow.NOTHING:
        raise Refused(_("Nothing changes where an objection is not accepted."), field="follow")
    if (follow == Follow.EXTEND) != (until is not None):
        raise Refused(_("Please say until when the period is extended."), field="until")
    if until is not None:
        period = periods.last_period(held.request.person)
        years = ExtensionTerm.objects.numbers(on)[Term.YEARS].value
        if period is not None:
            periods.check_extends(period.during.upper - periods.DAY, until, years, field="until")


def _locked(objection):
    rows = Objection.objects.select_for_update(of=("self",)).select_related("request__person")
    return rows.get(pk=objection.pk)
