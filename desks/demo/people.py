"""Who came, when, how old, and whether they still live here: the published totals become single people."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from desks.demo import marginals, names

NORTHERN_SPELLING = 0.06
OLDEST = 97
FACILITY_DAYS = (95, 125)


@dataclass(slots=True)
class Somebody:
    """One made-up person. `role` is the place in the household; `left_on` when a person died or emigrated."""

    sex: str
    born: date
    family: str
    given: str
    entered: date | None = None
    moved_in: date | None = None
    region: str = ""
    status: str = "resident"
    left_on: date | None = None
    role: str = "head"
    language: str = "ko"
    latin: bool = False
    phone: str = ""
    key: int = 0
    label: str = ""

    @property
    def defector(self) -> bool:
        return self.entered is not None

    def age(self, on: date) -> int:
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


def defectors(people: int, random: Random, *, on: date) -> list[Somebody]:
    """Return everybody who came, with region and status; the totals by year, sex, age and region are the published."""
    years = marginals.entrants(people)
    men = sum(number for (_, sex), number in years.items() if sex == "M")
    ages = marginals.ages(men, people - men)
    here = marginals.residents(people)
    found = []
    for sex in marginals.SEXES:
        came = [_somebody(random, sex, year, age) for year, age in _dealt(random, sex, years, ages)]
        _place(random, sex, came, here, on)
        found += came
    random.shuffle(found)
    return found


def _dealt(random: Random, sex: str, years: dict, ages: dict) -> list[tuple[str, str]]:
    """Deal ages to years at random: nothing published ties them."""
    of_years = [label for (label, s), number in years.items() if s == sex for _ in range(number)]
    of_ages = [label for (label, s), number in ages.items() if s == sex for _ in range(number)]
    random.shuffle(of_ages)
    return list(zip(of_years, of_ages, strict=True))


def _somebody(random: Random, sex: str, years: str, ages: str) -> Somebody:
    entered = date(random.choice(marginals.years(years)), 1, 1) + timedelta(days=random.randrange(365))
    first, last = marginals.age_span(ages)
    # Ages above 60 thin out; the others are even within their ten years.
    age = first + int((last - first + 1) * (random.random() ** 2 if first >= 60 else random.random()))
    born = _years_before(entered, age) - timedelta(days=random.randrange(365))
    return Somebody(
        sex=sex,
        born=born,
        family=names.family(random, northern=random.random() < NORTHERN_SPELLING),
        given=names.given(random, sex, born=born.year),
        entered=entered,
        moved_in=entered + timedelta(days=random.randint(*FACILITY_DAYS)),
        latin=random.random() < 0.2,
        phone=names.phone(random),
    )


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def _place(random: Random, sex: str, came: list[Somebody], here: dict, on: date) -> None:
    """Give a region to each who lives here; the others died (the oldest first), emigrated, or nobody knows."""
    living = [region for (region, s), number in here.items() if s == sex for _ in range(number)]
    random.shuffle(living)
    by_age = sorted(came, key=lambda one: one.age(on) + 25 * random.random(), reverse=True)
    gone = len(came) - len(living)
    dead = max(round(gone * 0.4), sum(one.age(on) > OLDEST for one in came))
    oldest = sorted(by_age, key=lambda one: one.age(on) > OLDEST, reverse=True)
    for one in oldest[:dead]:
        one.status = "deceased"
    rest = oldest[dead:]
    random.shuffle(rest)
    for place, one in enumerate(rest[: max(gone - dead, 0)]):
        one.status = "unknown" if place % 8 == 0 else "emigrated"
    for one in came:
        one.region = living.pop() if one.status == "resident" else random.choice(list(here))[0]
        if one.status in ("deceased", "emigrated"):
            one.left_on = _left(random, one, on)


def _left(random: Random, one: Somebody, on: date) -> date:
    since = one.moved_in or on
    stayed = max(1, (on - since).days - 30)
    return since + timedelta(days=random.randrange(stayed))
