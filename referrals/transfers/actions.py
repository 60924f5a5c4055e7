"""What people do with a transfer. The sending centre answers for the household until the other one has met it.

Each is atomic and takes the transfer's row first, the household after it, so that two of them cannot wait for each
other.
"""

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.models import Kind, User
from casework.agencies.roles import May
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotYours
from households.actions import Refused, assign, end_share, hand_over, log_contact, share
from households.actions.refusal import refusals
from households.actions.rights import check_can_change
from households.actions.verb import lock
from households.models import Contact, Dwelling, Membership, Responsibility, Share
from referrals import telling
from referrals.models import Referral, Transfer
from referrals.packing import address_protected
from referrals.states import FINISHED
from referrals.transfers.workflow import TRANSFER, is_worker

# How long the named worker sees the file before the centre answers for it; naming a worker again opens it anew.
OPENED_FOR = timedelta(days=30)


def propose(household, *, to, by, now, why=Transfer.Why.MOVED, note="", client_key=None):
    """Propose to another Hana Center to take the file over; return the Transfer. The same person asking the same
    centre twice asks once.

    Raises `NotAllowed` for whoever does not keep this register, `Refused` for an agency that is no other centre, and
    while another transfer of the household is open.
    """
    if first := landed(Transfer.objects, by=by, client_key=client_key, author="proposed_by"):
        return first
    with refusals():
        lock(household)
        check_can_change(by, household)
        if to.kind != Kind.HANA_CENTER:
            raise Refused(_("A file is transferred to a Hana Center."), field="to")
        if same := Transfer.objects.open().filter(household=household, to_agency=to, proposed_by=by).first():
            return same
        made = Transfer.objects.create(
            household=household,
            from_agency=by.agency,
            to_agency=to,
            why=why,
            note=note.strip(),
            proposed_by=by,
            proposed_at=now,
            client_key=client_key,
            **_told(household, seoul_day(now)),
        )
        record("transfer proposed", made, by=by, data={"to": to.pk, "why": str(why)})
        telling.of_transfer(made, "propose", by=by, now=now)
    return made


def _told(household, on):
    """What the other centre reads before it answers: how many people, where they live now, since when; a protected
    address is not among it."""
    people = Membership.objects.current().during(on).filter(household=household).count()
    if address_protected(household):
        return {"people": people}
    home = Dwelling.objects.current().during(on).filter(household=household).order_by("id").first()
    return {"people": people, **({"district": home.district, "moved_on": home.during.lower} if home else {})}


@transaction.atomic
def accept(transfer, *, by, now, worker):
    """Accept, and name the worker who will meet the household; the file is open to both until then. Returns the row.

    Raises `ValidationError` for somebody who does not look after households at the receiving centre.
    """
    held = locked(transfer)
    TRANSFER.check(held, "accept", by)
    check_may_take(held, worker)
    opened = _open_to(held, worker, by=by, now=now)
    moments = {"answered_at": now, "answered_by": by, "worker": worker, "share": opened}
    return _told_of("accept", TRANSFER.perform(held, "accept", by=by, data={"worker": worker.pk}, **moments), by, now)


@transaction.atomic
def name(transfer, *, by, now, worker):
    """Name another worker, or the same one again when what was opened has run out. The clock runs on."""
    held = locked(transfer)
    TRANSFER.check(held, "name", by)
    check_may_take(held, worker)
    shown = held.share is not None and held.share.during.upper > now
    if shown and held.worker_id == worker.pk:
        return held
    _shut(held, by=by, now=now)
    opened = _open_to(held, worker, by=by, now=now)
    named = {"worker": worker, "share": opened}
    return _told_of("name", TRANSFER.perform(held, "name", by=by, data={"worker": worker.pk}, **named), by, now)


@transaction.atomic
def decline(transfer, *, by, now, reason):
    """Decline with a reason; the sending centre answers for the household as before, and proposes anew or keeps it."""
    return _ended(locked(transfer), "decline", by=by, now=now, reason=reason, answered_at=now, answered_by=by)


@transaction.atomic
def give_back(transfer, *, by, now, reason):
    """Give back what was accepted: nobody could be met, or they moved on. What was opened is shut."""
    return _ended(locked(transfer), "give_back", by=by, now=now, reason=reason)


@transaction.atomic
def withdraw(transfer, *, by, now, reason):
    """Take the proposal back: the file stays here. What was opened is shut."""
    return _ended(locked(transfer), "withdraw", by=by, now=now, reason=reason)


