"""The keys of a name: what is stored, so that each way of asking becomes one look into an index."""

from enum import IntEnum

from households.search import jamo, romanise


class KeyKind(IntEnum):
    """What a stored key is. The numbers are in the database."""

    SPELLED = 1
    """The whole name as written, without spaces; Latin in lower case."""
    FULL = 2
    """The whole Hangul name, North and South spelling folded (이영희 for 리영희)."""
    GIVEN = 3
    """The given name alone, folded."""
    INITIALS = 4
    """Initials of the folded name and of the given name alone (ㄱㅊㅅ, ㅊㅅ)."""
    SOUND = 5
    """The whole name as heard in Latin letters."""
    GIVEN_SOUND = 6
    """The given name alone as heard in Latin letters."""


LONGEST_KEY = 60


def keys_of(family: str, given: str, latin: str = "") -> set[tuple[KeyKind, str]]:
    """Return the (kind, key) pairs to store for one name.

    `family` and `given` may be Hangul or Latin; `latin` is a Latin spelling that came undivided, family name first.
    Latin names are also kept given name first when they came undivided, since nobody knows which way round they are.
    """
    found = _hangul_keys(jamo.hangul(family), jamo.hangul(given))
    found |= _latin_keys(romanise.words(family), romanise.words(given))
    undivided = romanise.words(latin)
    found |= _latin_keys(undivided[:1], undivided[1:]) | _latin_keys(undivided[-1:], undivided[:-1])
    return {(kind, key[:LONGEST_KEY]) for kind, key in found if key}


def _hangul_keys(family: str, given: str) -> set[tuple[KeyKind, str]]:
    name = family + given
    if not name:
        return set()
    return (
        {(KeyKind.SPELLED, name), (KeyKind.FULL, jamo.fold(name)), (KeyKind.GIVEN, jamo.fold(given))}
        | {(KeyKind.INITIALS, jamo.initials(jamo.fold(part))) for part in (name, given)}
        | {(KeyKind.SOUND, heard) for heard in romanise.hangul_sounds(name)}
        | {(KeyKind.GIVEN_SOUND, heard) for heard in romanise.hangul_sounds(given)}
    )


def _latin_keys(family: list[str], given: list[str]) -> set[tuple[KeyKind, str]]:
    parts = family + given
    if not parts:
        return set()
    return (
        {(KeyKind.SPELLED, "".join(parts))}
        | {(KeyKind.SOUND, heard) for heard in romanise.sounds(parts)}
        | {(KeyKind.GIVEN_SOUND, heard) for heard in romanise.sounds(given)}
    )
