"""What a case conference decided to ask of another agency: the draft of the referral, found again by the decision."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import refusals
from households.actions.verb import lock
from households.conferences import deciding
from households.conferences.rights import check_alive, check_here, sees
from households.models import ConferenceDecision
from referrals import drafts, grounds
from referrals.models import Referral
from referrals.states import Ground, Status

NAMESPACE = uuid.UUID("3b1f2c7a-8f0e-4a6d-9d1c-6a2f5e7b9c10")
SECTIONS = ["members"]


def refer(decision, *, by, now):
    """Write the draft of the referral that was decided and return it; the one that is there, unless it was cancelled.

    It is sent by a person, who checks what will be seen and states the ground. Raises `NotYours` for who does not refer
    for this household or whose work it is not, `NotNow` for what is no referral or was taken back, `Refused` where
    another centre answers for the household by now or nobody lives there any more.
    """
    with refusals():
        lock(decision.item.household)
        rows = ConferenceDecision.objects.select_for_update(of=("self",))
        beside = ("item__household", "item__conference", "to_agency", "owner")
        held = rows.select_related(*beside).get(pk=decision.pk)
        check_here(held.item)
        if not (can(by, May.REFER) and deciding.owns(held, by) and sees(by, held.item.household)):
            raise NotYours("owner")
        if held.kind != ConferenceDecision.Kind.REFERRAL or held.taken_back_at or held.item.withdrawn_at:
            raise NotNow(held.kind)
        check_alive(held.item.household, held.kind, on=seoul_day(now))
        before = list(held.referrals.order_by("-id"))
        if before and before[0].status != Status.CANCELLED:
            return before[0]
        return _written(held, len(before), by=by, now=now)


def _written(held, earlier, *, by, now):
    key = uuid.uuid5(NAMESPACE, f"{held.pk}:{earlier}")
    words = _words(held, seoul_day(now))
    made = drafts.save_draft(held.item.household, by=by, now=now, client_key=key, **words)
    made.conference_decision = held
    made.save(update_fields=["conference_decision"])
    record("conference referral begun", held.item, by=by, data={"referral": made.number})
    return made


def _words(held, on):
    """A consent on record that names the receiver is its ground; else the sender states one."""
    needed = grounds.items_of(dict.fromkeys(SECTIONS, True))
    kept = grounds.covers(list(grounds.consents(held.item.household, held.to_agency, on=on)), needed)
    said = _("Decided at the case conference %(number)s: %(what)s")
    return {
        "to_agency": held.to_agency,
        "need": held.need,
        "title": held.what[: Referral._meta.get_field("title").max_length],
        "request": said % {"number": held.item.conference.number, "what": held.what},
        "sections": SECTIONS,
        "ground": Ground.CONSENT if kept else "",
        "consent": grounds.period_of(kept) if kept else None,
    }


@transaction.atomic
def take_back(decision, *, by, now, reason):
    """Take a decision back with a reason; `NotNow` while a referral that came of it stands."""
    lock(decision.item.household)
    if Referral.objects.filter(conference_decision=decision.pk).exclude(status=Status.CANCELLED).exists():
        raise NotNow("begun")
    return deciding.take_back(decision, by=by, now=now, reason=reason)


def unsent(decisions):
    """Return those of a queryset of decisions that no referral which was sent answers: its own clocks run from then."""
    sent = Referral.objects.filter(conference_decision=OuterRef("pk"), sent_at__isnull=False)
    return decisions.filter(~Exists(sent.exclude(status=Status.CANCELLED).order_by()))
