"""Crises that were recorded: mostly where life was hard, some out of the blue. By them the criteria are measured.

They follow the same hidden number as signals and contacts, and not the criteria: what is planted is what happened.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from casework.clock import SEOUL, day_begins
from desks.demo.copying import copy
from desks.demo.hardship import EMERGENCY, GENERAL, HIGH, MODERATE, WATCH, Happening
from desks.demo.homes import Home
from desks.demo.people import Somebody
from desks.demo.stories import ALONE, MOTHER, SETTLED
from risk.models import Incident

COLUMNS = ["household_id", "person_id", "kind", "occurred_on", "source", "reference", "note", "known_at"]
COLUMNS += ["recorded_by_id"]
# The share of the households of a level that had a crisis within the year.
SHARES = {GENERAL: 0.0016, WATCH: 0.008, MODERATE: 0.022, HIGH: 0.11, EMERGENCY: 0.5}
YEAR = 355
UNTOLD_DEATHS = 0.7
"""Most deaths are of age and illness among one's own people, and no crisis."""
KINDS = ("hospitalisation",) * 9 + ("found",) * 7 + ("review",) * 5
SOURCES = {
    "death": ("경찰 연락", "병원 연락", "이웃 신고"),
    "hospitalisation": ("병원 연락", "119 연락", "가족 연락"),
    "eviction": ("관리사무소", "집주인 연락", "주거복지센터"),
    "found": ("이웃 신고", "경찰 연락", "관리사무소", "통장 연락"),
    "review": ("사례회의",),
}
NOTES = {
    "death": "집에서 숨진 채 발견되었다는 연락을 받았습니다.",
    "hospitalisation": "응급실로 실려 가 입원했습니다.",
    "eviction": "밀린 임대료로 집을 비우게 되었습니다.",
    "found": "먹을 것이 없는 채로 혼자 있는 것을 다른 사람이 발견하여 알려 왔습니다.",
    "review": "사례회의에서 위기 상황이었음을 함께 확인했습니다.",
}
# What the stories came to, as (kind, days ago): in the district of the real case, not in the demo caseworker's.
STORIES = {MOTHER: ("found", 5), ALONE: ("hospitalisation", 3), SETTLED: ("eviction", 20)}


class Crises:
    """Makes and writes the recorded crises of the year before the day."""

    def __init__(
        self, homes: list[Home], happenings: list[Happening], random: Random, *, on: date, system: int
    ) -> None:
        self.homes, self.happenings, self.random, self.on, self.system = homes, happenings, random, on, system

    def write(self) -> int:
        """Write them in the order in which they happened; return how many."""
        rows = sorted((*self._of_the_living(), *self._deaths()), key=lambda row: (row[3], row[0]))
        copy(Incident, COLUMNS, rows)
        return len(rows)

    def _of_the_living(self) -> Iterator[tuple]:
        for happening in self.happenings:
            home = happening.home
            if home.story:
                if not home.shown:
                    kind, ago = STORIES[home.story]
                    yield self._row(home, home.head, kind, self.on - timedelta(days=ago))
            elif self.random.random() < SHARES[home.level] and (ago := self._ago(happening)):
                yield self._row(home, home.living()[0], self._kind(happening), self.on - timedelta(days=ago))

    def _ago(self, happening: Happening) -> int:
        """Return how long ago: after life had become hard, where it did; 0 where there was no time for it."""
        home = happening.home
        first = (self.on - (happening.since if home.level else home.registered)).days
        latest = min(first - 10, YEAR)
        return self.random.randint(1, latest) if latest >= 1 else 0

    def _kind(self, happening: Happening) -> str:
        told = {tag for _ago, tags in happening.told for tag in tags}
        if told & {"eviction_notice", "lease_cancelled"}:
            return "eviction"
        return self.random.choice(KINDS)

    def _deaths(self) -> Iterator[tuple]:
        for home in self.homes:
            gone = home.closed_on
            if home.head.status != "deceased" or gone is None or not 0 < (self.on - gone).days <= YEAR:
                continue
            if self.random.random() >= UNTOLD_DEATHS and home.registered < gone:
                yield self._row(home, home.head, "death", gone)

    def _row(self, home: Home, one: Somebody, kind: str, day: date) -> tuple:
        heard = datetime.combine(day + timedelta(days=self.random.randrange(4)), time(11), tzinfo=SEOUL)
        known = min(heard, day_begins(self.on))
        by = home.worker or self.system
        return (home.key, one.key, kind, day, self.random.choice(SOURCES[kind]), "", NOTES[kind], known, by)
