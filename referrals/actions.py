"""What people do with a referral. Every step goes through `REFERRAL.perform`: lock, check, save, record."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework import touched
from casework.agencies.models import User
from casework.agencies.roles import May, can, holders
from casework.audit.record import record
from casework.clock import seoul_day
from casework.touched import Touched
from casework.workflow import NotYours
from households.actions.rights import answers_for
from referrals import packet as packets
from referrals.models import Referral
from referrals.states import Ground, Status
from referrals.workflow import REFERRAL

KEPT_IN_PACKET = [name for name, _label in packets.WRITTEN]


class PacketChanged(Exception):
    """What the register says has changed since the sender looked at the packet; the draft now holds the new one."""


@transaction.atomic
def save_draft(household, *, by, now, client_key, **words):
    """Make the draft with this author's `client_key`, or change it; return it, or what it has become since.

    `words` are `to_agency`, `need`, `title`, `request`, `ground` and the packet's parts: `sections`, the texts of
    `packet.WRITTEN`, `note`, `consent` (a dict or None). A double submit changes nothing.
    """
    if not can(by, May.REFER):
        raise NotYours("sender")
    fields = _fields(household, now, words)
    referral, made = Referral.objects.get_or_create(
        sender=by, client_key=client_key, defaults={"household": household, "from_agency": by.agency, **fields}
    )
    if not made:
        return change_draft(referral, by=by, **fields)
    record("drafted", referral, by=by)
    return referral


def edit_draft(referral, *, by, now, **words):
    """Write the words of the form (see `save_draft`) into a draft, a colleague's too; return it."""
    REFERRAL.check(referral, "send", by)
    return change_draft(referral, by=by, **_fields(referral.household, now, words))


def _fields(household, now, words):
    named = {name: words[name] for name in ("to_agency", "need", "title", "request", "ground")}
    return named | {"packet": _packet(household, now, words["ground"], words)}


@transaction.atomic
def change_draft(referral, *, by, **fields):
    """Write `fields` into a draft and return it; what is no longer a draft is returned as it is."""
    fresh = _locked(referral)
    if fresh.status != Status.DRAFT or all(getattr(fresh, name) == value for name, value in fields.items()):
        return fresh
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(fields))
    record("draft changed", fresh, by=by)
    return fresh


def send(referral, *, by, now):
    """Send the draft with the packet that the sender looked at, and start the receiver's clocks.

    Raises `PacketChanged` when the register has changed since; the draft then holds the packet as it would be now.
    Raises `ValidationError` when a recorded consent has ended or was withdrawn.
    """
    with transaction.atomic():
        held = _locked(referral)
        REFERRAL.check(held, "send", by)
        if not answers_for(by, held.household):  # the file was handed over while the draft lay
            raise NotYours("sender")
        _consent_stands(held, now)
        fresh = repacked(held, now)
        if fresh == held.packet:
            return _step(held, "send", by=by, data={"ground": held.ground}, sent_at=now)
        change_draft(held, by=by, packet=fresh)
    raise PacketChanged(referral.number)


def acknowledge(referral, *, by, now):
    """Say that the referral has arrived and is being read."""
    return _step(referral, "acknowledge", by=by, acknowledged_at=now)


@transaction.atomic
def accept(referral, *, by, now, handler=None):
    """Accept; `handler` (default: who accepts) takes it. Raises `ValidationError` for somebody of another agency."""
    REFERRAL.check(referral, "accept", by)
    handler = handler or by
    if not handlers(referral).filter(pk=handler.pk).exists():
        raise ValidationError(_("Whoever takes it must be able to receive referrals at your agency."))
    arrived = _locked(referral).acknowledged_at or now
    data = {"handler": str(handler)}
    return _step(referral, "accept", by=by, data=data, handler=handler, answered_at=now, acknowledged_at=arrived)


