"""Putting a packet together: what the register and the sender say, cut down to what the sender picked."""

from django.utils.translation import gettext_lazy as _

from casework.clock import age_on
from households.beside import guarded
from households.models import ContactPreference, Dwelling, Membership, Particulars, PersonName, Phone

PICKED = [
    ("members", _("Members by age and sex, without names")),
    ("head", _("Name of the head of household, or of the person it is about")),
    ("dwelling", _("District and town")),
    ("phone", _("Telephone of the head of household, or of the person it is about")),
]
WRITTEN = [
    ("facts", _("Facts")),
    ("tried", _("What was tried")),
    ("hoped", _("Hoped-for result")),
    ("health", _("Health")),
]
ONE = "person"


def build(household, *, on, sections, texts, ground, person=None, desired=(), note="", consent=None):
    """Return the packet (a dict for JSON) of one household, or of one `person` of it, as of a day.

    `sections` are names of PICKED; `texts` maps names of WRITTEN to what the sender wrote, empty ones are left out;
    `desired` are the hoped-for results in order, {"text", "person" (for the household: None)}; `ground` is a Ground
    with its `note`, `consent` what the person agreed to. `subjects` are the ids of the persons whose facts are in it,
    for the access log: what is written about the household is about every member.
    """
    members = _members(household, on, person)
    packet = {"v": 1, "household": household.number, "ground": ground, "subjects": _subjects(members)}
    if person:
        packet["about"] = ONE
    packet |= _picked(household, members, sections, person, on)
    packet |= {name: texts[name].strip() for name, _label in WRITTEN if texts.get(name, "").strip()}
    if desired:
        packet["desired"] = _desired(packet, members, desired)
    if note:
        packet["note"] = note
    if consent:
        packet["consent"] = consent
    return packet


def _picked(household, members, sections, person, on):
    """Return the sections of the register that the sender picked."""
    named = person.pk if person else _head_of(members)
    makers = {
        "members": lambda: _by_age_and_sex(members, on),
        "head": lambda: _name(named, on),
        "dwelling": lambda: dwelling(household, on),
        "phone": lambda: _phone(household, named, on),
    }
    return {name: make() for name, make in makers.items() if name in sections}


def _members(household, on, person=None):
    rows = Membership.objects.current().during(on).filter(household=household).order_by("id")
    return list(rows.filter(person=person) if person else rows)


def ids_of(household, on):
    """Return the ids of those who belong to a household on a day."""
    return _subjects(_members(household, on))


def _subjects(members):
    return sorted(member.person_id for member in members)


def _head_of(members):
    return next((m.person_id for m in members if m.role == Membership.Role.HEAD), None)


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


def _desired(packet, members, desired):
    """Return the hoped-for results; each says for whom as the packet does, and never more than it shows."""
    return [
        {"order": order, "text": line["text"].strip(), **_for(packet, members, line.get("person"))}
        for order, line in enumerate(desired, start=1)
    ]


def _for(packet, members, person):
    """Return for whom a line is: nothing for the household, the name where it is shown, else the member's place."""
    if person is None:
        return {}
    if "head" in packet and (packet.get("about") == ONE or person.pk == _head_of(members)):
        return {"for": {"name": packet["head"]}}
    place = next(n for n, member in enumerate(members) if member.person_id == person.pk)
    return {"for": dict(packet["members"][place]) if "members" in packet else {"n": place + 1}}


def _name(person_id, on):
    names = PersonName.objects.current().during(on).filter(person=person_id, kind=PersonName.Kind.HANGUL)
    return str(names.order_by("-id").first() or "")


def _phone(household, person_id, on):
    """The number the person called safe, else the one on file; where a violence marker stands, the safe one alone."""
    wish = ContactPreference.objects.current().filter(person=person_id, stated_on__lte=on)
    safe = wish.order_by("-stated_on", "-id").values_list("safe_number", flat=True).first()
    if safe or address_protected(household):
        return safe or ""
    known = Phone.objects.current().during(on).filter(person=person_id).order_by("-id")
    return known.values_list("number", flat=True).first() or ""


def dwelling(household, on):
    """Return where a household lives on a day, {"ko", "en", "town"}: the district in both languages, and the town."""
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
