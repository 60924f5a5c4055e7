"""The text of the questions for the at-risk list: whole, its order, one household's neighbours.

Written once a process and planned once a connection (docs/adr/0027): a list that is opened all day may not write rights
and clocks anew each time. Both are read when it is asked.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from casework.agencies.models import User
from casework.clock import seoul_day
from casework.prepared import ME, Question, named
from desks.atrisk.filters import CHIPS, Filters
from desks.named import CALLED, RESTRICTED
from desks.tries import tries
from households.models.circle import scope_of
from households.models.data_request import Scope
from households.requests.restricting import stopped_people
from referrals.lateness import overdue
from referrals.models import Referral
from referrals.states import SENDERS_TURN, Status
from risk.bands import Band
from risk.closings.heard import CLOSED, QUIET
from risk.models.assessment import AWAITING_REVIEW, RANKED

ENDING = timedelta(days=180)
DONE = (Status.DRAFT, Status.CLOSED, Status.CANCELLED)
Text = Callable[[Filters], tuple[str, dict[str, str]]]
"""What writes a question as some filters ask it, with the types of the values that it alone has."""
_AGENCY = ME + 1
_NOW = datetime(1900, 1, 1, tzinfo=UTC)  # stands for the moment in what a queryset writes, and its day for the day
_GIVEN = {
    "me": "bigint",
    "agency": "bigint",
    "now": "timestamptz",
    "on": "date",
    "ending": "date",
    "shown": "int[]",
    "banded": "int[]",
    "worker": "bigint",
}


def values_of(user: User, filters: Filters, now: datetime) -> dict[str, Any]:
    """Return what differs from asking to asking and every question of the list has, by name."""
    on = seoul_day(now)
    return {
        "me": user.pk,
        "agency": user.agency_id,
        "now": now,
        "on": on,
        "ending": on + ENDING,
        "shown": list(filters.bands_shown),
        "banded": list(filters.bands or Band.values),
        "worker": filters.worker,
    }


def found(text: Text, filters: Filters, values: dict[str, Any], seen: list[int] | None = None) -> list[dict[str, Any]]:
    """Return the rows that `text` asks for, by column; with `seen`, the households that are seen, no plan is kept."""
    question = _question(text, filters.show, bool(filters.worker), seen is None)
    return question.ask(**values) if seen is None else question.once(**values, seen=seen)


@lru_cache(maxsize=64)
def _question(text: Text, show: str, worker: bool, live: bool) -> Question:
    sql, given = text(Filters(show=show, worker=ME if worker else None))
    scope = scope_of(User(pk=ME))
    whom = (scope.sql, scope.params)
    seen, seen_by = named(whom, {"me": ME}, "seen_") if live else ("SELECT unnest(%(seen)s::bigint[])", {})
    passed = Referral.objects.filter(overdue(_NOW), from_agency=_AGENCY).order_by().values("pk")
    marks = {"now": _NOW, "on": seoul_day(_NOW), "agency": _AGENCY}
    late, late_by = named(passed.query.sql_with_params(), marks, "late_")
    base = _BASE % {
        "seen": seen,
        "late": late,
        "awaiting": AWAITING_REVIEW.replace("%s", "%(on)s"),
        "closed": CLOSED.replace("%s", "%(now)s"),
        "quiet": QUIET.replace("%s", "%(now)s"),
    }
    fixed = {**seen_by, **late_by, "senders": list(SENDERS_TURN), "done": list(DONE)}
    return Question(sql.replace("__BASE__", base), fixed, {**_GIVEN, **given}, by_name=True)


def page_text(filters: Filters) -> tuple[str, dict[str, str]]:
    """Write the question for one page with the counts around it."""
    narrowed, each = _narrowed(filters), {band: f"shown_band = {band}" for band in Band.values}
    sql = _PAGE % {
        "narrowed": narrowed,
        "bands": _each(each, _narrowed(filters, "")),
        "bands_filtered": _each(each, narrowed),
        "chips": _each(CHIPS, _narrowed(replace(filters, show=""), "banded")),
        "ranked": RANKED,
        "called": CALLED.format(household="picked.household_id") % ("%(on)s", "%(on)s", "%(kind)s", "%(on)s"),
        "restricted": RESTRICTED,
        "tries": tries("standing", "%(on)s"),
    }
    return sql, {"kind": "text", "size": "bigint", "skipped": "bigint"}


def order_text(filters: Filters) -> tuple[str, dict[str, str]]:
    """Write the question for the whole list in its order."""
    return _ORDER % {"narrowed": _narrowed(filters), "ranked": RANKED, "stopped": stopped_people(Scope.SHARING)}, {}


def neighbours_text(filters: Filters) -> tuple[str, dict[str, str]]:
    """Write the question for the place of one household, and for the numbers before and after it."""
    return _NEIGHBOURS % {"narrowed": _narrowed(filters), "ranked": RANKED}, {"household": "bigint"}


def _narrowed(filters: Filters, bands: str = "shown") -> str:
    """Return what the filters leave; `bands` names the value that holds the bands, "" leaves every band."""
    tests = [f"shown_band = ANY(%({bands})s)"] if bands else ["true"]
    tests += [CHIPS[filters.show]] if filters.show else []
    tests += ["worker_id = %(worker)s"] if filters.worker else []
    return " AND ".join(tests)


def _each(tests: dict[Any, str], also: str) -> str:
    """Return the arguments of a JSON object that counts each of `tests` among the rows that pass `also` too."""
    return ", ".join(f"'{name}', count(*) FILTER (WHERE {test} AND {also})" for name, test in tests.items())


_BASE = """
seen (household_id) AS MATERIALIZED (SELECT DISTINCT household_id FROM (%(seen)s) scope (household_id)),
asked AS (
    SELECT household_id, count(*) AS referrals, count(*) FILTER (WHERE late) AS referrals_late,
        count(*) FILTER (WHERE status = ANY(%%(senders)s)) AS referrals_ours
    FROM (
        SELECT household_id, status, id IN (%(late)s) AS late
        FROM referrals_referral WHERE from_agency_id = %%(agency)s AND NOT status = ANY(%%(done)s)
    ) waiting
    GROUP BY household_id
),
base AS MATERIALIZED (
    SELECT standing.household_id, shown_band, acted_at, minor_lives_here, %(awaiting)s AS awaiting,
        main.worker_id, referrals, referrals_late, referrals_ours,
        coalesce(contact_due_on < %%(on)s, false) AS overdue,
        coalesce(protection_ends_on BETWEEN %%(on)s AND %%(ending)s, false) AS ending, %(closed)s AS closed
    FROM seen
    JOIN risk_standing standing ON standing.household_id = seen.household_id AND NOT %(quiet)s
    -- Written so that the plain index answers: GiST takes three times as long.
    LEFT JOIN households_assignment main ON main.household_id = ANY (ARRAY[seen.household_id])
        AND main.superseded_at IS NULL AND (main.kind = 'main' AND main.during @> %%(on)s::date) IS TRUE
    LEFT JOIN asked ON asked.household_id = seen.household_id
)
"""

# SELECT in front: what begins with WITH would be taken for a change by the history middleware.
_PAGE = """
SELECT * FROM (WITH __BASE__,
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
    FROM base WHERE %(narrowed)s ORDER BY %(ranked)s LIMIT %%(size)s OFFSET %%(skipped)s
)
SELECT counts, picked.place, standing.*, worker_id, awaiting, referrals, referrals_late, referrals_ours, closed,
    household.number, members.*, head.name AS head_name, dwelling.town, worker.name AS worker_name,
    review.decision, review.band AS review_band, review.machine_band AS review_from, review.decided_on, review.waits,
    planned.next_at, planned.next_channel, %(tries)s AS tries, %(restricted)s,
    EXISTS (SELECT FROM households_responsibility ours WHERE ours.household_id = picked.household_id
        AND ours.superseded_at IS NULL AND ours.center_id = %%(agency)s AND ours.during @> %%(on)s::date) AS kept
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
SELECT * FROM (WITH __BASE__ SELECT household_id FROM base WHERE %(narrowed)s AND NOT EXISTS (
    SELECT FROM households_membership lives
    WHERE lives.household_id = base.household_id AND lives.superseded_at IS NULL AND lives.kind = 'living'
        AND lives.during @> CURRENT_DATE AND lives.person_id = ANY(%(stopped)s)
) ORDER BY %(ranked)s) listed
"""

_NEIGHBOURS = """
SELECT * FROM (WITH __BASE__,
placed AS (
    SELECT household_id, row_number() OVER in_band AS place, count(*) OVER (PARTITION BY shown_band) AS of,
        lag(household_id) OVER everywhere AS before_id, lead(household_id) OVER everywhere AS after_id
    FROM base WHERE %(narrowed)s
    WINDOW everywhere AS (ORDER BY %(ranked)s), in_band AS (PARTITION BY shown_band ORDER BY %(ranked)s)
)
SELECT place, of, before.number AS before, after.number AS after
FROM placed
LEFT JOIN households_household before ON before.id = before_id
LEFT JOIN households_household after ON after.id = after_id
WHERE household_id = %%(household)s) page
"""
