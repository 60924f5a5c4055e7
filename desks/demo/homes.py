"""Who lives with whom: couples, children, parents and brothers among those who came, and the family they found here."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from desks.demo import names
from desks.demo.people import Somebody
from desks.demo.places import Place

HOUSEHOLDS_PER_RESIDENT = 24_000 / 31_377
ADULT = 19


@dataclass(slots=True)
class Home:
    """One household. `level` is how hard life is here (0 to 4), hidden from everybody but the generator.

    `registered` is the day on which the house learned of it; `story` names a planted one; `shown` ones go to the demo
    log-in `caseworker`.
    """

    members: list[Somebody]
    place: Place
    town: str
    key: int = 0
    number: str = ""
    level: int = 0
    worker: int | None = None
    counsellor: int | None = None
    registered: date = date.min
    closed_on: date | None = None
    shown: bool = False
    story: str = ""
    events: list[tuple[date, str]] = field(default_factory=list)

    @property
    def head(self) -> Somebody:
        return self.members[0]

    def living(self) -> list[Somebody]:
        return [one for one in self.members if one.left_on is None]


def homes(came: list[Somebody], places: dict[str, list[Place]], random: Random, *, on: date) -> list[Home]:
    """Return the households of everybody who came, their family members who did not come from the North included."""
    found = []
    for region, parts in places.items():
        weights = [part.weight for part in parts]
        pool = [one for one in came if one.region == region]
        for members in _families(pool, random, on=on):
            place = random.choices(parts, weights)[0]
            _found_here(members, random, on)
            home = Home(members, place, random.choice(place.towns))
            if members[0].left_on:
                home.closed_on = members[0].left_on
            found.append(home)
    random.shuffle(found)
    return found


def _families(pool: list[Somebody], random: Random, *, on: date) -> list[list[Somebody]]:
    """Join residents of one region until there are as many households as there should be."""
    here = [one for one in pool if one.status == "resident"]
    joins = len(here) - round(len(here) * HOUSEHOLDS_PER_RESIDENT)
    match = _Matching(here, random, on)
    match.children()
    match.couples(round(joins * 0.42))
    match.relatives(joins - match.joined)
    return match.families() + [[one] for one in pool if one.status != "resident"]


class _Matching:
    """Finds people of the right age who are still alone."""

    def __init__(self, here: list[Somebody], random: Random, on: date) -> None:
        self.random, self.on, self.joined = random, on, 0
        self.groups = {id(one): [one] for one in here}
        self.alone = set(self.groups)
        self.by_age = {
            sex: sorted((one for one in here if one.sex == sex), key=lambda one: one.born, reverse=True) for sex in "MF"
        }
        self.here = here

    def _find(self, sex: str, youngest: int, oldest: int, *, alone: bool) -> Somebody | None:
        """Return somebody of an age within the bounds who heads a household, alone or not, after a few tries."""
        row = self.by_age[sex]
        low = bisect_left(row, youngest, key=lambda one: one.age(self.on))
        high = bisect_left(row, oldest + 1, key=lambda one: one.age(self.on))
        for _try in range(8):
            if low >= high:
                return None
            one = row[self.random.randrange(low, high)]
            if id(one) in (self.alone if alone else self.groups):
                return one
        return None

    def _join(self, head: Somebody, other: Somebody, role: str) -> None:
        other.role = role
        self.groups[id(head)].append(other)
        del self.groups[id(other)]
        self.alone -= {id(head), id(other)}
        self.joined += 1

    def children(self) -> None:
        """Whoever is not of age lives with somebody who could be mother or father."""
        for one in self.here:
            age = one.age(self.on)
            if age < ADULT:
                sex = "F" if self.random.random() < 0.85 else "M"
                parent = self._find(sex, age + 20, age + 40, alone=False)
                if parent:
                    self._join(parent, one, "child")

    def couples(self, number: int) -> None:
        men = [one for one in self.by_age["M"] if one.age(self.on) >= 25 and id(one) in self.alone]
        self.random.shuffle(men)
        for man in men:
            if number <= 0:
                return
            woman = self._find("F", man.age(self.on) - 10, man.age(self.on) + 4, alone=True)
            if woman and id(man) in self.alone:
                head, spouse = (man, woman) if self.random.random() < 0.55 else (woman, man)
                self._join(head, spouse, "spouse")
                number -= 1

    def relatives(self, number: int) -> None:
        """Grown children, parents, brothers and sisters who live together."""
        order = sorted(self.here, key=lambda one: self.random.random() + (one.age(self.on) > 40))
        for one in order:
            if number <= 0:
                return
            if id(one) not in self.alone:
                continue
            age = one.age(self.on)
            role, low, high = self.random.choice([("child", 21, 36), ("parent", -36, -21), ("sibling", -7, 7)])
            head = self._find(self.random.choice("FFFM"), max(ADULT, age + low), age + high, alone=False)
            if head and head is not one:
                self._join(head, one, role)
                number -= 1

    def families(self) -> list[list[Somebody]]:
        return list(self.groups.values())


def _found_here(members: list[Somebody], random: Random, on: date) -> None:
    """Add a spouse and children who are not from the North."""
    head = members[0]
    age = head.age(on)
    if head.status != "resident" or age < 22:
        return
    partner = any(one.role == "spouse" for one in members)
    if not partner and 24 <= age <= 72 and random.random() < (0.36 if head.sex == "F" else 0.16):
        members.insert(1, _spouse(head, random))
        partner = True
    mother = next((one for one in members[:2] if one.sex == "F" and one.role in ("head", "spouse")), None)
    if mother:
        _children(mother, members, random, on, wanted=1.25 if partner else 0.6)


def _spouse(head: Somebody, random: Random) -> Somebody:
    sex = "M" if head.sex == "F" else "F"
    foreign = random.random() < 0.3
    born = head.born + timedelta(days=random.randint(-2600, 1500))
    return Somebody(
        sex=sex,
        born=born,
        family=random.choice(names.FOREIGN) if foreign else names.family(random),
        given=names.given(random, sex, born=born.year),
        role="spouse",
        language="zh" if foreign else "ko",
        latin=foreign,
        phone=names.phone(random) if random.random() < 0.5 else "",
    )


def _children(mother: Somebody, members: list[Somebody], random: Random, on: date, wanted: float) -> None:
    age = mother.age(on)
    number = sum(random.random() < wanted / 3 for _ in range(3))
    oldest, youngest = min(age - 20, 24), max(0, age - 39)
    if oldest < youngest:
        return
    father = next((one for one in members[:2] if one.sex == "M"), None)
    family = father.family if father else mother.family
    for _child in range(number):
        born = on - timedelta(days=random.randint(youngest * 365 + 20, oldest * 365 + 300))
        sex = random.choice("MF")
        before = mother.entered is not None and born < mother.entered
        members.append(
            Somebody(
                sex=sex,
                born=born,
                family=family,
                given=names.given(random, sex, born=born.year),
                role="child",
                language="zh" if before and random.random() < 0.7 else "ko",
            )
        )
