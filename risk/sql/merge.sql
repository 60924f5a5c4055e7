-- Raw hits become hits: several ways to the same hit of one rule, household and person are one, the strongest speaks.
-- Parameters: rules (codes).

INSERT INTO sweep_hit (rule, household_id, person_id, since, weight, bonus, floor, trump, facts, evidence)
SELECT
    merged.rule,
    merged.household_id,
    merged.person_id,
    merged.since,
    merged.weight,
    merged.bonus,
    merged.floor,
    merged.trump,
    jsonb_array_length(merged.told),
    jsonb_build_object('v', 1, 'variant', merged.variant, 'facts', merged.told, 'params', known.params)
FROM (
    SELECT
        raw.rule,
        raw.household_id,
        raw.person_id,
        max(raw.weight) AS weight,
        max(raw.bonus) AS bonus,
        max(raw.floor) AS floor,
        bool_or(raw.trump) AS trump,
        (array_agg(raw.since ORDER BY raw.trump DESC, raw.floor DESC NULLS LAST, raw.weight DESC, raw.since))[1] AS since,
        (array_agg(raw.variant ORDER BY raw.trump DESC, raw.floor DESC NULLS LAST, raw.weight DESC, raw.since))[1]
            AS variant,
        CASE
            WHEN count(*) = 1 THEN (array_agg(raw.told))[1]
            ELSE (
                SELECT jsonb_agg(fact ORDER BY fact ->> 'observed', fact ->> 'fact_id')
                FROM unnest(array_agg(raw.told)) AS told, jsonb_array_elements(told) AS fact
            )
        END AS told
    FROM sweep_raw raw
    WHERE raw.rule = ANY(%(rules)s)
    GROUP BY raw.rule, raw.household_id, raw.person_id
) merged
JOIN sweep_rule known ON known.code = merged.rule;
ANALYZE sweep_hit;
