"""Taking a data request down, seeing who asks, putting the answer off, and what is decided on the way to the answer."""

from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.models import Event
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.actions.verb import lock_person
from households.members import marked_among
from households.models import Contact, DataRequest, Membership, Person
from households.requests import clocks, telling
from households.requests.workflow import DATA, UNDECIDED, is_handler, keeps

Kind, Asker = DataRequest.Kind, DataRequest.Asker
SHOWS = (Kind.SEE, Kind.EXPLAIN)
"""The kinds whose answer puts what is kept into somebody's hands."""


def check_may_take(user, person):
    """Raise `NotYours` unless the user records contacts at the centre that keeps the person's file."""
    if not can(user, May.RECORD_CONTACT) or not Person.objects.kept_by(user).filter(pk=person.pk).exists():
        raise NotYours("taker")


def take_down(person, *, kind, received_on, way, words, by, now, client_key=None, **asker):
    """Take a request down; return the DataRequest. `asker`: `asker`, `representative`, `relation`, and `fact`, the
    `fact_id` of the entry that is to be corrected. Twice under one key is once."""
    with refusals():
        lock_person(person)
        check_may_take(by, person)
        if first := landed(DataRequest.objects, by=by, client_key=client_key, author="taken_by"):
            return first
        if received_on > seoul_day(now):
            raise Refused(_("This day is still to come."), field="received_on")
        made = DataRequest.objects.create(
            person=person,
            agency=by.agency,
            kind=kind,
            received_on=received_on,
            way=way,
            words=words.strip(),
            due_on=clocks.due_on(received_on),
            taken_by=by,
            client_key=client_key,
            **asker,
        )
        record("data request taken down", made, by=by, data={"kind": kind})
        telling.who_answers(made, "data_request", by=by, now=now)
    return made


def check_identity(request, *, identity, proof_seen, by, now):
    """Record how it was seen that this is the person, or the representative with a proof."""
    with refusals():
        if request.asker == Asker.REPRESENTATIVE and not proof_seen:
            raise Refused(
                _("Without a proof nothing is answered to a representative. Please ask for it first."),
                field="proof_seen",
            )
        seen = {"identity": identity, "proof_seen": proof_seen, "checked_by": by, "checked_on": seoul_day(now)}
        return DATA.perform(request, "check", by=by, **seen)


def put_off(request, *, until, reason, by, now):
    """Put the answer off, once, to a day, with the reason that the person is told."""
    with refusals():
        if not clocks.may_be_put_off(request.kind):
            raise Refused(_("We found no sentence of law by which this answer may be put off."))
        held = DataRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if held.extended_until:
            raise Refused(_("The answer was put off once already."))
        if not max(held.due_on, seoul_day(now)) < until <= clocks.latest_extension(held.due_on):
            raise Refused(
                _("At most %(n)s days after the last day, and not in the past.") % {"n": clocks.EXTENSION_DAYS},
                field="until",
            )
        return DATA.perform(held, "extend", by=by, reason=reason, extended_until=until, extended_why=reason.strip())


def withdraw(request, *, reason, by, now):
    """Record that who asked withdraws."""
    with refusals():
        return DATA.perform(request, "withdraw", by=by, reason=reason)


def shows_marked(request):
    """Tell whether the answer would put what is kept about somebody with a violence marker into a hand: such a record
    may be asked for by who caused it."""
    return request.kind in SHOWS and bool(marked_among([request.person_id]))


def decide_harm(request, *, words, by, now):
    """Decide, with the reason, that giving what is asked endangers nobody; for the supervisor or the head alone. What
    was decided before somebody told of danger anew is decided anew."""
    with refusals():
        held = _held(request, is_handler, "handler", by)
        if held.harm_words and harm_stands(held):
            return held
        held.harm_words, held.harm_by = words.strip(), by
        held.save(update_fields=["harm_words", "harm_by"])
        record("danger weighed", held, by=by, reason=held.harm_words, data={"marked": shows_marked(held)})
    return held


def harm_stands(request):
    """Tell whether giving what is asked was decided to endanger nobody, as far as a marker asks for that: while it
    stood, and nobody told of violence in one of the person's households since."""
    if not shows_marked(request):
        return True
    weighed = Event.objects.about(request).filter(verb="danger weighed").first() if request.harm_words else None
    if weighed is None or not weighed.data.get("marked"):
        return False
    homes = Membership.objects.current().filter(person=request.person_id, during__isempty=False)
    told = Contact.objects.current().filter(household__in=homes.order_by().values("household"))
    return not told.filter(tags__contains=["violence"], recorded_at__gt=weighed.at).exists()


def decide_notes(request, *, give, words, by, now):
    """Let a counsellor decide whether counselling notes go into the record; what was decided can be decided anew as
    long as nothing is answered."""
    with refusals():
        held = _held(request, is_counsellor, "counsellor", by)
        if held.status not in UNDECIDED:
            raise NotNow(held.status)
        held.notes_given, held.notes_words, held.notes_by = give, words.strip(), by
        held.save(update_fields=["notes_given", "notes_words", "notes_by"])
        record("counselling notes decided", held, by=by, reason=held.notes_words, data={"give": give})
    return held


def is_counsellor(request, user):
    """A counsellor of the person at the centre that keeps the file."""
    return can(user, May.READ_COUNSELLING) and keeps(request, user)


def _held(request, actor, name, by):
    held = DataRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not actor(held, by):
        raise NotYours(name)
    return held
