"""On which ground the law lets facts be told to another agency: one table, and what each ground asks for.

The verbs ask here, when something is sent and when it is passed on; a form that offers only what is allowed is a
kindness.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.clock import age_on
from households.actions import Refused, give_consent
from households.forms.person import ITEMS
from households.models import Consent, Membership, Particulars, Person
from households.requests.restricting import why_not_told
from referrals.states import Ground

# Needs that a social-security benefit answers (사회보장급여: 기초생활, 긴급복지, 사회서비스). Our own reading.
BENEFITS = frozenset({"livelihood", "utilities", "housing", "health", "family", "education"})
# Under this age a legal representative agrees (개인정보 보호법 제22조의2).
AGREES_FROM = 14
ADULT = 19
# What of a consent each part of a packet needs; what the sender writes is covered by the purpose.
ITEM_OF = {"members": "family", "head": "name", "phone": "name", "dwelling": "address", "health": "health"}


@dataclass(frozen=True)
class Allowance:
    """One line of the table: the ground, the law, when it carries; `refused` says why not, or nothing."""

    ground: Ground
    cite: object
    sentence: object
    refused: Callable[..., object]


def _nobody(sender, receiver, need):
    return ""


def _duty_refused(sender, receiver, need):
    if receiver.private:
        return _(
            "A private body is told with the person's consent only "
            "(Social Security Benefits Act, Articles 12(5) and 15(4))."
        )
    if sender.private:
        return _("The duty to refer binds public bodies; your agency is run by a private one.")
    if need not in BENEFITS:
        return _("The duty to refer is about social-security benefits; this need is none.")
    return ""


TABLE = [
    Allowance(
        Ground.CONSENT,
        _("Personal Information Protection Act, Article 17(1)1; health: Article 23"),
        _("The person agreed: to this agency, for this purpose, to these facts, until a day."),
        _nobody,
    ),
    Allowance(
        Ground.DUTY,
        _("Social Security Benefits Act, Article 16(2)"),
        _("Between public bodies, where another one gives the benefit; the minimum only."),
        _duty_refused,
    ),
    Allowance(
        Ground.DANGER,
        _("Personal Information Protection Act, Article 18(2)3"),
        _("Life, body or property in urgent danger; somebody else of your agency looks at it within 3 working days."),
        _nobody,
    ),
]


def allowed(sender, receiver, need):
    """Return the lines of the table that carry from one Agency to another for a need."""
    return [line for line in TABLE if not line.refused(sender, receiver, need)]


def refused(ground, sender, receiver, need):
    """Return why a ground does not carry, as a sentence, or nothing."""
    line = next((line for line in TABLE if line.ground == ground), None)
    return line.refused(sender, receiver, need) if line else _("Please state the ground for sharing.")


def check(referral, *, on, to_agency=None):
    """Return the Consent in force that carries the referral's packet, or None where none is needed or one was only
    stated so far (see `stated`).

    `to_agency` (default: the one it is addressed to) is whom it would be passed on to; only what is on record carries
    there. Raises `ValidationError` with the sentence where the ground does not hold, and, but for urgent danger, where
    somebody whose data is in the packet has had sharing stopped.
    """
    to = to_agency or referral.to_agency
    if why := refused(referral.ground, referral.from_agency, to, referral.need):
        raise ValidationError(str(why))
    if referral.ground == Ground.DANGER and not referral.packet.get("note"):
        raise ValidationError(gettext("Say in one line why it cannot wait."))
    if referral.ground != Ground.DANGER and (why := why_not_told(referral.packet.get("subjects", ()))):
        raise ValidationError(why)
    if referral.ground != Ground.CONSENT:
        return None
    return _consent(referral, to, on)


def _consent(referral, to, on):
    needed = items_of(referral.packet)
    found = list(consents(referral.household, to, on=on, person=referral.person))
    covering = covers(found, needed)
    if covering:
        return covering
    said = stated(referral.packet) if to == referral.to_agency else None
    if said and said["on"] <= on and (said["until"] is None or said["until"] >= on):
        return None
    if found:
        raise ValidationError(missing_words(found, needed))
    if (referral.packet.get("consent") or {}).get("from") is not None:
        raise ValidationError(gettext("The consent on record no longer stands. Please state the ground again."))
    raise ValidationError(gettext("No consent that names %(agency)s is in force.") % {"agency": to})


def consents(household, agency, *, on, person=None):
    """Return the consents in force on a day that name the agency, the latest first, of those who may give one."""
    speak = speakers(household, on=on, person=person)
    rows = Consent.objects.current().during(on).filter(person__in=speak, recipient=agency, withdrawn_on=None)
    return rows.exclude(purpose="").order_by("-id")


def covers(found, needed):
    """Return the first of `found` whose items hold all that are needed, or None."""
    return next((consent for consent in found if set(needed) <= set(consent.items)), None)


def period_of(consent):
    """Return what a packet says of a consent on record: {"from": day, "to": last day}, empty where it is open."""
    first, after = consent.during.lower, consent.during.upper
    last = after and date.fromordinal(after.toordinal() - 1)
    return {"from": first.isoformat() if first else "", "to": last.isoformat() if last else ""}


def missing_words(found, needed):
    """Return the sentence that names the items which no consent on record holds."""
    best = min((set(needed) - set(consent.items) for consent in found), key=len)
    names = ", ".join(str(label) for item, label in ITEMS.items() if item in best)
    return gettext("The consent on record does not cover: %(items)s.") % {"items": names}


def items_of(packet):
    """Return the items of a consent that a packet needs; a mapping of its parts, or their names."""
    return {item for part, item in ITEM_OF.items() if part in packet and (part != "health" or packet["health"])}


def speakers(household, *, on, person=None):
    """Return the ids of those whose consent counts on a day: of one member that member, or, under 14, an adult of the
    household; of the whole household any member who is old enough. The head stands first."""
    members = list(Membership.objects.current().during(on).filter(household=household).order_by("id"))
    members.sort(key=lambda member: member.role != Membership.Role.HEAD)
    ids = [member.person_id for member in members]
    ages = _ages(ids, on)
    if person is None:
        return [one for one in ids if ages.get(one, ADULT) >= AGREES_FROM]
    if ages.get(person.pk, ADULT) >= AGREES_FROM:
        return [one for one in ids if one == person.pk]
    return [one for one in ids if ages.get(one, ADULT) >= ADULT]


def _ages(ids, on):
    born = Particulars.objects.current().filter(person__in=ids, birth_on__lte=on).order_by("id")
    return {person: age_on(birth_on, on) for person, birth_on in born.values_list("person", "birth_on")}


def stated(packet):
    """Return the consent on paper that the sender stated and that is not yet in the register, or None.

    The packet keeps it as {"on": day, maybe "until": day, "by": the id of who agreed}; returned with dates.
    """
    said = packet.get("consent") or {}
    if not said.get("on"):
        return None
    until: date | None = parse_date(said["until"]) if said.get("until") else None
    return {"on": parse_date(said["on"]), "until": until, "by": said.get("by")}


def record_stated(referral, *, by, on):
    """Record the consent on paper that the draft states as a fact of the register; return it, or None without one.

    Raises `ValidationError` where nobody of those who may agree is named.
    """
    said = stated(referral.packet) if referral.ground == Ground.CONSENT else None
    if said is None:
        return None
    speak = speakers(referral.household, on=on, person=referral.person)
    agreed = said["by"] or next(iter(speak), None)
    if agreed is None or agreed not in speak:
        raise ValidationError(gettext("Please say who of the household agreed; under 14 a legal representative does."))
    purpose = gettext("Referral: %(need)s") % {"need": referral.get_need_display()}
    try:
        return give_consent(
            Person.objects.get(pk=agreed),
            purpose=purpose,
            items=sorted(items_of(referral.packet)),
            recipient=referral.to_agency,
            on=said["on"],
            until=said["until"],
            by=by,
        )
    except Refused as why:
        raise ValidationError(str(why)) from why
