-- What is stated of the members and how they were screened, with how long ago and whether anybody spoke with them since;
-- and what weighs on somebody who lives alone. Built on people.sql, homes.sql and signals.sql.
-- Parameters: on, known, fade_days, memory_days.

CREATE TEMP TABLE sweep_circumstance ON COMMIT DROP AS
SELECT
    stated.household_id, stated.person_id, stated.fact_id, stated.known_at, stated.kind, stated.value, stated.detail,
    -- An open beginning says only that it was so when we were told: it is no news of that day. Nor is what began long ago.
    COALESCE(stated.begun_on > %(on)s::date - %(memory_days)s, FALSE) AS dated,
    told.since,
    told.since AS observed_on,
    %(on)s::date - told.since AS age_days,
    person.spoken_at IS NULL OR person.spoken_at::date < told.since AS unspoken,
    COALESCE(person.spoken_at::date >= told.since, FALSE) AND %(on)s::date - told.since >= %(fade_days)s AS faded,
    FALSE AS settled,
    FALSE AS verified
FROM sweep_stated stated
JOIN sweep_person person ON person.person_id = stated.person_id AND person.household_id = stated.household_id
CROSS JOIN LATERAL (
    SELECT COALESCE(stated.begun_on, LEAST(stated.known_at::date, %(on)s::date)) AS since
) AS told
-- Who earns, and that there is income, is kept with people and homes.
WHERE stated.kind IN ('benefit', 'disability', 'illness', 'marital') OR stated.value IN ('below_line', 'unemployed');
ANALYZE sweep_circumstance;

-- The latest screening by each instrument. Item 9 is settled by an assessment of the danger on that day or later. It is
-- an instrument of its own ('item9', the latest PHQ-9 that told it): a later score without it answers nothing.
CREATE TEMP TABLE sweep_screening ON COMMIT DROP AS
SELECT
    latest.household_id, latest.person_id, latest.fact_id, latest.known_at, latest.instrument, latest.score, latest.item9,
    latest.observed_on,
    latest.observed_on AS since,
    %(on)s::date - latest.observed_on AS age_days,
    latest.spoken_on IS NULL OR latest.spoken_on < latest.observed_on AS unspoken,
    COALESCE(latest.spoken_on >= latest.observed_on, FALSE)
        AND %(on)s::date - latest.observed_on >= %(fade_days)s AS faded,
    COALESCE(assessed.observed_on >= latest.observed_on, FALSE)
        OR (
            COALESCE(latest.met_on >= latest.observed_on, FALSE)
            AND COALESCE(marker.planned_at::date >= latest.observed_on, FALSE)
        ) AS settled,
    FALSE AS verified
FROM (
    SELECT DISTINCT ON (screened.person_id, read_as.instrument)
        person.household_id, screened.person_id, screened.fact_id, screened.known_at, read_as.instrument, screened.score,
        COALESCE(screened.item9, FALSE) AS item9, screened.observed_on,
        person.spoken_at::date AS spoken_on, person.met_at::date AS met_on
    FROM households_screening screened
    JOIN sweep_person person ON person.person_id = screened.person_id
    JOIN LATERAL (VALUES (screened.instrument), (CASE WHEN screened.item9 IS NOT NULL THEN 'item9' END))
        AS read_as (instrument) ON read_as.instrument IS NOT NULL
    WHERE screened.observed_on <= %(on)s::date
        AND screened.observed_on > %(on)s::date - %(memory_days)s
        AND screened.known_at <= %(known)s
        AND (screened.superseded_at IS NULL OR screened.superseded_at > %(known)s)
    ORDER BY screened.person_id, read_as.instrument, screened.observed_on DESC, screened.fact_id DESC
) latest
LEFT JOIN sweep_marker marker ON marker.household_id = latest.household_id
LEFT JOIN (
    SELECT screened.person_id, max(screened.observed_on) AS observed_on
    FROM households_screening screened
    WHERE screened.instrument = 'cssrs'
        AND screened.observed_on <= %(on)s::date
        AND screened.known_at <= %(known)s
        AND (screened.superseded_at IS NULL OR screened.superseded_at > %(known)s)
    GROUP BY screened.person_id
) assessed ON assessed.person_id = latest.person_id;
ANALYZE sweep_screening;

-- What weighs on somebody who lives alone, by what it is; told twice or by two sources it is one factor.
CREATE TEMP TABLE sweep_lonely ON COMMIT DROP AS
SELECT weighing.*, person.person_id, FALSE AS settled, FALSE AS verified,
    extract(year FROM age(%(on)s::date, person.born_first))::int AS age
FROM (
    SELECT tag.household_id, tag.fact_id, tag.known_at, 'contact' AS source, tag.tag AS code,
        CASE tag.tag
            WHEN 'divorce' THEN 'parted' WHEN 'bereavement' THEN 'parted' WHEN 'job_loss' THEN 'work'
            WHEN 'chronic_illness' THEN 'illness' ELSE tag.tag
        END AS factor,
        tag.observed_on, tag.since, tag.age_days, tag.unspoken, tag.faded
    FROM sweep_tag tag
    WHERE tag.tag IN ('divorce', 'bereavement', 'job_loss', 'chronic_illness', 'alcohol', 'isolation')
        AND NOT tag.recovered
    UNION ALL
    SELECT signal.household_id, told.fact_id, told.known_at, 'signal', signal.code,
        CASE signal.code WHEN 'S37' THEN 'parted' ELSE 'work' END,
        signal.observed_on, signal.since, signal.age_days, signal.unspoken, signal.faded
    FROM sweep_signal signal
    JOIN sweep_house house ON house.household_id = signal.household_id AND house.size = 1
    JOIN risk_signal told ON told.id = signal.row_id
    WHERE signal.code IN ('S16', 'S17', 'S20', 'S21', 'S37')
    UNION ALL
    -- What is stated stands as long as it is stated, however long ago it began.
    SELECT household_id, fact_id, known_at, 'stated', value,
        CASE kind WHEN 'marital' THEN 'parted' WHEN 'employment' THEN 'work' ELSE 'illness' END,
        observed_on, since, age_days, TRUE, FALSE
    FROM sweep_circumstance
    WHERE kind IN ('marital', 'illness') OR (kind = 'employment' AND value = 'unemployed')
) weighing
JOIN sweep_house house ON house.household_id = weighing.household_id AND house.size = 1
JOIN sweep_person person ON person.household_id = weighing.household_id
WHERE weighing.factor <> 'work' OR person.work_since IS NULL OR person.work_since < weighing.observed_on;
ANALYZE sweep_lonely;
