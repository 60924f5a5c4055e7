"""The one statement of a run: the clocks that ran out, the rungs that are due, the people they name, the ledger.

Everything due by `now` that the ledger does not hold yet, by range and not by equality: days without a run lose
nothing. A rung of a clock is written whole or not at all, so that whoever joins an agency later is not told old news.
"""

from casework.agencies.roles import AGENCY_SYSTEM, May, carrying
from casework.clock import WORK_BEGINS, WORK_ENDS, seoul_day
from casework.workdays import Workday
from households.models.conflict import all_barred
from referrals.alarms.rungs import LADDER, Rung, ladder_lines
from referrals.clock_sql import ASKED, BEGINS, CHOSEN, SEOUL, TURN
from referrals.clocks import OUTCOME, REPLY, RUNNING


def _reached(after):
    """SQL for the moment that lies `after` the run-out; `reached` is the usual working day with that number."""
    return f"""CASE WHEN unit = 'h' THEN begins_at + (amount + {after}) * interval '1 hour'
            WHEN paused THEN referral_clock_reaches(id, begins_at, amount + {after}, %(now)s, agency_id)
            WHEN shut THEN working_days_after(begins_at, amount + {after}, agency_id)
            ELSE (reached.day + hour) {SEOUL} END"""


def _rungs_within(past):
    """SQL for the highest rung of the unit's ladder that `past` (working days or hours since the run-out) reaches."""
    units = " ".join(
        f"WHEN '{unit}' THEN {' + '.join(f'({past} >= {after})::int' for after in steps)}"
        for unit, steps in LADDER.items()
    )
    return f"CASE unit {units} END"


# `told_from` names the clock in the ledger: the same moment as `models.alarm` reads.
CLOCK = f"""
{TURN},
clock AS (
    SELECT referral.id, household_id, household_id AS about_id, from_agency_id, to_agency_id, sender_id, handler_id,
        {CHOSEN},
        CASE WHEN asked.yes THEN referral.{REPLY.begins}
            WHEN turn.station = '{OUTCOME}' THEN GREATEST({BEGINS}, referral.disputed_at)
            ELSE {BEGINS} END AS told_from
    FROM referrals_referral referral
    JOIN turn ON turn.route_id = referral.route_id AND turn.status = referral.status
    {ASKED}
    WHERE referral.status = ANY(%(running)s)
)
"""

# First a bound that is never too low: closed days and pauses only give more time. Whoever is within it, and whose
# highest rung the ledger does not hold, is reckoned exactly; of those that are late for long, nobody.
DUE = f"""
bound AS MATERIALIZED (
    SELECT clock.*, begun.number AS begun, begun.day AS first_day,
        CASE WHEN receiving THEN to_agency_id ELSE from_agency_id END AS agency_id,
        CASE unit WHEN 'h' THEN floor(extract(epoch FROM %(now)s - begins_at) / 3600)::int
            ELSE %(today)s - begun.number END - amount AS past
    FROM clock JOIN casework_workday begun ON begun.day = (clock.begins_at {SEOUL})::date
    WHERE CASE unit WHEN 'h' THEN begins_at + amount * interval '1 hour' < %(now)s
        ELSE %(today)s - begun.number >= amount END
),
late AS MATERIALIZED (
    SELECT top.* FROM (SELECT bound.*, {_rungs_within("past")} AS highest FROM bound) top
    WHERE NOT EXISTS (
        SELECT FROM referrals_alarm told
        WHERE told.referral_id = top.id AND told.station = top.station AND told.begins_at = top.told_from
            AND told.rung = top.highest
    )
),
pending AS MATERIALIZED (
    SELECT late.*, ladder.rung, ladder.after, (late.begins_at {SEOUL})::time AS hour,
        receiving AND late.unit = 'wd' AND EXISTS (
            SELECT FROM referrals_pause pause
            WHERE pause.referral_id = late.id AND lower(pause.during) >= late.begins_at
        ) AS paused,
        late.unit = 'wd' AND EXISTS (
            SELECT FROM agencies_closure closed WHERE closed.agency_id = late.agency_id AND closed.day > late.first_day
        ) AS shut
    FROM late
    JOIN (VALUES {", ".join(f"('{unit}', {rung}, {after})" for unit, rung, after in ladder_lines())})
        AS ladder (unit, rung, after) ON ladder.unit = late.unit
    WHERE past >= ladder.after AND NOT EXISTS (
        SELECT FROM referrals_alarm told
        WHERE told.referral_id = late.id AND told.station = late.station AND told.begins_at = late.told_from
            AND told.rung = ladder.rung
    )
),
moment AS MATERIALIZED (
    SELECT pending.*, {_reached("after")} AS due_at
    FROM pending LEFT JOIN casework_workday reached ON reached.works AND reached.number = begun + amount + after
),
step AS MATERIALIZED (
    SELECT moment.*, {_reached("0")} AS ran_out_at, (due_at {SEOUL})::date AS day,
        rung = {Rung.WORKER} AND unit = 'h' AND NOT (
            (due_at {SEOUL})::time >= '{WORK_BEGINS}' AND (due_at {SEOUL})::time < '{WORK_ENDS}'
            AND EXISTS (SELECT FROM casework_workday usual WHERE usual.day = (due_at {SEOUL})::date AND usual.works)
            AND NOT EXISTS (
                SELECT FROM agencies_closure closed
                WHERE closed.agency_id = moment.agency_id AND closed.day = (due_at {SEOUL})::date
            )
        ) AS outside_hours
    FROM moment LEFT JOIN casework_workday reached ON reached.works AND reached.number = begun + amount
    WHERE due_at < %(now)s
)
"""


