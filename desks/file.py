"""One household as its page needs it: who lives there, who looks after it, how it stands. Two queries in all.

The second is one statement of small parts, each answered by an index, because a page that opens while somebody is on
the telephone may not ask the database thirty times.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.clock import age_on
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
    """What `file_of` found. `standing`, `flags`, `reviews` are rows by column name; times are aware, days are dates."""

    household: Household
    members: list[Member]
    home: dict[str, Any] | None
    centre: dict[str, Any] | None
    workers: list[dict[str, Any]]
    standing: dict[str, Any] | None
    flags: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    met: dict[str, Any] | None
    attempts: list["Attempt"]
    seen_today: int = 0
    main: dict[str, Any] | None = field(init=False)

    def __post_init__(self) -> None:
        self.main = next((worker for worker in self.workers if worker["kind"] == "main"), None)

    @property
    def subjects(self) -> list[int]:
        """The ids of the people whose data the page shows."""
        return [member.id for member in self.members]

    @property
    def protected(self) -> bool:
        """Whether a violence marker hides the address and the names in lists."""
        return bool(self.standing and self.standing["address_protected"])

    def title(self, kind: str = "hangul") -> str:
        """Return how the page calls the household: by its head, or by its number where the address is protected."""
        head = next((member for member in self.members if member.role == "head"), None)
        return self.household.number if self.protected or head is None else head.name(kind)


@dataclass(frozen=True)
class Attempt:
    """An attempt since the person was last met."""

    occurred_at: datetime
    channel: str


def file_of(household: Household, *, on: date, viewer: int | None = None) -> File:
    """Return the File of `household` as of the day `on`, with what is known now. One query.

    `seen_today` counts those who opened it today, `viewer` (a user's id) among them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FILE, {"household": household.pk, "on": on, "viewer": viewer or 0})
        found = json.loads(cursor.fetchone()[0])
    return File(
        household=household,
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
        attempts=[Attempt(moment_of(row["occurred_at"]), row["channel"]) for row in found["attempts"] or ()],
        seen_today=found["seen_today"] + bool(viewer),
    )


def day_of(text: str | None) -> Any:
    """Return the date of ISO text, or None."""
    return date.fromisoformat(text) if text else None


def moment_of(text: str | None) -> Any:
    """Return the aware moment of ISO text, or None."""
    return datetime.fromisoformat(text) if text else None


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
        phone=mask_phone(row["phone"]) if row["phone"] else None,
        wish=row["wish"],
        period=DateRange(day_of(period["lower"]), day_of(period["upper"])) if period else None,
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


_FILE = """
SELECT (WITH member AS (
    SELECT id, person_id, role FROM households_membership
    WHERE household_id = %(household)s AND superseded_at IS NULL AND during @> %(on)s::date
),
met AS (
    SELECT id, fact_id, occurred_at, channel FROM households_contact
    WHERE household_id = %(household)s AND superseded_at IS NULL AND contact_made ORDER BY occurred_at DESC LIMIT 1
)
SELECT jsonb_build_object(
    'members', (SELECT jsonb_agg(jsonb_build_object(
        'id', person.id, 'case_number', person.case_number, 'role', member.role,
        'names', (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'family', family, 'given', given) ORDER BY id)
            FROM households_personname WHERE person_id = person.id AND superseded_at IS NULL AND during @> %(on)s::date
            AND kind IN ('hangul', 'latin')),
        'about', (SELECT to_jsonb(fact) FROM households_particulars fact
            WHERE person_id = person.id AND superseded_at IS NULL),
        'status', (SELECT status FROM households_residence
            WHERE person_id = person.id AND superseded_at IS NULL AND during @> %(on)s::date),
        'phone', (SELECT number FROM households_phone
            WHERE person_id = person.id AND superseded_at IS NULL AND during @> %(on)s::date ORDER BY id DESC LIMIT 1),
        'wish', (SELECT to_jsonb(fact) FROM households_contactpreference fact
            WHERE person_id = person.id AND superseded_at IS NULL ORDER BY stated_on DESC, id DESC LIMIT 1),
        'period', (SELECT jsonb_build_object('lower', lower(during), 'upper', upper(during))
            FROM households_protectionperiod WHERE person_id = person.id AND superseded_at IS NULL
            ORDER BY during @> %(on)s::date DESC, upper(during) DESC LIMIT 1)
        ) ORDER BY member.role <> 'head', member.id)
        FROM member JOIN households_person person ON person.id = member.person_id),
    'home', (SELECT jsonb_build_object('town', town, 'district', district.name, 'district_en', district.name_en,
            'sido', sido.short, 'sido_en', sido.name_en)
        FROM households_dwelling LEFT JOIN agencies_district district ON district.id = district_id
        LEFT JOIN agencies_district sido ON sido.id = district.parent_id
        WHERE household_id = %(household)s AND superseded_at IS NULL AND during @> %(on)s::date),
    'centre', (SELECT jsonb_build_object('id', agency.id, 'ko', name_ko, 'en', name_en)
        FROM households_responsibility JOIN agencies_agency agency ON agency.id = center_id
        WHERE household_id = %(household)s AND superseded_at IS NULL AND during @> %(on)s::date),
    'workers', (SELECT jsonb_agg(jsonb_build_object('id', worker.id, 'name', worker.name, 'kind', kind)
            ORDER BY kind, worker.name)
        FROM households_assignment JOIN agencies_user worker ON worker.id = worker_id
        WHERE household_id = %(household)s AND superseded_at IS NULL AND during @> %(on)s::date),
    'standing', (SELECT to_jsonb(standing) FROM risk_standing standing WHERE household_id = %(household)s),
    'flags', (SELECT jsonb_agg(to_jsonb(flag)
            ORDER BY trump DESC, coalesce(floor, 0) >= 4 DESC, points DESC, rule, flag.id)
        FROM risk_flag flag WHERE household_id = %(household)s AND cleared_at IS NULL),
    'reviews', (SELECT jsonb_agg(to_jsonb(review)
            || jsonb_build_object('by', author.name, 'endorsed', endorsement.id IS NOT NULL)
            ORDER BY review.recorded_at DESC, review.id DESC)
        FROM risk_review review JOIN agencies_user author ON author.id = review.recorded_by_id
        LEFT JOIN risk_endorsement endorsement ON endorsement.review_id = review.id
        WHERE household_id = %(household)s AND review_on > %(on)s::date - 90),
    'met', (SELECT jsonb_build_object('fact_id', fact_id, 'occurred_at', occurred_at, 'channel', channel, 'people',
            (SELECT jsonb_agg(person_id ORDER BY id) FROM households_participant WHERE contact_id = met.id)) FROM met),
    'attempts', (SELECT jsonb_agg(jsonb_build_object('occurred_at', occurred_at, 'channel', channel)
            ORDER BY occurred_at)
        FROM households_contact WHERE household_id = %(household)s AND superseded_at IS NULL AND NOT contact_made
        AND occurred_at > coalesce((SELECT occurred_at FROM met), '-infinity')),
    'seen_today', (SELECT count(DISTINCT actor_id) FROM audit_accesslog
        WHERE subjects && ARRAY(SELECT person_id FROM member) AND at >= %(on)s::date AND act IN ('open', 'reveal')
            AND actor_id <> %(viewer)s)
))
"""
