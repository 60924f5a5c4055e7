"""What else has a clock between agencies, beside the steps of a referral: the decision that the law gives a day, second
looks, transfers, concerns. Each is one SELECT of what waits and has run out; the rest of the run is the same for all.

The days are those of `statutory.term`, `reviews.WITHIN`, `transfers.clocks` and `concerns.clocks`.
"""

from casework.agencies.roles import carrying
from referrals.alarms.rungs import LADDER, Rung
from referrals.alarms.sql import ABOUT, PEOPLE, insert
from referrals.clock_sql import SEOUL
from referrals.concerns.clocks import LOOK_DAYS
from referrals.concerns.workflow import ConcernStatus
from referrals.models.statutory import LOOKS_AGAIN
from referrals.reviews import WITHIN
from referrals.states import FINISHED, Ground
from referrals.statutory import EXTENDED, USUAL
from referrals.transfers.clocks import ACCEPT_DAYS, CONTACT_DAYS
from referrals.transfers.workflow import TransferStatus

# The columns of a wait. `sender` and `handler` are the people of `receiving` and sending side as of a referral; where
# there is neither, the first rung is that of who decides. `about` is the household a conflict of interest is asked of,
# `household` the one whose worker is told where nobody else is there; `never` is who cannot take the step.
COLUMNS = """station, id, referral_id, application_id, item_id, transfer_id, concern_id, household_id, about_id,
    from_agency_id, to_agency_id, agency_id, sender_id, handler_id, receiving, never_id, told_from, ran_out_at"""


def _midnight_after(day):
    return f"(({day} + 1)::timestamp {SEOUL})"


# 사회보장급여법 시행령 제6조; a last day that is none of work moves on, see `statutory.term`. Nothing pauses it.
DECISION = f"""
SELECT 'decision', application.id, referral.id, application.id, NULL::bigint, NULL::bigint, NULL::bigint,
    referral.household_id, referral.household_id, from_agency_id, to_agency_id, to_agency_id, sender_id, handler_id,
    TRUE, NULL::bigint, applied_on::timestamp {SEOUL}, {_midnight_after("last.day")}
FROM referrals_benefitapplication application
JOIN referrals_referral referral ON referral.id = application.referral_id
CROSS JOIN LATERAL (
    SELECT min(usual.day) AS day FROM casework_workday usual WHERE usual.works
        AND usual.day >= applied_on + CASE WHEN extended_because = '' THEN {USUAL.days} ELSE {EXTENDED.days} END
) last
WHERE decided_on IS NULL AND applied_on + {USUAL.days} < %(now)s AND referral.status <> ALL(%(finished)s)
"""
LOOK = f"""
SELECT 'look', review.id, referral.id, NULL, NULL, NULL, NULL, NULL, referral.household_id, from_agency_id,
    from_agency_id, from_agency_id, NULL, NULL, FALSE, asked_by_id, sent_at,
    working_days_after(sent_at, {WITHIN.amount}, from_agency_id)
FROM referrals_groundreview review JOIN referrals_referral referral ON referral.id = review.referral_id
WHERE reviewed_at IS NULL AND sent_at < %(now)s
"""
AGENDA_LOOK = f"""
SELECT 'agenda_look', item.id, NULL, NULL, item.id, NULL, NULL, NULL, household_id, from_agency_id, from_agency_id,
    from_agency_id, NULL, NULL, FALSE, proposed_by_id, proposed_at,
    working_days_after(proposed_at, {WITHIN.amount}, from_agency_id)
FROM referrals_agendaitem item
WHERE ground = '{Ground.DANGER}' AND looked_at IS NULL AND withdrawn_at IS NULL AND proposed_at < %(now)s
"""
TRANSFER = f"""
SELECT 'transfer', transfer.id, NULL, NULL, NULL, transfer.id, NULL, household_id, household_id, from_agency_id,
    to_agency_id, to_agency_id, proposed_by_id, NULL, TRUE, NULL, proposed_at,
    working_days_after(proposed_at, {ACCEPT_DAYS}, to_agency_id)
FROM referrals_transfer transfer WHERE status = '{TransferStatus.PROPOSED}' AND proposed_at < %(now)s
"""
MEETING = f"""
SELECT 'meet', transfer.id, NULL, NULL, NULL, transfer.id, NULL, household_id, household_id, from_agency_id,
    to_agency_id, to_agency_id, proposed_by_id, worker_id, TRUE, NULL, answered_at,
    answered_at + interval '{CONTACT_DAYS.days} days'
FROM referrals_transfer transfer WHERE status = '{TransferStatus.ACCEPTED}' AND answered_at < %(now)s
"""
TRIAGE = f"""
SELECT 'triage', concern.id, NULL, NULL, NULL, NULL, concern.id, NULL, household_id, centre_id, centre_id, centre_id,
    NULL, NULL, FALSE, NULL, waits_since, working_days_after(waits_since, {LOOK_DAYS}, centre_id)
FROM referrals_concern concern WHERE status = '{ConcernStatus.WAITING}' AND waits_since < %(now)s
"""
OWED = f"""
SELECT 'owed', concern.id, NULL, NULL, NULL, NULL, concern.id, household_id, household_id, centre_id, centre_id,
    centre_id, NULL, worker_id, TRUE, NULL, answered_at, {_midnight_after("due_on")}
FROM referrals_concern concern
WHERE status = '{ConcernStatus.CONTACT}' AND due_on < %(now)s AND NOT EXISTS (
    SELECT FROM households_contact met WHERE met.household_id = concern.household_id AND met.superseded_at IS NULL
        AND met.contact_made AND met.occurred_at >= concern.answered_at
)
"""
WAITS = " UNION ALL ".join((DECISION, LOOK, AGENDA_LOOK, TRANSFER, MEETING, TRIAGE, OWED))

