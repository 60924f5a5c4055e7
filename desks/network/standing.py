"""How each of many referrals stands, in one statement: which clock counts, whether it ran out, how old the request is.

The choice of the clock is that of `referrals.clock_sql`, which alarms read too; the days are those of
`referrals.lateness`, in sets. Board, figures and the list behind each number read these rows, so that they cannot tell
of different ones.
"""

import re
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from casework.clock import seoul_day
from desks.network.columns import AGES, pairs
from referrals.clock_sql import ASKED, CHOSEN, SEOUL, TURN
from referrals.models import Referral
from referrals.states import FINISHED, SENDERS_TURN, Status


def _among(statuses: Any) -> str:
    return ", ".join(f"'{status}'" for status in statuses)


def _age() -> str:
    steps = sorted(map(int, AGES), reverse=True)
    cases = " ".join(f"WHEN this.number - first.number >= {step} THEN '{step}'" for step in steps)
    return f"CASE WHEN own.status IN ({_among(FINISHED)}) THEN NULL {cases} ELSE '{steps[-1]}' END"


# `seen` (id) stands before it. No bound, no function call but for those whose clock was stopped or whose agency closed.
STANDING = f"""
{TURN},
own AS (
    SELECT referral.id, referral.status, need, from_agency_id, to_agency_id, referral.route_id, sent_at, clock_from,
        acknowledged_at, answered_at, provided_at, confirmed_at,
        COALESCE(turn.unit = 'h', FALSE) AS same_day, {CHOSEN},
        CASE WHEN turn.receiving AND NOT asked.yes THEN to_agency_id ELSE from_agency_id END AS agency_id,
        asked.yes OR referral.status IN ({_among(SENDERS_TURN)}) AS on_sender
    FROM seen JOIN referrals_referral referral ON referral.id = seen.id
    LEFT JOIN turn ON turn.route_id = referral.route_id AND turn.status = referral.status
    {ASKED}
),
standing AS MATERIALIZED (
    SELECT own.*, board.state, own.status NOT IN ({_among(FINISHED)}) AS open, {_age()} AS age,
        CASE WHEN own.status IN ({_among(FINISHED)}) THEN NULL WHEN on_sender THEN 'sender' ELSE 'receiver' END AS turn,
        COALESCE(own.station, CASE own.status WHEN '{Status.CONFIRMED}' THEN 'close' END) AS wait,
        CASE
            WHEN own.unit = 'h' THEN own.begins_at + own.amount * interval '1 hour' < %(now)s
            WHEN own.unit IS NULL OR this.number - begun.number < own.amount THEN FALSE
            WHEN stopped.yes THEN
                working_days_elapsed(own.begins_at, %(now)s, own.agency_id)
                - CASE WHEN own.receiving THEN referral_stood_still(own.id, own.begins_at, %(now)s) ELSE 0 END
                >= own.amount
            ELSE this.number - begun.number - (
                this.works AND this.day > begun.day AND (%(now)s::timestamptz {SEOUL})::time
                <= (own.begins_at {SEOUL})::time
            )::int >= own.amount
        END AS late
    FROM own
    JOIN (VALUES {pairs()}) AS board (status, state) ON board.status = own.status
    JOIN casework_workday this ON this.day = %(day)s
    LEFT JOIN casework_workday begun ON begun.day = (own.begins_at {SEOUL})::date
    LEFT JOIN casework_workday first ON first.day = (COALESCE(own.clock_from, own.sent_at) {SEOUL})::date
    CROSS JOIN LATERAL (SELECT
        (own.receiving AND EXISTS (SELECT FROM referrals_pause pause WHERE pause.referral_id = own.id))
        OR EXISTS (
            SELECT FROM agencies_closure closed WHERE closed.agency_id = own.agency_id AND closed.day > begun.day
        ) AS yes
    ) stopped
)
"""


def asked(seen: QuerySet[Referral], sql: str, now: datetime, **more: Any) -> list[dict[str, Any]]:
    """Return the rows of `sql`, which reads `standing`, as dicts; `seen` are the referrals it is about. One query.

    `more` are its parameters; `day`, today in Seoul, it has anyway.
    """
    ids, params = _named(seen)
    values = {**params, "now": now, "day": seoul_day(now), **more}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH seen AS MATERIALIZED ({ids}), {STANDING} {sql}", values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _named(seen: QuerySet[Referral]) -> tuple[str, dict[str, Any]]:
    """Return the ids of a queryset as SQL with named parameters, for beside them stand others."""
    sql, params = seen.order_by().values("id").query.sql_with_params()
    names = (f"seen_{n}" for n in range(len(params)))
    named = re.sub(r"%(%|s)", lambda found: "%%" if found[1] == "%" else f"%({next(names)})s", sql)
    return named, {f"seen_{n}": value for n, value in enumerate(params)}
