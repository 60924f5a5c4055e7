"""What somebody typed, as the keys it asks for: pure, so that the language of the search box is tested by itself."""

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from households.search import jamo, romanise
from households.search.keys import KeyKind


class Match(IntEnum):
    """How well a name fits, best first: the order of the result."""

    AS_WRITTEN = 0
    SAME_NAME = 1
    """The other spelling of the same name: 리영희 for 이영희, Lee for 이."""
    GIVEN = 2
    BEGINNING = 3
    INITIALS = 4
    UNFINISHED = 5
    """The last syllable is still being typed."""
    ONE_LETTER = 6
    GIVEN_ONE_LETTER = 7
    TELEPHONE = 8
    """No name: the end of a telephone number."""


class How(StrEnum):
    """How a term compares its texts with the stored key."""

    EQUALS = "equals"
    STARTS = "starts"
    PATTERN = "pattern"


@dataclass(frozen=True)
class Term:
    """One question to the keys: a key of `kind` that equals, starts with or fits one of `texts` is a `match`."""

    match: Match
    kind: KeyKind
    how: How
    texts: frozenset[str]
    initials: frozenset[str] = frozenset()
    """What the initials of the name begin with, for a pattern: the index finds these, the pattern tries them."""

    def fits(self, kind: int, key: str) -> bool:
        """Say whether the stored (kind, key) answers this term; the database does the same in `lookup`."""
        if kind != self.kind:
            return False
        if self.how is How.EQUALS:
            return key in self.texts
        if self.how is How.STARTS:
            return key.startswith(tuple(self.texts))
        return any(re.match(pattern, key) for pattern in self.texts)


LONGEST_QUERY = 40


def query_keys(text: str) -> tuple[Term, ...]:
    """Return the terms that `text` asks for, best first; empty when it holds no letter of a name.

    Hangul wins over Latin when both are present. Texts beyond 40 letters are cut: no name is longer.
    """
    letters = jamo.hangul(text[: 3 * LONGEST_QUERY])[:LONGEST_QUERY]
    if not letters and re.search(r"\d", text):
        return ()  # a number; the letters in it are no name
    if not letters:
        return _latin_terms(romanise.words(text[:LONGEST_QUERY]))
    if all(map(jamo.is_syllable, letters)):
        return _name_terms(letters)
    if not any(map(jamo.is_syllable, letters)):
        return _initial_terms(letters)
    return _mixed_terms(letters)


def _term(match: Match, kind: KeyKind, how: How, *texts: str) -> Term:
    return Term(match, kind, how, frozenset(texts))


def _name_terms(name: str) -> tuple[Term, ...]:
    folded = jamo.fold(name)
    terms = [
        _term(Match.AS_WRITTEN, KeyKind.SPELLED, How.EQUALS, name),
        _term(Match.SAME_NAME, KeyKind.FULL, How.EQUALS, folded),
        _term(Match.GIVEN, KeyKind.GIVEN, How.EQUALS, folded),
        _term(Match.BEGINNING, KeyKind.FULL, How.STARTS, folded),
        _term(Match.BEGINNING, KeyKind.GIVEN, How.STARTS, folded),
    ]
    closed = jamo.unfinished(folded)
    if closed:
        terms.append(_term(Match.UNFINISHED, KeyKind.FULL, How.STARTS, *closed))
        terms.append(_term(Match.UNFINISHED, KeyKind.GIVEN, How.STARTS, *closed))
    if len(name) > 1:
        near = jamo.one_wrong(name)
        terms.append(_term(Match.ONE_LETTER, KeyKind.FULL, How.EQUALS, *near))
        terms.append(_term(Match.GIVEN_ONE_LETTER, KeyKind.GIVEN, How.EQUALS, *near))
    return tuple(terms)


def _initial_terms(letters: str) -> tuple[Term, ...]:
    readings = _readings(letters)
    return (
        _term(Match.INITIALS, KeyKind.INITIALS, How.EQUALS, *readings),
        _term(Match.INITIALS, KeyKind.INITIALS, How.STARTS, *readings),
    )


def _readings(letters: str) -> list[str]:
    """Every way in which bare initials may stand in a folded key; syllables say theirs."""
    readings = [""]
    for char in letters[:6]:  # no name has more initials; 2^6 readings at most
        folded = jamo.initials(jamo.fold(char)) if jamo.is_syllable(char) else jamo.folded_letters(char)
        readings = [begun + letter for begun in readings for letter in folded]
    return readings


def _mixed_terms(letters: str) -> tuple[Term, ...]:
    """Syllables and bare initials together: 김ㅊㅅ, or 김철ㅅ while the hand is still typing."""
    parts = (jamo.fold(char) if jamo.is_syllable(char) else jamo.folded_range(char) for char in letters)
    # At the start, or behind a family name of one or two syllables; the initials say which.
    pattern = "^.{0,2}" + "".join(parts)
    readings = frozenset(_readings(letters))
    return (Term(Match.INITIALS, KeyKind.FULL, How.PATTERN, frozenset({pattern}), readings),)


def _latin_terms(parts: list[str]) -> tuple[Term, ...]:
    if not parts:
        return ()
    orders = [parts, [parts[-1], *parts[:-1]]]  # Kim Chol Su, Chol Su Kim
    spelled = {"".join(order) for order in orders}
    heard = {sound for order in orders for sound in romanise.sounds(order)}
    terms = [
        _term(Match.AS_WRITTEN, KeyKind.SPELLED, How.EQUALS, *spelled),
        _term(Match.SAME_NAME, KeyKind.SOUND, How.EQUALS, *heard),
        _term(Match.GIVEN, KeyKind.GIVEN_SOUND, How.EQUALS, *heard),
        _term(Match.BEGINNING, KeyKind.SPELLED, How.STARTS, *spelled),
        _term(Match.BEGINNING, KeyKind.SOUND, How.STARTS, *heard),
        _term(Match.BEGINNING, KeyKind.GIVEN_SOUND, How.STARTS, *heard),
    ]
    if min(map(len, heard)) > 3:
        near = {other for order in orders for other in romanise.one_wrong(romanise.in_words(order))}
        terms.append(_term(Match.ONE_LETTER, KeyKind.SOUND, How.EQUALS, *near))
        terms.append(_term(Match.GIVEN_ONE_LETTER, KeyKind.GIVEN_SOUND, How.EQUALS, *near))
    return tuple(terms)
