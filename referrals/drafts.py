"""A referral before and at its sending: what the sender writes, what they would see, and the ground it is sent on."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.workflow import NotYours
from households.actions.rights import answers_for, asks_for
from households.actions.verb import lock
from households.models import Closing
from referrals import grounds
from referrals import packet as packets
from referrals.again import end_what_came_back
from referrals.models import DesiredOutcome, Referral
from referrals.offices import knowing
from referrals.reviews import NOBODY_LOOKS, ask_for_review, somebody_else_looks
from referrals.routing import route_for
from referrals.states import Ground, Status, Urgency
from referrals.taking import locked, take
from referrals.transfers.left import tells_where_left
from referrals.workflow import REFERRAL

KEPT_IN_PACKET = [name for name, _label in packets.WRITTEN]
MOST_DESIRED = 5


class PacketChanged(Exception):
    """What the register says has changed since the sender looked at the packet; the draft now holds the new one."""


@transaction.atomic
def save_draft(household, *, by, now, client_key, **words):
    """Make the draft with this author's `client_key`, or change it; return it, or what it has become since.

    `words` are `to_agency`, `need`, `title`, `request`, `ground`, maybe `urgency` and `person` (a Person of the
    household; none: all of it), `desired` (up to five {"text", "person"}), `follows` (the referral that came back and
    is asked anew with this one), and the packet's parts: `sections`, the texts of `packet.WRITTEN`, `note`, `consent`
    (a dict or None, see `grounds.stated`). A double submit changes nothing. Raises `ValidationError` for somebody who
    does not belong to the household.
    """
    if not can(by, May.REFER):
        raise NotYours("sender")
    lock(household)  # a closing of this very moment is waited for, or finds the draft
    if Closing.objects.in_force().filter(household=household).exists():
        raise ValidationError(_("The case of this household is closed. Reopen it first."))
    fields, desired = _fields(household, now, words)
    referral, made = Referral.objects.get_or_create(
        sender=by,
        client_key=client_key,
        defaults={"household": household, "from_agency": by.agency, "follows": words.get("follows"), **fields},
    )
    if not made:
        return change_draft(referral, by=by, desired=desired, **fields)
    _write_desired(referral, desired)
    record("drafted", referral, by=by)
    return referral


def edit_draft(referral, *, by, now, **words):
    """Write the words of the form (see `save_draft`) into a draft, a colleague's too; return it."""
    REFERRAL.check(referral, "send", by)
    fields, desired = _fields(referral.household, now, words)
    return change_draft(referral, by=by, desired=desired, **fields)


def _fields(household, now, words):
    named = {name: words[name] for name in ("to_agency", "need", "title", "request", "ground")}
    named |= {"urgency": words.get("urgency") or Urgency.USUAL, "person": words.get("person")}
    desired = [line for line in words.get("desired") or () if line["text"].strip()]
    _check_people(household, named["person"], desired, seoul_day(now))
    return named | {"packet": _packet(household, now, words["ground"], named["person"], desired, words)}, desired


def _check_people(household, person, desired, on):
    """Whom it is about, and whom it is hoped for, lives in the household; of one person nobody else is told."""
    if len(desired) > MOST_DESIRED:
        raise ValidationError(_("At most five hoped-for results."))
    here = packets.ids_of(household, on)
    if any(one and one.pk not in here for one in (person, *(line.get("person") for line in desired))):
        raise ValidationError(_("This person does not belong to the household any more."))
    if person and any(line.get("person") not in (None, person) for line in desired):
        raise ValidationError(_("This referral is about one person: a hoped-for result names nobody else."))


@transaction.atomic
def change_draft(referral, *, by, desired=None, **fields):
    """Write `fields` and the `desired` lines (None: as they are) into a draft and return it; what is no longer a draft
    is returned as it is."""
    fresh = locked(referral)
    same = all(getattr(fresh, name) == value for name, value in fields.items())
    same = same and (desired is None or _lines(desired) == _lines(desired_of(fresh)))
    if fresh.status != Status.DRAFT or same:
        return fresh
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(fields))
    if desired is not None:
        fresh.desired.all().delete()
        _write_desired(fresh, desired)
    record("draft changed", fresh, by=by)
    return fresh


