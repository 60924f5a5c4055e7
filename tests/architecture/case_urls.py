"""The permission matrix of the work with a household, from the first meeting to closure."""

from casework.agencies.roles import May
from tests.architecture.lines import EVERYBODY, Line, page

OF_THE_CASE = {May.SEE_CASELOAD}


def kept(*words, methods="GET POST", called=("number",), only=()):
    """Of a household whose file the user's own centre keeps; a share does not open it."""
    return Line("note", called, frozenset(words or OF_THE_CASE), methods, only)


SUPERVISES = {May.SEE_CASELOAD, May.SEE_CENTRE}


def supervised(called, methods):
    """A note of supervision, of the two who talked."""
    return Line("supervision", (called,), frozenset(SUPERVISES), methods)


def monthly(*more, methods="POST"):
    """A monthly report, of those who lead its centre."""
    return Line("transfer", ("monthly", *more), frozenset({May.SEE_CENTRE}), methods)


COMING = {May.SEE_CENTRE, May.SEE_CASELOAD, May.DECIDE_PROTECTION}
KEEPS = {May.RECORD_CONTACT}


def handover(*more, words=COMING, methods="GET POST"):
    """Of a household that is announced to each household's centre, with its worker named."""
    return Line("handover", ("handover", *more), frozenset(words), methods)


def conference(*more, words=OF_THE_CASE, methods="GET", about="conference"):
    """Of each household's centre; what it says about a household is seen with the household."""
    return Line(about, more, frozenset(words), methods)


