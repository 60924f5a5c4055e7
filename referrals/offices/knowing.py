"""What an office that keeps no file knows of a person, and so all that its packet can hold besides its own words.

The line of the residence-protection register: name, town, period and centre; where a violence marker stands the case
number, and neither name nor place.
"""

from datetime import timedelta

from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext

from casework.templatetags.format import fullday
from households.actions.circle import belonging
from households.members import register_names_on
from households.models import ProtectionPeriod, Responsibility
from referrals import packing
from referrals.states import Ground

# The key by which a packet is told from one that a centre puts together out of the file.
KNOWN = "known"
LINE = "register_line"
DAY = timedelta(days=1)


def build(person, *, on, ground, note="", consent=None):
    """Return the packet (a dict for JSON) of what an office knows of a person on a day; see `packing.build`."""
    packet = {"v": 1, KNOWN: LINE, "about": packing.ONE, "ground": ground, "subjects": [person.pk]}
    home = belonging(person, on=on)
    packet |= _called(person, home, on) | _period(person, on) | _centre(home, on)
    if note:
        packet["note"] = note
    if consent:
        packet["consent"] = consent
    return packet


def again(referral, *, on):
    """Return the packet of a draft as it would be sent on a day."""
    kept = referral.packet
    consent = kept.get("consent") if referral.ground == Ground.CONSENT else None
    return build(referral.person, on=on, ground=referral.ground, note=kept.get("note", ""), consent=consent)


def _called(person, home, on):
    names, guarded = register_names_on([person.pk], on)
    if person.pk in guarded or person.pk not in names:
        return {"case": person.case_number}
    place = {"dwelling": packing.dwelling(home.household, on)} if home else {}
    return {"head": names[person.pk], **place}


def _period(person, on):
    rows = ProtectionPeriod.objects.current().during(on).filter(person=person).order_by("-id")
    days = rows.values_list("during", flat=True).first()
    if days is None:
        return {}
    first, after = days.lower, days.upper
    last = (after - DAY).isoformat() if after else ""
    return {"period": {"from": first.isoformat() if first else "", "to": last}}


def _centre(home, on):
    duty = centre_of(home.household, on=on) if home else None
    return {"centre": {"ko": duty.name_ko, "en": duty.name_en}} if duty else {}


def centre_of(household, *, on):
    """Return the centre (Agency) that answers for a household on a day, or None."""
    rows = Responsibility.objects.current().during(on).filter(household=household).select_related("center")
    row = rows.order_by("id").first()
    return row and row.center


def called(packet):
    """Return how the packet calls the person: by name, or by the case number."""
    return packet.get("head") or packet.get("case", "")


def rows(packet):
    """Return the period and the centre as (label, text) rows; none of a packet that holds neither."""
    found = []
    if period := packet.get("period"):
        dash = " – " if get_language() == "en" else "~"
        ends = [fullday(parse_date(period[end])) if period.get(end) else "" for end in ("from", "to")]
        found.append((gettext("Protection period"), dash.join(ends)))
    if centre := packet.get("centre"):
        name = centre["en"] if get_language() == "en" and centre["en"] else centre["ko"]
        found.append((gettext("Hana Center that answers"), name))
    return found
