"""What an inquiry finds: every fact with both dates, what was shown, who looked, what was tried and promised."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.http import Http404

from casework.agencies.models import User
from casework.audit.models import Act
from casework.clock import AsOf
from desks.asof import Asked, end_of
from desks.atrisk.ranking import work_calendar
from desks.atrisk.shown import committed_late
from desks.household.file import File, file_of
from desks.household.views import awaits_review, referrals_of
from desks.inquiry.decisions import Decision, decisions_of
from desks.rights import Rights, rights_of
from households.models import Household
from referrals import clocks
from referrals.models import Referral
from risk.explained import band_as_of
from risk.past import as_it_was
from risk.records import Record, records_of
from risk.sweeps import one_snapshot

LOOKS = (Act.OPEN, Act.REVEAL, Act.LIST, Act.SEARCH, Act.EXPORT)


@dataclass(frozen=True)
class Look:
    """How often somebody looked in one way: the first and the last time, and the latest reason given."""

    who: str
    agency_id: int | None
    act: str
    times: int
    first: datetime
    last: datetime
    reason: str


@dataclass(frozen=True)
class Found:
    """All that one household and one day gave. `shown` is the stored assessment with its sweep, or None.

    `known`: the facts that stood at the end of the day. `later`: versions learned after it, about the day or before.
    `late`: those among all that had begun to be written when the sweep read, and that it could not see.
    `band_then` is computed from what was known then, `band_now` from what is known now, both of that day.
    """

    household: Household
    on: date
    now: datetime
    file: File
    shown: dict[str, Any] | None
    band_then: int
    band_now: int
    known: list[Record]
    later: list[Record]
    late: list[Record]
    looks: list[Look]
    contacts: list[Record]
    decisions: list[Decision]
    referrals: Sequence[dict[str, Any]]
    review_late: bool


@contextmanager
def one_reading() -> Iterator[None]:
    """Let all that is asked inside the block be answered from one state of the database, whatever is committed
    meanwhile; what is written inside is taken back.

    The transaction is not marked READ ONLY: PostgreSQL allows no temporary tables there, and the past is made of them.
    """
    with one_snapshot(live=False), transaction.atomic():
        yield
        transaction.set_rollback(True)


def inquire(user: User, household: Household, on: date, now: datetime) -> Found:
    """Return what is found of a household, which the user may inquire into, about the day `on`; `now` the moment.

    Within `one_reading`: it asks one question after the other.
    """
    rights = rights_of(user, household)
    asked = Asked(AsOf(on, min(end_of(on), now)), ())
    band_now = band_as_of(household, AsOf(on, now))
    with as_it_was(asked.as_of, households=[household.pk]):
        file, referrals, review_late = _then(user, rights, asked)
    shown = shown_at(household.pk, asked.then)
    records = records_of([household.pk], snapshot=shown["snapshot"] if shown else "")
    about = [record for record in records if record.day is None or record.day <= on]
    return Found(
        household=household,
        on=on,
        now=now,
        file=file,
        shown=shown,
        band_then=file.standing["band"] if file.standing else 1,
        band_now=band_now,
        known=[record for record in about if record.stood_at(asked.then)],
        later=[record for record in about if record.known_at > asked.then],
        late=[record for record in about if shown and committed_late(record, shown["began_at"])],
        looks=looks_at(household.pk, file.subjects, asked.then),
        contacts=[r for r in about if r.model._meta.model_name == "contact" and r.stood_at(asked.then)],
        decisions=decisions_of(household, on, asked.then, protected=file.protected),
        referrals=referrals,
        review_late=review_late,
    )


def _then(user: User, rights: Rights, asked: Asked) -> tuple[File, list[dict[str, Any]], bool]:
    file = file_of(rights.seen, on=asked.on, keeps=rights.keeps, referrals=rights.referrals)
    if file is None:
        raise Http404
    referrals = referrals_of(file.referrals, user, asked.then)
    due = file.standing and file.standing["review_due_on"]
    return file, referrals, bool(due and due < asked.on and awaits_review(file, asked.on))


def shown_at(household: int, then: datetime) -> dict[str, Any] | None:
    """Return the assessment that lists showed at a moment, with its sweep; None where nothing had been judged."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT band, score, hits::text, assessment.recorded_at, sweep.began_at, sweep.known_by, sweep.kind,
                sweep.snapshot
            FROM risk_assessment assessment JOIN risk_sweep sweep ON sweep.id = assessment.sweep_id
            WHERE assessment.household_id = %s AND assessment.recorded_at <= %s
            ORDER BY assessment.recorded_at DESC, assessment.id DESC LIMIT 1
            """,
            [household, then],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    names = ("band", "score", "hits", "recorded_at", "began_at", "known_by", "kind", "snapshot")
    found = dict(zip(names, row, strict=True))
    return {**found, "hits": json.loads(found["hits"])}


def looks_at(household: int, people: Sequence[int], then: datetime) -> list[Look]:
    """Return who looked at the household or at one of its people up to a moment, by person and way of looking.

    A look that names households is a look at those. One that names only people counts where one of them is of `people`
    or lived in the household on the day of the look.
    """
    acts = [str(act) for act in LOOKS]
    asked: dict[str, Any] = {"household": household, "people": list(people), "then": then, "acts": acts}
    with connection.cursor() as cursor:
        cursor.execute(_LOOKS, asked)
        return [Look(*row) for row in cursor.fetchall()]


_LOOKS = """
SELECT * FROM (WITH lived AS MATERIALIZED (
    SELECT person_id, during FROM households_membership
    WHERE household_id = %(household)s AND superseded_at IS NULL AND NOT isempty(during)
)
SELECT actor_label, agency_id, act, count(*), min(at) AS first, max(at) AS last,
    COALESCE((array_agg(reason ORDER BY at DESC) FILTER (WHERE reason <> ''))[1], '')
FROM audit_accesslog look
WHERE at <= %(then)s AND act = ANY(%(acts)s) AND (
    households @> ARRAY[%(household)s]::bigint[]
    OR (
        subjects && (%(people)s::bigint[] || ARRAY(SELECT person_id FROM lived))
        AND households = '{}'
        AND (
            subjects && %(people)s::bigint[]
            OR EXISTS (SELECT FROM lived WHERE lived.person_id = ANY(look.subjects) AND lived.during @> look.at::date)
        )
    )
)
GROUP BY actor_id, actor_label, agency_id, act ORDER BY last DESC) looks
"""


def overdue(found: Found) -> list[tuple[Referral, Any]]:
    """Return the referrals whose clock had run out at the end of the day, each with its clock."""
    then = min(end_of(found.on), found.now)
    calendar = work_calendar(then)
    dues = [(row["referral"], clocks.due(row["referral"], then, calendar)) for row in found.referrals if row["open"]]
    return [(referral, due) for referral, due in dues if due and due.late]
