"""Passing a referral on: the receiver names the next one, the sender stays responsible, and the first clock runs on."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.models import Jurisdiction
from casework.audit.record import record
from casework.clock import seoul_day
from referrals import grounds
from referrals.models import DesiredOutcome, Referral
from referrals.reviews import ask_for_review
from referrals.suggest import places_of, working_in
from referrals.taking import locked, take
from referrals.workflow import REFERRAL

KEPT = (
    "household",
    "person",
    "from_agency",
    "sender",
    "need",
    "urgency",
    "route",
    "title",
    "request",
    "packet",
    "ground",
    "clock_from",
)


@transaction.atomic
def reroute(referral, *, by, now, reason, to_agency):
    """Pass it on to `to_agency` (one of `next_receivers`) and return the referral that ends with it.

    The new one (`rerouted_to`) has the same words, the same packet and the same first clock. Where the ground holds for
    the new receiver too it is sent by this act; else it lies as a draft with the sender, who has to find a ground.
    Raises `ValidationError` for another agency.
    """
    held = locked(referral)
    REFERRAL.check(held, "reroute", by)
    on = seoul_day(now)
    if to_agency not in next_receivers(held, on=on):
        raise ValidationError(_("This agency cannot get it: it does not cover the place, or had it before."))
    following = _copy(held, to_agency)
    moments = {"answered_at": now, "acknowledged_at": held.acknowledged_at or now, "closed_at": now}
    ended = take(held, "reroute", by=by, now=now, reason=reason, data={"next": following.number}, **moments)
    if goes_on(following, held, on=on):
        _forward(following, by=by, now=now, on=on)
    else:
        record("drafted", following, by=by, data={"passed_on_from": held.number})
    return ended


def goes_on(following, ended, *, on):
    """Say whether the ground on which the facts were told holds for the next receiver too."""
    if ended.veiled:
        return False
    try:
        grounds.check(following, on=on)
    except ValidationError:
        return False
    return True


def next_receivers(referral, *, on):
    """Return the agencies that it can be passed on to, those whom the table of routes asks first on top.

    They have somebody who receives, never had it, and cover where the household lives; where the packet does not say
    that, where the agency that passes it on works: the list of names must not tell what was not told.
    """
    if "dwelling" in referral.packet:
        places = places_of(referral.household_id, on=on)
    else:
        own = Jurisdiction.objects.filter(agency=referral.to_agency_id, during__contains=on)
        places = own.order_by().values("district")
    rows = working_in(places, on=on).filter(staffed=True).exclude(pk__in=had_it(referral))
    asked = [*referral.route.first, *referral.route.also]
    return sorted(rows, key=lambda agency: asked.index(agency.kind) if agency.kind in asked else len(asked))


def proposed(referral, receivers):
    """Return the first of `receivers` that the table of routes names for the need, or None."""
    named = [*referral.route.first, *referral.route.also]
    return next((agency for agency in receivers if agency.kind in named), None)


def had_it(referral):
    """Return the ids of the sender and of the agencies that had this request, the present one first."""
    ids = [referral.from_agency_id]
    while referral is not None:
        ids.append(referral.to_agency_id)
        referral = referral.rerouted_from
    return ids


def _copy(ended, to_agency):
    kept = {name: getattr(ended, name) for name in KEPT}
    kept["packet"] = {name: part for name, part in ended.packet.items() if name != "consent"}
    following = Referral.objects.create(to_agency=to_agency, rerouted_from=ended, client_key=uuid4(), **kept)
    DesiredOutcome.objects.bulk_create(
        DesiredOutcome(referral=following, order=line.order, text=line.text, person=line.person)
        for line in ended.desired.select_related("person").order_by("order")
    )
    return following


def _forward(following, *, by, now, on):
    consent = grounds.check(following, on=on)
    data = {"ground": following.ground, "passed_on_from": following.rerouted_from.number}
    packet = following.packet | ({"consent": grounds.period_of(consent)} if consent else {})
    sent = take(following, "forward", by=by, now=now, data=data, sent_at=now, consent=consent, packet=packet)
    ask_for_review(sent, by=sent.sender)  # who claimed the danger; never the one to look at it again
    return sent
