"""Notices of a move: prepared for the offices of the new district, each sent by a person, on a ground that holds.

The residence-protection officer of the local government and the police who protect persons are told the minimum: the
number of the household, the name of its head, the district and town, the day, and which centre answers.
"""

import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.models import Agency, Kind
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.templatetags.format import fullday
from casework.workflow import NotYours
from households.actions.rights import answers_for
from households.actions.verb import lock
from households.models import Dwelling
from referrals import drafts, grounds, suggest
from referrals.models import Referral, Transfer
from referrals.packing import address_protected, without_address
from referrals.states import Ground

TOLD = (Kind.CITY, Kind.POLICE)
SECTIONS = ["head", "dwelling"]
NAMESPACE = uuid.UUID("5f0f2f0e-6a0a-4d0e-9d0b-6a9f8f1f7c11")


@dataclass(frozen=True)
class Notice:
    """One office of the new district, and the Referral that tells it, once somebody has prepared it."""

    agency: Agency
    referral: Referral | None


def notices_of(household, user, *, on):
    """Return the Notice of each office of the district where the household lives, in the order of their kinds; three
    queries."""
    home = _home(household, on)
    if home is None:
        return []
    offices = list(suggest.agencies_for(household, on=on, sender=user).filter(kind__in=TOLD))
    keys = {_key(home, office): office.pk for office in offices}
    sent = {keys[row.client_key]: row for row in Referral.objects.filter(household=household, client_key__in=keys)}
    return [Notice(office, sent.get(office.pk)) for office in offices]


@transaction.atomic
def prepare(household, *, agency, by, now):
    """Write the draft of one notice and return it; the one that is there, if somebody has prepared it.

    A consent on record that covers it is its ground; without one the sender states a ground before it goes. Raises
    `NotYours` for whoever does not refer for this household, `ValidationError` for an agency that is no office there.
    """
    if not (can(by, May.REFER) and answers_for(by, household)):
        raise NotYours("sender")
    lock(household)
    on = seoul_day(now)
    found = next((one for one in notices_of(household, by, on=on) if one.agency.pk == agency.pk), None)
    if found is None:
        raise ValidationError(_("This office does not cover the district where the household lives."))
    if found.referral:
        return found.referral
    home = _home(household, on)
    return drafts.save_draft(
        household, by=by, now=now, client_key=_key(home, agency), **_words(household, home, agency, on)
    )


def prepare_and_send(household, *, agency, by, now):
    """Prepare the notice and send it where its ground holds; return it, sent or still a draft."""
    referral = prepare(household, agency=agency, by=by, now=now)
    if referral.sent_at or referral.ground != Ground.CONSENT:
        return referral
    return drafts.send(referral, by=by, now=now)


def _words(household, home, agency, on):
    sections = without_address(SECTIONS) if address_protected(household) else SECTIONS
    needed = grounds.items_of(dict.fromkeys(sections, True))
    kept = grounds.covers(list(grounds.consents(household, agency, on=on)), needed)
    return {
        "to_agency": agency,
        "need": "protection",
        "title": _("Notice of a move"),
        "request": _("A household has moved into your area. Please go on with its residence protection."),
        "sections": sections,
        "facts": _facts(household, home),
        "ground": Ground.CONSENT if kept else "",
        "consent": grounds.period_of(kept) if kept else None,
    }


def _facts(household, home):
    lines = []
    if home.during.lower:
        lines.append(_("Moved on %(day)s") % {"day": fullday(home.during.lower)})
    going = Transfer.objects.open().filter(household=household).select_related("to_agency").first()
    if going:
        lines.append(_("The file is on its way to %(agency)s.") % {"agency": going.to_agency})
    return "\n".join(lines)


def _home(household, on):
    return Dwelling.objects.current().during(on).filter(household=household, district__isnull=False).first()


def _key(home, agency):
    """One notice for a move and an office, whoever prepares it."""
    return uuid.uuid5(NAMESPACE, f"{home.fact_id}:{agency.pk}")
