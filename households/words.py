"""The closed lists of a contact, with the words people read: topics, tags, what was seen at a closed door."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TOPICS = {
    "livelihood": _("Livelihood"),
    "housing": _("Housing"),
    "health": _("Health care"),
    "mind": pgettext_lazy("topic", "State of mind"),
    "family": _("Family"),
    "children": _("Children"),
    "work": pgettext_lazy("topic", "Work"),
    "debt": _("Debt"),
    "law": pgettext_lazy("topic", "Law"),
    "safety": _("Safety"),
    "other": pgettext_lazy("topic", "Other"),
}
# What the four risk questions answer; never offered as a tag to tick.
RISK_TAGS = {
    "self_harm": _("Talk of death, self-harm"),
    "violence": _("Violence, threats"),
    "child_harm": _("A child in danger"),
    "no_food": _("No food"),
    "no_heat_power": _("No power or heating"),
}
GOOD_TAGS = {
    "utilities_ok": _("Power, water and gas are back"),
    "safety_plan": _("Safety plan agreed"),
    "recovered": _("Recovered"),
}
LIFE_TAGS = {
    "declined": _("Does not want contact"),
    "covered_elsewhere": _("Looked after by another agency"),
    "eviction_notice": _("Notice to leave the home"),
    "lease_cancelled": _("Lease cancelled"),
    "unsafe_home": _("Unsafe home"),
    "job_loss": _("Lost work"),
    "scam": _("Fraud"),
    "school_absence": _("Absent from school"),
    "divorce": _("Divorce"),
    "bereavement": _("Bereavement"),
    "childbirth": _("Birth of a child"),
    "pregnancy": _("Pregnancy"),
    "release": _("Released from prison"),
    "long_absence": _("Away for long"),
    "chronic_illness": _("Long illness"),
    "disability": _("Disability"),
    "alcohol": _("Alcohol"),
    "isolation": _("Isolation"),
}
ATTEMPT_TAGS = {
    "number_invalid": _("Number not in use"),
    "address_mismatch": _("Does not live at the address"),
    "returned_mail": _("Mail came back"),
}
TAGS = {**RISK_TAGS, **GOOD_TAGS, **LIFE_TAGS, **ATTEMPT_TAGS}

# The words of Membership.Role, whose "other" is a person and not an agency.
MEMBER_ROLES = {
    "head": _("Head of household"),
    "spouse": _("Spouse"),
    "child": _("Child"),
    "parent": _("Parent"),
    "sibling": _("Sibling"),
    "other": pgettext_lazy("member", "Other"),
}

# How an attempt ended. What it says about the address or the number is kept as a tag.
DOOR = {
    "no_answer": _("Knocked, no answer"),
    "others_live_there": _("Other people live there"),
    "no_such_home": _("No home at the address"),
    "somebody_spoke": _("Family or neighbours spoke instead"),
}
LINE = {
    "not_picked_up": _("Not picked up"),
    "switched_off": _("Switched off"),
    "cut_off_call": _("Hung up"),
    "number_invalid": _("Number not in use"),
    "no_reply": _("No reply"),
    "somebody_picked_up": _("Somebody else picked up"),
    "did_not_come": _("Did not come"),
}
OUTCOMES = {**DOOR, **LINE}
OUTCOME_TAGS = {
    "others_live_there": "address_mismatch",
    "no_such_home": "address_mismatch",
    "number_invalid": "number_invalid",
}
SIGNS = {
    "mail_piled": _("Mail piled up"),
    "no_light": _("No light"),
    "meter_stopped": _("Meter stands still"),
    "sounds": _("Sounds inside"),
    "smell": _("Smell"),
    "nothing_left": _("Belongings gone"),
}
LEFT = {
    "left_note": _("A note"),
    "left_message": _("A message"),
    "asked_neighbour": _("Asked a neighbour"),
    "left_nothing": pgettext_lazy("left behind", "Nothing"),
}
SEEN = {**OUTCOMES, **SIGNS, **LEFT}


def seen_words(seen):
    """Return the words for `Contact.seen` (codes divided by spaces); free text stays as it is."""
    return [SEEN.get(code, code) for code in seen.split()] if set(seen.split()) & set(SEEN) else [seen] if seen else []


def labels(codes, table):
    """Return the words for codes in the table's order; an unknown code stands as it is."""
    return [table[code] for code in table if code in codes] + [code for code in codes if code not in table]
