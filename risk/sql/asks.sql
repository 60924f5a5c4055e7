-- Where each referral stood at a moment, and which clock had run out. Steps carry the moment at which they were taken
-- and recorded; the one step that is taken back ("not received") is read from the history of the row.
-- Parameters: on, ids, heard (steps up to this moment count), moment (what has run out by it), live, limits (JSON).

CREATE TEMP TABLE sweep_ask ON COMMIT DROP AS
SELECT
    step.*,
    -- What the other agency last did; our own steps are no news of the person.
    GREATEST(step.acknowledged_at, step.answered_at, step.provided_at) AS feedback_at,
    CASE
        WHEN step.finished THEN NULL
        WHEN step.provided_at IS NOT NULL THEN 'confirm'
        WHEN step.answered_at IS NOT NULL THEN 'outcome'
        WHEN step.acknowledged_at IS NOT NULL THEN 'answer'
        ELSE 'acknowledge'
    END AS station,
    COALESCE(step.provided_at, step.answered_at, step.sent_at) AS begins_at
FROM (
    SELECT
        referral.id,
        referral.household_id,
        referral.need,
        referral.sent_at,
        CASE WHEN referral.acknowledged_at <= %(heard)s THEN referral.acknowledged_at END AS acknowledged_at,
        CASE WHEN referral.answered_at <= %(heard)s THEN referral.answered_at END AS answered_at,
        CASE WHEN outcome.provided_at <= %(heard)s THEN outcome.provided_at END AS provided_at,
        COALESCE(
            LEAST(
                referral.confirmed_at, referral.closed_at,
                -- Declined, be it closed since: then nothing was ever provided.
                CASE
                    WHEN referral.status = 'declined' OR (referral.status = 'closed' AND referral.confirmed_at IS NULL)
                    THEN referral.answered_at
                    WHEN referral.status = 'cancelled' AND referral.closed_at IS NULL THEN referral.sent_at
                END
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
    CROSS JOIN LATERAL (
        SELECT CASE WHEN past.pgh_obj_id IS NULL THEN referral.provided_at ELSE past.provided_at END AS provided_at
    ) AS outcome
    WHERE referral.sent_at <= %(heard)s
        AND (%(ids)s::bigint[] IS NULL OR referral.household_id = ANY(%(ids)s::bigint[]))
) step;
ANALYZE sweep_ask;

-- Working days as `casework.clock.add_working_days` counts them: the first day does not count.
CREATE TEMP TABLE sweep_calendar ON COMMIT DROP AS
SELECT day, works, count(*) FILTER (WHERE works) OVER (ORDER BY day) AS number
FROM (
    SELECT
        counted.at::date AS day,
        extract(isodow FROM counted.at) < 6
            AND NOT EXISTS (SELECT FROM casework_holiday holiday WHERE holiday.day = counted.at::date) AS works
    FROM generate_series(
        (SELECT min(begins_at)::date FROM sweep_ask WHERE station IS NOT NULL), %(on)s::date + 1, interval '1 day'
    ) AS counted (at)
) days;
ANALYZE sweep_calendar;

-- A deadline beyond the calendar has not run out. The band that the household then had is the last that was written
-- down by that moment: one that was first judged later is held nowhere.
CREATE TEMP TABLE sweep_stall ON COMMIT DROP AS
SELECT DISTINCT ON (late.id)
    late.id, late.household_id, late.station, late.begins_at, late.ran_out_at, late.ran_out_at::date AS ran_out_on,
    %(on)s::date - late.ran_out_at::date AS days_late,
    assessment.band AS held_band
FROM (
    SELECT ask.id, ask.household_id, ask.station, ask.begins_at,
        CASE term.unit
            WHEN 'h' THEN ask.begins_at + make_interval(hours => term.amount)
            ELSE (due.day + ask.begins_at::time)::timestamptz
        END AS ran_out_at
    FROM sweep_ask ask
    JOIN jsonb_to_recordset(%(limits)s::jsonb)
        AS term (need text, station text, amount int, unit text, since date, until date)
        ON term.need = ask.need AND term.station = ask.station
        AND term.since <= ask.sent_at::date AND (term.until IS NULL OR ask.sent_at::date < term.until)
    LEFT JOIN sweep_calendar begun ON begun.day = ask.begins_at::date
    LEFT JOIN sweep_calendar due ON due.works AND due.number = begun.number + term.amount AND term.unit <> 'h'
) late
LEFT JOIN risk_assessment assessment
    ON assessment.household_id = late.household_id AND assessment.known_by <= late.ran_out_at
    AND assessment."on" <= %(on)s::date
WHERE late.ran_out_at < %(moment)s
ORDER BY late.id, assessment.known_by DESC NULLS LAST, assessment.id DESC;
ANALYZE sweep_stall;
