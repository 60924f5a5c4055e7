-- Where each referral stood at a moment, and which clock had run out. Steps carry the moment at which they were taken
-- and recorded; the one step that is taken back ("not received") is read from the history of the row.
-- The clocks are those of `referrals.clocks`; the days are counted as `casework.clock.add_working_days` counts them.
-- Parameters: on, ids, heard (steps up to this moment count), moment (what has run out by it), live.

CREATE TEMP TABLE sweep_ask ON COMMIT DROP AS
SELECT
    step.*,
    -- What the other agency last said or did for the person; receipt alone is no news, nor are our own steps.
    GREATEST(step.answered_at, step.contacted_at, step.failed_at, step.provided_at) AS feedback_at,
    own.station,
    CASE own.station
        WHEN 'confirm' THEN step.provided_at
        WHEN 'again' THEN COALESCE(step.failed_at, step.answered_at)
        WHEN 'outcome' THEN step.answered_at
        WHEN 'contact' THEN step.answered_at
        ELSE step.clock_from
    END AS begins_at
FROM (
    SELECT
        referral.id,
        referral.household_id,
        referral.to_agency_id,
        referral.from_agency_id,
        referral.route_id,
        referral.sent_at,
        referral.clock_from,
        CASE WHEN referral.acknowledged_at <= %(heard)s THEN referral.acknowledged_at END AS acknowledged_at,
        CASE WHEN referral.answered_at <= %(heard)s THEN referral.answered_at END AS answered_at,
        CASE WHEN referral.contacted_at <= %(heard)s THEN referral.contacted_at END AS contacted_at,
        CASE WHEN referral.failed_at <= %(heard)s THEN referral.failed_at END AS failed_at,
        CASE WHEN outcome.provided_at <= %(heard)s THEN outcome.provided_at END AS provided_at,
        asked.since AS asked_since,
        -- Declined, be it ended since: nothing was ever taken up.
        referral.status = 'declined'
            OR (
                referral.status IN ('closed', 'cancelled')
                AND referral.confirmed_at IS NULL AND referral.failed_at IS NULL
            ) AS declined,
        COALESCE(
            LEAST(
                referral.confirmed_at, referral.closed_at,
                CASE WHEN referral.status = 'cancelled' AND referral.closed_at IS NULL THEN referral.sent_at END
            ) <= %(heard)s,
            FALSE
        ) AS finished
    FROM referrals_referral referral
    LEFT JOIN (
        SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id, provided_at
        FROM referrals_referralevent
        WHERE NOT %(live)s AND pgh_created_at <= %(heard)s
        ORDER BY pgh_obj_id, pgh_id DESC
    ) past ON past.pgh_obj_id = referral.id
    LEFT JOIN LATERAL (
        SELECT lower(pause.during) AS since FROM referrals_pause pause
        WHERE pause.referral_id = referral.id AND pause.waits_for = 'sender'
            AND lower(pause.during) <= %(heard)s AND COALESCE(upper(pause.during) > %(heard)s, TRUE)
    ) asked ON TRUE
    CROSS JOIN LATERAL (
        SELECT CASE WHEN past.pgh_obj_id IS NULL THEN referral.provided_at ELSE past.provided_at END AS provided_at
    ) AS outcome
    -- What was passed on and waits with the sender for a ground was never sent, and its first clock runs on.
    WHERE COALESCE(referral.sent_at, CASE WHEN referral.rerouted_from_id IS NOT NULL THEN referral.recorded_at END)
            <= %(heard)s
        AND (%(ids)s::bigint[] IS NULL OR referral.household_id = ANY(%(ids)s::bigint[]))
) step
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN step.finished THEN NULL
        WHEN step.provided_at IS NOT NULL THEN 'confirm'
        WHEN step.failed_at IS NOT NULL OR (step.answered_at IS NOT NULL AND step.declined) THEN 'again'
        WHEN step.contacted_at IS NOT NULL THEN 'outcome'
        WHEN step.answered_at IS NOT NULL THEN 'contact'
        WHEN step.acknowledged_at IS NOT NULL THEN 'answer'
        ELSE 'acknowledge'
    END AS station
) AS own;
ANALYZE sweep_ask;

-- Which clock counts: a question stops the receiver's clock of working days and starts the sender's own.
CREATE TEMP TABLE sweep_clock ON COMMIT DROP AS
SELECT
    ask.id, ask.household_id, clock.station, clock.begins_at,
    (limits.line ->> 0)::int AS amount, limits.line ->> 1 AS unit,
    CASE WHEN clock.station IN ('confirm', 'again', 'reply') THEN ask.from_agency_id ELSE ask.to_agency_id END AS agency_id,
    CASE
        WHEN clock.station IN ('confirm', 'again', 'reply') THEN 0
        ELSE referral_stood_still(ask.id, clock.begins_at, %(moment)s)
    END AS stood_still
FROM sweep_ask ask
JOIN referrals_route route ON route.id = ask.route_id
CROSS JOIN LATERAL (
    SELECT ask.asked_since IS NOT NULL AND route.limits -> ask.station ->> 1 <> 'h' AS replies
) AS question
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN question.replies THEN 'reply' ELSE ask.station END AS station,
        CASE WHEN question.replies THEN ask.asked_since ELSE ask.begins_at END AS begins_at
) AS clock
CROSS JOIN LATERAL (SELECT route.limits -> clock.station AS line) AS limits
WHERE ask.station IS NOT NULL;
ANALYZE sweep_clock;

-- The band that is held: the last that was written down before the clock ran out, or a higher one since. One that was
-- first judged later is held nowhere.
CREATE TEMP TABLE sweep_stall ON COMMIT DROP AS
SELECT
    late.id, late.household_id, late.station, late.begins_at, late.ran_out_at, late.ran_out_at::date AS ran_out_on,
    %(on)s::date - late.ran_out_at::date AS days_late,
    held.band AS held_band
FROM (
    SELECT clock.id, clock.household_id, clock.station, clock.begins_at,
        CASE clock.unit
            WHEN 'h' THEN clock.begins_at + make_interval(hours => clock.amount)
            ELSE working_days_after(clock.begins_at, clock.amount + clock.stood_still, clock.agency_id)
        END AS ran_out_at
    FROM sweep_clock clock
) late
LEFT JOIN LATERAL (
    SELECT max(assessment.band) AS band
    FROM risk_assessment assessment
    WHERE assessment.household_id = late.household_id AND assessment."on" <= %(on)s::date
        AND assessment.known_by <= %(moment)s
        AND assessment.known_by >= (
            SELECT max(before.known_by) FROM risk_assessment before
            WHERE before.household_id = late.household_id AND before.known_by <= late.ran_out_at
                AND before."on" <= %(on)s::date
        )
) AS held ON TRUE
WHERE late.ran_out_at < %(moment)s;
ANALYZE sweep_stall;
