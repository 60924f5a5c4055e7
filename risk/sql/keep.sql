-- What a live sweep writes beside the flags: an assessment where the judgement changed, and the standing of each
-- household. Parameters: sweep, on, now, known_by, ids, the criteria.

CREATE TEMP TABLE sweep_assessed ON COMMIT DROP AS
WITH appended AS (
    INSERT INTO risk_assessment (household_id, sweep_id, "on", known_by, band, score, hits, digest)
    SELECT shown.household_id, %(sweep)s, %(on)s, %(known_by)s, shown.band, shown.score, shown.hits, shown.digest
    FROM sweep_shown shown
    LEFT JOIN risk_standing standing ON standing.household_id = shown.household_id
    LEFT JOIN risk_assessment latest ON latest.id = standing.assessment_id
    WHERE latest.digest IS DISTINCT FROM shown.digest
    RETURNING id, household_id
)
SELECT id, household_id FROM appended;

-- Nobody lives there any more: nothing is owed. Where the address was protected it stays so, whoever asks later.
CREATE TEMP TABLE sweep_emptied ON COMMIT DROP AS
SELECT standing.household_id, standing.address_protected
FROM risk_standing standing
WHERE (%(ids)s::bigint[] IS NULL OR standing.household_id = ANY(%(ids)s::bigint[]))
    AND NOT EXISTS (SELECT FROM sweep_shown shown WHERE shown.household_id = standing.household_id);

DELETE FROM risk_standing standing
USING sweep_emptied emptied
WHERE standing.household_id = emptied.household_id AND NOT emptied.address_protected;

UPDATE risk_standing standing
SET band = 1, shown_band = 1, score = 0, decided_band = NULL, decided_until = NULL, since = NULL, reason_rule = '',
    reason_since = NULL, reason_evidence = '{}', reasons = 0, attempts = 0, contact_due_on = NULL,
    review_due_on = NULL, protection_ends_on = NULL, minor_lives_here = FALSE, swept_at = %(now)s
FROM sweep_emptied emptied
WHERE standing.household_id = emptied.household_id
    AND (standing.shown_band, standing.reason_rule, standing.contact_due_on, standing.review_due_on)
        IS DISTINCT FROM (1, '', NULL, NULL);

CREATE TEMP TABLE sweep_standing ON COMMIT DROP AS
SELECT
    shown.household_id,
    COALESCE(assessed.id, old.assessment_id) AS assessment_id,
    shown.band,
    shown.decided_band,
    shown.decided_until,
    shown.shown_band,
    shown.score,
    -- The first judgement of a household finds a condition that is older than the judgement.
    CASE
        WHEN old.shown_band = shown.shown_band THEN old.since
        WHEN old.household_id IS NULL THEN COALESCE(LEAST(hit.since, %(on)s::date), %(on)s::date)
        ELSE %(on)s::date
    END AS since,
    CASE WHEN old.band = shown.band THEN old.band_since ELSE %(now)s::timestamptz END AS band_since,
    COALESCE(hit.rule, '') AS reason_rule,
    hit.since AS reason_since,
    COALESCE(hit.evidence, '{}'::jsonb) AS reason_evidence,
    COALESCE(reason.reasons, 0) AS reasons,
    house.violence AS address_protected,
    house.minor AS minor_lives_here,
    gap.contact_on,
    house.contact_person,
    gap.attempts,
    house.run_since,
    gap.limit_days,
    gap.due_on AS contact_due_on,
    GREATEST(house.tried_at, acted.reviewed_at, acted.referred_at) AS acted_at,
    shown.remaining_band,
    shown.looked_again_on,
    shown.reviewed_at,
    ending.ends_on AS protection_ends_on
FROM sweep_shown shown
JOIN sweep_house house ON house.household_id = shown.household_id
JOIN sweep_gap gap ON gap.household_id = shown.household_id
LEFT JOIN sweep_reason reason ON reason.household_id = shown.household_id
LEFT JOIN sweep_hit hit ON hit.id = reason.strongest
LEFT JOIN sweep_assessed assessed ON assessed.household_id = shown.household_id
LEFT JOIN risk_standing old ON old.household_id = shown.household_id
LEFT JOIN (SELECT household_id, min(ends_on) AS ends_on FROM sweep_period GROUP BY household_id) ending
    ON ending.household_id = shown.household_id
