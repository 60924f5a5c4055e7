"""Finding persons in the database: names by their keys, case numbers and telephone numbers as they are.

One wrong letter is asked for by naming all neighbours of the name (about 200) in one `IN` list over the key index. Why
not by trigrams or by stored neighbours: `docs/search.md`.
"""

import re
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Case, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Length, Right

from casework.numbers import ALPHABET, PERSON_GROUPS, format_number, plain
from households.models import NameKey, Person, Phone
from households.search.keys import KeyKind
from households.search.query import How, Match, Term, query_keys

MOST = 50
"""How many are shown: so many of the largest centre may share three initials (our own criterion)."""
LAST_DIGITS = 4
LOCAL_DIGITS = 8
"""Digits of a mobile number that 010-0000-1234 and +82 10 0000 1234 share."""


def search(text: str, persons: QuerySet[Person], limit: int = MOST) -> list[Person]:
    """Return at most `limit` of `persons` that `text` may mean, best first, each with its `match` (a `Match`).

    `persons` is what the user may see: `Person.objects.visible_to(user)`. At most three queries, whatever is typed.
    """
    found = {person.pk: person for person in _by_number(text, persons, limit)}
    terms = () if found else query_keys(text)
    if terms:
        for person in _by_name(terms, persons, limit):
            found.setdefault(person.pk, person)
    return list(found.values())[:limit]


def asks(term: Term) -> Q:
    """Return the condition on `NameKey` that is `Term.fits` in SQL."""
    if term.how is How.EQUALS:
        return Q(kind=term.kind, key__in=sorted(term.texts))
    if term.how is How.STARTS:
        return Q(kind=term.kind) & _starting(term.texts)
    narrow = NameKey.objects.filter(_starting(term.initials), kind=KeyKind.INITIALS).values("person")
    return Q(kind=term.kind, person__in=narrow, key__regex="|".join(sorted(term.texts)))


def _starting(texts: frozenset[str]) -> Q:
    return reduce(or_, (Q(key__startswith=text) for text in sorted(texts)))


def _by_name(terms: tuple[Term, ...], persons: QuerySet[Person], limit: int) -> list[Person]:
    conditions = [(asks(term), term.match) for term in terms]
    worst = max(word for _, word in conditions)  # told by default: the longest lists need not be gone through twice
    ranked = (When(asked, then=Value(int(word))) for asked, word in conditions if word != worst)
    match = Case(*ranked, default=Value(int(worst)), output_field=IntegerField())
    best = dict(
        NameKey.objects.filter(reduce(or_, (asked for asked, _ in conditions)), _seen("person", persons))
        .values("person")
        .annotate(best=Min(match), length=Min(Length("key")))
        .order_by("best", "length", "person")  # the shorter name is nearer to a beginning
        .values_list("person", "best")[:limit]
    )
    people = {person.pk: person for person in Person.objects.filter(pk__in=best)}
    for pk, person in people.items():
        person.match = Match(best[pk])  # type: ignore[attr-defined]  # as an annotation would
    return [people[pk] for pk in best if pk in people]


def _by_number(text: str, persons: QuerySet[Person], limit: int) -> list[Person]:
    numbered = _of_case_number(text)
    asked = [condition for condition in (numbered, _of_phone(text)) if condition]
    if not asked:
        return []
    found = Person.objects.filter(reduce(or_, asked), _seen("pk", persons)).order_by("case_number")
    own = Case(When(numbered, then=Value(True)), default=Value(False)) if numbered else Value(False)
    people: list[Person] = list(found.annotate(numbered=own)[:limit])
    for person in people:
        person.match = Match.AS_WRITTEN if person.numbered else Match.TELEPHONE  # type: ignore[attr-defined]  # as above
    return people


def _seen(column: str, persons: QuerySet[Person]) -> Q:
    """The condition that `column` is one of `persons`, looked up in a hash that is made once per question.

    Inside CASE, because a plain `IN` becomes a join, and the planner, who cannot know how much one user sees, then
    walks through everybody the head of a large centre sees (7,700 persons: 94 ms instead of 35 ms).
    """
    whom = Q(**{f"{column}__in": persons.order_by().values("pk")})
    return Q(Case(When(whom, then=Value(True)), default=Value(False), output_field=BooleanField()))


def _of_case_number(text: str) -> Q | None:
    """A case number or its beginning, with or without dashes; a beginning must hold a digit."""
    raw = plain(text)
    size = sum(PERSON_GROUPS) + 1
    if not LAST_DIGITS <= len(raw) <= size or not set(raw) <= set(ALPHABET):
        return None
    if len(raw) == size:
        return Q(case_number=format_number(raw, PERSON_GROUPS))
    return Q(case_number__startswith=format_number(raw, PERSON_GROUPS).rstrip("-")) if re.search(r"\d", raw) else None


def _of_phone(text: str) -> Q | None:
    """The last four digits of a telephone number, or more of them, however they are grouped.

    One digit again and again (0000000) stands in forms where no number is known; it is nobody's.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) < LAST_DIGITS or re.search(r"[^\d\s()+./-]", text):
        return None
    if len(digits) > LAST_DIGITS and len(set(digits)) == 1:
        return None
    return Q(pk__in=phones_ending(digits).values("person"))


def phones_ending(digits: str) -> QuerySet[Phone]:
    """Return the telephone numbers on file that end in `digits` (at least four; of a whole number the last eight)."""
    ending = digits[-LOCAL_DIGITS:]
    grouped = r"\D*".join(ending) + "$"
    return (
        Phone.objects.current()
        .alias(last=Right("number", LAST_DIGITS))
        .filter(
            last=ending[-LAST_DIGITS:],  # the form the index has
            number__regex=grouped,
        )
    )
