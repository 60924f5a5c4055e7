"""The menu as a table: what stands in it, for whom, and which rooms lie behind an item."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May
from referrals.concerns.actions import TAKES

CASEWORK = (May.SEE_CASELOAD, May.SEE_CENTRE)
REFERRING = (May.REFER, May.RECEIVE)


@dataclass(frozen=True)
class Room:
    """One page to go to: its URL name and label, the words of which one opens it, and the pages under it."""

    url_name: str
    label: Any
    words: tuple[May, ...]
    under: tuple[str, ...] = ()

    def holds(self, view_name: str) -> bool:
        """Say whether a page is this one or lies under it."""
        return view_name == self.url_name or view_name in self.under


@dataclass(frozen=True)
class Item:
    """One item of the menu, with the key that opens it after G; behind it one room, or several side by side."""

    label: Any
    key: str
    rooms: tuple[Room, ...]


def _one(url_name: str, label: Any, key: str, words: tuple[May, ...], *under: str) -> Item:
    return Item(label, key, (Room(url_name, label, words, under),))


TODAY = (
    Room(
        "desks:home",
        _("Today"),
        (*CASEWORK, May.SEE_REGISTER, May.DECIDE_PROTECTION),
        ("desks:today", "desks:supervisor", "desks:receiving"),
    ),
    Room(
        "desks:day",
        _("The day"),
        (May.SEE_CASELOAD,),
        (
            "desks:snooze",
            "desks:route",
            "households:task_own",
            "households:task_new",
            "households:task",
            "households:visit_new",
            "households:visit",
            "households:warning_new",
        ),
    ),
)
BETWEEN_AGENCIES = (
    Room(
        "referrals:inbox",
        _("Inbox and outbox"),
        REFERRING,
        ("referrals:detail", "referrals:new", "referrals:edit", "referrals:ask_for"),
    ),
    Room("desks:board", _("Board"), REFERRING),
    Room("referrals:alarms", _("Deadline alarms"), REFERRING, ("agencies:duty", "agencies:closures")),
    Room("referrals:concerns", _("Concerns"), TAKES, ("referrals:concern", "referrals:concern_new")),
    Room(
        "referrals:councils",
        _("Council meetings"),
        REFERRING,
        (
            "referrals:council",
            "referrals:council_new",
            "referrals:council_member",
            "referrals:council_member_end",
            "referrals:council_propose",
            "referrals:propose_find",
            "referrals:meeting",
            "referrals:meeting_new",
            "referrals:meeting_step",
            "referrals:meeting_attendance",
            "referrals:meeting_minutes",
            "referrals:item_decide",
            "referrals:item_withdraw",
            "referrals:item_ground",
            "referrals:decision_step",
        ),
    ),
    Room("referrals:transfers", _("Transfers"), CASEWORK, ("referrals:transfer", "referrals:propose_transfer")),
    Room(
        "referrals:directory",
        _("Services"),
        (*REFERRING, May.ADMINISTER),
        ("referrals:service", "referrals:service_new", "referrals:service_edit", "referrals:booklet"),
    ),
    Room("desks:network", _("Figures of referrals"), (May.SEE_CENTRE, May.SEE_FIGURES), ("desks:network_list",)),
)
PROTECTION = (
    Room(
        "desks:protection",
        _("Protection periods"),
        CASEWORK,
        (
            "desks:protection_calendar",
            "desks:protection_feed",
            "households:person_protection",
            "households:end_step",
        ),
    ),
    Room("households:end_notices", _("Written notices"), (May.DECIDE_PROTECTION,), ("households:notice_outcome",)),
    Room(
        "households:decide_find",
        _("Decisions on protection"),
        (May.DECIDE_PROTECTION,),
        ("households:decided", "households:decide", "households:personal_period", "households:period_correct"),
    ),
    Room(
        "households:extensions",
        _("Requests to extend or shorten"),
        (May.SEE_CASELOAD, May.SEE_REGISTER, May.DECIDE_PROTECTION),
        (
            "households:extension",
            "households:terms",
            "households:extension_new",
            "households:extension_on_paper",
            "households:extension_edit",
            "households:extension_step",
            "households:extension_evidence",
            "households:extension_opinion",
            "households:extension_opinion_give",
            "households:objection_new",
            "households:objection_step",
        ),
    ),
    Room(
        "households:sittings",
        _("Sittings of the Consultative Council"),
        (May.DECIDE_PROTECTION,),
        (
            "households:sitting",
            "households:sitting_new",
            "households:sitting_step",
            "households:sitting_vote",
            "households:council_seat",
        ),
    ),
    Room("households:register", _("Residence-protection register"), (May.SEE_REGISTER,)),
    Room(
        "households:reports",
        _("Settlement reports"),
        (May.SEE_REGISTER,),
        ("households:report", "households:report_answer", "households:report_step"),
    ),
    Room("desks:reports_sent", _("Settlement reports sent"), (May.DECIDE_PROTECTION,)),
    Room(
        "households:entitlements",
        _("Entitlements"),
        (May.SEE_CASELOAD, May.SEE_CENTRE, May.KEEP_ENTITLEMENTS),
        ("households:entitlement", "households:entitlement_new", "households:entitlement_draft"),
    ),
)
# The work with a household, from the first meeting to closure.
CASES: tuple[Room, ...] = (
    Room(
        "desks:conferences",
        _("Case conferences"),
        (May.SEE_CASELOAD,),
        (
            "desks:conferences_due",
            "desks:conference_new",
            "desks:conference",
            "desks:conference_change",
            "desks:conference_bring",
            "desks:conference_attendance",
            "desks:conference_step",
            "desks:conference_withdraw",
            "desks:conference_decide",
            "desks:conference_decision",
            "desks:conference_material",
            "desks:conference_material_file",
            "desks:conference_record",
        ),
    ),
    Room(
        "households:handovers",
        _("Handovers from Hanawon"),
        (*CASEWORK, May.DECIDE_PROTECTION),
        ("households:handover", "households:handover_new", "households:handover_step"),
    ),
    Room(
        "households:courses",
        _("Education"),
        (May.SEE_CASELOAD,),
        ("households:topic", "households:person_courses", "households:course_new", "households:course_edit"),
    ),
    Room(
        "households:duplicates",
        _("Same person on file twice"),
        (May.INTAKE,),
        ("households:duplicate_pair", "households:duplicate_link"),
    ),
    Room("households:conflicts", _("Conflicts of interest"), (May.SEE_CASELOAD,), ("households:conflict_new",)),
    Room(
        "households:data_requests",
        _("Data requests"),
        (May.SEE_CASELOAD,),
        (
            "households:data_request",
            "households:data_request_new",
            "households:data_request_step",
            "households:data_request_beside",
            "households:restriction_lift",
            "desks:request_record",
            "desks:request_reasons",
        ),
    ),
    Room("desks:closings", _("Endings"), CASEWORK, ("desks:closing", "desks:closing_new", "desks:death_review")),
    Room(
        "desks:supervision",
        _("Supervision"),
        CASEWORK,
        ("desks:supervision_sheet", "desks:supervision_note", "desks:supervision_note_new"),
    ),
    Room("desks:monthly", _("Monthly reports"), (May.SEE_CENTRE,), ("desks:monthly_report", "desks:monthly_line")),
)
MENU = (
    Item(_("Today"), "T", TODAY),
    _one("desks:list", _("At risk"), "L", CASEWORK, "desks:household", "desks:case", "risk:review"),
    Item(_("Referrals"), "R", BETWEEN_AGENCIES),
    Item(_("Protection periods"), "P", PROTECTION),
    Item(_("Casework"), "K", CASES),
    _one("households:intake", _("Intake"), "I", (May.INTAKE,)),
    _one(
        "imports:list",
        _("Files"),
        "F",
        (May.IMPORT, May.DECIDE_PROTECTION, May.ADMINISTER),
        "imports:upload",
        "imports:batch",
        "imports:row",
    ),
    _one("desks:map", _("Figures"), "C", (May.SEE_FIGURES,), "desks:people_figures", "desks:outcome_figures"),
    _one("desks:backtest", _("Back-test"), "", (May.SET_CRITERIA,)),
    _one("desks:campaigns", _("Surveys"), "", (May.SEE_CASELOAD, May.SEE_FIGURES), "desks:campaign"),
    _one(
        "risk:criteria",
        _("Risk criteria"),
        "",
        (*CASEWORK, May.SEE_FIGURES),
        "desks:changes",
        "desks:change",
        "desks:change_new",
    ),
    _one("desks:logs", _("Access log"), "", (May.SEE_LOGS,)),
    _one("desks:people", _("Users and agencies"), "", (May.ADMINISTER,)),
    _one(
        "interfaces:tokens",
        _("Interfaces"),
        "",
        (May.ADMINISTER,),
        "interfaces:issue",
        "referrals:webhooks",
        "referrals:webhook_add",
    ),
)
