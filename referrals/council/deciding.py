"""Decisions of a meeting: typed item by item, and what becomes of them: a referral that a person sends, or a task."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.actions.refusal import refusals
from households.actions.rights import answers_for
from households.models import Household
from referrals import drafts, grounds
from referrals.council import actions, bringing
from referrals.council.workflow import MeetingStatus
from referrals.models import CouncilDecision, Referral
from referrals.states import Ground, Status

NAMESPACE = uuid.UUID("0f7c9a3e-52a4-4b0e-8a55-0c5d1c0b6f27")
WORDS = ("kind", "what", "why", "owner_agency", "owner", "to_agency", "due_on")
Kind = CouncilDecision.Kind


class Behind(Exception):
    """Somebody else wrote about this household meanwhile; nothing was saved, and nothing typed is lost."""


def decide(item, *, version, by, now, client_key=None, decision=None, **words):
    """Write a decision about a household, or change one (`decision`: its id); return it.

    `version` is the item's when the page was made. `words`: kind, what, maybe why, owner_agency, owner, to_agency,
    due_on. Raises `Behind` when somebody else wrote meanwhile, `NotYours` for who does not keep the council, `Refused`
    where the words do not fit together, `NotNow` for what has led to a referral or was done.
    """
    with refusals():
        held = bringing.locked(item)
        actions.check_types(held.meeting, by)
        if first := landed(CouncilDecision.objects, by=by, client_key=client_key):
            return first
        said = _fitting({name: words.get(name) for name in WORDS} | {"why": words.get("why") or ""})
        if held.version != version:
            if same := _standing(held, decision, said):
                return same
            raise Behind(held.pk)
        _check_words(held, said, seoul_day(now))
        row = _written(held, decision, by, client_key)
        for name, value in said.items():
            setattr(row, name, value)
        row.save()
        held.version += 1
        held.save(update_fields=["version"])
        record("council decision", held, by=by, data={"decision": row.pk, "kind": row.kind})
    return row


def _written(held, decision, by, client_key):
    if held.withdrawn_at:
        raise NotNow("withdrawn")
    if decision is None:
        return CouncilDecision(item=held, recorded_by=by, client_key=client_key)
    row = held.decisions.select_for_update(of=("self",)).get(pk=decision)
    if row.referral_id or row.done_at:
        raise NotNow("begun")
    return row


def _standing(held, decision, said):
    """Return the decision if it says these words already: the same change came twice."""
    row = held.decisions.filter(pk=decision).first() if decision else None
    return row if row and all(getattr(row, name) == value for name, value in said.items()) else None


def _fitting(said):
    """Return the words without what does not belong to the kind."""
    if said["kind"] not in CouncilDecision.ASKS:
        said |= {"owner_agency": None, "owner": None, "due_on": None}
    if said["kind"] != Kind.REFERRAL:
        said["to_agency"] = None
    return said


def _check_words(held, said, on):
    """Check that whoever is asked knows of the household and may do it."""
    kind = said["kind"]
    if kind not in CouncilDecision.ASKS:
        return
    if said["due_on"] and said["due_on"] < on:
        raise Refused(_("This day has passed."), field="due_on")
    agency, owner = said["owner_agency"], said["owner"]
    if agency and owner and owner.agency_id != agency.pk:
        raise Refused(_("This person does not work at the agency."), field="owner")
    known = reached(held)
    if agency and agency.pk not in known:
        raise Refused(_("This household is not shown to %(agency)s.") % {"agency": agency}, field="owner")
    if agency and known[agency.pk] not in (None, owner):
        raise Refused(_("This household is shown to %(name)s alone.") % {"name": known[agency.pk]}, field="owner")
    if kind == Kind.REFERRAL and agency and agency.pk != held.from_agency_id:
        raise Refused(_("A referral is written by the centre that brought the household."), field="owner")
    if kind == Kind.REFERRAL and said["to_agency"] == agency:
        raise Refused(_("A referral goes to another agency."), field="to_agency")


def reached(item):
    """Return {agency id: User or None} of who knows of the household: who brought it, and whom it is shown to now; the
    User where it is one person of the agency and nobody else."""
    grants = item.grants.in_force().select_related("user")
    return {grant.agency_id: grant.user for grant in grants} | {item.from_agency_id: None}


@transaction.atomic
def refer(decision, *, by, now):
    """Write the draft of the referral that was decided and return it; the one that is there, unless it was cancelled.

    It is sent by a person, who checks what will be seen and states the ground. Raises `NotYours` for who does not refer
    for this household or cannot open it, `NotNow` for what is no referral, or was withdrawn or cancelled.
    """
    held = _locked(decision)
    household = held.item.household
    if not (_owns(held, by) and can(by, May.REFER) and answers_for(by, household)):
        raise NotYours("owner")
    if not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise NotYours("owner")
    if held.kind != Kind.REFERRAL or _fallen(held):
        raise NotNow(held.kind)
    if held.referral and held.referral.status != Status.CANCELLED:
        return held.referral
    key = uuid.uuid5(NAMESPACE, f"{held.pk}:{held.referral_id or ''}")
    held.referral = drafts.save_draft(household, by=by, now=now, client_key=key, **_words(held, seoul_day(now)))
    held.save(update_fields=["referral"])
    record("council referral begun", held.item, by=by, data={"referral": held.referral.number})
    return held.referral


def _words(decision, on):
    """A consent on record that names the receiver is its ground; else the sender states one."""
    sections, item = ["members"], decision.item
    needed = grounds.items_of(dict.fromkeys(sections, True))
    kept = grounds.covers(list(grounds.consents(item.household, decision.to_agency, on=on)), needed)
    said = _("Decided at the council meeting %(number)s: %(what)s")
    return {
        "to_agency": decision.to_agency,
        "need": item.need,
        "title": decision.what[: Referral._meta.get_field("title").max_length],
        "request": said % {"number": item.meeting.number, "what": decision.what},
        "sections": sections,
        "ground": Ground.CONSENT if kept else "",
        "consent": grounds.period_of(kept) if kept else None,
    }


@transaction.atomic
def done(decision, *, by, now):
    """Say that a task is done. Twice is once. Raises `NotYours` for whose task it is not, `NotNow` for no task."""
    held = _task(decision, by)
    if held.done_at:
        return held
    held.done_at, held.done_by = now, by
    return _kept(held, by, "council task done")


@transaction.atomic
def undo(decision, *, by, now):
    """Take back that a task is done: it stands on the desk again. Raises as `done`."""
    held = _task(decision, by)
    if not held.done_at:
        return held
    held.done_at, held.done_by = None, None
    return _kept(held, by, "council task open again")


def _task(decision, by):
    held = _locked(decision)
    if not _owns(held, by):
        raise NotYours("owner")
    if held.kind != Kind.TASK or _fallen(held):
        raise NotNow(held.kind)
    return held


def _fallen(held):
    return held.item.withdrawn_at or held.item.meeting.status == MeetingStatus.CANCELLED


def _kept(held, by, verb):
    held.save(update_fields=["done_at", "done_by"])
    record(verb, held.item, by=by, data={"decision": held.pk})
    return held


def _owns(decision, user):
    """The one it names, and whoever decides over the work there; anybody of the agency where nobody is named or who is
    named works there no more."""
    if decision.owner_agency_id != user.agency_id or not (can(user, May.REFER) or can(user, May.RECEIVE)):
        return False
    owner = decision.owner
    gone = owner is None or not owner.is_active or owner.agency_id != decision.owner_agency_id
    return gone or owner.pk == user.pk or can(user, May.ASSIGN)


def may_do(decision, user):
    """Tell whether what was decided is for this user to do."""
    return decision.kind in CouncilDecision.ASKS and _owns(decision, user)


def _locked(decision):
    rows = CouncilDecision.objects.select_for_update(of=("self",))
    beside = ("item__household", "item__meeting", "to_agency", "referral", "owner")
    found = rows.select_related(*beside).get(pk=decision.pk)
    if found.owner_agency_id is None:
        raise ValidationError(_("Nobody was asked to do this."))
    return found


VERBS = {"done": done, "undo": undo}
