"""The permission matrix: every URL, every role, and every way a household can stand to the user (design §6, §9).

A new URL fails `test_every_url_is_in_the_table` until it has its line in matrix.URLS.
"""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse

from casework.agencies.leading import without_words
from casework.agencies.roles import ROLES, May
from tests.architecture.lines import OURS
from tests.architecture.matrix import PUBLISHED, URLS
from tests.architecture.seen import SEES_HOUSEHOLD, SEES_REFERRAL
from tests.architecture.world import NAMES, asked, world_of

# Proven in test_account_urls.py: log-in, second factor and the user's own password; reference data in the admin. What
# answers to a token and to no log-in: tests/casework/api, tests/referrals/api, tests/risk/api.
ELSEWHERE = ("api:", "account_", "mfa_", "admin:", "(?P<url>", "<path:object_id>")


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
        if name in PUBLISHED:
            continue
        answer = asked(client, method, url)
        back = without_words(url) if method == "GET" else "/"  # what was sent is not sent again
        if answer.status_code != 302 or answer.headers["Location"] != f"/accounts/login/?{urlencode({'next': back})}":
            wrong.append(f"{method} {name} ({relation}): {answer.status_code} {answer.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)


def test_the_log_in_is_where_strangers_are_sent():
    assert reverse(settings.LOGIN_URL) == "/accounts/login/"
