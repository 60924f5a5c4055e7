-- What people decided that still holds. Parameters: on, known, ids.

-- A decision that lowers High or Emergency holds only once a second person has endorsed it. Also those of a home that is
-- another one under a second number (`links.sql`), which is judged no more.
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
    AND (
        %(ids)s::bigint[] IS NULL
        OR review.household_id = ANY(%(ids)s::bigint[] || ARRAY(SELECT from_id FROM sweep_link_home))
    )
    AND (review.machine_band < 4 OR review.band >= review.machine_band OR endorsement.id IS NOT NULL)
ORDER BY review.household_id, review.recorded_at DESC, review.id DESC;

-- A band that people decided on under the second number follows to the home that is kept. Whoever decided did not have
-- before them what is told there: it raises the band, and lowers nothing.
CREATE TEMP TABLE sweep_followed ON COMMIT DROP AS
SELECT DISTINCT ON (link.household_id) link.household_id, decided.band, decided.review_on
FROM sweep_link_home link
JOIN sweep_decided decided ON decided.household_id = link.from_id
WHERE decided.decision = 'adjust' AND decided.holds
ORDER BY link.household_id, decided.band DESC, decided.review_on DESC;

-- A dismissed reason is left out until its day to look again, unless it got worse: more weight or more facts; one that
-- held, or might hold, High or above only once a second person has endorsed that.
CREATE TEMP TABLE sweep_dismissed ON COMMIT DROP AS
SELECT hit.id, hit.household_id, dismissal.recorded_at
FROM (
    SELECT DISTINCT ON (flag.rule, flag.household_id, flag.person_id)
        flag.rule, flag.household_id, flag.person_id, review.points, review.facts, review.review_on,
        review.machine_band, review.recorded_at, endorsement.id IS NOT NULL AS endorsed
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
JOIN sweep_judged judged ON judged.household_id = hit.household_id
WHERE %(on)s::date < dismissal.review_on
    AND hit.weight <= dismissal.points
    AND hit.facts <= dismissal.facts
    AND (
        dismissal.endorsed
        OR (GREATEST(dismissal.machine_band, judged.band) < 4 AND NOT hit.trump AND COALESCE(hit.floor, 0) < 4)
    );

CREATE TEMP TABLE sweep_left ON COMMIT DROP AS
SELECT hit.*
FROM sweep_hit hit
WHERE hit.household_id IN (SELECT household_id FROM sweep_dismissed)
    AND hit.id NOT IN (SELECT id FROM sweep_dismissed);
