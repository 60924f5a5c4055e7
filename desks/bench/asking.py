"""Search: how often the person who is meant is found, and how long it takes the widest role."""

from random import Random
from time import perf_counter

from casework.agencies.models import User
from casework.numbers import plain
from desks.bench.timing import quantile
from households.models import Person, PersonName
from households.search import jamo
from households.search.lookup import search
from households.search.romanise import revised

NORTH = {"이": "리", "임": "림", "유": "류", "노": "로", "양": "량"}
SOUTH = {north: south for south, north in NORTH.items()}
PAIRS = 150


def measure(user: User) -> dict[str, float]:
    """Return recall among the results and p50 and p95 in milliseconds, for 150 ways to ask for people of the centre."""
    random = Random(1)  # noqa: S311
    seen = Person.objects.visible_to(user)
    names = PersonName.objects.current().filter(kind="hangul", person__in=seen).order_by("id").select_related("person")
    chosen = random.sample(list(names), PAIRS)
    found, seconds = 0, []
    for place, name in enumerate(chosen):
        text = _way(place % 6, name, random)
        begun = perf_counter()
        people = search(text, seen)
        seconds.append(perf_counter() - begun)
        # Namesakes answer as well: whoever has the same name could not be told apart by it.
        same = {name.person_id} | set(
            names.filter(family=name.family, given=name.given).values_list("person", flat=True)
        )
        found += bool(same & {person.pk for person in people})
    return {"recall": found / PAIRS, "p50": quantile(seconds, 0.5), "p95": quantile(seconds, 0.95)}


def _way(kind: int, name: PersonName, random: Random) -> str:
    """Return what somebody types who means this name, in one of six ways."""
    family, given = name.family, name.given
    ways = {
        0: family + given,
        1: f"{family} {given}",
        2: NORTH.get(family, SOUTH.get(family, family)) + given,
        3: " ".join(map(revised, [family, *given])),
        4: plain(name.person.case_number).lower(),
        5: jamo.initials(family + given)
        if len(given) > 1 and random.random() < 0.5
        else given
        if len(given) > 1
        else family + given,
    }
    return ways[kind]
