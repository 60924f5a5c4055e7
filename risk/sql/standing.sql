-- What lists show: the machine's band without the reasons that people dismissed, unless a decision holds.
-- A decision gives way as soon as the machine's band rises above what the person had before them. Of a decision here
-- and one under the second number of the home (`verdict.sql`) the higher band holds.

CREATE TEMP TABLE sweep_shown ON COMMIT DROP AS
SELECT
    judged.household_id,
    judged.band,
    judged.score,
    judged.hits,
    md5(judged.band::text || ':' || judged.score::text || ':' || judged.hits::text) AS digest,
    remaining.band AS remaining_band,
    CASE WHEN followed.band >= own.band THEN followed.band WHEN decided.holds THEN decided.band END AS decided_band,
    CASE WHEN followed.band >= own.band THEN followed.review_on WHEN decided.holds THEN decided.review_on END
        AS decided_until,
    decided.review_on AS looked_again_on,
    GREATEST(decided.recorded_at, dismissed.recorded_at) AS reviewed_at,
    GREATEST(own.band, followed.band) AS shown_band
FROM sweep_judged judged
LEFT JOIN sweep_decided decided ON decided.household_id = judged.household_id
LEFT JOIN sweep_followed followed ON followed.household_id = judged.household_id
LEFT JOIN (SELECT household_id, max(recorded_at) AS recorded_at FROM sweep_dismissed GROUP BY household_id) dismissed
    ON dismissed.household_id = judged.household_id
LEFT JOIN sweep_rest rest ON rest.household_id = judged.household_id
LEFT JOIN sweep_gap gap ON gap.household_id = judged.household_id
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN dismissed.household_id IS NULL THEN judged.band
        WHEN rest.band < 4 AND rest.contact_late AND gap.doubled AND rest.band = 3
            AND rest.other_score >= %(doubled_score)s THEN 4
        ELSE COALESCE(rest.band, 1)
    END AS band
) AS remaining
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN NOT COALESCE(decided.holds, FALSE) OR decided.decision = 'confirm' THEN remaining.band
        WHEN judged.band > decided.machine_band THEN GREATEST(remaining.band, decided.band)
        ELSE decided.band
    END AS band
) AS own;
ANALYZE sweep_shown;

CREATE TEMP TABLE sweep_reason ON COMMIT DROP AS
SELECT
    hit.household_id,
    count(DISTINCT hit.rule)::int AS reasons,
    -- What gives no points (a referral that nobody answers) speaks for a household only where nothing else does.
    (array_agg(hit.id ORDER BY hit.trump DESC, hit.weight > 0 DESC, hit.floor DESC NULLS LAST, hit.weight DESC, hit.since,
        hit.rule, hit.person_id))[1] AS strongest
FROM sweep_hit hit
WHERE hit.id NOT IN (SELECT id FROM sweep_dismissed)
GROUP BY hit.household_id;
ANALYZE sweep_reason;
