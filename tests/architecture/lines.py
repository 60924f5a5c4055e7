"""One line of the permission matrix: what a URL is about, what it is called with, which words open it."""

from dataclasses import dataclass

from casework.agencies.roles import ROLES, May
from tests.architecture.seen import SEES

EVERYBODY = frozenset(May)


@dataclass(frozen=True)
class Line:
    """One URL: what it is about, what it is called with, which words open it, by which methods.

    `ours`: only where the user's own centre answers. `only`: a step that only these may take. `nothing`: methods by
    which what is not the user's is answered as if there were nothing, instead of 404.
    """

    about: str = ""
    called: tuple = ()
    words: frozenset = EVERYBODY
    methods: str = "GET POST"
    only: tuple = ()
    nothing: str = ""
    query: str = ""

    def sees(self, role, relation):
        return not self.about or relation in SEES[self.about].get(role, "").split()

    def may(self, role, relation):
        return bool(self.words & ROLES[role].words) and (not self.only or relation in self.only)


OURS = ("own", "colleague")


def page(words=EVERYBODY, methods="GET", called=(), query=""):
    return Line("", called, frozenset(words), methods, query=query)


def batch(*more, methods="GET"):
    return Line("batch", ("batch", *more), frozenset({May.IMPORT, May.DECIDE_PROTECTION}), methods)


def household(*words, methods="GET POST", ours=False, more=(), called="number"):
    return Line("household", (called, *more), frozenset(words or EVERYBODY), methods, OURS if ours else ())


def person(*words, methods="GET POST", ours=False, more=()):
    return household(*words, methods=methods, ours=ours, more=more, called="case_number")


def asked_for(methods="GET POST"):
    """A person for whom an office asks for help without keeping the file; for everybody else there is nobody there."""
    return Line("asked for", ("person",), frozenset({May.ASK_FOR}), methods)


def note(*words, methods="GET POST"):
    return Line("note", ("number", "contact"), frozenset(words or EVERYBODY), methods)


def screening(*words, methods="GET POST"):
    """Seen by the same as a note: the household's workers and supervisors, and by no share."""
    return Line("note", ("number", "screening"), frozenset(words or EVERYBODY), methods)


def referral(*more, words=(), methods="GET POST", only=()):
    return Line("referral", ("referral", *more), frozenset(words or EVERYBODY), methods, only)


def transfer(*more, words=EVERYBODY, methods="GET POST", only=()):
    """Of each household to some third centre: the first contact is for somebody there."""
    return Line("transfer", ("transfer", *more), frozenset(words), methods, only)


def concern(*more, words=EVERYBODY, methods="GET POST"):
    """About the household; taken down by a colleague, before the centre that answers for it."""
    return Line("transfer", ("concern", *more), frozenset(words), methods)


def council(*called, words=EVERYBODY, methods="POST"):
    """Of each household's centre; the user's own office convenes the first. What it decided is owed by the centre."""
    return Line("council", called, frozenset(words), methods)


def agenda(words, only=()):
    return Line("agenda", ("item",), frozenset(words), "POST", only)


def extension(*more, words=EVERYBODY, methods="GET POST", only=(), query=""):
    """A request of the household's centre about a protection period, submitted to the Ministry."""
    return Line("extension", ("extension", *more), frozenset(words), methods, only, query=query)


def draft(*more, words=EVERYBODY, methods="GET POST", nothing=""):
    return Line("draft", ("draft", *more), frozenset(words), methods, nothing=nothing)
