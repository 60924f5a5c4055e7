"""Loading the demo register: one transaction, the same for the same arguments on any machine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import connection, transaction
from django.db.models.functions import Now

from casework.agencies.models import User
from casework.clock import Holiday, day_begins
from casework.imports.models import Batch, Kind, State
from casework.touched import Touched
from desks.demo import (
    away,
    closings,
    concerns,
    conferences,
    councils,
    day,
    directory,
    duplicates,
    elsewhere,
    endings,
    entitlements,
    extensions,
    handovers,
    hardship,
    homes,
    offices,
    outcomes,
    own_data,
    people,
    places,
    plans,
    reports,
    staff,
    stories,
)
from desks.demo.asks import FULL as ASKS
from desks.demo.asks import Asks
from desks.demo.contacts import FULL as CONTACTS
from desks.demo.contacts import Contacts
from desks.demo.crises import Crises
from desks.demo.marginals import PEOPLE
from desks.demo.register import Register, number
from desks.demo.signals import Signals
from desks.demo.stated import Stated
from households.search.rebuild import rebuild_keys

SIGNALS = 300_000
EARLIEST = date(2024, 7, 1)
"""All 34,078 had come and moved in by then."""


@dataclass(frozen=True)
class Size:
    """How much to make. `signals` and `contacts` are for the whole register; None: in proportion to `people`."""

    people: int = PEOPLE
    signals: int | None = None
    contacts: int | None = None

    @property
    def share(self) -> float:
        return self.people / PEOPLE

    @property
    def all_signals(self) -> int:
        return round(SIGNALS * self.share) if self.signals is None else self.signals

    @property
    def all_contacts(self) -> int:
        return round(CONTACTS * self.share) if self.contacts is None else self.contacts


@transaction.atomic
def load(size: Size, *, seed: int, on: date, say: Callable[[str], None] = lambda words: None) -> None:
    """Make people, users, contacts and signals as of the day; `say` is told of each step. Sweeping is the caller's."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        # Nothing has statistics before it is committed, and the triggers would join row by row.
        cursor.execute("SET LOCAL enable_nestloop = off")
    found = _people(size, seed, on)
    say(f"{size.people} people in {len(found)} households")
    workers = staff.engage(found, Random(f"staff {seed}"), on=on)  # noqa: S311
    number(found, Random(f"numbers {seed}"))  # noqa: S311
    staff.assign(found, workers, Random(f"assign {seed}"))  # noqa: S311
    batch = _register_batch(found, on, workers.system)
    Register(found, workers, Random(f"register {seed}"), on=on, batch=batch).write()  # noqa: S311
    say("register written")
    lived = hardship.happenings(found, Random(f"hardship {seed}"), on=on)  # noqa: S311
    elsewhere.hear(lived, Random(f"heard {seed}"), on=on)  # noqa: S311
    signals = Signals(lived, Random(f"signals {seed}"), on=on, number=size.all_signals, by=workers.system)  # noqa: S311
    say(f"{signals.write()} signals written")
    holidays = Holiday.objects.days()
    contacts = Contacts(lived, Random(f"contacts {seed}"), on=on, number=size.all_contacts, holidays=holidays)  # noqa: S311
    say(f"{contacts.write()} contacts written")
    stated = Stated(lived, Random(f"stated {seed}"), on=on, system=workers.system)  # noqa: S311
    say(f"{stated.write()} circumstances and screenings written")
    crises = Crises(found, lived, Random(f"crises {seed}"), on=on, system=workers.system)  # noqa: S311
    say(f"{crises.write()} crises written")
    asks = Asks(found, workers, Random(f"asks {seed}"), on=on, number=round(ASKS * size.share), holidays=holidays)  # noqa: S311
    say(f"{asks.write()} referrals written")
    for count, what in _rooms(found, workers, size, seed, on):
        say(f"{count} {what} written")
    rebuild_keys()
    say("search keys written")
    # The first sweep judges everybody; what was queued meanwhile would only be judged again.
    Touched.objects.all().delete()


def _rooms(found: list[homes.Home], workers: staff.Staff, size: Size, seed: int, on: date) -> Iterator[tuple[int, str]]:
    """Let each room write its own; yield how many of what."""
    yield elsewhere.move(found, Random(f"moved {seed}"), on=on, system=workers.system), "moves"  # noqa: S311
    yield away.write(found, workers, on=on), "absences and stories of a search"
    yield endings.write(found, on=on, system=workers.system), "steps and notices before the end"
    yield directory.write(on=on), "services of the directory"
    yield concerns.write(on=on), "concerns"
    yield councils.write(found, on=on), "households on the agenda of a council"
    yield extensions.write(on=on), "requests to extend or shorten protection"
    yield entitlements.write(found, on=on), "applications of households"
    yield reports.write(on=on), "settlement reports"
    yield outcomes.write(on=on, share=size.share, seed=seed), "outcomes, with two monthly reports,"
    yield handovers.write(on=on), "handovers from Hanawon"
    yield closings.write(found, on=on), "endings"
    yield day.write(on=on), "tasks, visits and warnings"
    yield offices.write(on=on), "requests of a local government"
    yield plans.write(found, on=on), "assessments and plans"
    yield conferences.write(found, on=on), "households before a case conference"
    yield own_data.write(on=on), "requests about the own data"
    yield duplicates.write(found, on=on), "pairs of records that look alike"


def _people(size: Size, seed: int, on: date) -> list[homes.Home]:
    random = Random(f"people {seed}")  # noqa: S311  (not for secrets)
    came = people.defectors(size.people, random, on=on)
    found = homes.homes(came, places.places(on=on), random, on=on)
    hardship.settle_levels(found, random, on=on)
    stories.cast(found, on=on)
    return found


def _register_batch(found: list[homes.Home], on: date, system: int) -> int:
    rows = sum(len(home.members) for home in found)
    moment = day_begins(min(home.registered for home in found)) + timedelta(hours=10)
    batch = Batch.objects.create(
        kind=Kind.REGISTER,
        source="register",
        filename="register.csv",
        brought_by_id=system,
        known_at=moment,
        state=State.DONE,
        begun_at=moment,
        finished_at=Now(),
        rows=rows,
        done_rows=rows,
        loaded=rows,
    )
    return batch.pk


def is_demo() -> bool:
    """Say whether the people in this database are made up: it has demo users."""
    return User.objects.filter(is_demo=True).exists()
