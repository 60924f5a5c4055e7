"""Which clock counts on a referral, in SQL over many: the same choice as `clocks.running` makes of one.

A statement puts TURN among its WITH, joins `turn` to `referral` by route and status, and ASKED after it; then CHOSEN
are columns of it. Alarms, board and figures read the clock here, so that they cannot name different ones.
"""

from referrals.clocks import RECEIVER, REPLY, RUNNING
from referrals.states import Waits

SEOUL = "AT TIME ZONE 'Asia/Seoul'"
_TURNS = ", ".join(f"('{status}', '{station.name}', {station.side == RECEIVER})" for status, station in RUNNING.items())
_CASES = " ".join(f"WHEN '{status}' THEN referral.{station.begins}" for status, station in RUNNING.items())

BEGINS = f"CASE referral.status {_CASES} END"
"""The moment from which the clock of the state runs."""
TURN = f"""
turn AS MATERIALIZED (
    SELECT route.id AS route_id, running.*, (route.limits -> running.station ->> 0)::int AS amount,
        route.limits -> running.station ->> 1 AS unit, (route.limits -> '{REPLY.name}' ->> 0)::int AS reply_amount,
        route.limits -> '{REPLY.name}' ->> 1 AS reply_unit
    FROM referrals_route route CROSS JOIN (VALUES {_TURNS}) AS running (status, station, receiving)
)
"""
"""The clock of each state by each route; `receiving`: it is the receiver's."""
ASKED = f"""CROSS JOIN LATERAL (
    SELECT referral.waits_for = '{Waits.SENDER}' AND COALESCE(turn.unit <> 'h', FALSE) AS yes
) asked"""
"""Whether a question to the sender stopped that clock and another one runs; hours nothing stops."""
CHOSEN = f"""
CASE WHEN asked.yes THEN '{REPLY.name}' ELSE turn.station END AS station,
CASE WHEN asked.yes THEN referral.{REPLY.begins} ELSE {BEGINS} END AS begins_at,
CASE WHEN asked.yes THEN turn.reply_amount ELSE turn.amount END AS amount,
CASE WHEN asked.yes THEN turn.reply_unit ELSE turn.unit END AS unit,
turn.receiving AND NOT asked.yes AS receiving
"""
"""The clock that counts: its station, from when, how many of what, and whether it is the receiver's."""
