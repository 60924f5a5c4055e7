"""Names out of syllables: nobody's. Some are spelled as in the North (리, 림, 류, 로, 녀)."""

from functools import cache
from random import Random

from desks.demo.marginals import table
from households.search.romanise import revised

SYLLABLES = {row["kind"]: tuple(row["parts"].split()) for row in table("syllables.csv")}
FAMILIES, FOREIGN = SYLLABLES["family"], SYLLABLES["foreign"]
NORTHERN = {"이": "리", "임": "림", "유": "류", "노": "로", "양": "량", "여": "려", "연": "련", "육": "륙"}


def family(random: Random, *, northern: bool = False) -> str:
    """Return a family name; `northern` spells it as in the North where that differs."""
    chosen = random.choice(FAMILIES)
    return NORTHERN.get(chosen, chosen) if northern else chosen


def given(random: Random, sex: str, *, born: int) -> str:
    """Return a given name for a birth year; one in fifty has a single syllable."""
    if born > 2003 and random.random() < 0.7:
        return random.choice(SYLLABLES[f"child_{sex}"])
    second = random.choice(SYLLABLES[f"second_{sex}"])
    if random.random() < 0.02:
        return second
    first = random.choice(SYLLABLES[f"first_{sex}"])
    return first + (second if second != first else "철" if sex == "M" else "희")


@cache
def latin(hangul: str) -> str:
    """Return Hangul in Latin letters, one capital in front: 영희 gives Yeonghui."""
    return "".join(map(revised, hangul)).capitalize()


def phone(random: Random) -> str:
    """Return a number of the block that nobody is given: 010-0000-xxxx."""
    return f"010-0000-{random.randrange(10_000):04d}"
