"""The permission matrix as a table: each URL with the words it asks for (design §6)."""

from casework.agencies.roles import May
from tests.architecture.case_urls import CASE_URLS, OF_THE_CASE
from tests.architecture.lines import (
    EVERYBODY,
    OURS,
    Line,
    batch,
    draft,
    extension,
    household,
    note,
    page,
    person,
    screening,
)
from tests.architecture.referral_urls import REFERRAL_URLS, SENDS_OR_RECEIVES
from tests.architecture.world import NAMES

DECIDES = {May.DECIDE_PROTECTION}
LOOKS_AT_CHANGES = {May.SET_CRITERIA, May.SEE_CENTRE}
# What is published: readable without a log-in, and with nothing about anybody on it.
# The feed of a calendar answers to its secret and to no log-in; what it holds is proven in tests/desks/protection.
PUBLISHED = ("risk:criteria", "desks:protection_feed_file")
COUNTED = {May.SEE_CASELOAD, May.SEE_FIGURES}
COUNTS_REFERRALS = {May.SEE_CENTRE, May.SEE_FIGURES}

OF_THE_REGISTER = ["birth", "death", "marriage", "divorce", "move", "move_in", "move_out", "head", "district"]
OF_A_PERSON = ["name", "hometown", "phone", "preference", "consent"]
OF_THE_WORK = ["assign", "unassign", "share"]
OF_THE_SEARCH = ["whereabouts", "asked", "guard"]