LEFT JOIN (
    SELECT household_id, max(reviewed_at) AS reviewed_at, max(referred_at) AS referred_at
    FROM (
        SELECT household_id, recorded_at AS reviewed_at, NULL::timestamptz AS referred_at FROM risk_review
        UNION ALL
        SELECT household_id, NULL, sent_at FROM referrals_referral WHERE sent_at IS NOT NULL
    ) deed
    WHERE %(ids)s::bigint[] IS NULL OR household_id = ANY(%(ids)s::bigint[])
    GROUP BY household_id
) acted ON acted.household_id = shown.household_id;
ANALYZE sweep_standing;

-- By when the band is to be looked at: so many working days after the day it began.
CREATE TEMP TABLE sweep_owed ON COMMIT DROP AS
SELECT
    standing.household_id,
    CASE
        WHEN standing.reviewed_at >= standing.band_since THEN COALESCE(standing.looked_again_on, due.day)
        ELSE due.day
    END AS review_due_on
FROM sweep_standing standing
JOIN casework_workday begun ON begun.day = standing.band_since::date
JOIN casework_workday due
    ON due.works AND due.number = begun.number
        + CASE standing.remaining_band WHEN 5 THEN %(emergency_review_days)s ELSE %(high_review_days)s END
WHERE standing.remaining_band >= 4;

INSERT INTO risk_standing AS kept (
    household_id, assessment_id, band, decided_band, decided_until, shown_band, score, since, band_since, reason_rule,
    reason_since, reason_evidence, reasons, address_protected, minor_lives_here, contact_on, contact_person, attempts,
    run_since, limit_days, contact_due_on, acted_at, review_due_on, protection_ends_on, swept_at
)
SELECT
    standing.household_id, standing.assessment_id, standing.band, standing.decided_band, standing.decided_until,
    standing.shown_band, standing.score, standing.since, standing.band_since, standing.reason_rule,
    standing.reason_since, standing.reason_evidence, standing.reasons, standing.address_protected,
    standing.minor_lives_here, standing.contact_on, standing.contact_person, standing.attempts, standing.run_since,
    standing.limit_days, standing.contact_due_on, standing.acted_at, owed.review_due_on, standing.protection_ends_on,
    %(now)s
FROM sweep_standing standing
LEFT JOIN sweep_owed owed ON owed.household_id = standing.household_id
ORDER BY standing.household_id
ON CONFLICT (household_id) DO UPDATE SET
    assessment_id = EXCLUDED.assessment_id, band = EXCLUDED.band, decided_band = EXCLUDED.decided_band,
    decided_until = EXCLUDED.decided_until, shown_band = EXCLUDED.shown_band, score = EXCLUDED.score,
    since = EXCLUDED.since, band_since = EXCLUDED.band_since, reason_rule = EXCLUDED.reason_rule,
    reason_since = EXCLUDED.reason_since, reason_evidence = EXCLUDED.reason_evidence, reasons = EXCLUDED.reasons,
    address_protected = EXCLUDED.address_protected, minor_lives_here = EXCLUDED.minor_lives_here,
    contact_on = EXCLUDED.contact_on, contact_person = EXCLUDED.contact_person, attempts = EXCLUDED.attempts,
    run_since = EXCLUDED.run_since, limit_days = EXCLUDED.limit_days, contact_due_on = EXCLUDED.contact_due_on,
    acted_at = EXCLUDED.acted_at, review_due_on = EXCLUDED.review_due_on,
    protection_ends_on = EXCLUDED.protection_ends_on, swept_at = EXCLUDED.swept_at
-- A night in which nothing changed writes nothing: `swept_at` is when the standing last changed.
WHERE (
    kept.assessment_id, kept.band, kept.decided_band, kept.decided_until, kept.shown_band, kept.score,
    kept.since, kept.band_since, kept.reason_rule, kept.reason_since, kept.reason_evidence, kept.reasons,
    kept.address_protected, kept.minor_lives_here, kept.contact_on, kept.contact_person, kept.attempts,
    kept.run_since, kept.limit_days, kept.contact_due_on, kept.acted_at, kept.review_due_on, kept.protection_ends_on
) IS DISTINCT FROM (
    EXCLUDED.assessment_id, EXCLUDED.band, EXCLUDED.decided_band, EXCLUDED.decided_until, EXCLUDED.shown_band,
    EXCLUDED.score, EXCLUDED.since, EXCLUDED.band_since, EXCLUDED.reason_rule, EXCLUDED.reason_since,
    EXCLUDED.reason_evidence, EXCLUDED.reasons, EXCLUDED.address_protected, EXCLUDED.minor_lives_here,
    EXCLUDED.contact_on, EXCLUDED.contact_person, EXCLUDED.attempts, EXCLUDED.run_since,
    EXCLUDED.limit_days, EXCLUDED.contact_due_on, EXCLUDED.acted_at, EXCLUDED.review_due_on, EXCLUDED.protection_ends_on
);
