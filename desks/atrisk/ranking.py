"""The at-risk list as one question to the database: who is seen, how many of each, and the rows of one page.

Written in SQL, because a list that people open all day may cost a few milliseconds and no more. Who is seen comes
from `Household.objects.visible_to` and from nowhere else; the order is `RANKED` of the standing.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from casework.agencies.models import User, WorkCalendar
from casework.clock import seoul_day
from desks.atrisk.filters import CHIPS, Filters
from desks.named import CALLED, RESTRICTED
from desks.tries import tries
from households.models import Household
from households.models.circle import scope_of
from households.models.data_request import Scope
from households.requests.restricting import stopped_people
from referrals.lateness import overdue
from referrals.models import Referral
from referrals.states import SENDERS_TURN, Status
from risk.bands import Band
from risk.closings.heard import CLOSED, QUIET
from risk.models.assessment import AWAITING_REVIEW, RANKED

PAGE_SIZE = 50
ENDING = timedelta(days=180)


@dataclass
class Page:
    """One page of the list and the counts around it: `rows` by column name, `total` and `bands_filtered` of what the
    filters leave, `bands` and `chips` of what each would leave beside the others, `workers` with their counts."""

    rows: list[dict[str, Any]]
    number: int
    total: int = 0
    bands: dict[int, int] = field(default_factory=dict)
    bands_filtered: dict[int, int] = field(default_factory=dict)
    chips: dict[str, int] = field(default_factory=dict)
    workers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def page_of(
    user: User,
    filters: Filters,
    *,
    now: datetime,
    size: int = PAGE_SIZE,
    number: int = 1,
    latin: bool = False,
    seen: list[int] | None = None,
) -> Page:
    """Return page `number` (from 1) of the list of `user`; one query. `latin` prefers Latin spellings of names.

    `seen`: the households that the user may see, where that was asked before (the list of a past day, a file).
    """
    on = seoul_day(now)
    base, params = _base(user, now, seen)
    narrowed, asked = _narrowed(filters)
    in_bands, bands_asked = _narrowed(replace(filters, bands=tuple(Band.values)))
    in_chips, chips_asked = _narrowed(replace(filters, bands=filters.bands or tuple(Band.values), show=""))
    sql = _PAGE % {
        "base": base,
        "narrowed": narrowed,
        "bands": _each({band: f"shown_band = {band}" for band in Band.values}, in_bands),
        "bands_filtered": _each({band: f"shown_band = {band}" for band in Band.values}, narrowed),
        "chips": _each(CHIPS, in_chips),
        "ranked": RANKED,
        "called": CALLED.format(household="picked.household_id"),
        "restricted": RESTRICTED,
        "tries": tries("standing", on),
    }
    bands = len(Band.values)
    counted = [*asked, *bands_asked * bands, *asked * bands, *chips_asked * len(CHIPS)]
    kind = "latin" if latin else "hangul"
    place = [size, (number - 1) * size]
    values = [*params, *counted, *asked, *place, user.agency_id, on, on, on, kind, on]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _page(found, number)


def order_of(user: User, filters: Filters, *, now: datetime) -> list[int]:
    """Return the households of the whole list of `user` in its order, of one moment, for a file: without those in
    which somebody had sharing with others stopped. One query."""
    base, params = _base(user, now)
    narrowed, asked = _narrowed(filters)
    with connection.cursor() as cursor:
        stopped = stopped_people(Scope.SHARING)
        sql = _ORDER % {"base": base, "narrowed": narrowed, "ranked": RANKED, "stopped": stopped}
        cursor.execute(sql, [*params, *asked])
        return [household for (household,) in cursor.fetchall()]


def _each(tests: dict[Any, str], also: str) -> str:
    """Return the arguments of a JSON object that counts each of `tests` among the rows that pass `also` too."""
    return ", ".join(f"'{name}', count(*) FILTER (WHERE {test} AND {also})" for name, test in tests.items())


def _page(found: list[dict[str, Any]], number: int) -> Page:
    counts = json.loads(found[0]["counts"])
    return Page(
        rows=[row for row in found if row["household_id"] is not None],
        number=number,
        total=counts["total"],
        bands={int(band): n for band, n in counts["bands"].items()},
        bands_filtered={int(band): n for band, n in counts["bands_filtered"].items()},
        chips=counts["chips"],
        workers=counts["workers"],
    )


@dataclass(frozen=True)
class Neighbours:
    """Where a household stands in a list: its place in its band, and the numbers before and after it."""

    place: int
    of: int
    before: str | None
    after: str | None


def neighbours_of(user: User, household: Household, filters: Filters, *, now: datetime) -> Neighbours | None:
    """Return the neighbours of `household` in the list that `user` came from; None when it is not on it. One query."""
    base, params = _base(user, now)
    narrowed, asked = _narrowed(filters)
    with connection.cursor() as cursor:
        cursor.execute(
            _NEIGHBOURS % {"base": base, "narrowed": narrowed, "ranked": RANKED}, [*params, *asked, household.pk]
        )
        row = cursor.fetchone()
    return Neighbours(*row) if row else None


def _base(user: User, now: datetime, given: list[int] | None = None) -> tuple[str, list[Any]]:
    """Return the common part of the questions and its values: who is seen, and what the chips ask about."""
    seen, seen_params = _seen_by(user) if given is None else ("SELECT unnest(%s::bigint[])", (given,))
    late, late_params = _late(now.replace(second=0, microsecond=0))
    on = seoul_day(now)
    mine = [list(SENDERS_TURN), *late_params, user.agency_id, list(DONE)]
    words = {"seen": seen, "late": late, "awaiting": AWAITING_REVIEW, "closed": CLOSED, "quiet": QUIET}
    return _BASE % words, [
        *seen_params,
        *mine,
        on,
        on,
        on,
        on + ENDING,
        *[now] * 4,
        on,
    ]


def _seen_by(user: User) -> tuple[str, tuple[Any, ...]]:
    """Return the scope of `visible_to` as SQL."""
    scope = scope_of(user)
    return scope.sql, scope.params


@lru_cache(maxsize=4)
def _late(minute: datetime) -> tuple[str, tuple[Any, ...]]:
    """Return the referrals whose clock has run out, as SQL; clocks are read once a minute."""
    passed = Referral.objects.filter(overdue(minute)).order_by().values("pk")
    return passed.query.sql_with_params()


def work_calendar(now: datetime) -> WorkCalendar:
    """Return the holidays and the closures of agencies, read once an hour and process: what desks say of a deadline
    follows a new closure within the hour. The inbox, the referral itself, alarms and sweeps follow at once."""
    return _calendar_of(now.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=2)
def _calendar_of(hour: datetime) -> WorkCalendar:
    return WorkCalendar.load()


def _narrowed(filters: Filters) -> tuple[str, list[Any]]:
    tests: list[str] = ["shown_band = ANY(%s)"]
    params: list[Any] = [list(filters.bands_shown)]
    if filters.show:
        tests.append(CHIPS[filters.show])
    if filters.worker:
        tests.append("worker_id = %s")
        params.append(filters.worker)
    return " AND ".join(tests), params


DONE = (Status.DRAFT, Status.CLOSED, Status.CANCELLED)

_BASE = """
seen (household_id) AS MATERIALIZED (SELECT DISTINCT household_id FROM (%(seen)s) scope (household_id)),
asked AS (
    SELECT household_id, count(*) AS referrals, count(*) FILTER (WHERE late) AS referrals_late,
        count(*) FILTER (WHERE status = ANY(%%s)) AS referrals_ours
    FROM (
        SELECT household_id, status, id IN (%(late)s) AS late
        FROM referrals_referral WHERE from_agency_id = %%s AND NOT status = ANY(%%s)
    ) waiting
    GROUP BY household_id
),
base AS MATERIALIZED (
    SELECT standing.household_id, shown_band, acted_at, minor_lives_here, %(awaiting)s AS awaiting,
        main.worker_id, referrals, referrals_late, referrals_ours,
        coalesce(contact_due_on < %%s, false) AS overdue,
        coalesce(protection_ends_on BETWEEN %%s AND %%s, false) AS ending, %(closed)s AS closed
    FROM seen
    JOIN risk_standing standing ON standing.household_id = seen.household_id AND NOT %(quiet)s
    -- Written so that the plain index answers: GiST takes three times as long.
    LEFT JOIN households_assignment main ON main.household_id = ANY (ARRAY[seen.household_id])
        AND main.superseded_at IS NULL AND (main.kind = 'main' AND main.during @> %%s::date) IS TRUE
    LEFT JOIN asked ON asked.household_id = seen.household_id
)
"""

# SELECT in front: what begins with WITH would be taken for a change by the history middleware.
_PAGE = """
SELECT * FROM (WITH %(base)s,
counted AS (
    SELECT jsonb_build_object('total', count(*) FILTER (WHERE %(narrowed)s), 'bands', jsonb_build_object(%(bands)s),
        'bands_filtered', jsonb_build_object(%(bands_filtered)s), 'chips', jsonb_build_object(%(chips)s),
        'workers', (SELECT coalesce(jsonb_agg(
                jsonb_build_object('id', id, 'name', name, 'n', n) ORDER BY name, id), '[]')
            FROM (SELECT worker_id, count(*) AS n FROM base GROUP BY worker_id) each
            JOIN agencies_user ON agencies_user.id = each.worker_id)) AS counts
    FROM base
),
picked AS (
    SELECT *, row_number() OVER (ORDER BY %(ranked)s) AS place
    FROM base WHERE %(narrowed)s ORDER BY %(ranked)s LIMIT %%s OFFSET %%s
)
SELECT counts, picked.place, standing.*, worker_id, awaiting, referrals, referrals_late, referrals_ours, closed,
    household.number, members.*, head.name AS head_name, dwelling.town, worker.name AS worker_name,
    review.decision, review.band AS review_band, review.machine_band AS review_from, review.decided_on, review.waits,
    planned.next_at, planned.next_channel, %(tries)s AS tries, %(restricted)s,
    EXISTS (SELECT FROM households_responsibility ours WHERE ours.household_id = picked.household_id
        AND ours.superseded_at IS NULL AND ours.center_id = %%s AND ours.during @> %%s::date) AS kept
FROM counted
LEFT JOIN picked ON true
LEFT JOIN risk_standing standing ON standing.household_id = picked.household_id
LEFT JOIN households_household household ON household.id = picked.household_id
LEFT JOIN agencies_user worker ON worker.id = picked.worker_id
%(called)s
LEFT JOIN LATERAL (
    SELECT decision, band, machine_band, decided_on, endorsement.id IS NULL AS waits FROM risk_review each
    LEFT JOIN risk_endorsement endorsement ON endorsement.review_id = each.id
    WHERE household_id = picked.household_id ORDER BY each.recorded_at DESC LIMIT 1
) review ON true
LEFT JOIN LATERAL (
    SELECT next_at, next_channel FROM households_contact
    WHERE household_id = picked.household_id AND superseded_at IS NULL ORDER BY occurred_at DESC LIMIT 1
) planned ON true
ORDER BY picked.place) page
"""

_ORDER = """
SELECT * FROM (WITH %(base)s SELECT household_id FROM base WHERE %(narrowed)s AND NOT EXISTS (
    SELECT FROM households_membership lives
    WHERE lives.household_id = base.household_id AND lives.superseded_at IS NULL AND lives.kind = 'living'
        AND lives.during @> CURRENT_DATE AND lives.person_id = ANY(%(stopped)s)
) ORDER BY %(ranked)s) listed
"""

_NEIGHBOURS = """
SELECT * FROM (WITH %(base)s,
placed AS (
    SELECT household_id, row_number() OVER in_band AS place, count(*) OVER (PARTITION BY shown_band) AS of,
        lag(household_id) OVER everywhere AS before_id, lead(household_id) OVER everywhere AS after_id
    FROM base WHERE %(narrowed)s
    WINDOW everywhere AS (ORDER BY %(ranked)s), in_band AS (PARTITION BY shown_band ORDER BY %(ranked)s)
)
SELECT place, of, before.number, after.number
FROM placed
LEFT JOIN households_household before ON before.id = before_id
LEFT JOIN households_household after ON after.id = after_id
WHERE household_id = %%s) page
"""
