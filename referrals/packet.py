"""The packet: the copy of exactly what the receiver sees, put together from what the sender picked and no more.

Never in it: contact notes, scores and bands, entry route. Telephone only if ticked, health only if written there.
"""

from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.clock import age_on
from casework.templatetags.format import fullday
from households.beside import guarded
from households.models import Consent, ContactPreference, Dwelling, Membership, Particulars, PersonName, Phone
from referrals.states import Ground

PICKED = [
    ("members", _("Members by age and sex, without names")),
    ("head", _("Name of the head of household")),
    ("dwelling", _("District and town")),
    ("phone", _("Telephone of the head of household")),
]
WRITTEN = [
    ("facts", _("Facts")),
    ("tried", _("What was tried")),
    ("hoped", _("Hoped-for result")),
    ("health", _("Health")),
]


def build(household, *, on, sections, texts, ground, note="", consent=None):
    """Return the packet (a dict for JSON) of one household as of a day.

    `sections` are names of PICKED; `texts` maps names of WRITTEN to what the sender wrote, empty ones are left out;
    `ground` is a Ground with its `note`, `consent` what the person agreed to. `subjects` are the ids of the persons
    whose facts are in it, for the access log.
    """
    members = _members(household, on)
    packet = {"v": 1, "household": household.number, "ground": ground, "subjects": _subjects(members)}
    if "members" in sections:
        packet["members"] = _by_age_and_sex(members, on)
    if "head" in sections:
        packet["head"] = _head_name(members, on)
    if "dwelling" in sections:
        packet["dwelling"] = _dwelling(household, on)
    if "phone" in sections:
        packet["phone"] = _phone(household, members, on)
    packet |= {name: texts[name].strip() for name, _label in WRITTEN if texts.get(name, "").strip()}
    if note:
        packet["note"] = note
    if consent:
        packet["consent"] = consent
    return packet


def _members(household, on):
    return list(Membership.objects.current().during(on).filter(household=household).order_by("id"))


def _subjects(members):
    """What is written is about the whole household; so every member counts as shown."""
    return sorted(member.person_id for member in members)


def _by_age_and_sex(members, on):
    known = Particulars.objects.current().filter(person__in=[m.person_id for m in members]).order_by("id")
    particulars = {row.person_id: row for row in known}
    rows = []
    for member in members:
        row = particulars.get(member.person_id)
        born = row.birth_on if row else None
        rows.append(
            {
                "role": member.role,
                "age": age_on(born, on) if born and born <= on else None,
                "about": bool(row and row.birth_precision != Particulars.Precision.DAY),
                "sex": row.sex if row else Particulars.Sex.UNKNOWN,
            }
        )
    return rows


def _head_name(members, on):
    head = next((m.person_id for m in members if m.role == Membership.Role.HEAD), None)
    names = PersonName.objects.current().during(on).filter(person=head, kind=PersonName.Kind.HANGUL)
    return str(names.order_by("-id").first() or "")


def _phone(household, members, on):
    """The number the person called safe, else the one on file; where a violence marker stands, the safe one alone."""
    head = next((m.person_id for m in members if m.role == Membership.Role.HEAD), None)
    wish = ContactPreference.objects.current().filter(person=head, stated_on__lte=on).order_by("-stated_on", "-id")
    safe = wish.values_list("safe_number", flat=True).first()
    if safe or address_protected(household):
        return safe or ""
    known = Phone.objects.current().during(on).filter(person=head).order_by("-id")
    return known.values_list("number", flat=True).first() or ""


def _dwelling(household, on):
    place = (
        Dwelling.objects.current()
        .during(on)
        .filter(household=household)
        .select_related("district__parent")
        .order_by("id")
        .first()
    )
    if place is None or place.district is None:
        return {"ko": "", "en": "", "town": place.town if place else ""}
    district, sido = place.district, place.district.parent
    return {
        "ko": f"{sido.short if sido else ''} {district.name}".strip(),
        "en": f"{district.name_en}, {sido.name_en}" if sido else district.name_en,
        "town": place.town,
    }


def address_protected(household):
    """Tell whether a violence marker keeps the district and town back unless the sender ticks them on purpose."""
    return household.pk in guarded([household.pk])


def without_address(sections):
    """Return names of PICKED without what says where the household lives."""
    return [name for name in sections if name not in ("dwelling", "phone")]


def consent_on_record(household, agency, *, on):
    """Return the consent of a member in force on the day that names the agency, or None."""
    members = [member.person_id for member in _members(household, on)]
    return (
        Consent.objects.current()
        .during(on)
        .filter(person__in=members, recipient=agency, withdrawn_on=None)
        .order_by("-id")
        .first()
    )


def shown(packet):
    """Return the packet as (label, text) rows in the language of the reader, in the order of the page."""
    rows = [(gettext("Household"), _household_words(packet))]
    if packet.get("head"):
        rows.append((gettext("Head of household"), packet["head"]))
    if place := packet.get("dwelling"):
        name = place.get("en" if get_language() == "en" else "ko", "")
        rows.append((gettext("Where they live"), f"{name} {place.get('town', '')}".strip() or gettext("not known")))
    if packet.get("phone"):
        rows.append((gettext("Telephone of the head of household"), packet["phone"]))
    rows += [(str(label), packet[name]) for name, label in WRITTEN if packet.get(name)]
    return rows


def _household_words(packet):
    number = packet.get("household", "")
    if "members" not in packet:
        return number
    people = ", ".join(_member_words(member) for member in packet["members"])
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
    if "members" not in packet:
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
    if packet.get("note"):
        words.append(packet["note"])
    return " · ".join(words)


def _day(text):
    return fullday(parse_date(text))
