"""The verbs of the register. Each is atomic, takes `by=`, writes its Event, and rings for a sweep when it lands."""

from households.actions.circle import change_head, divorce, marry, move_in, move_out, move_person
from households.actions.contacts import add_addendum, log_contact, revise_contact
from households.actions.intake import take_in
from households.actions.life import (
    change_name,
    change_phone,
    give_consent,
    record_death,
    record_preference,
    register_birth,
    withdraw_consent,
)
from households.actions.place import assign, change_district, hand_over, unassign
from households.actions.refusal import NotAllowed, Refused
from households.actions.sharing import end_share, share

__all__ = [
    "NotAllowed",
    "Refused",
    "add_addendum",
    "assign",
    "change_district",
    "change_head",
    "change_name",
    "change_phone",
    "divorce",
    "end_share",
    "give_consent",
    "hand_over",
    "log_contact",
    "marry",
    "move_in",
    "move_out",
    "move_person",
    "record_death",
    "record_preference",
    "register_birth",
    "revise_contact",
    "share",
    "take_in",
    "unassign",
    "withdraw_consent",
]
