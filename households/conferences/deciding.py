"""Decisions of a case conference: written item by item while it is held, followed until they are done."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.actions.verb import lock
from households.conferences import actions, following, telling
from households.conferences.rights import check_alive, check_decides, check_owner, sees, staff_of
from households.conferences.workflow import ConferenceStatus, is_keeper
from households.models import CaseConference, ConferenceDecision, ConferenceItem

Kind = ConferenceDecision.Kind
WORDS = ("kind", "what", "owner", "due_on", "need", "to_agency")


class Behind(Exception):
    """Somebody else wrote about this household meanwhile; nothing was saved, and nothing typed is lost."""


def decide(item, *, version, by, now, client_key=None, **words):
    """Write a decision about a household; return it, and begin what follows from it in another room.

    `version` is the item's when the page was made. `words`: kind, what, maybe owner, due_on, need, to_agency.
    The same words once more are the decision that stands. Raises `Behind` when somebody else wrote meanwhile,
    `NotYours` for who does not decide over the work there, `Refused` where the household is another centre's by now or
    the words do not fit, `NotNow` while the conference is not held or its record is closed.
    """
    with refusals():
        held = locked(item)
        check_decides(held, by)
        if first := landed(ConferenceDecision.objects, by=by, client_key=client_key):
            return first
        if held.conference.status != ConferenceStatus.HELD or held.withdrawn_at:
            raise NotNow("withdrawn" if held.withdrawn_at else held.conference.status)
        said = _fitting({name: words.get(name) for name in WORDS})
        if held.version != version:
            if same := _same(held, said):
                return same
            raise Behind(held.pk)
        _check_words(held, said, seoul_day(now))
        made = ConferenceDecision.objects.create(item=held, recorded_by=by, client_key=client_key, **said)
        held.version += 1
        held.save(update_fields=["version"])
        record("conference decision", held, by=by, data={"decision": made.pk, "kind": made.kind})
        _begin(made, by=by, now=now)
    return made


def _fitting(said):
    """Return the words without what does not belong to the kind."""
    said |= {"what": (said["what"] or "").strip(), "need": said["need"] or ""}
    if said["kind"] not in ConferenceDecision.ASKS:
        said |= {"owner": None, "due_on": None}
    if said["kind"] != Kind.REFERRAL:
        said |= {"need": "", "to_agency": None}
    return said


def _same(held, said):
    """Return the decision that says these words already: two wrote the same, or one wrote it twice."""
    rows = held.decisions.standing().filter(kind=said["kind"], what=said["what"], due_on=said["due_on"])
    return rows.filter(owner=said["owner"], to_agency=said["to_agency"]).order_by("id").first()


def _check_words(held, said, on):
    check_alive(held.household, said["kind"], on=on)
    if said["due_on"] and said["due_on"] < on:
        raise Refused(_("This day has passed."), field="due_on")
    if said["owner"]:
        if said["owner"].agency_id != held.conference.centre_id:
            raise Refused(_("This person does not work at the centre."), field="owner")
        check_owner(said["owner"], held.household)


def _begin(made, *, by, now):
    key = following.follow(made, by=by, now=now)
    if key:
        made.led_to = key
        made.save(update_fields=["led_to"])
    telling.of_decision(made, by=by, now=now)


def done(decision, *, by, now, words=""):
    """Say that what was decided is done; return it. Twice is once. Raises `NotYours` for whose work it is not, `NotNow`
    for what was taken back, is followed elsewhere, or asks for nothing."""
    with refusals():
        held = _open(decision, by)
        if held.done_on:
            return held
        held.done_on, held.done_by, held.done_words = seoul_day(now), by, words.strip()[:300]
        return _kept(held, by, "conference decision done", ["done_on", "done_by", "done_words"])


def undo(decision, *, by, now):
    """Take back that it is done: it stands on the list again. Raises as `done`."""
    with refusals():
        held = _open(decision, by)
        if not held.done_on:
            return held
        held.done_on, held.done_by, held.done_words = None, None, ""
        return _kept(held, by, "conference decision open again", ["done_on", "done_by", "done_words"])


def give(decision, *, owner, by, now):
    """Give what was decided to somebody else, when its owner is away for long or gone; the record keeps who it was.

    Raises `NotYours` for who does not decide over the work there, `Refused` for somebody who cannot do it.
    """
    with refusals():
        held = _locked(decision)
        if not is_keeper(held.item.conference, by) or not sees(by, held.item.household):
            raise NotYours("keeper")
        _check_open(held)
        if owner.pk == held.owner_id:
            return held
        if owner.agency_id != held.item.conference.centre_id:
            raise Refused(_("This person does not work at the centre."), field="owner")
        check_owner(owner, held.item.household)
        held.owner = owner
        _kept(held, by, "conference decision given", ["owner"])
        telling.of_decision(held, by=by, now=now)
    return held


def take_back(decision, *, by, now, reason):
    """Take a decision back with a reason, while nothing hangs on it; return it. Twice is once.

    A referral that came of it is known to the floor above, which checks it. Raises `NotYours`, `ValidationError`
    without a reason, `NotNow` for what is done or has led to something.
    """
    with transaction.atomic():
        held = _locked(decision)
        if not is_keeper(held.item.conference, by) or not sees(by, held.item.household):
            raise NotYours("keeper")
        if held.taken_back_at:
            return held
        if held.done_on or held.led_to:
            raise NotNow("begun")
        if not reason.strip():
            raise ValidationError(_("Please give the reason."))
        held.taken_back_at, held.taken_back_by, held.taken_back_because = now, by, reason.strip()[:300]
        names = ["taken_back_at", "taken_back_by", "taken_back_because"]
        return _kept(held, by, "conference decision taken back", names, reason=held.taken_back_because)


def owns(decision, user):
    """Tell whether it is this user's to do: the one it names, whoever decides over the work there, and anybody there
    who sees the household where who is named works there no more."""
    if decision.item.conference.centre_id != user.agency_id or not can(user, May.SEE_CASELOAD):
        return False
    if decision.owner_id == user.pk or can(user, May.ASSIGN):
        return True
    return not staff_of(user.agency_id).filter(pk=decision.owner_id).exists()


def locked(item):
    """Return the item as it stands now, held until the transaction ends; its household and its conference before it."""
    lock(item.household)
    actions.locked(CaseConference(pk=item.conference_id))
    rows = ConferenceItem.objects.select_for_update(of=("self",))
    return rows.select_related("conference__centre", "household").get(pk=item.pk)


def _open(decision, by):
    held = _locked(decision)
    if not owns(held, by) or not sees(by, held.item.household):
        raise NotYours("owner")
    _check_open(held)
    return held


def _check_open(held):
    if held.taken_back_at or held.led_to or held.kind not in ConferenceDecision.ASKS:
        raise NotNow(held.kind)


def _locked(decision):
    lock(decision.item.household)
    rows = ConferenceDecision.objects.select_for_update(of=("self",))
    return rows.select_related("item__conference", "item__household", "owner", "to_agency").get(pk=decision.pk)


def _kept(held, by, verb, names, *, reason=""):
    held.save(update_fields=names)
    record(verb, held.item, by=by, reason=reason, data={"decision": held.pk})
    return held


VERBS = {"done": done, "undo": undo}
