"""Hangul syllables as letters: North and South spelling folded together, initials, and one letter typed wrong.

Only arithmetic on the Unicode block of composed syllables (U+AC00 to U+D7A3: 19 initials x 21 vowels x 28 finals).
Folded names stay composed syllables: a key can be read, a beginning is a plain prefix, and the
initials are one step away.
"""

import re
import unicodedata

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

_FIRST, _LAST = 0xAC00, 0xD7A3
_N, _R, _SILENT = INITIALS.index("ㄴ"), INITIALS.index("ㄹ"), INITIALS.index("ㅇ")
# Before these vowels the South drops ㄴ and ㄹ (여자/녀자, 이씨/리씨, 예/례).
_SOFT = frozenset(VOWELS.index(vowel) for vowel in "ㅣㅑㅕㅛㅠㅖㅒ")
# Two initials typed one after the other become one key on some keyboards.
_CLUSTERS = str.maketrans(
    {
        "ㄳ": "ㄱㅅ",
        "ㄵ": "ㄴㅈ",
        "ㄶ": "ㄴㅎ",
        "ㄺ": "ㄹㄱ",
        "ㄻ": "ㄹㅁ",
        "ㄼ": "ㄹㅂ",
        "ㄽ": "ㄹㅅ",
        "ㄾ": "ㄹㅌ",
        "ㄿ": "ㄹㅍ",
    }
    | {"ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"}
    | {chr(0x1100 + i): letter for i, letter in enumerate(INITIALS)}  # decomposed text, as some systems send it
)
_NOT_HANGUL = re.compile(f"[^가-힣{INITIALS}]")


def hangul(text: str) -> str:
    """Return only the Hangul of `text`, composed: syllables and bare initials, without spaces or marks."""
    return _NOT_HANGUL.sub("", unicodedata.normalize("NFC", text).translate(_CLUSTERS))


def is_syllable(char: str) -> bool:
    """Say whether `char` is a composed syllable (and not a bare letter)."""
    return _FIRST <= ord(char) <= _LAST


def split(syllable: str) -> tuple[int, int, int]:
    """Return the indexes of initial, vowel and final (0 = none) of one composed syllable."""
    code = ord(syllable) - _FIRST
    return code // 588, code // 28 % 21, code % 28


def join(initial: int, vowel: int, final: int) -> str:
    """Return the composed syllable of the three indexes."""
    return chr(_FIRST + initial * 588 + vowel * 28 + final)


def _folded_initial(initial: int, vowel: int) -> int:
    if initial in (_N, _R):
        return _SILENT if vowel in _SOFT else _N
    return initial


def _fold_syllable(char: str) -> str:
    if not is_syllable(char):
        return char
    initial, vowel, final = split(char)
    return join(_folded_initial(initial, vowel), vowel, final)


def fold(text: str) -> str:
    """Return `text` with the initial-sound law (두음법칙) applied to every syllable: 리영희 and 이영희 become one.

    ㄴ and ㄹ fall silent before ㅣ and y-vowels, ㄹ becomes ㄴ elsewhere. In every syllable and not only the first,
    because a given name keeps the spelling of the place where it was first written down (정리화, 정이화).
    """
    return "".join(map(_fold_syllable, text))


def initials(text: str) -> str:
    """Return the initial of each syllable: 김철수 gives ㄱㅊㅅ."""
    return "".join(INITIALS[split(char)[0]] if is_syllable(char) else char for char in text)


def folded_letters(initial: str) -> str:
    """Return what a bare initial may have become by `fold`: a ㄹ stands in the keys as ㄴ or ㅇ."""
    return {"ㄹ": "ㄴㅇ", "ㄴ": "ㄴㅇ"}.get(initial, initial)


def folded_range(initial: str) -> str:
    """Return the regular expression class of folded syllables that begin with `initial`: ㅊ gives [차-칳]."""
    ranges = (INITIALS.index(letter) for letter in folded_letters(initial))
    return "[" + "".join(f"{join(i, 0, 0)}-{join(i, 20, 27)}" for i in ranges) + "]"


def unfinished(text: str) -> list[str]:
    """Return folded `text` with its open last syllable closed in all 27 ways: 김처 may be on its way to 김철수."""
    initial, vowel, final = split(text[-1])
    return [] if final else [text[:-1] + join(initial, vowel, i) for i in range(1, len(FINALS))]


def _replaced(char: str) -> set[str]:
    initial, vowel, final = split(char)
    return (
        {join(i, vowel, final) for i in range(len(INITIALS))}
        | {join(initial, i, final) for i in range(len(VOWELS))}
        | {join(initial, vowel, i) for i in range(len(FINALS))}
    )


def one_wrong(text: str) -> set[str]:
    """Return every folded name that lies one letter from `text` (syllables only), the name itself not included.

    A letter may be another one, and a final may be missing or too many. Letters are exchanged in the text as typed
    and in its folded form, because a wrong vowel can also change what the fold does (리 -> 러 -> 너).
    """
    folded = fold(text)
    near = {
        fold(spelling[:at] + other + spelling[at + 1 :])
        for spelling in {text, folded}
        for at, char in enumerate(spelling)
        for other in _replaced(char)
    }
    return near - {folded}
