"""The packet: the copy of exactly what the receiver sees, put together from what the sender picked and no more.

Never in it: contact notes, scores and bands, entry route. Telephone only if ticked, health only if written there.
Putting it together stands in `packing`; here it is read, by each side as far as that side may.
"""

from dataclasses import dataclass

from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext, ngettext

from casework.templatetags.format import fullday
from households.models import Membership, Particulars
from referrals import veil
from referrals.offices import knowing
from referrals.packing import ONE, PICKED, WRITTEN, address_protected, build, ids_of, without_address
from referrals.states import Ground

__all__ = [
    "PICKED",
    "WRITTEN",
    "Seen",
    "address_protected",
    "as_seen_by",
    "build",
    "ground_words",
    "hidden",
    "hopes",
    "ids_of",
    "shown",
    "titled",
    "without_address",
]


@dataclass(frozen=True)
class Seen:
    """What one user sees of a referral's contents; while the view is closed (`veiled`) the texts are empty.

    `rows` are (label, text) pairs, `desired` the hoped-for results as `hopes` returns them, `why` a sentence for both
    sides on why the receiver's view is closed, `subjects` the ids of the persons shown, for the access log.
    """

    veiled: bool
    title: str
    request: str
    rows: list
    desired: list
    hidden: str
    ground: str
    outcome_text: str
    reason: str
    why: str
    subjects: list


def as_seen_by(referral, user):
    """Return the contents of a referral as this user may read them, everywhere: pages, lists, letters, systems.

    Who sent it reads the packet and knows when the other side's view is closed; the receiver then reads nothing more.
    """
    why = veil.why(referral)
    if veil.closed_to(referral, user):
        return Seen(True, gettext("The contents are closed"), "", [], [], "", "", "", "", why, [])
    packet = referral.packet
    return Seen(
        veiled=False,
        title=referral.title,
        request=referral.request,
        rows=shown(packet),
        desired=hopes(packet),
        hidden=hidden(packet),
        ground=ground_words(packet),
        outcome_text=referral.outcome_text,
        reason=referral.reason,
        why=why,
        subjects=packet.get("subjects", []),
    )


def titled(referral, user):
    """Return the title for a list, or that the contents are closed to this user; the row comes from `with_veil`."""
    return gettext("The contents are closed") if veil.closed_to(referral, user) else referral.title


def shown(packet):
    """Return the packet as (label, text) rows in the language of the reader, in the order of the page."""
    one = packet.get("about") == ONE
    if knowing.KNOWN in packet:
        rows = [(gettext("Whom it is about"), knowing.called(packet))]
    else:
        rows = [(gettext("Whom it is about") if one else gettext("Household"), _household_words(packet))]
    if packet.get("head") and knowing.KNOWN not in packet:
        rows.append((gettext("Name") if one else gettext("Head of household"), packet["head"]))
    if place := packet.get("dwelling"):
        name = place.get("en" if get_language() == "en" else "ko", "")
        rows.append((gettext("Where they live"), f"{name} {place.get('town', '')}".strip() or gettext("not known")))
    if packet.get("phone"):
        label = gettext("Telephone of the person") if one else gettext("Telephone of the head of household")
        rows.append((label, packet["phone"]))
    rows += knowing.rows(packet)
    rows += [(str(label), packet[name]) for name, label in WRITTEN if packet.get(name)]
    if packet.get("desired"):
        rows.append((gettext("Hoped-for results"), "\n".join(hope["words"] for hope in hopes(packet))))
    return rows


def hopes(packet):
    """Return the hoped-for results, {"order", "text", "for", "words"}: "1. Power is back · child 13 F"."""
    return [_hope(line) for line in packet.get("desired", ())]


def _hope(line):
    whom = _for_words(line.get("for"))
    words = f"{line['order']}. {line['text']}" + (f" · {whom}" if whom else "")
    return {"order": line["order"], "text": line["text"], "for": whom, "words": words}


def _for_words(whom):
    if not whom:
        return ""
    if "name" in whom:
        return whom["name"]
    return _member_words(whom) if "role" in whom else gettext("member %(n)s") % {"n": whom["n"]}


def _household_words(packet):
    number = packet.get("household", "")
    if "members" not in packet:
        one = gettext("%(number)s · one member of the household") % {"number": number}
        return one if packet.get("about") == ONE else number
    people = ", ".join(_member_words(member) for member in packet["members"])
    if packet.get("about") == ONE:
        return f"{number} · {people}"
    n = len(packet["members"])
    words = ngettext("%(number)s · %(n)s person (%(people)s)", "%(number)s · %(n)s people (%(people)s)", n)
    return words % {"number": number, "n": n, "people": people}


def _member_words(member):
    role = Membership.Role(member["role"]).label
    sex = "" if member["sex"] == Particulars.Sex.UNKNOWN else f" {Particulars.Sex(member['sex']).label}"
    if member["age"] is None:
        return gettext("%(role)s, age not known") % {"role": role} + sex
    words = gettext("%(role)s about %(age)s") if member["about"] else gettext("%(role)s %(age)s")
    return words % {"role": role, "age": member["age"]} + sex


def hidden(packet):
    """Return in words what the receiver does not see: the never-shown, and what the sender did not pick."""
    words = [gettext("contact notes"), gettext("entry route"), gettext("risk scores")]
    if not packet.get("phone"):
        words.append(gettext("telephone"))
    if "health" not in packet:
        words.append(gettext("health"))
    if "members" not in packet or packet.get("about") == ONE:
        words.append(gettext("who belongs to the household"))
    if not packet.get("head"):
        words.append(gettext("names"))
    else:
        words.append(gettext("names of other members"))
    if "dwelling" not in packet:
        words.append(gettext("where they live"))
    return ", ".join(words)


def ground_words(packet):
    """Return the ground for sharing as the page says it, with the days of the consent where there is one."""
    ground = packet.get("ground")
    if ground not in Ground.values:
        return ""
    words = [str(Ground(ground).label)]
    consent = packet.get("consent") or {}
    if consent.get("from"):
        dash = " – " if get_language() == "en" else "~"
        words.append(dash.join(_day(consent[end]) for end in ("from", "to") if consent.get(end)))
    elif consent.get("on"):
        words.append(gettext("said on %(day)s") % {"day": _day(consent["on"])})
        if consent.get("until"):
            words.append(gettext("until %(day)s") % {"day": _day(consent["until"])})
    if packet.get("note"):
        words.append(packet["note"])
    return " · ".join(words)


def _day(text):
    return fullday(parse_date(text))