def send(referral, *, by, now):
    """Send the draft with the packet that the sender looked at, and start the receiver's clocks.

    Raises `PacketChanged` when the register has changed since; the draft then holds the packet as it would be now.
    Raises `ValidationError` when the ground does not hold (see `grounds.check`), and for a notice of a move to the
    district that was left once the address is protected. A consent on paper that the sender stated is recorded in the
    register; urgent danger is put before somebody else of the agency.
    """
    with transaction.atomic():
        held = locked(referral)
        REFERRAL.check(held, "send", by)
        if not _still_theirs(held, by):  # the file was handed over, or the person moved, while the draft lay
            raise NotYours("sender")
        on = seoul_day(now)
        _check_people(held.household, held.person, desired_of(held), on)
        _check_left(held, on)
        if knowing.KNOWN in held.packet and held.ground == Ground.DANGER and not somebody_else_looks(by):
            raise ValidationError(str(NOBODY_LOOKS))
        consent = grounds.check(held, on=on)
        fresh = repacked(held, now)
        if fresh == held.packet:
            consent = consent or grounds.record_stated(held, by=by, on=on)
            sent = _sent(held, consent, by=by, now=now)
            ask_for_review(sent, by=by)
            end_what_came_back(sent, by=by, now=now)
            return sent
        change_draft(held, by=by, packet=fresh)
    raise PacketChanged(referral.number)


def _still_theirs(held, by):
    if knowing.KNOWN in held.packet:
        return asks_for(by, held.person)
    return answers_for(by, held.household)


def _check_left(held, on):
    """Where a household has left it is told to nobody where it lives, and nothing while its address is protected."""
    where = {name for name, _label in packets.PICKED if name in held.packet}
    told = where - set(packets.without_address(where))
    if tells_where_left(held, on=on) and (told or packets.address_protected(held.household)):
        raise ValidationError(
            _("Where the household lived before, nobody is told where it lives, or anything of a protected address.")
        )


def _sent(held, consent, *, by, now):
    route = route_for(held, on=seoul_day(now))
    moments = {"sent_at": now, "clock_from": held.clock_from or now}
    return take(held, "send", by=by, now=now, data={"ground": held.ground}, route=route, consent=consent, **moments)


def desired_of(referral):
    """Return the hoped-for results as `save_draft` takes them, in their order."""
    rows = referral.desired.select_related("person").order_by("order")
    return [{"text": row.text, "person": row.person} for row in rows]


def repacked(referral, now):
    """Return the packet of a draft as it would be sent at this moment, with the parts the sender picked."""
    kept = referral.packet
    if knowing.KNOWN in kept:
        return knowing.again(referral, on=seoul_day(now))
    shown = {name: kept.get(name, "") for name in KEPT_IN_PACKET}
    shown["sections"] = [name for name, _label in packets.PICKED if name in kept]
    shown |= {"note": kept.get("note", ""), "consent": kept.get("consent")}
    desired = desired_of(referral)
    return _packet(referral.household, now, kept.get("ground", ""), referral.person, desired, shown)


def _packet(household, now, ground, person, desired, shown):
    return packets.build(
        household,
        on=seoul_day(now),
        person=person,
        sections=shown.get("sections") or (),
        texts={name: shown.get(name) or "" for name in KEPT_IN_PACKET},
        desired=desired,
        ground=ground,
        note=shown.get("note") or "",
        consent=shown.get("consent") if ground == Ground.CONSENT else None,
    )


def _write_desired(referral, desired):
    DesiredOutcome.objects.bulk_create(
        DesiredOutcome(referral=referral, order=order, text=line["text"].strip(), person=line.get("person"))
        for order, line in enumerate(desired, start=1)
    )


def _lines(desired):
    return [(line["text"].strip(), line.get("person")) for line in desired]
