"""How hard life is: one hidden number per household, from which signals and contacts follow together.

The shares are set so that the rules find about as many households in each band as risk.md expects; what is planted is
what happens to people, never a band.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from desks.demo.homes import Home
from desks.demo.people import Somebody
from desks.demo.stories import tell

GENERAL, WATCH, MODERATE, HIGH, EMERGENCY = range(5)
SHARES = {EMERGENCY: 0.0034, HIGH: 0.041, MODERATE: 0.098, WATCH: 0.122}
TWO_YEARS = timedelta(days=730)
NEWLY_KNOWN = 0.02


@dataclass(slots=True)
class Series:
    """One condition as feeds tell of it: from `start`, until `end` if it ended, `months` unpaid when it began."""

    one: Somebody
    code: str
    start: date
    end: date | None = None
    months: int | None = None


@dataclass(slots=True)
class Happening:
    """What one household went through: conditions for the feeds, and moments for the contacts.

    `since`: since when it is harder than usual. `gap`: days since somebody was last spoken with (None: never).
    `tries`: attempts since then, as (days ago, channel, hour). `told`: tags learnt, as (days ago, tags).
    """

    home: Home
    since: date
    gap: int | None
    series: list[Series]
    tries: list[tuple[int, str, int]]
    told: list[tuple[int, tuple[str, ...]]]


def settle_levels(homes: list[Home], random: Random, *, on: date) -> None:
    """Rank the households by the hidden number and give the hardest the highest level; say since when each is known."""
    here = [home for home in homes if home.closed_on is None]
    hardness = {id(home): random.gauss(0, 1) + _burden(home, on) for home in here}
    here.sort(key=lambda home: hardness[id(home)], reverse=True)
    place = 0
    for level, share in SHARES.items():
        number = max(1, round(share * len(here)))
        for home in here[place : place + number]:
            home.level = level
        place += number
    begin = on - TWO_YEARS - timedelta(days=7)
    for home in homes:
        new = home.level == GENERAL and random.random() < NEWLY_KNOWN and home.closed_on is None
        home.registered = on - timedelta(days=random.randrange(4, 175)) if new else begin


def _burden(home: Home, on: date) -> float:
    alone = len(home.members) == 1
    ages = [one.age(on) for one in home.members]
    lone_parent = len(home.members) > 1 and all(one.role in ("head", "child") for one in home.members)
    return 0.35 * alone + 0.4 * (lone_parent and min(ages) < 19) + 0.2 * (max(ages) > 64)


def happenings(homes: list[Home], random: Random, *, on: date) -> list[Happening]:
    """Return what every household that lives here went through."""
    return [_happening(home, random, on) for home in homes if home.closed_on is None]


def _happening(home: Home, random: Random, on: date) -> Happening:
    known = (on - home.registered).days
    since = on - timedelta(days=min(known, random.randint(*SINCE[home.level])))
    happening = Happening(home, since, _gap(home, random, known), [], [], [])
    if home.story:
        tell(happening, Series, random, on)
        return happening
    if home.level:
        random.choices(*zip(*RECIPES[home.level], strict=True))[0](happening, random, on)
    elif random.random() < 0.05 and happening.gap and happening.gap > 10:
        happening.tries.append((random.randrange(1, min(9, happening.gap)), "phone", random.choice((10, 14, 19))))
    return happening


SINCE = {GENERAL: (1, 2), WATCH: (60, 500), MODERATE: (60, 420), HIGH: (40, 300), EMERGENCY: (30, 200)}
GAPS = {
    GENERAL: ((3, 192), (201, 320), 0.1),
    WATCH: ((2, 97), (101, 150), 0.12),
    MODERATE: ((1, 34), (36, 62), 0.15),
    HIGH: ((1, 13), (15, 26), 0.25),
    EMERGENCY: ((1, 2), (3, 4), 0.3),
}


def _gap(home: Home, random: Random, known: int) -> int | None:
    if known < 180 and random.random() < 0.4:
        return None
    usual, late, share = GAPS[home.level]
    return min(random.randint(*(late if random.random() < share else usual)), known)


def _adult(home: Home, random: Random) -> Somebody:
    return random.choice([one for one in home.living()[:2] if one.role in ("head", "spouse")] or home.members[:1])


def _owe(happening: Happening, random: Random, code: str, months: tuple[int, int] = (3, 9)) -> None:
    started = happening.since - timedelta(days=random.randrange(20))
    happening.series.append(Series(_adult(happening.home, random), code, started, None, random.randint(*months)))


def owing(*options: tuple[str, ...]):
    """Return a recipe that makes the household owe one of the lists of codes."""

    def recipe(happening: Happening, random: Random, on: date) -> None:
        for code in random.choice(options):
            _owe(happening, random, code)

    return recipe


def _cut_off(happening: Happening, random: Random, on: date) -> None:
    code, bill = random.choice((("S14", "S04"), ("S14", "S04"), ("S12", "S11"), ("S13", "S10")))
    happening.series.append(Series(happening.home.head, code, on - timedelta(days=random.randint(76, 150))))
    _owe(happening, random, bill)


def _evicted(happening: Happening, random: Random, on: date) -> None:
    _owe(happening, random, "S05")
    tag = random.choice(("eviction_notice", "lease_cancelled"))
    happening.told.append((random.randint(happening.gap or 1, 90), (tag,)))


def _unreached(happening: Happening, random: Random, on: date) -> None:
    happening.gap = random.randint(40, 240)
    first = random.randint(12, 36)
    hours = (10, 14, 19, 20, 11)
    happening.tries += [(first, "phone", random.choice(hours)), (first - 3, "visit", random.choice(hours))]
    happening.tries += [
        (first - 6, random.choice(("phone", "message")), 18),
        (first - 9, "visit", random.choice(hours)),
    ]
    if random.random() < 0.6:
        _owe(happening, random, random.choice(("S01", "S04", "S07")))


def _on_register(happening: Happening, random: Random, on: date) -> None:
    happening.series.append(Series(_adult(happening.home, random), "S25", on - timedelta(days=random.randint(62, 85))))
    happening.told.append((happening.gap or 1, ("safety_plan",)))


def _harm(happening: Happening, random: Random, on: date) -> None:
    if random.random() < 0.5:
        happening.series.append(
            Series(_adult(happening.home, random), "S24", on - timedelta(days=random.randint(34, 45)))
        )
    else:
        happening.told.append((happening.gap or 1, ("self_harm",)))
    _owe(happening, random, random.choice(("S01", "S07")))


def _no_food(happening: Happening, random: Random, on: date) -> None:
    frail = any(one.age(on) < 12 or one.age(on) >= 66 for one in happening.home.members)
    if not frail:
        _harm(happening, random, on)
        return
    happening.told.append((happening.gap or 1, (random.choice(("no_food", "no_heat_power")),)))
    _owe(happening, random, "S04")


def past_harm(days: tuple[int, int]):
    """Return a recipe of harm that lies `days` back, after which the person was met and a safety plan made."""

    def recipe(happening: Happening, random: Random, on: date) -> None:
        ago = random.randint(*days)
        happening.told += [(ago, ("self_harm",)), (max(ago - random.randint(3, 9), 1), ("safety_plan",))]

    return recipe


def _overlap(happening: Happening, random: Random, on: date) -> None:
    for code in ("S01", "S02", random.choice(("S16", "S21"))):
        _owe(happening, random, code, (3, 6))


def _from_all_sides(happening: Happening, random: Random, on: date) -> None:
    for code in ("S01", "S03", random.choice(("S16", "S21")), random.choice(("S26", "S27")), "S41"):
        _owe(happening, random, code, (1, 2) if code == "S03" else (3, 6))


def hearing(*options: tuple[str, ...]):
    """Return a recipe in which a contact learns one of the lists of tags."""

    def recipe(happening: Happening, random: Random, on: date) -> None:
        happening.told.append(((happening.gap or 1) + random.randrange(60), random.choice(options)))

    return recipe


def hearing_now(tag: str):
    """Return a recipe in which the latest contact learns of a danger."""

    def recipe(happening: Happening, random: Random, on: date) -> None:
        happening.told.append((happening.gap or 1, (tag,)))

    return recipe


def _lonely(happening: Happening, random: Random, on: date) -> None:
    """Somebody who lives alone in middle age and has lost more than one thing; where others live, bills."""
    if len(happening.home.members) == 1 and 40 <= happening.home.head.age(on) <= 69:
        hearing(("alcohol", "isolation"), ("isolation", "divorce"))(happening, random, on)
    else:
        owing(("S21", "S41"))(happening, random, on)


def _child(happening: Happening, random: Random, on: date) -> None:
    """A child who stays away from school; where no child lives, many things at once."""
    if any(6 < one.age(on) < 18 for one in happening.home.members):
        hearing(("school_absence",))(happening, random, on)
    else:
        _from_all_sides(happening, random, on)


RECIPES = {
    WATCH: [
        (owing(("S01",), ("S07",), ("S05",), ("S06",)), 60),
        (owing(("S04", "S11"), ("S04", "S10"), ("S01", "S02", "S09"), ("S03",)), 24),
        (owing(("S30",), ("S27",), ("S21",)), 10),
        (hearing(("divorce",), ("bereavement",), ("chronic_illness",), ("job_loss",)), 8),
        (past_harm((380, 690)), 4),
    ],
    MODERATE: [
        (owing(("S01", "S05"), ("S01", "S06"), ("S07", "S06"), ("S01", "S04", "S10")), 70),
        (_overlap, 14),
        (owing(("S21", "S41"), ("S20", "S41"), ("S30", "S21")), 10),
        (_lonely, 6),
        (past_harm((95, 350)), 5),
    ],
    HIGH: [
        (_cut_off, 34),
        (owing(("S01", "S05", "S04", "S11", "S16", "S41"), ("S01", "S06", "S07", "S03", "S26", "S41")), 26),
        (_evicted, 11),
        (_unreached, 21),
        (_on_register, 8),
        (_from_all_sides, 8),
        (_child, 5),
    ],
    EMERGENCY: [(_harm, 60), (_no_food, 32), (hearing_now("violence"), 8)],
}
