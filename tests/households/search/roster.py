"""The list of 150 ways to ask for a person, and persons to ask among."""

import csv
import random
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from households.models import Person, PersonName
from households.search.rebuild import rebuild_keys

FAMILIES, SHARES = (
    "김이박최정강조윤장임한오서신권황안송류홍리림로",
    (215, 90, 84, 47, 43, 23, 21, 20, 20, 12) + (12,) * 10 + (45, 8, 4),
)
FIRST = "영은금철명광성미순옥혜경정춘향선진남룡용련연리일국수지현해봉란복인학승창태동민설유화"
SECOND = "희철순옥남수경화란호혁미숙애실일국성학진봉복영금심주향녀별송혜월단덕자길민훈은아"


class Pair(NamedTuple):
    """Somebody typed `query` and meant the person of this name; `way` says in which of the ways."""

    way: str
    query: str
    family: str
    given: str


def pairs() -> list[Pair]:
    """Return the list as it stands in pairs.csv."""
    with (Path(__file__).parent / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return [Pair(**row) for row in csv.DictReader(file)]


def crowd(size: int, seed: int = 1) -> list[tuple[str, str]]:
    """Return `size` invented names, families as frequent as they are."""
    chance = random.Random(seed)
    families = chance.choices(FAMILIES, SHARES, k=size)
    return [(family, chance.choice(FIRST) + chance.choice(SECOND)) for family in families]


def register(names: Iterable[tuple[str, str]]) -> list[int]:
    """Put persons of these names on file with their search keys; return their ids in the same order."""
    names = list(names)
    persons = Person.objects.bulk_create([Person() for _ in names])
    PersonName.objects.bulk_create(
        [
            PersonName(person=person, family=family, given=given)
            for person, (family, given) in zip(persons, names, strict=True)
        ]
    )
    ids = [person.pk for person in persons]
    rebuild_keys(ids)
    return ids
