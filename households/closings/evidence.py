"""What a reason for closing a case rests on, asked of the register; each answer is a sentence, or nothing.

The reasons and what they ask for are our own criteria. What other floors know (referrals, bands, transfers) they ask.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from casework.clock import day_begins, seoul_day
from households.actions.verb import on_day
from households.models import Closing, Contact, Household, Membership, Residence, Whereabouts
from households.models.closing import WITHIN
from households.models.contact import Channel

R = Closing.Reason
IN_PERSON = (Channel.VISIT, Channel.OFFICE, Channel.ACCOMPANY)


def talks_of(household, *, now):
    """Return the contacts of a household in which somebody was met in person lately, the latest first."""
    since = day_begins(seoul_day(now) - timedelta(days=WITHIN))
    met = Contact.objects.current().filter(household=household, contact_made=True, channel__in=IN_PERSON)
    return met.filter(occurred_at__gte=since, occurred_at__lte=now).order_by("-occurred_at", "-id")


def missing(household, *, reason, by, now, evidence="", contact=None, same_as=None):
    """Return (field, sentence) of what the reason rests on and is not on record; None where nothing is missing."""
    if reason not in R.values:
        return "reason", _("This is no reason to close a case.")
    asked = {
        R.DECLINED: lambda: _declined(household, contact, now),
        R.ABROAD: lambda: _abroad(household, evidence, seoul_day(now)),
        R.DECEASED: lambda: _deceased(household, seoul_day(now)),
        R.DUPLICATE: lambda: _duplicate(household, same_as, by, now),
    }
    return asked[reason]() if reason in asked else None


def _declined(household, contact, now):
    if contact is None or not talks_of(household, now=now).filter(fact_id=contact).exists():
        said = _("Choose the talk in person of the last %(n)s days in which the person declined.")
        return "contact", said % {"n": WITHIN}
    return None


def _abroad(household, evidence, on):
    if not evidence.strip():
        return "evidence", _("Write how it was verified that they moved abroad: which document, which office.")
    here = on_day(Membership.objects, on).filter(household=household).values("person")
    left = on_day(Residence.objects, on).filter(person__in=here, status=Residence.Status.EMIGRATED).values("person")
    found = Whereabouts.objects.current().filter(person__in=here).order_by("person", "-observed_on", "-id")
    latest = dict(found.distinct("person").values_list("person", "where"))
    gone = {*left.values_list("person", flat=True), *(one for one, where in latest.items() if where == "abroad")}
    if any(person not in gone for person in here.values_list("person", flat=True)):
        return "reason", _("It is not on record of everybody here that they are abroad. Record where they are first.")
    return None


def _deceased(household, on):
    if on_day(Membership.objects, on).filter(household=household).exists():
        return "reason", _("Somebody still lives in this household.")
    last = Membership.objects.current().filter(household=household).values("person")
    if not on_day(Residence.objects, on).filter(person__in=last, status=Residence.Status.DECEASED).exists():
        return "reason", _("No death is on record here. Record it first.")
    return None


def _duplicate(household, same_as, by, now):
    if same_as is None or same_as.pk == household.pk:
        return "same_as", _("Name the other file that goes on.")
    if not Household.objects.kept_by(by).filter(pk=same_as.pk).exists():
        return "same_as", _("Your centre keeps no file of this number.")
    if Closing.objects.closing_now(now).filter(household=same_as).exists():
        return "same_as", _("The other file is closed itself.")
    return None
