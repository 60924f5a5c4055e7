-- One score per household: for each rule the strongest hit among its members, summed per group, each group capped.
-- Written once and used for the band of the other rules, for the whole, and for what people left standing:
-- __HITS__ is a table of hits, __OUT__ the table that is made. Parameters: the criteria.

CREATE TEMP TABLE __OUT___points ON COMMIT DROP AS
SELECT
    strongest.*,
    LEAST(
        strongest.weight,
        GREATEST(
            0,
            %(group_cap)s - COALESCE(
                sum(strongest.weight) OVER (
                    PARTITION BY strongest.household_id, strongest.kind
                    ORDER BY strongest.weight DESC, strongest.rule
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ),
                0
            )
        )
    )::int AS points
FROM (
    SELECT DISTINCT ON (hit.household_id, hit.rule)
        hit.id, hit.household_id, hit.rule, known.kind, known.is_last, hit.since, hit.weight, hit.floor, hit.trump
    FROM __HITS__ hit
    JOIN sweep_rule known ON known.code = hit.rule
    ORDER BY hit.household_id, hit.rule, hit.trump DESC, hit.floor DESC NULLS LAST, hit.weight DESC, hit.since,
        hit.person_id
) strongest;

CREATE TEMP TABLE __OUT__ ON COMMIT DROP AS
SELECT
    points.household_id,
    sum(points.points)::int AS score,
    COALESCE(sum(points.points) FILTER (WHERE NOT points.is_last), 0)::int AS other_score,
    COALESCE(bool_or(points.is_last), FALSE) AS contact_late,
    max(points.since) FILTER (WHERE points.trump) AS trump_since,
    bool_or(points.kind = 'arrears') AS in_arrears,
    CASE
        WHEN bool_or(points.trump) THEN 5
        ELSE GREATEST(
            COALESCE(max(points.floor), 1),
            CASE
                WHEN sum(points.points) >= %(high_score)s THEN 4
                WHEN sum(points.points) >= %(moderate_score)s THEN 3
                WHEN sum(points.points) >= %(watch_score)s THEN 2
                ELSE 1
            END
        )
    END AS band
FROM __OUT___points points
GROUP BY points.household_id;
ANALYZE __OUT__;
