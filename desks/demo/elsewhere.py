"""Who is not where the register says, and of whom everybody believes that somebody else looks after them.

Both happen to people whose life is otherwise as usual: what is planted is what was seen and heard.
"""

from datetime import date, datetime, timedelta
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import Jurisdiction
from casework.clock import day_begins
from desks.demo.hardship import GENERAL, Happening
from desks.demo.homes import Home
from desks.demo.places import Place
from households.models import Dwelling

# Shares of all households, two at the least.
MOVED, MISPLACED, COVERED = 0.0010, 0.0008, 0.0012
KNOWN_FOR = 400
SEEN = ("address_mismatch", "returned_mail")


def hear(happenings: list[Happening], random: Random, *, on: date) -> None:
    """Let some doors be opened by somebody else, and some people say that another agency looks after them."""
    usual = [one for one in happenings if _usual(one.home, on) and one.gap and not one.tries]
    for one in _some([one for one in usual if 35 <= (one.gap or 0) <= 150], COVERED, len(happenings), random):
        one.told.append((one.gap or 1, ("covered_elsewhere",)))
    silent = [one for one in usual if (one.gap or 0) > 40 and not one.told]
    for one in _some(silent, MISPLACED, len(happenings), random):
        ago = random.randint(8, 35)
        one.tries.append((ago, "visit", random.choice((11, 14, 18))))
        one.told.append((ago, (random.choice(SEEN),)))


def move(homes: list[Home], random: Random, *, on: date, system: int) -> int:
    """Let some move to a district that their centre does not cover, with no transfer yet; return how many."""
    covered = set(Jurisdiction.objects.filter(during__contains=on).values_list("agency", "district"))
    places = sorted({home.place for home in homes}, key=lambda place: place.district)
    here = [home for home in homes if _usual(home, on)]
    going = _some(here, MOVED, len(homes), random)
    held = {row.household_id: row for row in Dwelling.objects.current().filter(household__in=[h.key for h in going])}
    ended, begun = [], []
    for home in going:
        there = random.choice([place for place in places if (home.place.center, place.district) not in covered])
        moved_on = on - timedelta(days=random.randint(9, 40))
        known = day_begins(moved_on + timedelta(days=1)) + timedelta(hours=10)
        old = held[home.key]
        Dwelling.objects.filter(pk=old.pk).update(superseded_at=known)
        ended.append(_version(old, DateRange(old.during.lower, moved_on), known, system))
        begun.append(_new(home, there, random, moved_on, known, system))
    Dwelling.objects.bulk_create(ended)
    Dwelling.objects.bulk_create(begun)
    return len(going)


def _usual(home: Home, on: date) -> bool:
    long_known = (on - home.registered).days > KNOWN_FOR and home.closed_on is None
    return long_known and home.level == GENERAL and bool(home.worker) and not home.story and not home.shown


def _some(fitting: list, share: float, number: int, random: Random) -> list:
    return random.sample(fitting, min(len(fitting), max(2, round(share * number))))


def _version(old: Dwelling, during: DateRange, known: datetime, system: int) -> Dwelling:
    return Dwelling(
        fact_id=old.fact_id,
        household_id=old.household_id,
        district_id=old.district_id,
        town=old.town,
        during=during,
        known_at=known,
        recorded_by_id=system,
    )


def _new(home: Home, there: Place, random: Random, day: date, known: datetime, system: int) -> Dwelling:
    return Dwelling(
        household_id=home.key,
        district_id=there.district,
        town=random.choice(there.towns),
        during=DateRange(day, None),
        known_at=known,
        recorded_by_id=system,
    )