# Which column of the ledger a wait is found by; of several on one record the station tells them apart.
LEDGER = {
    "referral_id": ("decision", "look"),
    "item_id": ("agenda_look",),
    "transfer_id": ("transfer", "meet"),
    "concern_id": ("triage", "owed"),
}


def _not_told(column, stations):
    named = ", ".join(f"'{station}'" for station in stations)
    return f"""SELECT * FROM reached WHERE station IN ({named}) AND NOT EXISTS (
        SELECT FROM referrals_alarm told
        WHERE told.{column} = reached.{column} AND told.station = reached.station
            AND told.begins_at = reached.told_from AND told.rung = reached.rung
            AND told.application_id IS NOT DISTINCT FROM reached.application_id
    )"""


_RUNGS = ", ".join(f"({int(rung)}, {after})" for rung, after in zip(Rung, LADDER["wd"], strict=True))
STEP = f"""
wait ({COLUMNS}) AS MATERIALIZED ({WAITS}),
reached AS MATERIALIZED (
    SELECT wait.*, ladder.rung, CASE WHEN ladder.after = 0 THEN ran_out_at
        ELSE working_days_after(ran_out_at, ladder.after, agency_id) END AS due_at
    FROM wait CROSS JOIN (VALUES {_RUNGS}) AS ladder (rung, after)
    WHERE ran_out_at + ladder.after * interval '1 day' < %(now)s
),
step AS MATERIALIZED (
    SELECT due.*, (due_at {SEOUL})::date AS day, FALSE AS outside_hours
    FROM ({" UNION ALL ".join(_not_told(*found) for found in LEDGER.items())}) due WHERE due_at < %(now)s
)
"""
# Whoever told facts without consent does not look at it again; nor does who has no word for it. Above them it is told
# as every other wait.
ABLE = f"""
able AS (
    SELECT named.*, {ABOUT} FROM named JOIN step USING (station, id, told_from, rung)
    WHERE named.user_id IS DISTINCT FROM never_id AND (never_id IS NULL OR rung >= {Rung.HEAD} OR EXISTS (
        SELECT FROM agencies_rolegrant held
        WHERE held.user_id = named.user_id AND held.during @> %(now)s AND held.role = ANY(%(look)s)
    ))
)
"""
RAISE_WAITS = f"""
WITH {STEP}, {PEOPLE}, {ABLE}
{insert("able", ABOUT)}
"""


def waits_parameters(parameters):
    """Return the parameters of RAISE_WAITS: those of RAISE, and who looks again."""
    look = sorted({role for word in LOOKS_AGAIN for role in carrying(word)})
    return parameters | {"finished": [str(status) for status in FINISHED], "look": look}
