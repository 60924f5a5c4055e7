"""How many referrals, of what, with whom, where and for how long they wait; and how long the steps took.

Two ways to count: the own agency's, which are the referrals that the user may see; and everybody's, which are counted
and never read: whoever shows them suppresses what is below five.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, QuerySet

from casework.agencies.models import User
from casework.agencies.roles import May, granted
from desks.network.asked import RECEIVED, Asked, own, sent_within
from desks.network.standing import asked as ask
from referrals.clock_sql import SEOUL
from referrals.models import Referral
from referrals.statutory import EXTENDED, USUAL

MEASURES = ("sent", "done", "open", "late", "on_sender")
# The steps whose time is measured: from when to when, at whose agency, by which limit of the route, and whether a
# question or a hold stops it. The same moments as `referrals.clocks.STATIONS`.
SPANS = (
    ("acknowledge", "clock_from", "acknowledged_at", "to_agency_id", "acknowledge", False),
    ("decide", "clock_from", "answered_at", "to_agency_id", "answer", True),
    ("deliver", "answered_at", "provided_at", "to_agency_id", "outcome", True),
    ("confirm", "provided_at", "confirmed_at", "from_agency_id", "confirm", False),
)

COUNTS = """
SELECT GROUPING(need, agency, kind, state, age, wait) AS set, need, agency, kind, state, age, wait, count(*) AS sent,
    count(*) FILTER (WHERE NOT open) AS done, count(*) FILTER (WHERE open) AS open,
    count(*) FILTER (WHERE late) AS late, count(*) FILTER (WHERE turn = 'sender') AS on_sender
FROM (
    SELECT standing.*, {agency} AS agency, receiving_agency.kind
    FROM standing JOIN agencies_agency receiving_agency ON receiving_agency.id = to_agency_id
) counted
GROUP BY GROUPING SETS ((), (need), (agency), (kind), (state), (age), (wait))
"""
# The bits of GROUPING: 0 for the one column that the row is about.
SETS = {0b111111: "total", 0b011111: "need", 0b101111: "agency", 0b110111: "kind", 0b111011: "state"}
SETS |= {0b111101: "age", 0b111110: "wait"}


def _spans() -> str:
    rows = (
        f"('{name}', {begins}, {ends}, {agency}, route.limits -> '{limit}', {stops})"
        for name, begins, ends, agency, limit, stops in SPANS
    )
    return ", ".join(rows)


# A working day is reckoned as the clocks do: from an hour to the same hour of the next one. A day on which nobody works
# counts to its beginning, from one such day to the next there is none; a closed day of the agency counts not at all;
# hours run on by the clock.
TIMES = f"""
SELECT step, unit, need, GROUPING(need) AS all_needs, count(*) AS n,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY took) AS ninth,
    count(*) FILTER (WHERE took <= amount) AS kept
FROM (
    SELECT step, need, unit, amount, GREATEST(0, CASE WHEN unit = 'h' THEN extract(epoch FROM ended - begun) / 3600
        WHEN last.number = first.number AND NOT first.works THEN 0
        ELSE last.number - first.number - shut.days
            + CASE WHEN last.works THEN extract(epoch FROM (ended {SEOUL})::time) / 86400 ELSE 1 END
            - extract(epoch FROM (begun {SEOUL})::time) / 86400
            - CASE WHEN stops AND EXISTS (SELECT FROM referrals_pause pause WHERE pause.referral_id = span.id)
                THEN referral_stood_still(span.id, begun, ended) ELSE 0 END
        END) AS took
    FROM (
        SELECT standing.id, standing.need, step, begun, ended, agency, stops, (lim ->> 0)::int AS amount,
            lim ->> 1 AS unit
        FROM standing JOIN referrals_route route ON route.id = standing.route_id
        CROSS JOIN LATERAL (VALUES {_spans()}) AS spans (step, begun, ended, agency, lim, stops)
        WHERE begun IS NOT NULL AND ended >= begun
    ) span
    JOIN casework_workday first ON first.day = (begun {SEOUL})::date
    JOIN casework_workday last ON last.day = (ended {SEOUL})::date
    CROSS JOIN LATERAL (SELECT CASE WHEN agency = ANY(ARRAY(SELECT DISTINCT agency_id FROM agencies_closure)) THEN (
        SELECT count(*) FROM agencies_closure closed
        JOIN casework_workday usual ON usual.day = closed.day AND usual.works
        WHERE closed.agency_id = agency AND closed.day > first.day AND closed.day <= last.day
    ) ELSE 0 END AS days) shut
) measured
GROUP BY GROUPING SETS ((step, unit), (step, unit, need))
"""
# 사회보장급여법 시행령 제6조: calendar days from the application; a term that ends on no working day ends on the next.
LAW = """
SELECT count(*) AS applied, count(*) FILTER (WHERE decided_on IS NOT NULL) AS decided,
    count(*) FILTER (WHERE decided_on IS NULL AND ends < %(day)s) AS late,
    count(*) FILTER (WHERE decided_on <= ends) AS kept,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY decided_on - applied_on) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY decided_on - applied_on) AS ninth
FROM (
    SELECT application.*, (
        SELECT min(usual.day) FROM casework_workday usual WHERE usual.works AND usual.day >=
            applied_on + CASE WHEN extended_because = '' THEN %(usual)s ELSE %(extended)s END
            AND usual.day < applied_on + 90
    ) AS ends
    FROM standing JOIN referrals_benefitapplication application ON application.referral_id = standing.id
) law
"""


def counted(user: User, asked: Asked) -> QuerySet[Referral]:
    """Return the referrals of the user's own agency that were sent on the days asked about: what `visible_to` shows."""
    return sent_within(own(user, asked.side), asked)


def national(user: User, asked: Asked) -> QuerySet[Referral]:
    """Ministry and Foundation count every referral that was sent, and read none.

    Rows of this queryset are counted and never shown: whoever shows the counts suppresses what is below five.
    """
    return sent_within(Referral.objects.filter(Exists(granted(May.SEE_FIGURES, user))), asked)


def counts(rows: QuerySet[Referral], side: str, now: datetime) -> dict[str, dict[Any, dict[str, int]]]:
    """Return {"total" | "need" | "agency" | "kind" | "state" | "age" | "wait": {value: MEASURES}}.

    "agency" is the other one: of what was received the sending one. What is finished has neither age nor wait.
    """
    agency = "from_agency_id" if side == RECEIVED else "to_agency_id"
    found: dict[str, dict[Any, dict[str, int]]] = {name: {} for name in SETS.values()}
    for row in ask(rows, COUNTS.format(agency=agency), now):
        name = SETS[row["set"]]
        value = row.get(name)
        if name == "total" or value is not None:
            found[name][value] = {measure: row[measure] for measure in MEASURES}
    return found


def times(rows: QuerySet[Referral], now: datetime) -> list[dict[str, Any]]:
    """Return how long the steps took, in working days or, where the route counts hours, in hours: {step, unit, need
    (None: all), n, median, ninth, kept}; `kept`: within what the route allows."""
    return [row for row in ask(rows, TIMES, now) if row["need"] or row["all_needs"]]


def law(rows: QuerySet[Referral], now: datetime) -> dict[str, Any]:
    """Return how decisions on benefits stand, in calendar days from the application: {applied, decided, late, kept,
    median, ninth}."""
    return ask(rows, LAW, now, usual=USUAL.days, extended=EXTENDED.days)[0]