CASE_URLS = {
    "desks:conferences": [page(OF_THE_CASE)],
    "desks:conferences_due": [page(OF_THE_CASE)],
    "desks:conference_new": [page({May.ASSIGN}, methods="GET POST")],
    "desks:conference_chosen": [page({May.RECORD_CONTACT}, methods="POST")],
    "desks:conference_bring": [page({May.RECORD_CONTACT}, methods="GET POST")],
    "desks:conference": [conference("conference")],
    "desks:conference_change": [conference("conference", words={May.ASSIGN}, methods="GET POST")],
    "desks:conference_attendance": [conference("conference", words={May.ASSIGN}, methods="POST")],
    "desks:conference_step": [conference("conference", "'hold", words={May.ASSIGN}, methods="POST")],
    "desks:conference_material_file": [conference("conference", methods="GET POST")],
    "desks:conference_record": [conference("conference", methods="GET POST")],
    "desks:conference_material": [conference("conference", "number", about="conference_item")],
    **{
        f"desks:conference_{verb}": [
            conference("conference_item", words={May.ASSIGN}, methods="POST", about="conference_item")
        ]
        for verb in ("withdraw", "move", "decide")
    },
    "desks:conference_decision": [
        conference("conference_decision", "'done", words={May.ASSIGN}, methods="POST", about="conference_item")
    ],
    "desks:case": [kept(methods="GET")],
    "households:assessments": [kept(methods="GET")],
    "households:assessment_new": [kept()],
    "households:assessment": [kept(methods="GET", called=("number", "assessment"))],
    "households:assessment_edit": [kept(called=("number", "assessment"))],
    "households:assessment_compare": [kept(methods="GET")],
    "households:plans": [kept(methods="GET")],
    "households:plan_new": [kept()],
    "households:plan": [kept(methods="GET", called=("number", "plan"))],
    "households:plan_edit": [kept(called=("number", "plan"))],
    "households:plan_sign": [kept(called=("number", "plan"))],
    "households:plan_review": [kept(called=("number", "plan"))],
    "households:plan_end": [kept(called=("number", "plan"))],
    "households:plan_paper": [kept(methods="GET", called=("number", "plan"))],
    "households:plan_step_new": [kept(methods="POST", called=("number", "plan"))],
    "households:plan_step": [kept(methods="POST", called=("number", "plan", "plan_step", "'done"))],
    "households:plan_do": [kept(methods="POST", called=("number", "plan", "'start"))],
    "households:outcomes": [kept(methods="GET")],
    "households:outcome": [kept(May.RECORD_CONTACT)],
    "households:outcome_none": [kept(May.RECORD_CONTACT)],
    "households:outcome_edit": [kept(May.RECORD_CONTACT, called=("number", "'job", "job"))],
    "households:outcome_withdraw": [kept(May.RECORD_CONTACT, called=("number", "'job", "job"), methods="POST")],
    "desks:outcome_figures": [page({May.SEE_FIGURES})],
    "desks:outcome_file": [page({May.SEE_FIGURES}, methods="POST")],
    "desks:supervision": [page(SUPERVISES)],
    "desks:supervision_sheet": [page({May.SEE_CENTRE}, called=("staff",))],
    "desks:supervision_file": [page({May.SEE_CENTRE}, methods="POST", called=("staff",))],
    "desks:supervision_note_new": [page({May.ASSIGN}, methods="GET POST", called=("staff",))],
    "desks:supervision_note": [supervised("supervision", "GET")],
    "desks:supervision_note_add": [supervised("supervision", "POST")],
    "desks:supervision_step_done": [supervised("agreed", "POST")],
    "desks:monthly": [page({May.SEE_CENTRE})],
    "desks:monthly_new": [page({May.SEE_CENTRE}, methods="POST")],
    "desks:monthly_report": [monthly(methods="GET")],
    "desks:monthly_line": [monthly("'new", methods="GET POST")],
    "desks:monthly_reopen": [monthly()],
    "desks:monthly_paper": [monthly()],
    "desks:monthly_step": [monthly("'ready")],
    "households:handovers": [page(COMING)],
    "households:handover_new": [page({May.DECIDE_PROTECTION}, "GET POST")],
    "households:handover": [handover(methods="GET"), kept(*COMING, May.SEE_CENTRE, methods="GET", called=("arrived",))],
    "households:handover_step": [
        handover("'name", words={May.ASSIGN}, methods="POST"),
        handover("'postpone", words={May.DECIDE_PROTECTION}, methods="POST"),
    ],
    "households:handover_tick": [kept(*KEEPS, methods="POST", called=("arrived", "'lease"))],
    "households:handover_untick": [kept(*KEEPS, methods="POST", called=("arrived", "'lease"))],
    "households:courses": [page(OF_THE_CASE)],
    "households:topic": [page(OF_THE_CASE, called=("'registration",))],
    "households:topic_paper": [page(OF_THE_CASE, called=("'registration",))],
    "households:person_courses": [kept(methods="GET", called=("case_number",))],
    "households:course_new": [kept(*KEEPS, called=("case_number",))],
    "households:course_edit": [kept(*KEEPS, called=("case_number", "course"))],
    "households:conflicts": [page(OF_THE_CASE)],
    "households:conflict_new": [kept()],
    "households:conflict_end": [Line("conflict", ("conflict",), frozenset({May.ASSIGN}), "POST")],
    "desks:closings": [page({May.SEE_CASELOAD, May.SEE_CENTRE})],
    "desks:closing_new": [kept(May.INTAKE)],
    "desks:closing": [kept(*May, methods="GET", called=("closing",))],
    "desks:closing_step": [
        kept(May.ASSIGN, methods="POST", called=("closing", "'approve")),
        kept(May.ASSIGN, methods="POST", called=("closing", "'send_back")),
        kept(May.INTAKE, methods="POST", called=("closing", "'withdraw")),
        kept(May.ASSIGN, methods="POST", called=("closing", "'reopen")),
    ],
    "desks:closing_after": [kept(May.ASSIGN, methods="POST", called=("closing", "months"))],
    "desks:death_review": [kept(*May, methods="GET", called=("mourned",))],
    "desks:death_step": [
        kept(May.ASSIGN, methods="POST", called=("mourned", "'write")),
        kept(May.ASSIGN, methods="POST", called=("mourned", "'finish")),
        kept(May.INTAKE, methods="POST", called=("mourned", "'mistaken")),
    ],
    "desks:bereaved": [kept(May.RECORD_CONTACT, methods="POST", called=("mourned", "'funeral"))],
    "households:data_requests": [page(OF_THE_CASE)],
    "households:data_request_new": [kept(May.RECORD_CONTACT, called=("case_number",))],
    "households:data_request": [kept(methods="GET", called=("data_request",))],
    "households:data_request_letter": [kept(methods="GET", called=("data_request",))],
    "households:data_request_step": [kept(May.REVIEW, methods="POST", called=("data_request", "data_step"))],
    "households:data_request_beside": [kept(May.REVIEW, methods="POST", called=("data_request", "data_beside"))],
    "households:restriction_lift": [kept(May.REVIEW, methods="POST", called=("data_restrict", "restriction"))],
    "desks:request_record": [kept(May.REVIEW, called=("data_answered",))],
    "desks:request_reasons": [kept(May.REVIEW, methods="GET", called=("data_explain",))],
    "households:duplicates": [page({May.INTAKE})],
    "households:duplicate_pair": [kept(May.INTAKE, called=("twin_one", "twin_two"))],
    "households:duplicate_apart": [kept(May.INTAKE, called=("twin_one", "twin_two"), methods="POST")],
    "households:duplicate_link": [kept(May.INTAKE, called=("person_link",), methods="GET")],
    "households:duplicate_step": [
        kept(May.INTAKE, called=("person_link", "'decline"), methods="POST"),
        kept(May.INTAKE, called=("person_link", "'undo"), methods="POST"),
        kept(May.INTAKE, called=("person_link", "'confirm"), methods="POST"),
    ],
    # the day, tasks, planned visits
    "desks:day": [page(OF_THE_CASE)],
    "desks:snooze": [page(OF_THE_CASE, methods="GET POST", query="?kind=task&key=0")],
    "desks:snooze_lift": [kept(methods="POST", called=("snooze",))],
    "desks:route": [page(OF_THE_CASE)],
    "households:task_new": [kept(May.RECORD_CONTACT)],
    "households:task_own": [page({May.RECORD_CONTACT}, methods="GET POST")],
    "households:task": [kept(*EVERYBODY, methods="GET", called=("task",))],
    "households:task_step": [kept(May.RECORD_CONTACT, methods="POST", called=("task", "'done"))],
    "households:visit_new": [kept(May.RECORD_CONTACT)],
    "households:visit": [kept(*EVERYBODY, methods="GET", called=("visit",))],
    "households:visit_step": [kept(May.RECORD_CONTACT, methods="POST", called=("visit", "'back"))],
    "households:warning_new": [kept(May.RECORD_CONTACT)],
    "households:warning_end": [kept(May.RECORD_CONTACT, methods="POST", called=("number", "warning"))],
}
