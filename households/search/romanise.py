"""Names in Latin letters: Hangul by the Revised Romanisation, and any common spelling folded to one sound.

The letters of the Revised Romanisation of Korean (국어의 로마자 표기법, Ministry of Culture notice 2014-42) are written
per syllable, as the rule asks for names. People spell as they like (Lee, Yi, Ri, Rhee), so what is compared is the
coarse sound of both sides. Coarse on purpose: it may bring 용희 for 영희 (both were written Yong Hui), it must not
miss her.
"""

import re
import unicodedata
from functools import lru_cache

from households.search import jamo

_INITIALS = "g,kk,n,d,tt,r,m,b,pp,s,ss,,j,jj,ch,k,t,p,h".split(",")  # noqa: SIM905
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")  # noqa: SIM905
_FINALS = ",k,k,k,n,n,n,t,l,k,m,l,l,l,p,l,m,p,p,t,t,ng,t,t,k,t,p,t".split(",")  # noqa: SIM905

# Names whose usual spelling does not follow the sound.
_CUSTOM = {
    written: heard
    for heard, spellings in (
        ("pak", ("park", "parck")),
        ("baek", ("back", "beck")),
        ("heo", ("hur", "her")),
        ("choi", ("choe",)),
        ("jo", ("joe",)),
        ("ju", ("jew",)),
        ("ki", ("key",)),
        ("ok", ("oak",)),
        ("ro", ("law",)),
        ("seo", ("sur",)),
        ("seol", ("sul",)),
        ("yeom", ("yum",)),
        ("geum", ("gold",)),
    )
    for written in spellings
}

_CONSONANTS = (
    (re.compile(r"t?ch|jj|j|z"), "j"),
    (re.compile(r"^rh"), "r"),
    (re.compile(r"^wh"), "hw"),
    (re.compile(r"ck|kk|gg|[kgqcx]"), "k"),
    (re.compile(r"sh|ss|s"), "s"),
    (re.compile(r"h(?![aeiouwy])"), ""),  # Roh, Suh, Ahn: written, not heard
    (re.compile(r"[lr]+"), "r"),
    (re.compile(r"[dt]+"), "t"),
    (re.compile(r"[bpfv]+"), "p"),
)
# Longest first at each place; a y before another vowel belongs to what follows (na-yeong).
_SOUNDS = (
    ("yu", r"yeou|yeo|yeu|yoo|you|yo|yu"),
    ("ye", r"yae|yea(?!u)|yai|ye"),
    ("ya", r"ya"),
    ("i", r"yee|yi"),
    ("u", r"weo|woo|wo|wu"),
    ("e", r"wae|wai|we(?!e)"),
    ("wa", r"wa"),
    ("i", r"wee|wi|eui|ui|euy(?![aeiou])|uy(?![aeiou])|ee|ie(?![uo])|i|y(?![aeiou])"),
    ("e", r"oe|oi|oy(?![aeiou])"),
    ("u", r"eou|eo|eu|ou|oo|u|o"),
    ("e", r"ae|ai|ay(?![aeiou])|ea|ei|ey(?![aeiou])|e"),
    ("a", r"a"),
)
_SOUND = re.compile("|".join(f"(?P<s{i}>{pattern})" for i, (_, pattern) in enumerate(_SOUNDS)))
_TWICE = re.compile(r"(.)\1+")
LETTERS = "aeiukptjsrmnhyw"
"""Every letter that `sound` can return."""


def revised(syllable: str) -> str:
    """Return the Revised Romanisation of one Hangul syllable, lower case."""
    initial, vowel, final = jamo.split(syllable)
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]


def words(text: str) -> list[str]:
    """Return the Latin words of `text` in lower case, cut at spaces and hyphens, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return re.findall("[a-z]+", re.sub(r"[\u0300-\u036f'’‘`ʼ]", "", plain))


def sound(latin: str) -> str:
    """Return the coarse sound of lower-case Latin letters: park, pak and bak all give pak; jung and jeong give junk."""
    for pattern, letter in _CONSONANTS:
        latin = pattern.sub(letter, latin)
    latin = _SOUND.sub(lambda found: _SOUNDS[int(str(found.lastgroup)[1:])][0], latin)
    return _TWICE.sub(r"\1", latin)


@lru_cache(maxsize=4096)  # mostly syllables, of which names use few
def word_sound(word: str) -> str:
    """Return the sound of one word, with the South's initial-sound law: ri and lee become i, ryong yunk, ro nu."""
    heard = sound(_CUSTOM.get(word, word))
    if heard[:1] in ("r", "n"):
        bare = heard[1:]
        return _TWICE.sub(r"\1", bare) if bare[:1] in ("i", "y") else "n" + bare
    return heard


def in_words(parts: list[str]) -> str:
    """Return the sound of a name read word by word, the initial-sound law in each."""
    return _TWICE.sub(r"\1", "".join(map(word_sound, parts)))


def sounds(parts: list[str]) -> set[str]:
    """Return the sounds a name of these Latin words can have, read word by word and in one breath.

    Both, because people leave the hyphen out, and then da-eun can be heard as dae-un.
    """
    if not parts:
        return set()
    breath = "".join(_CUSTOM.get(word, word) for word in parts)
    return {in_words(parts), sound(breath), word_sound(breath)}


def hangul_sounds(syllables: str) -> set[str]:
    """Return the sounds of a Hangul name, as spelled and with the initial-sound law in every syllable."""
    return {heard for name in {syllables, jamo.fold(syllables)} for heard in sounds([revised(char) for char in name])}


def one_wrong(heard: str) -> set[str]:
    """Return every sound that lies one letter (changed, missing or too many) from `heard`."""
    cuts = [(heard[:i], heard[i:]) for i in range(len(heard) + 1)]
    changed = {left + letter + right[1:] for left, right in cuts if right for letter in ("", *LETTERS)}
    return (changed | {left + letter + right for left, right in cuts for letter in LETTERS}) - {heard}
