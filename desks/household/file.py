"""One household as its page needs it: who lives there, who looks after it, how it stands. One query in all.

It is one statement of small parts, each answered by an index, because a page that opens while somebody is on
the telephone may not ask the database thirty times.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import User
from casework.clock import age_on
from casework.prepared import ME, Question, named
from desks.household.periods import Held, periods_of
from desks.household.reads import GIVEN, reading
from desks.household.sql import FILE
from desks.household.stands import KEEPS_GIVEN, Screen, Stand, keeping, screens_of, stands_of
from desks.tries import Attempt, attempts_of
from households.masks import mask_phone
from households.models import Household, Membership, Particulars, PersonName, Residence


@dataclass
class Member:
    """A person of the household today; `phone` is masked, `period` the running or else the latest protection period."""

    id: int
    case_number: str
    role: str
    names: list[dict[str, str]]
    about: dict[str, Any]
    status: str | None
    phone: str | None
    wish: dict[str, Any] | None
    period: DateRange | None
    periods: list[Held]
    stands: list[Stand]
    screens: list[Screen]

    def name(self, kind: str = "hangul") -> str:
        """Return the name of a kind, else any there is, else the case number."""
        found = sorted(self.names, key=lambda name: name["kind"] != kind)
        return str(PersonName(**found[0])) if found else self.case_number

    @property
    def role_label(self) -> str:
        return str(Membership.Role(self.role).label)

    @property
    def sex_label(self) -> str:
        return str(Particulars.Sex(self.about.get("sex", "U")).label)

    @property
    def is_defector(self) -> bool:
        return bool(self.about.get("is_defector"))

    def age(self, on: date) -> int | None:
        """Return the age in full years, or None when the birth is not known."""
        born = day_of(self.about.get("birth_on"))
        return age_on(born, on) if born and born <= on else None

    @property
    def status_label(self) -> str:
        """The residence status where it is not simply "resident"."""
        return "" if self.status in (None, "resident") else str(Residence.Status(self.status).label)


@dataclass
class File:
    """What `file_of` found. `standing`, `flags`, `reviews` are rows by column name; times are aware, days are dates.

    `referrals`, `surveys`: keys of the referrals that the viewer reads, and of the surveys in which the viewer may
    still ask the household. `closed`: whether its case was ever closed. `linked`: whether somebody here has a second
    record. `rules`: the codes of the criteria in force. `hidden`: the address is protected today, whatever day is
    shown.
    """

    household: Household
    members: list[Member]
    home: dict[str, Any] | None
    centre: dict[str, Any] | None
    workers: list[dict[str, Any]]
    standing: dict[str, Any] | None
    flags: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    met: dict[str, Any] | None
    attempts: list[Attempt]
    planned: dict[str, Any]
    rules: list[str]
    hidden: bool
    waiting: bool = False
    referrals: tuple[int, ...] = ()
    surveys: tuple[int, ...] = ()
    closed: bool = True
    linked: bool = False
    keeps: bool = False
    seen_today: int = 0
    main: dict[str, Any] | None = field(init=False)

    def __post_init__(self) -> None:
        self.main = next((worker for worker in self.workers if worker["kind"] == "main"), None)

    @property
    def subjects(self) -> list[int]:
        """The ids of the people whose data the page shows."""
        return [member.id for member in self.members]

    @property
    def stands(self) -> dict[str, Any]:
        """The standing with what `steps.step_of` asks for beside it; only where there is a standing."""
        worker = self.main["id"] if self.main else None
        return {**(self.standing or {}), **self.planned, "worker_id": worker, "tries": self.attempts}

    @property
    def protected(self) -> bool:
        """Whether a violence marker hides the address and the names in lists: one of the day shown, or one of today."""
        return self.hidden or bool(self.standing and self.standing["address_protected"])

    def title(self, kind: str = "hangul") -> str:
        """Return how the page calls the household: by its head, or by its number where the address is protected."""
        head = next((member for member in self.members if member.role == "head"), None)
        return self.household.number if self.protected or head is None else head.name(kind)


def file_of(
    households: Any,
    *,
    on: date,
    viewer: int | None = None,
    keeps: bool | None = None,
    referrals: tuple[int, ...] = (),
) -> File | None:
    """Return the File of the household that the queryset `households` finds, as of the day `on`, with what is known
    now; None when it finds none. One query: whether the user may see it is asked in the same breath.

    `seen_today` counts those who opened it today, `viewer` (a user's id) among them. `keeps`: whether the viewer reads
    screenings, where that was asked before; `referrals`: those that the viewer reads, asked before.
    """
    opened, values = named(households.order_by().values("pk")[:1].query.sql_with_params(), {}, "seen_")
    asks, keepers = keeping() if keeps is None else (KEEPS_GIVEN, {"keeps": keeps})
    given = {"on": on, "viewer": viewer or 0, "referrals": list(referrals)}
    question = Question(_asked(opened, asks, GIVEN), {**values, **keepers, **given}, {})
    return _file(question.once(), viewer)


def file_seen(user: User, number: str, *, on: date) -> File | None:
    """Return `file_of` the household of a number that the user may see, with `user` for the viewer; one query."""
    return _file(_seen().ask(viewer=user.pk, number=number, on=on), user.pk)


@lru_cache(maxsize=1)
def _seen() -> Question:
    seen = Household.objects.visible_to(User(pk=ME)).filter(number=_NUMBER).order_by().values("pk")[:1]
    opened, values = named(seen.query.sql_with_params(), {"viewer": ME, "number": _NUMBER}, "seen_")
    asks, keepers = keeping()
    reads, readers = reading()
    fixed = {**values, **keepers, **readers}
    return Question(_asked(opened, asks, reads), fixed, {"viewer": "bigint", "number": "text", "on": "date"})


def _asked(opened: str, asks: str, reads: tuple[str, str]) -> str:
    file = FILE.replace("OPENED", opened).replace("KEEPS", asks)
    return file.replace("REFERRALS", reads[0]).replace("SURVEYS", reads[1])


def _file(rows: list[Any], viewer: int | None) -> File | None:
    found = json.loads(rows[0][0])
    if found["household"] is None:
        return None
    planned = found["planned"] or {}
    return File(
        household=_household(found["household"]),
        members=[_member(row) for row in found["members"] or ()],
        home=found["home"],
        centre=found["centre"],
        workers=found["workers"] or [],
        standing=_standing(found["standing"]),
        flags=[_dated(row, days=("since",), moments=("raised_at",)) for row in found["flags"] or ()],
        reviews=[
            _dated(row, days=("review_on", "decided_on"), moments=("recorded_at",)) for row in found["reviews"] or ()
        ],
        met=found["met"] and _dated(found["met"], moments=("occurred_at",)),
        attempts=attempts_of(found["attempts"]),
        planned={"next_at": moment_of(planned.get("next_at")), "next_channel": planned.get("next_channel")},
        rules=found["rules"] or [],
        hidden=found["hidden"],
        waiting=found["waiting"],
        referrals=tuple(found["referrals"] or ()),
        surveys=tuple(found["surveys"] or ()),
        closed=found["closed"],
        linked=found["linked"],
        keeps=bool(found["keeps"]),
        seen_today=found["seen_today"] + bool(viewer),
    )


_NUMBER = "NUMBER"  # stands for the number in what the queryset writes


def day_of(text: str | None) -> Any:
    """Return the date of ISO text, or None."""
    return date.fromisoformat(text) if text else None


def moment_of(text: str | None) -> Any:
    """Return the aware moment of ISO text, or None."""
    return datetime.fromisoformat(text) if text else None


def _household(row: dict[str, Any]) -> Household:
    dated = _dated(row, moments=("known_at", "recorded_at"))
    names = [field.attname for field in Household._meta.concrete_fields]
    return Household.from_db("default", names, [dated[name] for name in names])


def _dated(row: dict[str, Any], *, days: tuple[str, ...] = (), moments: tuple[str, ...] = ()) -> dict[str, Any]:
    return {**row, **{name: day_of(row[name]) for name in days}, **{name: moment_of(row[name]) for name in moments}}


def _member(row: dict[str, Any]) -> Member:
    period = row["period"]
    return Member(
        id=row["id"],
        case_number=row["case_number"],
        role=row["role"],
        names=row["names"] or [],
        about=row["about"] or {},
        status=row["status"],
        phone=mask_phone(row["phone"]) if row["phone"] and row["status"] != "deceased" else None,
        wish=row["wish"],
        period=DateRange(day_of(period["lower"]), day_of(period["upper"])) if period else None,
        periods=periods_of(row["periods"]),
        stands=stands_of(row["stands"]),
        screens=screens_of(row["screens"]),
    )


_STANDING_DAYS = (
    "decided_until",
    "since",
    "reason_since",
    "contact_on",
    "contact_due_on",
    "review_due_on",
    "protection_ends_on",
)


def _standing(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return row and _dated(row, days=_STANDING_DAYS, moments=("band_since", "acted_at", "swept_at"))
