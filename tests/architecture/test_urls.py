"""The permission matrix: every URL, every role, and every way a household can stand to the user (design §6, §9).

A new URL fails `test_every_url_is_in_the_table` until it has its line in URLS.
"""

from dataclasses import dataclass
from urllib.parse import quote

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse

from casework.agencies.roles import ROLES, May
from tests.architecture.world import NAMES, asked, world_of

EVERYBODY = frozenset(May)
WORKS_CASES = {May.SEE_CASELOAD}
SENDS_OR_RECEIVES = {May.REFER, May.RECEIVE}

# --- who sees what: role by role, in the words of NAMES ---
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
}
# A share opens the household; it opens no note and no referral of another agency.
SEES_NOTE = {role: words.replace("shared", "") for role, words in SEES_HOUSEHOLD.items()}
SEES_REFERRAL = {
    **{role: words.replace("shared", "") for role, words in SEES_HOUSEHOLD.items()},
    "supervisor": "own colleague referred",
    "centre_head": "own colleague referred",
    **dict.fromkeys(
        ("foundation_officer", "ministry_officer", "residence_officer", "town_worker", "receiving_worker"), "referred"
    ),
}
SEES = {
    "household": SEES_HOUSEHOLD,
    "note": SEES_NOTE,
    "referral": SEES_REFERRAL,
    "draft": dict.fromkeys(ROLES, "own"),
    "batch": {"supervisor": "own", "centre_head": "own"},
}


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
    return Line("batch", ("batch", *more), frozenset({May.IMPORT}), methods)


def household(*words, methods="GET POST", ours=False, more=(), called="number"):
    return Line("household", (called, *more), frozenset(words or EVERYBODY), methods, OURS if ours else ())


def person(*words, methods="GET POST", ours=False, more=()):
    return household(*words, methods=methods, ours=ours, more=more, called="case_number")


def note(*words, methods="GET POST"):
    return Line("note", ("number", "contact"), frozenset(words or EVERYBODY), methods)


def referral(*more, words=(), methods="GET POST", only=()):
    return Line("referral", ("referral", *more), frozenset(words or EVERYBODY), methods, only)


def draft(*more, words=EVERYBODY, methods="GET POST", nothing=""):
    return Line("draft", ("draft", *more), frozenset(words), methods, nothing=nothing)


OF_THE_REGISTER = ["birth", "death", "marriage", "divorce", "move", "move_in", "move_out", "head", "district"]
OF_A_PERSON = ["name", "phone", "preference", "consent"]
OF_THE_WORK = ["assign", "unassign", "share"]

URLS = {
    # about the user
    "agencies:language": [page(methods="POST")],
    "agencies:keys": [page(methods="POST")],
    "agencies:awake": [page(methods="POST")],
    "parts": [page(methods="GET POST")],
    # the register
    "households:contact": [household(May.RECORD_CONTACT, ours=True)],
    "households:contact_page": [note(methods="GET")],
    "households:contact_edit": [note(May.RECORD_CONTACT)],
    "households:addendum": [note(May.RECORD_CONTACT, methods="POST")],
    "households:drafts": [page()],
    "households:draft": [draft(nothing="POST")],
    "households:discard": [draft(methods="POST", nothing="POST")],
    "households:intake": [page({May.INTAKE}, methods="GET POST")],
    "households:intake_step": [draft("'person", words={May.INTAKE}, nothing="GET POST")],
    **{f"households:{verb}": [household(May.INTAKE, ours=True)] for verb in OF_THE_REGISTER},
    **{f"households:{verb}": [person(May.INTAKE, ours=True)] for verb in OF_A_PERSON},
    **{f"households:{verb}": [household(May.ASSIGN, ours=True)] for verb in OF_THE_WORK},
    "households:end_share": [household(May.ASSIGN, ours=True, methods="POST", more=("share",))],
    "households:withdraw_consent": [person(May.INTAKE, ours=True, methods="POST", more=("consent",))],
    "households:reveal": [person(more=("'phone",)), person(more=("'town",))],
    "households:register": [page({May.SEE_REGISTER})],
    # referrals
    "referrals:inbox": [page(SENDS_OR_RECEIVES)],
    "referrals:new": [household(May.REFER, ours=True)],
    "referrals:keep": [household(May.REFER, ours=True, methods="POST")],
    "referrals:detail": [referral(methods="GET")],
    "referrals:edit": [referral(words={May.REFER}, only=OURS)],
    "referrals:step": [
        referral("'cancel", words={May.REFER}, methods="POST", only=OURS),
        referral("'send", words={May.REFER}, methods="POST", only=OURS),
        *(
            referral(f"'{verb}", words={May.RECEIVE}, methods="POST", only=("referred",))
            for verb in ("acknowledge", "accept", "decline", "provide")
        ),
    ],
    # risk
    "risk:criteria": [page({May.SEE_CASELOAD, May.SEE_FIGURES})],
    "risk:review": [household(May.REVIEW, ours=True)],
    "risk:endorse": [household(May.REVIEW, ours=True, methods="POST", more=("review",))],
    # desks
    "desks:home": [page()],
    "desks:today": [page(WORKS_CASES)],
    "desks:supervisor": [page({May.SEE_CENTRE})],
    "desks:assign_one": [household(May.ASSIGN, methods="POST")],
    "desks:receiving": [page({May.SEE_REGISTER})],
    "desks:list": [page(WORKS_CASES)],
    "desks:assign": [page({May.ASSIGN}, methods="POST")],
    "desks:household": [household(methods="GET")],
    "desks:person": [person(methods="GET")],
    "desks:search": [page(query="?q=%ED%91%9C")],
    "desks:map": [page({May.SEE_FIGURES})],
    "desks:figures_file": [page({May.SEE_FIGURES}, methods="POST")],
    "desks:logs": [page({May.SEE_LOGS})],
    "desks:affected": [page({May.SEE_LOGS}, called=("log",))],
    "desks:logs_file": [page({May.SEE_LOGS}, methods="POST")],
    "desks:people": [page({May.ADMINISTER})],
    "desks:user": [page({May.ADMINISTER}, called=("staff",))],
    "desks:give": [page({May.ADMINISTER}, called=("staff",), methods="POST")],
    "desks:revoke": [page({May.ADMINISTER}, called=("staff", "grant"), methods="POST")],
    # files that come in
    "imports:list": [page({May.IMPORT})],
    "imports:upload": [page({May.IMPORT}, methods="GET POST")],
    "imports:batch": [batch()],
    "imports:load": [batch(methods="POST")],
    "imports:refused": [batch()],
    "imports:row": [batch("row", methods="GET POST")],
}
# Proven in test_account_urls.py: log-in, second factor and the user's own password; reference data in the admin.
ELSEWHERE = ("account_", "mfa_", "admin:", "(?P<url>", "<path:object_id>")


