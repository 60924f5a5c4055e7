"""The register by COPY: persons, households, and the facts that a first register row states."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from casework.clock import day_begins, five_years_from
from casework.numbers import HOUSEHOLD_GROUPS, PERSON_GROUPS, make_number
from desks.demo.copying import EVER, copy, days, keys
from desks.demo.homes import Home
from desks.demo.names import latin
from desks.demo.people import Somebody
from desks.demo.staff import Staff
from households import models

WORKING_HOUR = timedelta(hours=10)
FACT = ["known_at", "recorded_by_id", "batch_id"]
EXTENDED = 0.12


def number(homes: list[Home], random: Random) -> None:
    """Give keys and readable numbers to all households and people; no number twice."""
    taken: set[str] = set()
    for home, key in zip(homes, keys(models.Household, len(homes)), strict=True):
        home.key, home.number = key, _fresh(taken, HOUSEHOLD_GROUPS, random)
    people = [one for home in homes for one in home.members]
    for one, key in zip(people, keys(models.Person, len(people)), strict=True):
        one.key, one.label = key, _fresh(taken, PERSON_GROUPS, random)


def _fresh(taken: set[str], groups: tuple[int, int], random: Random) -> str:
    while (made := make_number(groups, random)) in taken:
        pass
    taken.add(made)
    return made


class Register:
    """Writes all tables of the register for `homes`; facts are recorded by the system, as an import's are."""

    def __init__(self, homes: list[Home], staff: Staff, random: Random, *, on: date, batch: int) -> None:
        self.homes, self.staff, self.random, self.on, self.batch = homes, staff, random, on, batch

    def write(self) -> None:
        self._write_anchors()
        self._write_people()
        self._write_homes()

    def _known(self, home: Home) -> datetime:
        return day_begins(home.registered) + WORKING_HOUR

    def _write_anchors(self) -> None:
        copy(
            models.Household,
            ["id", "number", "register_ref", "kind", "known_at"],
            ((h.key, h.number, f"H{place:07d}", "living", self._known(h)) for place, h in enumerate(self.homes, 1)),
        )
        copy(
            models.Person,
            ["id", "case_number", "register_ref", "known_at"],
            ((one.key, one.label, f"P{place:07d}", self._known(h)) for place, (h, one) in enumerate(self._people(), 1)),
        )

    def _people(self) -> Iterator[tuple[Home, Somebody]]:
        return ((home, one) for home in self.homes for one in home.members)

    def _of_people(self, model: Any, columns: list[str], values: Callable[[Home, Somebody], Iterable[tuple]]) -> None:
        """Append what `values` yields for each person, with the columns of a fact around it."""
        rows = ((one.key, *row, *self._fact(home)) for home, one in self._people() for row in values(home, one))
        copy(model, ["person_id", *columns, *FACT], rows)

    def _of_homes(self, model: Any, columns: list[str], values: Callable[[Home], Iterable[tuple]]) -> None:
        rows = ((home.key, *row, *self._fact(home)) for home in self.homes for row in values(home))
        copy(model, ["household_id", *columns, *FACT], rows)

    def _fact(self, home: Home) -> tuple[datetime, int, int]:
        return self._known(home), self.staff.system, self.batch

    def _write_people(self) -> None:
        self._of_people(models.PersonName, ["kind", "family", "given", "during"], _names)
        self._of_people(
            models.Particulars,
            ["sex", "birth_on", "birth_precision", "is_defector", "language", "entered_on", "moved_in_on"],
            lambda home, one: [(one.sex, one.born, "day", one.defector, one.language, one.entered, one.moved_in)],
        )
        self._of_people(models.Hometown, ["province"], _province)
        self._of_people(models.Residence, ["status", "during"], _residence)
        self._of_people(models.Phone, ["number", "during"], lambda home, one: [(one.phone, EVER)] if one.phone else ())
        self._of_people(models.ProtectionDecision, ["decision", "during"], self._decision)
        self._of_people(models.ProtectionPeriod, ["during", "basis", "decision"], self._periods)
        self._of_people(
            models.ContactPreference,
            ["channel", "hours", "woman_worker", "safe_number", "wants_no_contact", "stated_on"],
            self._preference,
        )
        self._of_people(
            models.Membership,
            ["household_id", "kind", "role", "during"],
            lambda home, one: [(home.key, "living", one.role, days(None, one.left_on) if one.left_on else EVER)],
        )

    def _write_homes(self) -> None:
        ends = {id(home): days(None, home.closed_on) if home.closed_on else EVER for home in self.homes}
        self._of_homes(
            models.Dwelling, ["district_id", "town", "during"], lambda h: [(h.place.district, h.town, ends[id(h)])]
        )
        self._of_homes(models.Responsibility, ["center_id", "during"], lambda h: [(h.place.center, ends[id(h)])])
        self._of_homes(models.Assignment, ["worker_id", "kind", "reason", "during"], self._assignments)

    def _decision(self, home: Home, one: Somebody) -> Iterable[tuple]:
        if not one.defector:
            return [("none", EVER)]
        return [("non_protected" if one.key % 150 == 0 else "protected", EVER)]

    def _periods(self, home: Home, one: Somebody) -> Iterator[tuple]:
        """The five years from the first move-in; one in eight of the last cohorts has an extension."""
        if not one.moved_in or one.key % 150 == 0:
            return
        first, last = five_years_from(one.moved_in)
        if last < self.on - timedelta(days=5 * 366):
            return  # the register came from a time that kept no periods
        yield days(first, last), "residence", "거주지 보호 (최초 전입일부터 5년)"
        if last < self.on and home.closed_on is None and self.random.random() < EXTENDED:
            until = last + timedelta(days=self.random.choice((365, 730, 1095)))
            yield days(last + timedelta(days=1), until), "extension", "협의회 심의를 거친 보호기간 연장"

    def _preference(self, home: Home, one: Somebody) -> Iterator[tuple]:
        if not one.phone or home.closed_on or self.random.random() > 0.06:
            return
        channel = self.random.choice(("phone", "message", "message", "visit", "office"))
        hours = self.random.choice(("", "평일 저녁", "오전", "주말"))
        said = home.registered - timedelta(days=self.random.randrange(200))
        yield channel, hours, one.sex == "F" and self.random.random() < 0.4, "", self.random.random() < 0.08, said

    def _assignments(self, home: Home) -> Iterator[tuple]:
        if home.worker and self.random.random() < 0.06:
            change = home.registered + timedelta(
                days=self.random.randrange(1, max(2, (self.on - home.registered).days))
            )
            others = [key for key in self.staff.managers[home.place.center] if key != home.worker]
            yield self.random.choice(others), "main", "", days(None, change - timedelta(days=1))
            yield home.worker, "main", "담당 조정", days(change)
        elif home.worker:
            yield home.worker, "main", "", EVER
        if home.counsellor:
            yield home.counsellor, "counsellor", "", EVER
        if home.worker and self.random.random() < 0.02:
            others = [key for key in self.staff.managers[home.place.center] if key != home.worker]
            until = self.on + timedelta(days=self.random.randrange(3, 20))
            yield self.random.choice(others), "substitute", "휴가 대직", days(self.on - timedelta(days=5), until)


def _names(home: Home, one: Somebody) -> Iterator[tuple]:
    yield "hangul", one.family, one.given, EVER
    if one.latin:
        yield "latin", latin(one.family), latin(one.given), EVER


# Of a hundred who came, as many from each: most from the provinces along the Tumen and the upper Yalu.
HOMES = (
    ("north_hamgyong", 58),
    ("ryanggang", 18),
    ("south_hamgyong", 8),
    ("south_pyongan", 3),
    ("pyongyang", 3),
    ("north_pyongan", 3),
    ("kangwon", 2),
    ("north_hwanghae", 1),
    ("south_hwanghae", 1),
    ("chagang", 1),
    ("rason", 1),
    ("unknown", 1),
)
FROM = [province for province, share in HOMES for _n in range(share)]


def _province(home: Home, one: Somebody) -> Iterator[tuple]:
    """Dealt by the key, so that nobody else's draw changes."""
    if one.defector:
        yield (FROM[one.key * 37 % len(FROM)],)


def _residence(home: Home, one: Somebody) -> Iterator[tuple]:
    if one.left_on:
        yield "resident", days(None, one.left_on - timedelta(days=1))
        yield one.status, days(one.left_on)
    else:
        yield one.status, EVER
