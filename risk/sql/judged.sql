-- What the machine says of each household. Score, gap and household never lead to Emergency; only a trump does.
-- Parameters: the criteria.

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
