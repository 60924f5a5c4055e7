"""The answer: granted by one, refused by two; what follows from it in the register; and that it was told."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.facts import supersede
from casework.touched import ring
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.actions.verb import close, lock_person, since
from households.models import CorrectionStatement, DataRequest, Restriction
from households.requests import correcting, telling
from households.requests.taking import harm_stands
from households.requests.workflow import DATA, DataStatus, is_handler

Kind, Outcome = DataRequest.Kind, DataRequest.Outcome


def answer(request, *, outcome, reasons, by, now, legal_ground="", scopes=()):
    """Answer a request. Granted: at once. In part or not at all: written down with its ground, for a second person to
    sign; nothing follows before. Return the fresh DataRequest."""
    with refusals():
        lock_person(request.person)
        _check(request, outcome, legal_ground, scopes)
        said = {"outcome": outcome, "reasons": reasons.strip(), "legal_ground": legal_ground.strip()}
        said |= {"scopes": list(scopes), "answered_by": by}
        if outcome == Outcome.GRANTED:
            said["legal_ground"] = ""
            fresh = DATA.perform(request, "answer", by=by, answered_on=seoul_day(now), **said)
            _follow(fresh, by=by, on=seoul_day(now))
        else:
            fresh = DATA.perform(request, "propose", by=by, data={"outcome": str(outcome)}, **said)
            telling.who_answers(fresh, "data_refusal", by=by, now=now)
    return fresh


def sign(request, *, by, now):
    """Sign a refusal as the second person: the answer stands, and what was granted of it follows."""
    with refusals():
        lock_person(request.person)
        on = seoul_day(now)
        fresh = DATA.perform(request, "sign", by=by, answered_on=on, signed_by=by)
        _follow(fresh, by=by, on=on)
    return fresh


def send_back(request, *, reason, by, now):
    """Send a written refusal back with a reason; it is answered anew."""
    cleared = {"outcome": "", "reasons": "", "legal_ground": "", "scopes": [], "answered_by": None}
    with refusals():
        return DATA.perform(request, "send_back", by=by, reason=reason, **cleared)


def carried_out(request, *, facts, words, by, now):
    """Remember by which entries a correction was carried out (their `fact_id`s), or say how in words."""
    with refusals():
        held = DataRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if not is_handler(held, by):
            raise NotYours("handler")
        if held.status != DataStatus.ANSWERED or not to_correct(held):
            raise NotNow(held.status)
        known = {entry.fact_id for entry in correcting.entries_of(held.person_id, everything=True)}
        chosen = sorted(set(facts) & known)
        if not chosen and not words.strip():
            raise Refused(_("Please name the entry, or say in words how it was corrected."), field="facts")
        held.done_facts, held.done_words = chosen, words.strip()
        held.save(update_fields=["done_facts", "done_words"])
        record("correction carried out", held, by=by, data={"facts": chosen})
    return held


def to_correct(request):
    """Tell whether an entry is to be corrected after the answer."""
    return request.kind == Kind.CORRECT and request.outcome in (Outcome.GRANTED, Outcome.PARTLY)


def tell(request, *, told_on, told_way, by, now):
    """Record on which day and how the answer was told."""
    with refusals():
        if told_on > seoul_day(now):
            raise Refused(_("This day is still to come."), field="told_on")
        if request.answered_on and told_on < request.answered_on:
            raise Refused(_("The answer was given on a later day."), field="told_on")
        held = DataRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if held.status == DataStatus.ANSWERED and to_correct(held) and not (held.done_facts or held.done_words):
            raise Refused(_("First the correction is carried out; then the answer is told."))
        return DATA.perform(held, "tell", by=by, told_on=told_on, told_way=told_way)


def lift(restriction, *, reason, by, now):
    """Lift a restriction from today on, in one step; lifted once, it stays as it is."""
    with refusals():
        lock_person(restriction.person)
        if not is_handler(restriction.request, by):
            raise NotYours("handler")
        on = seoul_day(now)
        held = Restriction.objects.current().filter(fact_id=restriction.fact_id).select_related("request").get()
        if held.during.isempty or held.during.upper:
            return held
        during = DateRange(empty=True) if held.during.lower == on else DateRange(held.during.lower, on)
        made = supersede(held, by=by, during=during, lifted_why=reason.strip())
        record("restriction lifted", held.request, by=by, reason=reason, data={"fact": held.fact_id})
        ring()
    return made


def _check(request, outcome, legal_ground, scopes):
    granted = outcome in (Outcome.GRANTED, Outcome.PARTLY)
    if outcome != Outcome.GRANTED and not legal_ground.strip():
        raise Refused(_("A refusal names the ground in the law."), field="legal_ground")
    if request.kind == Kind.RESTRICT and granted and not scopes:
        raise Refused(_("Please say what is to be stopped."), field="scopes")
    if granted and not harm_stands(request):
        raise Refused(_("A household is protected: first it is decided that giving this endangers nobody."))


def _follow(request, *, by, on):
    """What the answer does in the register: a restriction begins; words that changed nothing stand beside the entry."""
    if request.kind == Kind.RESTRICT and request.outcome != Outcome.REFUSED:
        _restrict(request, by=by, on=on)
    if request.kind == Kind.CORRECT and request.outcome != Outcome.GRANTED:
        said = {"person": request.person, "fact": request.fact, "text": request.words, "recorded_by": by}
        CorrectionStatement.objects.get_or_create(request=request, defaults=said)


def _restrict(request, *, by, on):
    scopes = set(request.scopes)
    for held in Restriction.objects.current().during(on).filter(person=request.person_id):
        scopes |= set(held.scopes)
        close(held, on=on, by=by)
    made = Restriction.objects.create(
        person=request.person, request=request, scopes=sorted(scopes), during=since(on), recorded_by=by
    )
    record("restriction begun", request, by=by, data={"fact": made.fact_id, "scopes": made.scopes})
    ring()
