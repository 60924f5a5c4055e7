"""What stands against closing a case, each in a sentence that names it: our own criteria (a lesson of real cases).

Asked when somebody proposes, and again, with the household held, when somebody approves: a referral that is begun in
the same moment waits for that answer or is found by it.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from casework.clock import seoul_day
from households.models import Closing, Contact, Household, NeedsAssessment, PlannedVisit, ServicePlan
from referrals.models import Referral, Transfer
from referrals.transfers.workflow import TransferStatus
from risk.bands import Band
from risk.models import Flag, Standing
from risk.rules import name_of

R = Closing.Reason


def blocks_of(household: Household, *, reason: str = "", user: Any = None) -> list[str]:
    """Return the sentences on what stands against closing a case for `reason` ("" before one was chosen).

    Of the dead no rule and no contact step speaks; of what another centre has taken over, that centre answers.
    """
    found = _referrals(household, reason, user)
    if reason in (R.DECEASED, R.TRANSFERRED):
        return found
    unmet = _never_met(household) if reason == R.GOALS_MET else []
    return [*found, *_risk(household), *_unreached(household), *unmet, *_transfers(household), *_work(household)]


def transfer_of(household: Household, agency: Any, *, done: bool = False) -> Transfer | None:
    """Return the transfer that another centre accepted from `agency`, or, with `done`, has carried out."""
    wanted = (TransferStatus.DONE,) if done else (TransferStatus.ACCEPTED, TransferStatus.DONE)
    return Transfer.objects.filter(household=household, from_agency=agency, status__in=wanted).order_by("-id").first()


def _referrals(household: Household, reason: str, user: Any) -> list[str]:
    rows = Referral.objects.open().filter(household=household).order_by("id")
    if user is not None:
        rows = rows.filter(Q(from_agency=user.agency_id) | Q(sent_at__isnull=False))  # a draft of others binds nobody
    if reason == R.TRANSFERRED:
        rows = rows.filter(from_agency=user.agency_id)
    seen = (
        None
        if user is None
        else set(Referral.objects.visible_to(user).filter(pk__in=rows).values_list("pk", flat=True))
    )
    said = _("Referral %(number)s is not finished: %(status)s.")
    named = [row for row in rows if seen is None or row.pk in seen]
    found = [said % {"number": row.number, "status": row.get_status_display()} for row in named]
    return [*found, _("A referral of another agency is open.")] if len(named) < len(rows) else found


def _risk(household: Household) -> list[str]:
    standing = Standing.objects.filter(household=household).first()
    found = []
    if standing and max(standing.band, standing.shown_band) >= Band.HIGH:
        band = Band(max(standing.band, standing.shown_band)).label
        found.append(_("The household stands at %(band)s.") % {"band": band})
    flags = Flag.objects.open().filter(Q(trump=True) | Q(floor__gte=Band.HIGH), household=household)
    said = _("A reason of this weight is open: %(name)s.")
    names = {name_of(row.rule, row.evidence) for row in flags.order_by("id")}
    return [*found, *(said % {"name": name} for name in sorted(names))]


def _unreached(household: Household) -> list[str]:
    """Whoever was tried in vain since somebody was last met is being looked for: that is no time to close."""
    standing = Standing.objects.filter(household=household).first()
    contacts = Contact.objects.current().filter(household=household)
    tried = contacts.filter(contact_made=False)
    if standing and standing.run_since:
        tried = tried.filter(occurred_at__gt=standing.run_since)
    met = contacts.filter(contact_made=True).order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    if met:
        tried = tried.filter(occurred_at__gt=met)
    number = tried.count()
    if not number:
        return []
    return [_("Nobody has reached the household since %(n)s attempts: the contact steps run.") % {"n": number}]


def _never_met(household: Household) -> list[str]:
    """Goals are not met by somebody whom nobody has met: neither a contact nor an assessment is on record."""
    met = Contact.objects.current().filter(household=household, contact_made=True).exists()
    if met or NeedsAssessment.objects.current().filter(household=household).exists():
        return []
    return [_("Nobody was met here yet, as far as the record goes: meet them first, or record the contact.")]


def _transfers(household: Household) -> list[str]:
    said = _("Transfer %(number)s is open.")
    rows = Transfer.objects.open().filter(household=household).order_by("id")
    return [said % {"number": row.number} for row in rows]


def _work(household: Household) -> list[str]:
    """A plan ends with what became of its goals, and nobody goes where a case is closed. Tasks are called off then."""
    plans = ServicePlan.objects.live().filter(household=household).order_by("id")
    found = [_("A service plan is under way: end it with its outcome first.") for _plan in plans[:1]]
    visits = PlannedVisit.objects.out().filter(household=household).order_by("begins", "id")
    said = _("A visit is planned for %(day)s: carry it out or call it off first.")
    return [*found, *(said % {"day": seoul_day(row.begins).isoformat()} for row in visits)]
