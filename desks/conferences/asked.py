"""The one statement behind the material: what is known of some households, without a name among it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import get_language

LAST_CONTACTS = 5


@dataclass(frozen=True)
class Told:
    """What is known of one household. `members`: {"id", "role", "sex", "born", "status"}; `flags`: {"rule", "evidence",
    "since"}, the strongest first; `contacts`: {"on", "channel", "made"}, the latest first."""

    household: int
    number: str
    members: list[dict[str, Any]]
    district: str
    band: int
    since: date | None
    protected: bool
    ends_on: date | None
    flags: list[dict[str, Any]]
    contacts: list[dict[str, Any]]

    @property
    def subjects(self) -> list[int]:
        """The ids of those whose data it is."""
        return [member["id"] for member in self.members]


def told_of(households: Sequence[int], *, on: date) -> dict[int, Told]:
    """Return {household id: Told}; one query. Whoever asks has found the households through the user."""
    if not households:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"on": on, "households": list(households), "most": LAST_CONTACTS})
        rows = cursor.fetchall()
    return {row[0]: _told(*row) for row in rows}


def _told(key, number, members, home, band, since, protected, ends_on, flags, contacts) -> Told:
    return Told(
        key,
        number,
        [{**one, "born": _day(one["born"])} for one in _rows(members)],
        _district(json.loads(home) if isinstance(home, str) else home),
        band or 1,
        since,
        bool(protected),
        ends_on,
        [{**one, "since": _day(one["since"])} for one in _rows(flags)],
        [{**one, "on": _day(one["on"])} for one in _rows(contacts)],
    )


def _rows(value: Any) -> list[dict[str, Any]]:
    return (json.loads(value) if isinstance(value, str) else value) or []


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _district(home: dict[str, str | None] | None) -> str:
    if not home:
        return ""
    if get_language() == "en":
        return ", ".join(filter(None, [home["en"] or home["ko"], home["sido_en"] or home["sido"]]))
    return " ".join(filter(None, [home["sido"], home["ko"]]))


_TOLD = """
SELECT household.id, household.number,
    (SELECT jsonb_agg(jsonb_build_object('id', member.person_id, 'role', member.role, 'sex', about.sex,
            'born', about.birth_on, 'status', stays.status) ORDER BY member.role <> 'head', member.id)
        FROM households_membership member
        LEFT JOIN households_particulars about ON about.person_id = member.person_id AND about.superseded_at IS NULL
        LEFT JOIN households_residence stays ON stays.person_id = member.person_id AND stays.superseded_at IS NULL
            AND stays.during @> %(on)s::date
        WHERE member.household_id = household.id AND member.superseded_at IS NULL AND member.during @> %(on)s::date),
    (SELECT jsonb_build_object('ko', district.name, 'en', district.name_en, 'sido', sido.short, 'sido_en', sido.name_en)
        FROM households_dwelling dwelling JOIN agencies_district district ON district.id = dwelling.district_id
        LEFT JOIN agencies_district sido ON sido.id = district.parent_id
        WHERE dwelling.household_id = household.id AND dwelling.superseded_at IS NULL
            AND dwelling.during @> %(on)s::date LIMIT 1),
    standing.shown_band, standing.since, standing.address_protected, standing.protection_ends_on,
    (SELECT jsonb_agg(jsonb_build_object('rule', flag.rule, 'evidence', flag.evidence, 'since', flag.since)
            ORDER BY flag.trump DESC, coalesce(flag.floor, 0) DESC, flag.points DESC, flag.id)
        FROM risk_flag flag WHERE flag.household_id = household.id AND flag.cleared_at IS NULL),
    (SELECT jsonb_agg(jsonb_build_object('on', (latest.occurred_at AT TIME ZONE 'Asia/Seoul')::date,
            'channel', latest.channel, 'made', latest.contact_made) ORDER BY latest.occurred_at DESC, latest.id DESC)
        FROM (SELECT id, occurred_at, channel, contact_made FROM households_contact
            WHERE household_id = household.id AND superseded_at IS NULL
            ORDER BY occurred_at DESC, id DESC LIMIT %(most)s) latest)
FROM households_household household
LEFT JOIN risk_standing standing ON standing.household_id = household.id
WHERE household.id = ANY (%(households)s)
"""