URLS = {
    **CASE_URLS,
    # about the user
    "agencies:language": [page(methods="POST")],
    "agencies:keys": [page(methods="POST")],
    "agencies:again": [page(methods="POST")],
    "agencies:awake": [page(methods="POST")],
    # what the user is told
    "telling:list": [page()],
    "telling:bell": [page()],
    "telling:open": [Line("notice", ("notice",), EVERYBODY, "POST")],
    "telling:read_all": [page(methods="POST")],
    "telling:unread": [page(methods="POST")],
    "telling:settings": [page(methods="GET POST")],
    "telling:letters": [page({May.ADMINISTER})],
    "telling:letter_again": [page({May.ADMINISTER}, called=("mail",), methods="POST")],
    "telling:letter_give_up": [page({May.ADMINISTER}, called=("mail",), methods="POST")],
    # systems of agencies
    "interfaces:tokens": [page({May.ADMINISTER})],
    "interfaces:issue": [page({May.ADMINISTER}, methods="GET POST")],
    "interfaces:revoke": [page({May.ADMINISTER}, called=("token",), methods="POST")],
    "interfaces:docs": [page()],
    "referrals:webhooks": [page({May.ADMINISTER})],
    "referrals:webhook_add": [page({May.ADMINISTER}, methods="GET POST")],
    "referrals:webhook_end": [page({May.ADMINISTER}, called=("webhook",), methods="POST")],
    "referrals:webhook_again": [page({May.ADMINISTER}, called=("letter",), methods="POST")],
    "parts": [page(methods="GET POST")],
    # the register
    "households:contact": [household(May.RECORD_CONTACT, ours=True)],
    "households:contact_page": [note(methods="GET")],
    "households:contact_edit": [note(May.RECORD_CONTACT)],
    "households:addendum": [note(May.RECORD_CONTACT, methods="POST")],
    "households:circumstance": [household(May.RECORD_CONTACT, ours=True)],
    "households:circumstance_edit": [household(May.RECORD_CONTACT, ours=True, more=("circumstance",))],
    "households:circumstance_withdraw": [
        household(May.RECORD_CONTACT, ours=True, methods="POST", more=("circumstance",))
    ],
    "households:screening": [household(May.RECORD_CONTACT, ours=True)],
    "households:screening_page": [screening(methods="GET")],
    "households:screening_edit": [screening(May.RECORD_CONTACT)],
    "households:screening_withdraw": [screening(May.RECORD_CONTACT, methods="POST")],
    "households:drafts": [page()],
    "households:draft": [draft(nothing="POST")],
    "households:discard": [draft(methods="POST", nothing="POST")],
    "households:intake": [page({May.INTAKE}, methods="GET POST")],
    "households:intake_step": [draft("'person", words={May.INTAKE}, nothing="GET POST")],
    **{f"households:{verb}": [household(May.INTAKE, ours=True)] for verb in OF_THE_REGISTER},
    **{f"households:{verb}": [person(May.INTAKE, ours=True)] for verb in OF_A_PERSON},
    **{f"households:{verb}": [household(May.ASSIGN, ours=True)] for verb in OF_THE_WORK},
    **{f"households:{verb}": [household(May.RECORD_CONTACT, ours=True)] for verb in OF_THE_SEARCH},
    "households:end_share": [household(May.ASSIGN, ours=True, methods="POST", more=("share",))],
    "households:reported_death": [person(May.INTAKE, ours=True)],
    "households:withdraw_consent": [person(May.INTAKE, ours=True, methods="POST", more=("consent",))],
    "households:reveal": [person(more=("'phone",)), person(more=("'town",))],
    "households:register": [page({May.SEE_REGISTER})],
    # requests to extend or shorten protection, and the council that deliberates on them
    "households:extensions": [page({May.SEE_CASELOAD, May.SEE_REGISTER, May.DECIDE_PROTECTION})],
    "households:terms": [page({May.SEE_CASELOAD, May.SEE_REGISTER, May.DECIDE_PROTECTION})],
    "households:extension_on_paper": [page({May.DECIDE_PROTECTION}, methods="GET POST")],
    "households:extension_new": [
        Line("registered", ("person",), frozenset({May.RECORD_CONTACT, May.SEE_REGISTER}), only=OURS)
    ],
    "households:extension": [extension(methods="GET")],
    "households:extension_edit": [extension(words={May.RECORD_CONTACT}, only=OURS)],
    "households:extension_evidence": [
        Line(
            "extension_kept",
            ("extension",),
            frozenset({May.RECORD_CONTACT, May.DECIDE_PROTECTION}),
            "POST",
            tuple(NAMES),
        )
    ],
    "households:extension_opinion": [extension(words={May.DECIDE_PROTECTION}, methods="POST")],
    "households:extension_opinion_give": [
        extension("opinion", words={May.SEE_REGISTER}, methods="POST", only=("own",))
    ],
    "households:extension_paper": [extension("'form", methods="GET")],
    "households:extension_step": [
        extension("'rewrite", words={May.RECORD_CONTACT}, methods="POST", only=OURS),
        extension("'receive", words={May.DECIDE_PROTECTION}, methods="POST"),
    ],
    "households:objection_new": [extension(words={May.DECIDE_PROTECTION}, methods="POST")],
    "households:objection_step": [extension("objection", "'prepare", words={May.DECIDE_PROTECTION}, methods="POST")],
    "households:sittings": [page({May.DECIDE_PROTECTION})],
    "households:sitting_new": [page({May.DECIDE_PROTECTION}, methods="GET POST")],
    "households:council_seat": [page({May.DECIDE_PROTECTION}, methods="POST")],
    "households:council_seat_end": [page({May.DECIDE_PROTECTION}, called=("council_seat",), methods="POST")],
    "households:sitting": [page({May.DECIDE_PROTECTION}, called=("sitting",))],
    "households:sitting_attendance": [page({May.DECIDE_PROTECTION}, called=("sitting",), methods="POST")],
    "households:sitting_vote": [page({May.DECIDE_PROTECTION}, called=("sitting", "sitting_item"), methods="POST")],
    "households:sitting_minutes": [page({May.DECIDE_PROTECTION}, called=("sitting",), methods="GET POST")],
    "households:sitting_step": [page({May.DECIDE_PROTECTION}, called=("sitting", "'cancel"), methods="POST")],
    # protection: of a person by who sees the person; what the Ministry decides by the whole case number, without a name
    "households:person_protection": [person(methods="GET")],
    "households:end_step": [person(May.RECORD_CONTACT, ours=True, more=("'review",))],
    "households:end_step_back": [Line("note", ("case_number", "end_step"), frozenset({May.RECORD_CONTACT}), "POST")],
    "households:ask_ministry": [person(May.SEE_CASELOAD, ours=True, methods="POST")],
    "households:easy_letter": [person(methods="GET")],
    "households:end_notices": [page(DECIDES)],
    "households:notices_sent": [page(DECIDES, methods="POST")],
    "households:notice_letters": [page(DECIDES, methods="POST")],
    "households:notice_outcome": [Line("nobody's", ("end_notice",), frozenset(DECIDES))],
    "households:decide_find": [page(DECIDES)],
    "households:decided": [page(DECIDES, called=("case_number",))],
    "households:decide": [page(DECIDES, called=("case_number",), methods="GET POST")],
    "households:personal_period": [page(DECIDES, called=("case_number",), methods="GET POST")],
    "households:period_correct": [page(DECIDES, called=("case_number", "period"), methods="GET POST")],
    # entitlements
    "households:entitlements": [page()],
    "households:entitlement_new": [page({May.KEEP_ENTITLEMENTS}, methods="GET POST")],
    "households:entitlement": [page(called=("entitlement",))],
    "households:entitlement_draft": [page({May.KEEP_ENTITLEMENTS}, called=("entitlement",), methods="GET POST")],
    "households:entitlement_version_step": [
        page({May.KEEP_ENTITLEMENTS}, called=("entitlement", "entitlement_version", "'discard"), methods="POST")
    ],
    "households:household_entitlements": [household(methods="GET")],
    "households:entitlements_card": [household(methods="GET")],
    "households:entitlements_what_if": [household()],
    "households:entitlement_step": [household(May.RECORD_CONTACT, ours=True)],
    "households:entitlement_step_edit": [household(May.RECORD_CONTACT, ours=True, more=("entitlement_step",))],
    "households:entitlement_step_withdraw": [
        household(May.RECORD_CONTACT, ours=True, methods="POST", more=("entitlement_step",))
    ],
    "households:register_paper": [page({May.SEE_REGISTER}, methods="POST")],
    "households:reports": [page({May.SEE_REGISTER})],
    "households:report_new": [page({May.SEE_REGISTER}, methods="POST")],
    "households:report": [Line("report", ("report",), methods="GET")],
    "households:report_answer": [Line("report", ("report", "reported"), words=frozenset({May.SEE_REGISTER}))],
    "households:report_reopen": [Line("report", ("report",), frozenset({May.SEE_REGISTER}), "POST")],
    "households:report_paper": [Line("report", ("report",), methods="POST")],
    "households:report_step": [Line("report", ("report", "'ready"), frozenset({May.SEE_REGISTER}), "POST")],
    **REFERRAL_URLS,
    # who is on duty and when an agency is closed
    "agencies:duty": [page({May.RECEIVE}, methods="GET POST")],
    "agencies:duty_end": [Line("roster", ("shift",), frozenset({May.RECEIVE}), "POST")],
    "agencies:closures": [page({May.RECEIVE}, methods="GET POST")],
    "agencies:closure_end": [Line("roster", ("closed",), frozenset({May.RECEIVE}), "POST")],
    # risk
    "risk:criteria": [page()],
    "risk:review": [household(May.REVIEW, ours=True)],
    "risk:endorse": [household(May.REVIEW, ours=True, methods="POST", more=("review",))],
    "risk:incident": [household(May.RECORD_CONTACT, ours=True)],
    "risk:incident_withdraw": [household(May.RECORD_CONTACT, ours=True, methods="POST", more=("incident",))],
    "risk:end_search": [household(May.REVIEW, ours=True)],
    "risk:agree_to_end": [household(May.REVIEW, ours=True, methods="POST", more=("search_end",))],
    # desks
    "desks:home": [page()],
    "desks:today": [page(OF_THE_CASE)],
    "desks:supervisor": [page({May.SEE_CENTRE})],
    "desks:assign_one": [household(May.ASSIGN, methods="POST")],
    "desks:digest": [page({May.SEE_CENTRE})],
    "desks:run_again": [page({May.ASSIGN}, methods="POST")],
    "desks:absences": [page({May.ASSIGN}, methods="GET POST")],
    "desks:back": [Line("absence", ("absence",), frozenset({May.ASSIGN}), "POST")],
    "desks:reassign": [page({May.ASSIGN})],
    "desks:give_many": [page({May.ASSIGN}, methods="POST")],
    "desks:undo_reassign": [Line("absence", ("reassignment",), frozenset({May.ASSIGN}), "POST")],
    "desks:receiving": [page({May.SEE_REGISTER})],
    "desks:list": [page(OF_THE_CASE)],
    "desks:assign": [page({May.ASSIGN}, methods="POST")],
    "desks:household": [household(methods="GET")],
    "desks:inquiry": [household(May.INQUIRE, ours=True)],
    "desks:inquiry_file": [household(May.INQUIRE, ours=True, methods="POST")],
    "desks:person": [person(methods="GET")],
    "desks:search": [page(query="?q=%ED%91%9C")],
    "desks:changes": [page(LOOKS_AT_CHANGES)],
    "desks:change_new": [page({May.SET_CRITERIA}, methods="GET POST", called=("'R-RENT-ARR",))],
    "desks:change": [page(LOOKS_AT_CHANGES, called=("change",))],
    "desks:change_calculate": [page({May.SET_CRITERIA}, called=("change",), methods="POST")],
    "desks:change_file": [page(LOOKS_AT_CHANGES, called=("change",), methods="POST")],
    "desks:change_read": [page({May.SET_CRITERIA}, called=("change", "sampled"), methods="POST")],
    "desks:change_step": [
        page({May.SET_CRITERIA}, called=("change", "'approve"), methods="POST"),
        page({May.SET_CRITERIA}, called=("change", "'discard"), methods="POST"),
    ],
    "desks:map": [page({May.SEE_FIGURES})],
    "desks:figures_file": [page({May.SEE_FIGURES}, methods="POST")],
    "desks:people_figures": [page({May.SEE_FIGURES})],
    "desks:people_file": [page({May.SEE_FIGURES}, methods="POST")],
    "desks:reports_sent": [page({May.DECIDE_PROTECTION})],
    # figures of referrals, of the own agency or of everybody; the board and the records of one's own referrals
    "desks:network": [page(COUNTS_REFERRALS)],
    "desks:network_file": [page(COUNTS_REFERRALS, methods="POST")],
    "desks:board": [page(SENDS_OR_RECEIVES)],
    "desks:network_list": [page(SENDS_OR_RECEIVES)],
    "desks:protection": [page(OF_THE_CASE)],
    "desks:protection_calendar": [page(OF_THE_CASE)],
    "desks:protection_ics": [page(OF_THE_CASE)],
    "desks:protection_feed": [page(OF_THE_CASE, methods="GET POST")],
    "desks:protection_feed_end": [page(OF_THE_CASE, methods="POST")],
    "desks:protection_feed_file": [Line("nobody's", ("'no-such-secret",), methods="GET")],
    "desks:backtest": [page({May.SEE_FIGURES})],
    "desks:backtest_start": [page({May.SET_CRITERIA}, methods="POST")],
    "desks:backtest_cancel": [page({May.SET_CRITERIA}, methods="POST", called=("backtest",))],
    # surveys: one that runs everywhere; a draft of the user's own, or nothing, for the steps
    "desks:campaigns": [page(COUNTED)],
    "desks:campaign_new": [page({May.SURVEY}, methods="GET POST")],
    "desks:campaign": [page(COUNTED, called=("survey",))],
    "desks:campaign_file": [Line("survey", ("survey",), frozenset({May.SEE_CENTRE, May.SEE_FIGURES}), "POST")],
    "desks:campaign_step": [page({May.SURVEY}, called=("own_survey", "'close"), methods="POST")],
    "desks:campaign_answer": [
        Line("household", ("survey", "number"), frozenset({May.RECORD_CONTACT}), "GET POST", OURS)
    ],
    "desks:campaign_correct": [
        Line("household", ("survey", "number"), frozenset({May.RECORD_CONTACT}), "GET POST", OURS)
    ],
    "desks:logs": [page({May.SEE_LOGS})],
    "desks:affected": [page({May.SEE_LOGS}, called=("log",))],
    "desks:logs_file": [page({May.SEE_LOGS}, methods="POST")],
    "desks:people": [page({May.ADMINISTER})],
    "desks:user": [page({May.ADMINISTER}, called=("staff",))],
    "desks:give": [page({May.ADMINISTER}, called=("staff",), methods="POST")],
    "desks:revoke": [page({May.ADMINISTER}, called=("staff", "grant"), methods="POST")],
    # files that go out: each is its asker's alone
    "exports:list": [page()],
    "exports:ask": [
        page(SENDS_OR_RECEIVES, methods="GET POST", called=("'referrals",)),
        page(OF_THE_CASE, methods="GET POST", called=("'at-risk",)),
        page({May.SEE_REGISTER}, methods="GET POST", called=("'settlement-report",)),
        page({May.SEE_REGISTER}, methods="GET POST", called=("'protection-register",)),
        page({May.SEE_FIGURES}, methods="GET POST", called=("'population",)),
        page({May.SEE_FIGURES}, methods="GET POST", called=("'outcomes",)),
        page({May.SEE_CENTRE}, methods="GET POST", called=("'monthly-report",)),
    ],
    "exports:one": [Line("export", ("export",), methods="GET")],
    "exports:cancel": [Line("export", ("export",), methods="POST")],
    "exports:answer": [Line("export to answer", ("export",), frozenset({May.ASSIGN}), "POST")],
    "exports:file": [Line("export", ("export",), methods="POST")],
    # files that come in
    "imports:list": [page({May.IMPORT, May.DECIDE_PROTECTION, May.ADMINISTER})],
    "imports:upload": [page({May.IMPORT, May.DECIDE_PROTECTION}, methods="GET POST")],
    "imports:template": [page({May.IMPORT, May.DECIDE_PROTECTION}, query="?kind=register")],
    "imports:batch": [
        Line("counts", ("batch",), frozenset({May.IMPORT, May.DECIDE_PROTECTION, May.ADMINISTER}), "GET")
    ],
    "imports:load": [batch(methods="POST")],
    "imports:refused": [batch()],
    "imports:row": [batch("row", methods="GET POST")],
}