def _works_at(user, agency):
    """SQL for whether the user is of the agency and no conflict of interest closes the household to them."""
    return f"""(({user}, {agency}) IN (SELECT user_id, agency_id FROM staff)
        AND NOT EXISTS (SELECT FROM barred WHERE barred.user_id = {user} AND barred.household_id = step.about_id))"""


def _sees(user):
    """SQL for whether somebody who stands in sees what it is about: whoever receives there, or has the household."""
    return f"""(EXISTS (SELECT FROM staff other WHERE other.user_id = {user} AND other.receives) OR EXISTS (
        SELECT FROM households_assignment own
        WHERE own.worker_id = {user} AND own.household_id = step.household_id AND own.superseded_at IS NULL
            AND own.during @> step.day
    ))"""


def _here(user):
    return f"""NOT EXISTS (
        SELECT FROM households_absence gone
        WHERE gone.worker_id = {user} AND gone.superseded_at IS NULL AND gone.during @> step.day
    )"""


def _present(user, agency):
    """SQL for the user, or, on a day of absence, for the substitute; NULL when neither is there."""
    return f"""CASE WHEN NOT {_works_at(user, agency)} THEN NULL WHEN {_here(user)} THEN {user} ELSE (
        SELECT away.substitute_id FROM households_absence away
        WHERE away.worker_id = {user} AND away.superseded_at IS NULL AND away.during @> step.day
            AND {_works_at("away.substitute_id", agency)} AND {_here("away.substitute_id")}
            AND {_sees("away.substitute_id")}
    ) END"""


def _on_duty(agency):
    return f"""(
        SELECT shift.user_id FROM agencies_dutyshift shift
        WHERE shift.agency_id = {agency} AND shift.during @> step.due_at
            AND {_works_at("shift.user_id", agency)}
    )"""


# Who looks after the household at the sending agency on the day: a substitute before whoever is responsible.
LOOKS_AFTER = f"""(
    SELECT assigned.worker_id FROM households_assignment assigned
    WHERE assigned.household_id = step.household_id AND assigned.superseded_at IS NULL
        AND assigned.during @> step.day AND assigned.kind IN ('substitute', 'main')
        AND {_works_at("assigned.worker_id", "step.from_agency_id")} AND {_here("assigned.worker_id")}
    ORDER BY assigned.kind = 'main', assigned.id LIMIT 1
)"""

