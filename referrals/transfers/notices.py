"""Notices of a move: prepared for the offices of both districts, each sent by a person, on a ground that holds.

Where the household lives now, the residence-protection officer of the local government and the police who protect
persons are told the minimum: the number of the household, the name of its head, the district and town, the day, and
which centre answers. Where it left, the residence-protection officer is told that it left and on which day, never where
to; and where a violence marker stands, also one set since the notice was written, nobody there is told anything: their
register loses the household by itself.
"""

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
from referrals.transfers.left import home_of, key_of

TOLD = (Kind.CITY, Kind.POLICE)
TOLD_WHERE_LEFT = (Kind.CITY,)
SECTIONS = ["head", "dwelling"]


@dataclass(frozen=True)
class Notice:
    """One office of the new district, or (`left`) of the one that was left, and the Referral that tells it, once
    somebody has prepared it."""

    agency: Agency
    referral: Referral | None
    left: bool = False


def notices_of(household, user, *, on):
    """Return the Notice of each office of the district where the household lives, in the order of their kinds, then of
    the district that it left; six queries at most."""
    home = home_of(household, on=on)
    if home is None:
        return []
    here = suggest.working_in(suggest.places_of(household, on=on), on=on).exclude(user=user.pk)
    offices = [(office, False) for office in here.filter(kind__in=TOLD)]
    offices += [(office, True) for office in _left(household, home, user, on)]
    keys = {key_of(home, office.pk): office.pk for office, _left_it in offices}
    sent = {keys[row.client_key]: row for row in Referral.objects.filter(household=household, client_key__in=keys)}
    return [Notice(office, sent.get(office.pk), left) for office, left in offices]


def moved_on(household, *, on):
    """Return the Dwelling of a day with the one before it, as `.before`; None where no district is known."""
    home = home_of(household, on=on)
    if home is not None:
        home.before = _before(household, home)
    return home


def _left(household, home, user, on):
    """Return the offices that covered the district before and do not cover the one of now; none where the address is
    protected."""
    before = _before(household, home)
    if before is None or before.district_id == home.district_id or address_protected(household):
        return []
    there = Agency.objects.filter(kind__in=TOLD_WHERE_LEFT).covering(before.district, on=on)
    here = Agency.objects.covering(home.district, on=on).order_by().values("pk")
    return list(there.exclude(pk__in=here).exclude(user=user.pk).order_by("name_ko"))


def _before(household, home):
    """Return where the household lived until the day on which it moved here, or None."""
    if home.during.lower is None:
        return None
    rows = Dwelling.objects.current().filter(household=household, during__endswith=home.during.lower)
    return rows.filter(district__isnull=False, during__isempty=False).select_related("district__parent").first()


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
        raise ValidationError(_("This office is not one that is told of this move."))
    if found.referral:
        return found.referral
    home = home_of(household, on=on)
    words = _words_where_left(household, home, agency, on) if found.left else _words(household, home, agency, on)
    return drafts.save_draft(household, by=by, now=now, client_key=key_of(home, agency.pk), **words)


def prepare_and_send(household, *, agency, by, now):
    """Prepare the notice and send it where its ground holds; return it, sent or still a draft."""
    referral = prepare(household, agency=agency, by=by, now=now)
    if referral.sent_at or referral.ground != Ground.CONSENT:
        return referral
    return drafts.send(referral, by=by, now=now)


def _words_where_left(household, home, agency, on):
    """The minimum for the office of the district that was left: who left, and when. Never where to."""
    request = _("A household has left your area. Please close its entry in your residence-protection register.")
    said = _("Left on %(day)s") % {"day": fullday(home.during.lower)}
    return _told(household, agency, on, sections=["head"], request=request, facts=said)


def _words(household, home, agency, on):
    sections = without_address(SECTIONS) if address_protected(household) else SECTIONS
    request = _("A household has moved into your area. Please go on with its residence protection.")
    return _told(household, agency, on, sections=sections, request=request, facts=_facts(household, home))


def _told(household, agency, on, *, sections, request, facts):
    """Return the words of a notice, on the ground of a consent where one on record covers it."""
    needed = grounds.items_of(dict.fromkeys(sections, True))
    kept = grounds.covers(list(grounds.consents(household, agency, on=on)), needed)
    return {
        "to_agency": agency,
        "need": "protection",
        "title": _("Notice of a move"),
        "request": request,
        "sections": sections,
        "facts": facts,
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
