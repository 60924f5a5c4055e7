-- Tables of this transaction for what a live sweep keeps, holding what it would have found there on the day: what the
-- assessments of the time say of the band and since when, and the flags that were open. Parameters: then, ids.

CREATE TEMP TABLE sweep_kept_shown ON COMMIT DROP AS
SELECT * FROM risk_assessment
WHERE recorded_at <= %(then)s AND (%(ids)s::bigint[] IS NULL OR household_id = ANY(%(ids)s::bigint[]));
CREATE SEQUENCE pg_temp.sweep_kept_number MINVALUE -9223372036854775807 INCREMENT -1 START -1;
ALTER TABLE sweep_kept_shown ALTER COLUMN id SET DEFAULT nextval('pg_temp.sweep_kept_number'),
    ALTER COLUMN recorded_at SET DEFAULT statement_timestamp();
ANALYZE sweep_kept_shown;

CREATE TEMP TABLE sweep_kept_standing ON COMMIT DROP AS SELECT * FROM risk_standing LIMIT 0;
CREATE UNIQUE INDEX ON sweep_kept_standing (household_id);
INSERT INTO sweep_kept_standing (household_id, assessment_id, band, shown_band, since, band_since)
SELECT latest.household_id, latest.id, latest.band, latest.band,
    CASE WHEN run.before IS NULL
        THEN LEAST(run."on", (SELECT (hit ->> 'since')::date FROM jsonb_array_elements(run.hits) AS hit LIMIT 1))
        ELSE run."on" END,
    run.recorded_at
FROM (
    SELECT DISTINCT ON (household_id) household_id, id, band FROM sweep_kept_shown
    ORDER BY household_id, recorded_at DESC, id DESC
) latest
JOIN (
    -- The assessment that brought the band which still stood.
    SELECT DISTINCT ON (household_id) household_id, "on", recorded_at, hits, before
    FROM (
        SELECT household_id, id, "on", recorded_at, hits, band,
            lag(band) OVER (PARTITION BY household_id ORDER BY recorded_at, id) AS before
        FROM sweep_kept_shown
    ) each
    WHERE band IS DISTINCT FROM before
    ORDER BY household_id, recorded_at DESC, id DESC
) run ON run.household_id = latest.household_id;
ANALYZE sweep_kept_standing;

CREATE TEMP TABLE sweep_kept_flag ON COMMIT DROP AS
SELECT * FROM risk_flag
WHERE raised_at <= %(then)s AND (cleared_at IS NULL OR cleared_at > %(then)s)
    AND (%(ids)s::bigint[] IS NULL OR household_id = ANY(%(ids)s::bigint[]));
UPDATE sweep_kept_flag SET cleared_at = NULL, cleared_by_id = NULL;
ALTER TABLE sweep_kept_flag ALTER COLUMN id SET DEFAULT nextval('pg_temp.sweep_kept_number');
CREATE UNIQUE INDEX ON sweep_kept_flag (rule, household_id, person_id) NULLS NOT DISTINCT WHERE cleared_at IS NULL;
