-- What the machine says of each household, and what people decided that still holds. Score, gap and household never
-- lead to Emergency; only a trump does. Parameters: on, known, ids, the criteria.

CREATE TEMP TABLE sweep_judged ON COMMIT DROP AS
SELECT
    gap.household_id,
    COALESCE(whole.score, 0) AS score,
    CASE
        WHEN whole.band < 4 AND whole.contact_late AND gap.doubled AND gap.band = 3
            AND whole.other_score >= %(doubled_score)s THEN 4
        ELSE COALESCE(whole.band, 1)
    END AS band,
    COALESCE(listed.hits, '[]'::jsonb) AS hits
FROM sweep_gap gap
LEFT JOIN sweep_whole whole ON whole.household_id = gap.household_id
LEFT JOIN (
    SELECT
        hit.household_id,
        jsonb_agg(
            jsonb_build_object(
                'rule', hit.rule, 'version', known.version, 'person', hit.person_id, 'since', hit.since,
                'weight', hit.weight, 'points', COALESCE(points.points, 0), 'floor', hit.floor, 'trump', hit.trump,
                'evidence', hit.evidence
            )
            ORDER BY hit.trump DESC, hit.floor DESC NULLS LAST, COALESCE(points.points, 0) DESC, hit.weight DESC,
                hit.since, hit.rule, hit.person_id
        ) AS hits
    FROM sweep_hit hit
    JOIN sweep_rule known ON known.code = hit.rule
    LEFT JOIN sweep_whole_points points ON points.id = hit.id
    GROUP BY hit.household_id
) listed ON listed.household_id = gap.household_id;
ANALYZE sweep_judged;

-- A decision about an Emergency that lowers it holds only once a second person has endorsed it.
CREATE TEMP TABLE sweep_decided ON COMMIT DROP AS
SELECT DISTINCT ON (review.household_id)
    review.household_id, review.decision, review.band, review.machine_band, review.review_on, review.recorded_at,
    %(on)s::date < review.review_on AS holds
FROM risk_review review
LEFT JOIN risk_endorsement endorsement
    ON endorsement.review_id = review.id
    AND endorsement.recorded_at <= %(known)s
    AND endorsement.recorded_by_id <> review.recorded_by_id
WHERE review.decision IN ('confirm', 'adjust')
    AND review.decided_on <= %(on)s::date
    AND review.recorded_at <= %(known)s
    AND (%(ids)s::bigint[] IS NULL OR review.household_id = ANY(%(ids)s::bigint[]))
    AND (review.machine_band < 5 OR review.band >= 5 OR endorsement.id IS NOT NULL)
ORDER BY review.household_id, review.recorded_at DESC, review.id DESC;

-- A dismissed reason is left out until its day to look again, unless it got worse: more weight or more facts.
CREATE TEMP TABLE sweep_dismissed ON COMMIT DROP AS
SELECT hit.id, hit.household_id, dismissal.recorded_at
FROM (
    SELECT DISTINCT ON (flag.rule, flag.household_id, flag.person_id)
        flag.rule, flag.household_id, flag.person_id, review.points, review.facts, review.review_on,
        review.recorded_at, endorsement.id IS NOT NULL AS endorsed
    FROM risk_review review
    JOIN risk_flag flag ON flag.id = review.flag_id AND (flag.cleared_at IS NULL OR flag.cleared_at > %(known)s)
    LEFT JOIN risk_endorsement endorsement
        ON endorsement.review_id = review.id
        AND endorsement.recorded_at <= %(known)s
        AND endorsement.recorded_by_id <> review.recorded_by_id
    WHERE review.decision = 'dismiss'
        AND review.decided_on <= %(on)s::date
        AND review.recorded_at <= %(known)s
        AND (%(ids)s::bigint[] IS NULL OR review.household_id = ANY(%(ids)s::bigint[]))
    ORDER BY flag.rule, flag.household_id, flag.person_id, review.recorded_at DESC, review.id DESC
) dismissal
JOIN sweep_hit hit
    ON hit.rule = dismissal.rule
    AND hit.household_id = dismissal.household_id
    AND hit.person_id IS NOT DISTINCT FROM dismissal.person_id
WHERE %(on)s::date < dismissal.review_on
    AND hit.weight <= dismissal.points
    AND hit.facts <= dismissal.facts
    AND (NOT hit.trump OR dismissal.endorsed);

CREATE TEMP TABLE sweep_left ON COMMIT DROP AS
SELECT hit.*
FROM sweep_hit hit
WHERE hit.household_id IN (SELECT household_id FROM sweep_dismissed)
    AND hit.id NOT IN (SELECT id FROM sweep_dismissed);
