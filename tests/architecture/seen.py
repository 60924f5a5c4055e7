"""Who sees what: role by role, how a record can stand to a user, in the words of NAMES (design §6)."""

from casework.agencies.roles import ROLES
from tests.architecture.world import NAMES

SEES_HOUSEHOLD = {
    "case_manager": "own shared",
    "counsellor": "own shared",
    "supervisor": "own colleague shared",
    "centre_head": "own colleague shared",
    "foundation_officer": "shared",
    "ministry_officer": "shared",
    "residence_officer": "shared",
    "town_worker": "",
    "receiving_worker": "",
    "privacy_auditor": "",
    "system_administrator": "",
    "agency_system": "own colleague",
}
# A share opens the household; it opens no note and no referral of another agency.
SEES_NOTE = {role: words.replace("shared", "") for role, words in SEES_HOUSEHOLD.items()}
SEES_REFERRAL = {
    **{role: words.replace("shared", "") for role, words in SEES_HOUSEHOLD.items()},
    "supervisor": "own colleague referred",
    "centre_head": "own colleague referred",
    "agency_system": "own colleague referred",
    **dict.fromkeys(
        ("foundation_officer", "ministry_officer", "residence_officer", "town_worker", "receiving_worker"), "referred"
    ),
}
SEES = {
    "household": SEES_HOUSEHOLD,
    "note": SEES_NOTE,
    "referral": SEES_REFERRAL,
    # At the sending centre by whoever sees the household there, and by who oversees the centre.
    "transfer": {
        "case_manager": "own",
        "counsellor": "own",
        **dict.fromkeys(("supervisor", "centre_head", "agency_system"), "own colleague"),
    },
    # A council by its members' agencies and who convenes it; a household on its agenda by who sees it there.
    "council": {
        **dict.fromkeys(("case_manager", "counsellor", "supervisor", "centre_head", "agency_system"), "own colleague"),
        "residence_officer": "own",
    },
    "agenda": {
        **{role: words.replace("shared", "") for role, words in SEES_HOUSEHOLD.items()},
        "residence_officer": "own",
    },
    # At the centre that keeps the file, by no share, and at the Ministry from its submission on.
    "extension": {**SEES_NOTE, "ministry_officer": " ".join(NAMES)},
    "extension_kept": {**SEES_NOTE, "ministry_officer": " ".join(NAMES)},
    # Whoever may write one: the centre that keeps the file, the office whose register has the person.
    "registered": {**SEES_HOUSEHOLD, "residence_officer": "own colleague shared"},
    # Beyond the half-year before the end and the quarter after it, whoever looks; a feed by its secret alone.
    "nobody's": {},
    # Before the move by the Ministry, by who leads the centre and by the worker who is named there.
    "handover": {
        **dict.fromkeys(("case_manager", "counsellor"), "own"),
        **dict.fromkeys(("supervisor", "centre_head", "agency_system"), "own colleague"),
        "ministry_officer": " ".join(NAMES),
    },
    # Of somebody else of the centre: by who leads it.
    "conflict": dict.fromkeys(("supervisor", "centre_head", "agency_system"), "own colleague"),
    # Of the register of the officer's district, and of what is shared with an office; a centre refers from the file.
    "asked for": {
        "residence_officer": "own colleague shared",
        **dict.fromkeys(("ministry_officer", "foundation_officer"), "shared"),
    },
    # A case conference by those who look after households at its centre; a household on its agenda by who sees it.
    "conference": dict.fromkeys(("case_manager", "counsellor", "supervisor", "centre_head"), "own colleague"),
    "conference_item": {role: words for role, words in SEES_NOTE.items() if role != "agency_system"},
    "draft": dict.fromkeys(ROLES, "own"),
    "export": dict.fromkeys(ROLES, "own"),
    # The question of a colleague, never the file: by a second person of the same agency.
    "export to answer": dict.fromkeys(
        ("case_manager", "counsellor", "supervisor", "centre_head", "agency_system"), "colleague"
    ),
    "notice": dict.fromkeys(ROLES, "own"),
    # An alarm is seen by the one it names and with its referral; a roster at its own agency.
    "alarm": {role: f"{words} own" for role, words in SEES_REFERRAL.items()},
    "roster": dict.fromkeys(ROLES, "own"),
    # A service is kept by its own agency, and by administrators.
    "service": {**dict.fromkeys(ROLES, "own"), "system_administrator": " ".join(NAMES)},
    "batch": {"supervisor": "own", "centre_head": "own", "agency_system": "own"},
    # A settlement report by the officers of the local government whose report it is.
    "report": {"residence_officer": "own"},
    # A note of supervision by the two who talked, and by nobody above them.
    "supervision": dict.fromkeys(("case_manager", "counsellor", "supervisor", "centre_head", "agency_system"), "own"),
    # Whose work the centre decides over: an absence, a reassignment.
    "absence": {"supervisor": "own colleague", "centre_head": "own colleague"},
    # A survey that runs everywhere is seen by whoever works with it or counts; a system does neither.
    "survey": {role: " ".join(NAMES) for role in ROLES if role != "agency_system"},
    # In counts; a file's rows are those of "batch".
    "counts": {
        "supervisor": "own",
        "centre_head": "own",
        "agency_system": "own",
        "system_administrator": " ".join(NAMES),
    },
}
