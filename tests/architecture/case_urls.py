"""The permission matrix of the work with a household, from the first meeting to closure."""

from casework.agencies.roles import May
from tests.architecture.lines import Line

OF_THE_CASE = {May.SEE_CASELOAD}


def kept(*words, methods="GET POST", called=("number",), only=()):
    """Of a household whose file the user's own centre keeps; a share does not open it."""
    return Line("note", called, frozenset(words or OF_THE_CASE), methods, only)


CASE_URLS = {
    "desks:case": [kept(methods="GET")],
}