@transaction.atomic
def decline(referral, *, by, now, reason):
    """Decline with a reason; the turn goes back to the sender."""
    arrived = _locked(referral).acknowledged_at or now
    return _step(referral, "decline", by=by, reason=reason, answered_at=now, acknowledged_at=arrived)


def provide(referral, *, by, now, outcome, text):
    """Report what came of it; the sender still has to confirm with the person."""
    changes = {"outcome": outcome, "outcome_text": text, "provided_at": now}
    return _step(referral, "provide", by=by, data={"outcome": outcome}, **changes)


def confirm(referral, *, by, now):
    """Confirm, after asking the person, that the outcome is as reported."""
    return _step(referral, "confirm", by=by, confirmed_at=now)


def give_back(referral, *, by, now, reason):
    """Say that the help did not arrive. The outcome's clock runs on from the day of acceptance."""
    return _step(referral, "return", by=by, reason=reason, provided_at=None)


def close(referral, *, by, now):
    """Close what was confirmed or declined."""
    return _step(referral, "close", by=by, closed_at=now)


def cancel(referral, *, by, now, reason):
    """Take the request back before it was accepted."""
    return _step(referral, "cancel", by=by, reason=reason, closed_at=now)


VERBS: dict[str, Callable[..., Referral]] = {
    "send": send,
    "acknowledge": acknowledge,
    "accept": accept,
    "decline": decline,
    "provide": provide,
    "confirm": confirm,
    "return": give_back,
    "close": close,
    "cancel": cancel,
}


def handlers(referral):
    """Return the users of the receiving agency who may take the referral, by name."""
    workers = User.objects.filter(holders(May.RECEIVE), agency=referral.to_agency_id, is_active=True)
    return workers.order_by("name", "id")


def repacked(referral, now):
    """Return the packet of a draft as it would be sent at this moment, with the parts the sender picked."""
    kept = referral.packet
    shown = {name: kept.get(name, "") for name in KEPT_IN_PACKET}
    shown["sections"] = [name for name, _label in packets.PICKED if name in kept]
    shown |= {"note": kept.get("note", ""), "consent": kept.get("consent")}
    return _packet(referral.household, now, kept.get("ground", ""), shown)


def _consent_stands(referral, now):
    recorded = (referral.packet.get("consent") or {}).get("from") is not None
    if recorded and not packets.consent_on_record(referral.household, referral.to_agency, on=seoul_day(now)):
        raise ValidationError(_("The consent on record no longer stands. Please state the ground again."))


def _packet(household, now, ground, shown):
    return packets.build(
        household,
        on=seoul_day(now),
        sections=shown.get("sections") or (),
        texts={name: shown.get(name) or "" for name in KEPT_IN_PACKET},
        ground=ground,
        note=shown.get("note") or "",
        consent=shown.get("consent") if ground == Ground.CONSENT else None,
    )


def _locked(referral):
    return Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)


@transaction.atomic
def _step(referral, verb, *, by, reason="", data=None, **changes):
    """Take the step; and let the sweep look at the household, whose open referrals have changed."""
    fresh = REFERRAL.perform(referral, verb, by=by, reason=reason, data=data, **changes)
    if reason:
        fresh.reason = reason
        fresh.save(update_fields=["reason"])
    Touched.objects.create(household_id=fresh.household_id)
    transaction.on_commit(_ring)
    return fresh


def _ring():
    # The queue is in the database; the bell only saves the minute until the next tick.
    ring = getattr(touched, "ring", None)
    if ring:
        ring()


def too_late(referral, verb, *, by):
    """Return the sentence for somebody whose step came after another's; `referral` is the row as it stands now."""
    if verb == "accept" and referral.handler_id and referral.handler_id != by.pk:
        return _("%(name)s took it just before you.") % {"name": referral.handler}
    if referral.status == REFERRAL.steps[verb].target:
        return _("This was already done. Nothing was changed.")
    said = _("This step is no longer open: the referral stands at “%(status)s”.")
    return said % {"status": referral.get_status_display()}
