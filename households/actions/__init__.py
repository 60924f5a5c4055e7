"""The verbs of the register. Each is atomic, takes `by=`, writes its Event, and rings for a sweep when it lands."""

from households.actions.absence import end_absence, record_absence
from households.actions.circle import change_head, divorce, marry, move_in, move_out, move_person
from households.actions.circumstances import correct_circumstance, record_circumstance, withdraw_circumstance
from households.actions.contacts import add_addendum, log_contact, revise_contact
from households.actions.death import correct_death, record_bereaved, record_death, write_review
from households.actions.intake import take_in
from households.actions.life import (
    change_name,
    change_phone,
    give_consent,
    record_hometown,
    record_preference,
    register_birth,
    withdraw_consent,
)
from households.actions.many import Move, reassign, undo_reassignment
from households.actions.place import assign, change_district, hand_over, unassign
from households.actions.reach import record_personal_protection, record_search_step, record_whereabouts
from households.actions.refusal import NotAllowed, Refused
from households.actions.screenings import correct_screening, record_screening, withdraw_screening
from households.actions.sharing import end_share, share, share_until
from households.deaths.reported import deny_death

__all__ = [
    "Move",
    "NotAllowed",
    "Refused",
    "add_addendum",
    "assign",
    "change_district",
    "change_head",
    "change_name",
    "change_phone",
    "correct_circumstance",
    "correct_death",
    "correct_screening",
    "deny_death",
    "divorce",
    "end_absence",
    "end_share",
    "give_consent",
    "hand_over",
    "log_contact",
    "marry",
    "move_in",
    "move_out",
    "move_person",
    "reassign",
    "record_absence",
    "record_bereaved",
    "record_circumstance",
    "record_death",
    "record_hometown",
    "record_personal_protection",
    "record_preference",
    "record_screening",
    "record_search_step",
    "record_whereabouts",
    "register_birth",
    "revise_contact",
    "share",
    "share_until",
    "take_in",
    "unassign",
    "undo_reassignment",
    "withdraw_circumstance",
    "withdraw_consent",
    "withdraw_screening",
    "write_review",
]
