"""Two years of contacts: the regular ones, those that taught something, and every attempt that met nobody."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from casework.clock import SEOUL, add_working_days, day_begins
from desks.demo import words
from desks.demo.copying import copy, copy_lines, keys, line
from desks.demo.hardship import Happening
from desks.demo.homes import Home
from desks.demo.people import Somebody
from households.models import Contact, Participant

COLUMNS = [
    "id",
    "household_id",
    "occurred_at",
    "channel",
    "contact_made",
    "minutes",
    "topics",
    "tags",
    "summary",
    "seen",
    "asked_self_harm",
    "asked_violence",
    "asked_child",
    "asked_basics",
    "alone",
    "next_at",
    "next_channel",
    "level",
    "worker_id",
    "agency_id",
    "source",
    "reference",
    "known_at",
    "recorded_by_id",
]
CHANNELS = (
    ("phone",) * 46 + ("visit",) * 24 + ("office",) * 12 + ("message",) * 9 + ("accompany",) * 6 + ("online",) * 3
)
FACE_TO_FACE = frozenset(("visit", "office", "accompany"))
SPOKEN = ("phone", "phone", "visit", "visit", "office")
# Days between two contacts while life is as usual, and since it is harder, by level.
USUAL = 188
PACE = (USUAL, 98, 37, 21, 16)
TWO_YEARS = 728
FULL = 150_000


@dataclass(slots=True)
class Moment:
    """One contact to be written."""

    home: Home
    at: datetime
    channel: str
    made: bool
    tags: tuple[str, ...]
    people: list[Somebody]
    last: bool


class Contacts:
    """Makes and writes the contacts; `number` is about how many there shall be in a register of full size."""

    def __init__(
        self, happenings: list[Happening], random: Random, *, on: date, number: int, holidays: frozenset[date]
    ) -> None:
        self.happenings, self.random, self.on, self.holidays = happenings, random, on, holidays
        # A household has a contact of its own level first; what is left over is the usual rhythm.
        self.often = number * 24_000 / (FULL * max(1, len(happenings)))
        self.midnight = day_begins(on)

    def write(self) -> int:
        """Write all contacts in the order in which they took place; return how many."""
        moments = sorted((m for h in self.happenings for m in self._of(h)), key=lambda m: (m.at, m.home.key))
        numbers = keys(Contact, len(moments))
        copy_lines(Contact, COLUMNS, (line(self._row(key, m)) for key, m in zip(numbers, moments, strict=True)))
        copy(
            Participant,
            ["contact_id", "person_id"],
            ((key, one.key) for key, m in zip(numbers, moments, strict=True) for one in m.people),
        )
        return len(moments)

    def _of(self, happening: Happening) -> list[Moment]:
        found = self._attempts(happening)
        if happening.gap is None:
            return found
        told = {ago: tags for ago, tags in happening.told if ago >= happening.gap}
        ago = happening.gap
        days = {ago: True, **dict.fromkeys(told, True)}
        last = min((self.on - happening.home.registered).days, TWO_YEARS)
        while (ago := ago + self._pause(happening, ago)) <= last:
            days.setdefault(ago, False)
        for ago in sorted(days):
            found.append(self._met(happening, ago, told.get(ago, ()), latest=ago == happening.gap))
            if self.random.random() < 0.21 and ago + 3 < last:
                found.append(self._missed(happening.home, ago + self.random.randint(1, 3), (), self._tried(), 10))
        return found

    def _pause(self, happening: Happening, ago: int) -> int:
        hard = self.on - timedelta(days=ago) >= happening.since
        days = PACE[happening.home.level] if hard else USUAL
        return max(1, round(days * self.random.uniform(0.55, 1.3) / max(self.often, 0.1)))

    def _tried(self) -> str:
        return self.random.choice(("phone", "phone", "message", "visit"))

    def _attempts(self, happening: Happening) -> list[Moment]:
        told = dict(happening.told)
        return [
            self._missed(happening.home, ago, told.get(ago, ()), channel, hour)
            for ago, channel, hour in happening.tries
            if happening.gap is None or ago < happening.gap
        ]

    def _missed(self, home: Home, ago: int, tags: tuple[str, ...], channel: str, hour: int) -> Moment:
        return Moment(home, self._at(ago, hour), channel, False, tags, [], False)

    def _met(self, happening: Happening, ago: int, tags: tuple[str, ...], *, latest: bool) -> Moment:
        home = happening.home
        channel = self.random.choice(SPOKEN if latest else CHANNELS)
        if "safety_plan" in tags or "self_harm" in tags or "no_heat_power" in tags:
            channel = "visit"
        grown = [one for one in home.members if one.left_on is None and one.role != "child"] or home.members[:1]
        people = grown if len(grown) == 1 or self.random.random() < 0.3 else [self.random.choice(grown)]
        return Moment(home, self._at(ago, None), channel, True, tags, people[:3], latest and not happening.tries)

    def _at(self, ago: int, hour: int | None) -> datetime:
        """Return a moment `ago` days back; most in office hours, some in the evening; weekends move to the Friday."""
        day = self.on - timedelta(days=max(ago, 1))
        usual = hour is None
        if usual and day.weekday() > 4 and ago > 3:
            day -= timedelta(days=day.weekday() - 4)
        hour = self.random.choice((9, 10, 10, 11, 13, 14, 14, 15, 16, 17, 18, 19)) if hour is None else hour
        return datetime.combine(day, time(hour, self.random.randrange(12) * 5), tzinfo=SEOUL)

    def _row(self, key: int, moment: Moment) -> tuple:
        random, home, met = self.random, moment.home, moment.made
        near = moment.channel in FACE_TO_FACE
        topics = sorted({random.choice(words.TOPICS) for _ in range(random.choice((1, 1, 2)))}) if met else []
        note = words.met(topics, moment.tags, random) if met else words.missed(moment.channel, moment.tags, random)
        alone = met and near and len(moment.people) == 1 and random.random() < 0.7
        asked = self._asked(moment, alone) if met and near else ("", "", "", "")
        minutes = random.choice((20, 30, 40, 60) if near else (5, 10, 15)) if met else None
        level = "counselling" if worker_counsels(home, moment) else "responsible" if random.random() < 0.1 else "centre"
        next_at, next_channel = self._next(moment)
        worker = home.counsellor if level == "counselling" else home.worker
        known = min(moment.at + timedelta(hours=random.choice((0, 1, 2, 20))), self.midnight)
        return (
            *(key, home.key, moment.at, moment.channel, met, minutes, topics, list(moment.tags), note),
            *("" if met or moment.channel != "visit" else "no_answer", *asked, alone if met and near else None),
            *(next_at, next_channel, level, worker, home.place.center, "", "", known, worker),
        )

    def _asked(self, moment: Moment, alone: bool) -> tuple[str, str, str, str]:
        """Answer the four questions: self-harm, violence (only alone), child, basics."""
        usual = "no" if self.random.random() < 0.86 else "not_asked"
        basics = "yes" if {"no_food", "no_heat_power"} & set(moment.tags) else usual
        return "yes" if "self_harm" in moment.tags else usual, usual if alone else "not_asked", usual, basics

    def _next(self, moment: Moment) -> tuple[datetime | None, str]:
        """Plan the next contact after the latest one; what is due by now falls on today and the days after."""
        if not moment.last or not moment.home.worker:
            return None, ""
        ahead = moment.at.date() + timedelta(days=round(PACE[moment.home.level] * self.random.uniform(0.7, 1.2)))
        if moment.home.shown:
            ahead = self.on
        elif ahead < self.on:
            if self.random.random() < 0.5:
                return None, ""
            ahead = self.on + timedelta(days=self.random.randrange(0, 10))
        day = add_working_days(ahead, 0, self.holidays)
        hour = self.random.choice((9, 10, 11, 13, 14, 15, 16, 17))
        return datetime.combine(day, time(hour, self.random.choice((0, 30))), tzinfo=SEOUL), self.random.choice(SPOKEN)


def worker_counsels(home: Home, moment: Moment) -> bool:
    """Say whether a contact was the counsellor's own talk: one in six where there is a counsellor."""
    return home.counsellor is not None and moment.made and not moment.tags and moment.at.day % 6 == 0
