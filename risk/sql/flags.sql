-- Flags are raised once, kept while the condition holds, and cleared with history. Whoever sweeps, and however often,
-- the unique index on open flags has the last word. Parameters: sweep, now, ids.

-- Compared in analysed temporary tables: statistics of the flags themselves are stale right after a large change, and
-- a plan built on them once took forty seconds instead of a fifth of one.
CREATE TEMP TABLE sweep_flag ON COMMIT DROP AS
SELECT id, rule, household_id, COALESCE(person_id, 0) AS who, since, weight, points, floor, trump, facts, version_id, evidence
FROM risk_flag
WHERE cleared_at IS NULL AND (%(ids)s::bigint[] IS NULL OR household_id = ANY(%(ids)s::bigint[]));
ANALYZE sweep_flag;

CREATE TEMP TABLE sweep_found ON COMMIT DROP AS
SELECT
    hit.id, hit.rule, hit.household_id, hit.person_id, COALESCE(hit.person_id, 0) AS who, hit.since, hit.weight,
    COALESCE(points.points, 0) AS points, hit.floor, hit.trump, hit.facts, known.version_id, hit.evidence
FROM sweep_hit hit
JOIN sweep_rule known ON known.code = hit.rule
LEFT JOIN sweep_whole_points points ON points.id = hit.id;
ANALYZE sweep_found;

CREATE TEMP TABLE sweep_cleared ON COMMIT DROP AS
SELECT flag.id
FROM sweep_flag flag
LEFT JOIN sweep_found hit ON hit.household_id = flag.household_id AND hit.rule = flag.rule AND hit.who = flag.who
WHERE hit.id IS NULL;
ANALYZE sweep_cleared;

UPDATE risk_flag flag
SET cleared_at = %(now)s, cleared_by_id = %(sweep)s
FROM sweep_cleared cleared
WHERE flag.id = cleared.id AND flag.cleared_at IS NULL;

CREATE TEMP TABLE sweep_changed ON COMMIT DROP AS
SELECT
    flag.id, hit.since, hit.weight, hit.points, hit.floor, hit.trump, hit.facts, hit.version_id, hit.evidence
FROM sweep_flag flag
JOIN sweep_found hit ON hit.household_id = flag.household_id AND hit.rule = flag.rule AND hit.who = flag.who
WHERE (flag.since, flag.weight, flag.points, flag.floor, flag.trump, flag.facts, flag.version_id, flag.evidence)
    IS DISTINCT FROM
    (hit.since, hit.weight, hit.points, hit.floor, hit.trump, hit.facts, hit.version_id, hit.evidence);
ANALYZE sweep_changed;

UPDATE risk_flag flag
SET since = changed.since, weight = changed.weight, points = changed.points, floor = changed.floor,
    trump = changed.trump, facts = changed.facts, version_id = changed.version_id, evidence = changed.evidence
FROM sweep_changed changed
WHERE flag.id = changed.id AND flag.cleared_at IS NULL;

CREATE TEMP TABLE sweep_opened (id bigint) ON COMMIT DROP;
WITH opened AS (
    INSERT INTO risk_flag (
        rule, household_id, person_id, version_id, since, weight, points, floor, trump, evidence, facts, raised_by_id,
        raised_at
    )
    SELECT
        hit.rule, hit.household_id, hit.person_id, hit.version_id, hit.since, hit.weight, hit.points, hit.floor,
        hit.trump, hit.evidence, hit.facts, %(sweep)s, %(now)s
    FROM sweep_found hit
    LEFT JOIN sweep_flag flag
        ON flag.household_id = hit.household_id AND flag.rule = hit.rule AND flag.who = hit.who
    WHERE flag.id IS NULL
    ORDER BY hit.id
    ON CONFLICT (rule, household_id, person_id) WHERE cleared_at IS NULL DO NOTHING
    RETURNING id
)
INSERT INTO sweep_opened SELECT id FROM opened;
