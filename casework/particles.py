"""Korean particles that follow the sound of the word before them (조사): 정금주가, 서지훈이, 서울로."""

import re
import unicodedata

#: pair as translators write it → (after a consonant, after a vowel)
PAIRS = {
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "은/는": ("은", "는"),
    "와/과": ("과", "와"),
    "과/와": ("과", "와"),
    "아/야": ("아", "야"),
    "이나/나": ("이나", "나"),
    "이라/라": ("이라", "라"),
    "이랑/랑": ("이랑", "랑"),
    "(으)로": ("으로", "로"),
    "(이)": ("이", ""),
}
RIEUL = "ㄹ"
# How the last digit is read: 영 일 이 삼 사 오 육 칠 팔 구. 0 also ends 십, 백, 천, 만, 억: always a consonant.
_DIGIT = {"0": "ㅇ", "1": RIEUL, "3": "ㅁ", "6": "ㄱ", "7": RIEUL, "8": RIEUL}
# Latin letters read one by one (KT 케이티, SIM 심): only these leave a consonant that is heard.
_LETTER = {"l": RIEUL, "m": "ㅁ", "n": "ㄴ", "r": RIEUL}
_WORD_END = {**_LETTER, "b": "ㅂ", "c": "ㄱ", "k": "ㄱ", "p": "ㅂ", "t": "ㅅ"}
_BRACKETED = re.compile(r"\s*[(\[（][^()\[\]（）]*[)\]）]\s*$")


def final_sound(word: str) -> str:
    """The consonant the word ends in when read aloud ("ㄹ", "ㅇ", …), or "" after a vowel.

    A remark in brackets at the end and closing punctuation are not read.
    """
    spoken = _BRACKETED.sub("", str(word)) or str(word)
    spoken = unicodedata.normalize("NFC", spoken).rstrip(" .,…'\"’”」』)]")
    if not spoken:
        return ""
    last = spoken[-1]
    if "가" <= last <= "힣":
        return ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"][(ord(last) - 0xAC00) % 28]
    if last.isdigit():
        return _DIGIT.get(last, "")
    if last.isascii() and last.isalpha():
        letters = _LETTER if last.isupper() else _WORD_END
        return letters.get(last.lower(), "ㅇ" if spoken.lower().endswith("ng") else "")
    return ""


def particle(word: str, pair: str) -> str:
    """The particle of `pair` ("이/가", "(으)로", …) that fits after `word`. KeyError for an unknown pair."""
    after_consonant, after_vowel = PAIRS[pair]
    sound = final_sound(word)
    if pair == "(으)로" and sound == RIEUL:
        return after_vowel
    return after_consonant if sound else after_vowel


def with_particle(word: str, pair: str) -> str:
    """`word` with its particle: with_particle("정금주", "이/가") == "정금주가"."""
    return f"{word}{particle(word, pair)}"