PEOPLE = f"""
barred AS MATERIALIZED (
    SELECT * FROM unnest(%(barred_users)s::bigint[], %(barred_homes)s::bigint[]) AS pair (user_id, household_id)
),
staff AS MATERIALIZED (
    SELECT person.id AS user_id, person.agency_id, bool_or(held.role = 'supervisor') AS supervises,
        bool_or(held.role = 'centre_head') AS heads, bool_or(held.role = 'ministry_officer') AS of_ministry,
        bool_or(held.role = ANY(%(receive)s)) AS receives
    FROM agencies_user person
    JOIN agencies_rolegrant held ON held.user_id = person.id AND held.during @> %(now)s
    WHERE person.is_active AND person.agency_id IS NOT NULL
    GROUP BY person.id, person.agency_id
    HAVING NOT bool_or(held.role = '{AGENCY_SYSTEM}')
),
leads AS MATERIALIZED (
    SELECT agency_id, {Rung.SUPERVISOR} AS rung, user_id, FALSE AS instead FROM staff WHERE supervises
    UNION ALL
    SELECT agency_id, {Rung.SUPERVISOR}, user_id, TRUE FROM staff WHERE receives AND NOT EXISTS (
        SELECT FROM staff other WHERE other.agency_id = staff.agency_id AND other.supervises
    )
    UNION ALL
    SELECT agency_id, {Rung.HEAD}, user_id, FALSE FROM staff WHERE heads
    UNION ALL
    SELECT below.id, {Rung.HEAD}, above.user_id, FALSE
    FROM agencies_agency below JOIN staff above ON above.agency_id = below.parent_id AND above.receives
    WHERE NOT EXISTS (SELECT FROM staff own WHERE own.agency_id = below.id AND own.heads)
),
worker AS MATERIALIZED (
    SELECT step.*, COALESCE(
        CASE WHEN outside_hours THEN {_on_duty("step.agency_id")} END,
        CASE WHEN receiving THEN {_present("step.handler_id", "step.to_agency_id")} END,
        CASE WHEN outside_hours AND receiving THEN {_on_duty("step.from_agency_id")} END,
        {_present("step.sender_id", "step.from_agency_id")},
        {LOOKS_AFTER}
    ) AS user_id
    FROM step WHERE rung = {Rung.WORKER}
),
lane AS (
    SELECT step.*, agency_id AS of_agency FROM step WHERE rung IN ({Rung.SUPERVISOR}, {Rung.HEAD})
    UNION ALL
    SELECT step.*, from_agency_id FROM step WHERE rung IN ({Rung.SUPERVISOR}, {Rung.HEAD}) AND receiving
),
everybody AS (
    SELECT id, station, told_from, rung, ran_out_at, due_at, user_id FROM worker WHERE user_id IS NOT NULL
    UNION
    SELECT id, station, told_from, worker.rung, ran_out_at, due_at, leads.user_id
    FROM worker JOIN leads ON leads.agency_id = worker.agency_id AND leads.rung = {Rung.SUPERVISOR}
    WHERE worker.user_id IS NULL
    UNION
    SELECT id, station, told_from, lane.rung, ran_out_at, due_at, leads.user_id
    FROM lane JOIN leads ON leads.agency_id = lane.of_agency AND leads.rung = lane.rung
    WHERE NOT (leads.instead AND leads.user_id IS NOT DISTINCT FROM lane.handler_id)
    UNION
    SELECT id, station, told_from, rung, ran_out_at, due_at, desk.user_id
    FROM step CROSS JOIN staff desk WHERE rung = {Rung.MINISTRY} AND desk.of_ministry
),
named AS (
    SELECT everybody.* FROM everybody JOIN step USING (id, station, told_from, rung)
    WHERE NOT EXISTS (
        SELECT FROM barred WHERE barred.user_id = everybody.user_id AND barred.household_id = step.about_id
    )
)
"""
"""Who is told of each row of `step`, whatever waits: `named`."""

ABOUT = "referral_id, application_id, item_id, transfer_id, concern_id"
"""What an alarm can be about."""


def insert(named, about):
    """Return the statement that writes the alarms of a table `named` (user, record, rung) and returns their ids.

    `about`: the columns of ABOUT as they are called there.
    """
    return f"""
INSERT INTO referrals_alarm (
    {ABOUT}, station, begins_at, rung, ran_out_at, due_at, raised_at, to_user_id, to_agency_id, note, skipped
)
SELECT {about}, named.station, named.told_from, named.rung, named.ran_out_at, named.due_at, %(now)s, staff.user_id,
    staff.agency_id, '', named.rung < max(named.rung) OVER (
        PARTITION BY named.id, named.station, named.told_from, staff.agency_id
    )
FROM {named} named JOIN staff USING (user_id)
ORDER BY named.ran_out_at, named.id, named.rung
ON CONFLICT DO NOTHING
RETURNING id
"""


RAISE = f"""
WITH {CLOCK}, {DUE}, {PEOPLE}
{insert("named", "named.id, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint")}
"""


def parameters(now):
    """Return the parameters of RAISE; a query for the number of today among the working days, and whom conflicts of
    interest bar from which households."""
    today = Workday.objects.values_list("number", flat=True).get(day=seoul_day(now))
    running, receive = [str(status) for status in RUNNING], carrying(May.RECEIVE)
    pairs = sorted(all_barred())
    barred = {"barred_users": [user for user, _home in pairs], "barred_homes": [home for _user, home in pairs]}
    return {"now": now, "today": today, "running": running, "receive": receive, **barred}