@transaction.atomic
def record_contact(transfer, *, people, by, now, client_key, **entry):
    """Log what the receiving centre's worker did: an attempt, or the first contact, with which the file goes over.

    Returns the Contact; the same key lands once. Raises `NotYours`, `NotNow` where nothing is to be met any more, and
    `Refused` for a contact from before the acceptance.
    """
    held = locked(transfer)
    if not is_worker(held, by):
        raise NotYours("worker")
    if first := landed(Contact.objects.current(), by=by, client_key=client_key):
        return first
    TRANSFER.check(held, "meet", by)
    if entry["contact_made"] and entry["occurred_at"] < held.answered_at.replace(second=0, microsecond=0):
        raise Refused(_("The first contact comes after the transfer was accepted."), field="at")
    made = log_contact(held.household, people=people, by=by, client_key=client_key, **entry)
    if made.contact_made:
        _take_over(held, made, by=by, now=now)
    return made


def _take_over(held, contact, *, by, now):
    """The receiving centre answers from today: its worker begins, the old one ends, open referrals go along."""
    on, household = seoul_day(now), held.household
    lock(household)
    duty = Responsibility.objects.current().during(on).filter(household=household).first()
    if duty and duty.center_id not in (held.from_agency_id, held.to_agency_id):
        raise Refused(_("Another centre answers for this household by now. Please withdraw the transfer."))
    hand_over(household, center=held.to_agency, on=on, by=by)
    assign(household, worker=held.worker, on=on, by=by, reason=held.number)
    _take_referrals_along(held, by=by)
    _shut(held, by=by, now=now)
    told = {"contact": contact.fact_id, "done_at": now}
    TRANSFER.perform(held, "meet", by=by, data={"contact": contact.fact_id}, **told)


def _take_referrals_along(held, *, by):
    """Let the centre that answers now stand as the sender of what is open, so that none is left to those who no longer
    see the household. What was asked of that very centre stays as it is."""
    rows = Referral.objects.select_for_update(of=("self",)).filter(household=held.household_id)
    mine = rows.filter(from_agency=held.from_agency_id).exclude(status__in=FINISHED)
    for referral in mine.exclude(to_agency=held.to_agency_id).order_by("pk"):
        referral.from_agency_id, referral.sender_id = held.to_agency_id, held.worker_id
        referral.save(update_fields=["from_agency", "sender"])
        record("went along", referral, by=by, data={"transfer": held.number, "from": held.from_agency_id})


def _ended(held, verb, *, by, now, reason, **changes):
    TRANSFER.check(held, verb, by)
    _shut(held, by=by, now=now)
    fresh = TRANSFER.perform(held, verb, by=by, reason=reason, **changes)
    fresh.reason = reason
    fresh.save(update_fields=["reason"])
    return _told_of(verb, fresh, by, now)


def _told_of(verb, fresh, by, now):
    telling.of_transfer(fresh, verb, by=by, now=now)
    return fresh


def _open_to(held, worker, *, by, now):
    said = _("Transfer %(number)s") % {"number": held.number}
    # A restriction stops no transfer: whoever looks after the person next has to know the file.
    return share(held.household, worker, reason=said, until=now + OPENED_FOR, now=now, by=by, despite="transfer")


def _shut(held, *, by, now):
    if held.share_id:
        end_share(Share(pk=held.share_id), now=now, by=by)


def check_may_take(transfer, worker):
    """Raise `ValidationError` unless the worker looks after households at the receiving centre."""
    if not workers_of(transfer.to_agency_id).filter(pk=worker.pk).exists():
        raise ValidationError(_("This worker does not look after households at the receiving centre."))


def workers_of(agency):
    """Return those of a centre (an id) who look after households and keep the register, by name."""
    people = User.objects.who_may(May.SEE_CASELOAD).who_may(May.RECORD_CONTACT)
    return people.filter(agency=agency).order_by("name", "id")


def locked(transfer):
    """Return the transfer as it stands now, held until the transaction ends."""
    return Transfer.objects.select_for_update(of=("self",)).select_related("household", "share").get(pk=transfer.pk)


VERBS: dict[str, Callable[..., Transfer]] = {
    "accept": accept,
    "name": name,
    "decline": decline,
    "give_back": give_back,
    "withdraw": withdraw,
}
