"""How people stand, and what screenings gave: what workers wrote down at intake, and what changed when life got harder.

It follows the same hidden number as signals and contacts. Where life is as usual nothing stands that a rule counts:
hardship is not spread at random over people who have none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection

from casework.clock import day_begins
from desks.demo.copying import copy, days
from desks.demo.hardship import EMERGENCY, GENERAL, HIGH, MODERATE, Happening
from desks.demo.people import Somebody
from desks.demo.stories import ALONE, MOTHER, SETTLED
from households.models import Circumstance, Screening

COLUMNS = ["fact_id", "person_id", "kind", "value", "detail", "during", "source", "reference", "known_at"]
COLUMNS += ["superseded_at", "recorded_by_id"]
SCREENED = ["person_id", "instrument", "score", "item9", "observed_on", "source", "reference", "known_at"]
SCREENED += ["recorded_by_id"]
EVENING = timedelta(hours=17)
INTAKE, TALK = "초기상담", "정기상담"
OF_AGE, RETIRED = 19, 65
ASKED, ON_BENEFITS, DISABLED, SCREENS = 0.45, 0.2, 0.06, 0.06


@dataclass(slots=True)
class Said:
    """One statement: from `first` on (None: it was so when we came to know them), until `changed_to` (value, day) took
    its place. The day we learned is the first day, or the day of intake where that is later."""

    one: Somebody
    kind: str
    value: str
    first: date | None
    detail: str = ""
    changed_to: tuple[str, date] | None = None


class Stated:
    """Makes and writes both tables."""

    def __init__(self, happenings: list[Happening], random: Random, *, on: date, system: int) -> None:
        self.happenings, self.random, self.on, self.system = happenings, random, on, system

    def write(self) -> int:
        """Write everything; return how many statements and results there are."""
        said = [(happening, one) for happening in self.happenings for one in self._said(happening)]
        facts = _fact_ids(len(said) * 2)
        rows = [row for happening, one in said for row in self._rows(happening, one, facts)]
        copy(Circumstance, COLUMNS, rows)
        screened = [row for happening in self.happenings for row in self._screened(happening)]
        copy(Screening, SCREENED, screened)
        return len(said) + len(screened)

    def _said(self, happening: Happening) -> Iterator[Said]:
        home = happening.home
        if home.story:
            yield from STORIES[home.story](happening, self.on)
            return
        for one in home.living()[:2]:
            if one.role in ("head", "spouse") and one.age(self.on) >= OF_AGE and self.random.random() < ASKED:
                yield from self._of_adult(happening, one)
        if happening.home.level >= HIGH:
            yield from self._hardened(happening)

    def _of_adult(self, happening: Happening, one: Somebody) -> Iterator[Said]:
        """What was asked at intake, long ago: quiet by itself. A low income comes with the benefit it opens."""
        draw, age = self.random.random(), one.age(self.on)
        poor = happening.home.level < HIGH and draw < ON_BENEFITS
        yield Said(one, "income", "below_line" if poor else self.random.choice(("near_line", "above_line")), None)
        if poor:
            yield Said(one, "benefit", "receiving", None, "livelihood")
            yield Said(one, "benefit", "receiving", None, "medical")
        if happening.home.level < HIGH:
            works = self.random.choice(("employed", "employed", "day_labour", "self_employed", "not_working"))
            yield Said(one, "employment", "not_working" if poor or age >= RETIRED else works, None)
        yield Said(one, "marital", _married(happening, one, self.random), None)
        if self.random.random() < DISABLED:
            yield Said(one, "disability", self.random.choice(("mild", "mild", "severe")), None)
        if len(happening.home.members) > 1 and one.role == "head":
            yield Said(one, "main_earner", "no" if poor else "yes", None)

    def _hardened(self, happening: Happening) -> Iterator[Said]:
        """Work lost, a benefit refused, an illness: since it is harder, and told when somebody came."""
        one, since = happening.home.head, max(happening.since, happening.home.registered)
        lost = self.random.choice(("unemployed", "unemployed", "not_working"))
        works = self.random.choice(("employed", "day_labour"))
        if one.age(self.on) < RETIRED:
            yield Said(one, "employment", works, None, changed_to=(lost, since))
        draw = self.random.random()
        if draw < 0.3:
            yield Said(
                one, "benefit", "receiving", None, "livelihood", (self.random.choice(("ended", "refused")), since)
            )
        elif draw < 0.5:
            yield Said(one, "benefit", "refused", since, "livelihood")
        elif draw < 0.7:
            yield Said(one, "illness", "chronic", since)

    def _rows(self, happening: Happening, said: Said, facts: Iterator[int]) -> Iterator[tuple[Any, ...]]:
        known, by = self._known(happening, said.first), happening.home.worker or self.system
        key, source = next(facts), INTAKE if said.first is None or said.first < happening.home.registered else TALK
        about = (said.one.key, said.kind)
        if said.changed_to is None:
            yield key, *about, said.value, said.detail, days(said.first), source, "", known, None, by
            return
        value, changed = said.changed_to
        ended = self._known(happening, changed)
        last = changed - timedelta(days=1)
        yield key, *about, said.value, said.detail, days(said.first), source, "", known, ended, by
        yield key, *about, said.value, said.detail, days(said.first, last), source, "", ended, None, by
        yield next(facts), *about, value, said.detail, days(changed), TALK, "", ended, None, by

    def _known(self, happening: Happening, day: date | None) -> Any:
        """We learn of a thing when it happens, at the earliest on the day of intake."""
        return day_begins(max(day or happening.home.registered, happening.home.registered)) + EVENING

    def _screened(self, happening: Happening) -> Iterator[tuple[Any, ...]]:
        home = happening.home
        days_known = (self.on - home.registered).days
        for instrument, score, item9 in self._results(happening):
            day = self.on - timedelta(days=self.random.randint(1, max(2, min(160, days_known - 1))))
            known, by = day_begins(day) + EVENING, home.counsellor or home.worker or self.system
            yield home.head.key, instrument, score, item9, day, "", "", known, by

    def _results(self, happening: Happening) -> Iterator[tuple[str, int, bool | None]]:
        home, draw = happening.home, self.random.random()
        if home.head.age(self.on) < OF_AGE or home.story == SETTLED:
            return
        if home.story == ALONE:
            yield "lonely", 7, None
            yield "auditk", 21, None
        elif home.story == MOTHER:
            yield "phq9", 13, False
        elif home.level >= HIGH and draw < 0.3:
            yield "phq9", self.random.randint(15, 23), home.level == EMERGENCY and draw < 0.12
            if len(home.members) == 1:
                yield "lonely", self.random.randint(4, 8), None
        elif home.level <= MODERATE and draw < SCREENS:
            yield "phq9", self.random.randint(0, 9), False
            if draw < SCREENS / 3:
                yield "pcptsd5", self.random.randint(0, 2), None


def _married(happening: Happening, one: Somebody, random: Random) -> str:
    if any(other.role == "spouse" for other in happening.home.living()):
        return "married"
    return random.choice(("single", "single", "divorced")) if happening.home.level != GENERAL else "single"


def _mother(happening: Happening, on: date) -> Iterator[Said]:
    head = happening.home.head
    yield Said(head, "marital", "married", on - timedelta(days=900), "", ("divorced", on - timedelta(days=260)))
    ended = ("ended", on - timedelta(days=280))
    yield Said(head, "benefit", "receiving", on - timedelta(days=800), "livelihood", ended)
    yield Said(head, "main_earner", "yes", on - timedelta(days=260))


def _alone(happening: Happening, on: date) -> Iterator[Said]:
    head = happening.home.head
    for benefit in ("livelihood", "medical"):
        yield Said(head, "benefit", "receiving", on - timedelta(days=700), benefit)
    yield Said(head, "illness", "chronic", on - timedelta(days=420))
    yield Said(head, "marital", "single", on - timedelta(days=900))


def _settled(happening: Happening, on: date) -> Iterator[Said]:
    head = happening.home.head
    yield Said(head, "employment", "employed", on - timedelta(days=1500), "", ("unknown", on - timedelta(days=330)))


STORIES = {MOTHER: _mother, ALONE: _alone, SETTLED: _settled}


def _fact_ids(number: int) -> Iterator[int]:
    """Take numbers for facts in one go, so that the versions of one fact can share theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('fact_id_seq') FROM generate_series(1, %s)", [number])
        return iter([key for (key,) in cursor.fetchall()])
