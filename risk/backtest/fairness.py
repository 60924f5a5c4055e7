"""Whom the criteria flag, and what people then decided: by sex, age, years since entry, protection and centre.

Counts of people who came from the North, never which. Whoever shows them suppresses what is below five.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from casework.agencies.models import User
from risk.bands import Band
from risk.counting import figures

DIMENSIONS = ("sex", "age", "entry", "protection", "centre")
MEASURES = ("people", "flagged", "confirmed", "set_aside")
LOOK_BACK = timedelta(days=365)
AGES = (19, 35, 50, 65)
ENTRIES = (1, 3, 5, 10, 20)
"""Where the next age band, and the next band of years since entry, begins."""

_COUNTED = """
WITH judged AS (
    SELECT standing.household_id, standing.shown_band >= %(high)s AS flagged, last.upheld
    FROM risk_standing standing
    LEFT JOIN (
        SELECT DISTINCT ON (household_id) household_id,
            decision <> 'dismiss' AND COALESCE(band >= machine_band, TRUE) AS upheld
        FROM risk_review WHERE decided_on > %(since)s AND decided_on <= %(on)s
        ORDER BY household_id, recorded_at DESC, id DESC
    ) last ON last.household_id = standing.household_id
    WHERE standing.household_id IN (SCOPE)
),
somebody AS (
    SELECT judged.flagged, judged.upheld, COALESCE(told.sex, '') AS sex,
        width_bucket(extract(year FROM age(%(on)s::date, told.birth_on))::int, %(ages)s) AS age,
        width_bucket(extract(year FROM age(%(on)s::date, told.entered_on))::int, %(entries)s) AS entry,
        EXISTS (
            SELECT FROM households_protectionperiod period
            WHERE period.person_id = member.person_id AND period.superseded_at IS NULL AND period.during @> %(on)s::date
        ) AS protection,
        duty.center_id AS centre
    FROM judged
    JOIN households_membership member ON member.household_id = judged.household_id
        AND member.kind = 'living' AND member.superseded_at IS NULL AND member.during @> %(on)s::date
    JOIN households_particulars told ON told.person_id = member.person_id
        AND told.superseded_at IS NULL AND told.is_defector
    LEFT JOIN households_residence residence ON residence.person_id = member.person_id
        AND residence.superseded_at IS NULL AND residence.during @> %(on)s::date
    LEFT JOIN households_responsibility duty ON duty.household_id = judged.household_id
        AND duty.superseded_at IS NULL AND duty.during @> %(on)s::date
    WHERE COALESCE(residence.status, 'resident') NOT IN ('deceased', 'emigrated')
)
SELECT GROUPING(sex, age, entry, protection, centre), sex, age, entry, protection, centre,
    count(*), count(*) FILTER (WHERE flagged), count(*) FILTER (WHERE upheld), count(*) FILTER (WHERE NOT upheld)
FROM somebody
GROUP BY GROUPING SETS ((sex), (age), (entry), (protection), (centre))
"""


def counted(user: User, *, on: date) -> dict[str, dict[Any, dict[str, int]]]:
    """Return {dimension: {category: {measure: people}}} of those whom `user` may count on the day; one query.

    Categories: sex M or F; age and entry the number of the band that AGES and ENTRIES begin (0: below the first; None:
    not known); protection True or False; centre an agency's id or None. `flagged`: the household stands at High or
    above. `confirmed`: the last decision of the past year kept the band or raised it; `set_aside`: it lowered the band
    or dismissed a reason.
    """
    scope, params = figures(user, on=on).order_by().values("household").query.sql_with_params()
    named = {f"p{n}": value for n, value in enumerate(params)}
    sql = _COUNTED.replace("SCOPE", scope % tuple(f"%(p{n})s" for n in range(len(params))))
    values: dict[str, Any] = {
        "on": on,
        "since": on - LOOK_BACK,
        "high": Band.HIGH,
        "ages": list(AGES),
        "entries": list(ENTRIES),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, **named})
        rows = cursor.fetchall()
    found: dict[str, dict[Any, dict[str, int]]] = {name: {} for name in DIMENSIONS}
    for grouping, *rest in rows:
        name, category = _of(grouping, rest[: len(DIMENSIONS)])
        found[name][category] = dict(zip(MEASURES, rest[len(DIMENSIONS) :], strict=True))
    return found


def _of(grouping: int, values: Sequence[Any]) -> tuple[str, Any]:
    """Return the dimension that a row is about, whose bit in GROUPING() is unset, and its category."""
    place = next(n for n in range(len(DIMENSIONS)) if not grouping >> (len(DIMENSIONS) - 1 - n) & 1)
    return DIMENSIONS[place], values[place]