def walk(patterns=None, namespace="", given=()):
    """Yield the name (or, of one without a name, the pattern) and the arguments of every URL of the project."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        arguments = (*given, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield (f"{namespace}{entry.name}" if entry.name else str(entry.pattern)), arguments
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, inner, arguments)


OURS_OF_URLS = sorted({name for name, _ in walk() if not name.startswith(ELSEWHERE)})


def test_every_url_is_in_the_table():
    assert [name for name in OURS_OF_URLS if name not in URLS] == [], "each needs a line in URLS"
    assert [name for name in URLS if name not in OURS_OF_URLS] == [], "these answer no more"


def address(name, line, record):
    """The URL of `name` for one record; an argument that begins with ' stands for itself."""
    told = [word[1:] if word.startswith("'") else getattr(record, word) for word in line.called]
    return reverse(name, args=told)


def requests(records):
    """Yield (name, line, relation, method, url) of everything there is to ask for."""
    for name, lines in URLS.items():
        for line in lines:
            for relation in records if line.about else ["own"]:
                url = address(name, line, records[relation]) + line.query
                for method in ("GET", "POST"):
                    yield name, line, relation, method, url


def expected(line, role, relation, method):
    """Return the set of status codes that fit the table."""
    stranger, may = not line.sees(role, relation), line.may(role, relation)
    if method not in line.methods:
        return {405} if may else {405, 403}
    if stranger and method not in line.nothing:
        return {404} if may and not line.only else {404, 403}
    if not may:
        return {403}
    return {200, 302} if method == "GET" else {200, 204, 302, 400, 422}


def names_not_to_be_shown(line, role, relation):
    """The heads of households that must not stand on this page."""
    if line.about:
        return [] if line.sees(role, relation) else [NAMES[relation]]
    seen = f"{SEES_HOUSEHOLD[role]} {SEES_REFERRAL[role]}".split()
    seen += OURS if May.SEE_REGISTER in ROLES[role].words else ()
    return [name for other, name in NAMES.items() if other not in seen]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_table_says_and_nothing_else(client, role):
    world, wrong = world_of(role), []
    client.force_login(world.user)
    for name, line, relation, method, url in requests(world.records):
        answer = asked(client, method, url)
        about = f"{method} {name} {' '.join(line.called)} ({relation}): {answer.status_code}"
        allowed = expected(line, role, relation, method)
        if answer.status_code not in allowed or answer.headers.get("Location", "").startswith("/accounts/login"):
            why = answer.content.decode()[:300] if answer.status_code == 500 else ""
            wrong.append(f"{about}, not {sorted(allowed)} {why}")
        body = b"".join(answer) if answer.streaming else answer.content
        wrong += [f"{about} shows {n}" for n in names_not_to_be_shown(line, role, relation) if n.encode() in body]
    assert not wrong, "\n".join([role, *wrong])


@pytest.mark.django_db
def test_without_a_log_in_there_is_only_the_log_in(client):
    wrong = []
    for name, _line, relation, method, url in requests(world_of("case_manager").records):
        answer = asked(client, method, url)
        if answer.status_code != 302 or not answer.headers["Location"].startswith(
            f"/accounts/login/?next={quote(url)}"
        ):
            wrong.append(f"{method} {name} ({relation}): {answer.status_code} {answer.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)


def test_the_log_in_is_where_strangers_are_sent():
    assert reverse(settings.LOGIN_URL) == "/accounts/login/"
