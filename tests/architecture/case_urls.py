"""The permission matrix of the work with a household, from the first meeting to closure."""

from casework.agencies.roles import May
from tests.architecture.lines import Line

OF_THE_CASE = {May.SEE_CASELOAD}


def kept(*words, methods="GET POST", called=("number",), only=()):
    """Of a household whose file the user's own centre keeps; a share does not open it."""
    return Line("note", called, frozenset(words or OF_THE_CASE), methods, only)


CASE_URLS = {
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
}
