-- The crisis signals that have not ended, the latest of each kind; a fact of the dwelling once per household.
-- Parameters: on, known, dwelling (codes), counted (tags that a rule reads), memory_days (how long anything counts at
-- most), fade_days, child_age, old_age.

-- Who lived in the homes that are judged, and when: a fact of the dwelling stays with the home it was told of, when the
-- person it was told about has moved on or died.
CREATE TEMP TABLE sweep_lived ON COMMIT DROP AS
SELECT lived.household_id, lived.person_id, lived.during
FROM households_membership lived
JOIN sweep_house house ON house.household_id = lived.household_id
WHERE lived.kind = 'living'
    AND lived.known_at <= %(known)s
    AND (lived.superseded_at IS NULL OR lived.superseded_at > %(known)s);
ANALYZE sweep_lived;

-- What was told and has not ended (an array of the people, so that a few of them are found by the index). A feed tells
-- the same thing every two months: of a million rows the latest of each kind counts. It is found by one packed number
-- (16 bits of days since 2000, 10 of months, 37 of the row), because a pass that keeps the largest number takes a fifth
-- of the time of sorting the rows. Told for several members on one day, most months speak, not the row that happens to
-- stand last in the file.
CREATE TEMP VIEW sweep_telling AS
SELECT
    id, person_id, code_id AS code, observed_on, months, amount_krw,
    ((observed_on - DATE '2000-01-01')::bigint << 47) | (LEAST(COALESCE(months + 1, 0), 1023)::bigint << 37) | id AS packed
FROM risk_signal
WHERE (%(ids)s::bigint[] IS NULL OR person_id = ANY(ARRAY(
        SELECT person_id FROM sweep_lived UNION ALL SELECT person_id FROM sweep_person
    )))
    AND (ended_on IS NULL OR ended_on > %(on)s::date)
    AND known_at <= %(known)s
    AND (superseded_at IS NULL OR superseded_at > %(known)s)
    AND observed_on <= %(on)s::date
    AND observed_on > %(on)s::date - %(memory_days)s;

-- Months and amounts once told stay known when a later telling leaves them out.
CREATE TEMP TABLE sweep_latest ON COMMIT DROP AS
SELECT
    person_id AS subject, code,
    max(packed) AS packed,
    max(packed) FILTER (WHERE months IS NOT NULL) AS counted,
    max(packed) FILTER (WHERE amount_krw IS NOT NULL) AS priced,
    min(observed_on) AS open_since,
    max(id) AS last_id
FROM sweep_telling
GROUP BY person_id, code;
ANALYZE sweep_latest;

-- A fact of the dwelling has the household for its subject (negative), whoever of its members it was told of. What was
-- told of somebody while they lived there from the first telling to the last is taken as it stands; only of those who
-- moved in between are the tellings gone through again.
INSERT INTO sweep_latest
WITH lived AS (
    SELECT
        lived.household_id, lived.during, named.*,
        lived.during @> named.open_since AND lived.during @> (DATE '2000-01-01' + (named.packed >> 47)::int) AS throughout
    FROM sweep_latest named
    JOIN sweep_lived lived ON lived.person_id = named.subject
    WHERE named.code = ANY(%(dwelling)s)
), of_home AS (
    SELECT household_id, code, packed, counted, priced, open_since, last_id FROM lived WHERE throughout
    UNION ALL
    SELECT
        lived.household_id, told.code, told.packed,
        CASE WHEN told.months IS NOT NULL THEN told.packed END,
        CASE WHEN told.amount_krw IS NOT NULL THEN told.packed END,
        told.observed_on, told.id
    FROM sweep_telling told
    JOIN lived ON lived.subject = told.person_id AND lived.code = told.code AND lived.during @> told.observed_on
    WHERE NOT lived.throughout
        AND told.person_id = ANY(ARRAY(SELECT subject FROM lived WHERE NOT throughout))
)
SELECT -household_id, code, max(packed), max(counted), max(priced), min(open_since), max(last_id)
FROM of_home
GROUP BY household_id, code;
DROP VIEW sweep_telling;

-- Only what a number holds is unpacked: the row itself is fetched where a hit names it, not for every condition.
CREATE TEMP TABLE sweep_open ON COMMIT DROP AS
SELECT
    subject, code, open_since, last_id,
    packed & ((1::bigint << 37) - 1) AS row_id,
    priced & ((1::bigint << 37) - 1) AS priced_id,
    DATE '2000-01-01' + (packed >> 47)::int AS observed_on,
    ((counted >> 37) & 1023)::int - 1 AS months
FROM sweep_latest
WHERE subject < 0 OR code <> ALL(%(dwelling)s);
ANALYZE sweep_open;

CREATE TEMP TABLE sweep_closed ON COMMIT DROP AS
WITH ended AS (
    SELECT person_id, code_id AS code, id, observed_on, ended_on
    FROM risk_signal
    WHERE ended_on <= %(on)s::date
        AND observed_on <= %(on)s::date
        AND known_at <= %(known)s
        AND (superseded_at IS NULL OR superseded_at > %(known)s)
        AND (%(ids)s::bigint[] IS NULL OR person_id = ANY(ARRAY(
            SELECT person_id FROM sweep_lived UNION ALL SELECT person_id FROM sweep_person
        )))
)
SELECT
    sought.subject,
    sought.code,
    bool_or((ended.observed_on, ended.id) > (sought.observed_on, sought.last_id)) AS later,
    max(ended.ended_on) AS closed_on
FROM (
    SELECT person_id AS subject, ended.* FROM ended
    UNION ALL
    SELECT -lived.household_id, ended.*
    FROM ended
    JOIN sweep_lived lived ON lived.person_id = ended.person_id AND lived.during @> ended.observed_on
) ended
JOIN sweep_open sought ON sought.subject = ended.subject AND sought.code = ended.code
WHERE ended.observed_on >= sought.open_since
GROUP BY sought.subject, sought.code;
ANALYZE sweep_closed;

CREATE TEMP TABLE sweep_signal ON COMMIT DROP AS
SELECT
    house.household_id,
    person.person_id,
    latest.code,
    code."group" AS kind,
    code.in_overlap,
    latest.row_id,
    latest.priced_id,
    latest.observed_on,
    latest.months,
    -- Told again and again it is one condition, true since it was first told, unless it ended in between.
    CASE WHEN latest.open_since < closed.closed_on THEN latest.observed_on ELSE latest.open_since END AS since,
    %(on)s::date - latest.observed_on AS age_days,
    reach.spoken_on IS NULL OR reach.spoken_on < latest.observed_on AS unspoken,
    COALESCE(reach.spoken_on >= latest.observed_on, FALSE) AND %(on)s::date - latest.observed_on >= %(fade_days)s AS faded,
    COALESCE(reach.met_on >= latest.observed_on, FALSE)
        AND COALESCE(house.planned_at::date >= latest.observed_on, FALSE) AS settled,
    COALESCE(house.utilities_ok_at::date >= latest.observed_on, FALSE) AS verified
FROM sweep_open latest
LEFT JOIN sweep_closed closed ON closed.subject = latest.subject AND closed.code = latest.code
JOIN risk_signalcode code ON code.code = latest.code
LEFT JOIN sweep_person person ON person.person_id = latest.subject
JOIN sweep_house house ON house.household_id = COALESCE(person.household_id, -latest.subject)
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN latest.subject < 0 THEN house.spoken_at ELSE person.spoken_at END::date AS spoken_on,
        CASE WHEN latest.subject < 0 THEN house.met_at ELSE person.met_at END::date AS met_on
) AS reach
WHERE NOT COALESCE(closed.later, FALSE);
-- Two dozen rules each look for a handful of codes.
CREATE INDEX ON sweep_signal (code);
ANALYZE sweep_signal;

CREATE TEMP TABLE sweep_tag ON COMMIT DROP AS
SELECT
    told.household_id,
    told.person_id,
    told.tag,
    told.fact_id,
    told.occurred_at::date AS observed_on,
    told.known_at,
    told.source,
    told.occurred_at::date AS since,
    %(on)s::date - told.occurred_at::date AS age_days,
    reach.spoken_at IS NULL OR reach.spoken_at <= told.occurred_at AS unspoken,
    COALESCE(reach.spoken_at > told.occurred_at, FALSE) AND %(on)s::date - told.occurred_at::date >= %(fade_days)s AS faded,
    COALESCE(reach.met_at >= told.occurred_at, FALSE) AND COALESCE(house.planned_at >= told.occurred_at, FALSE) AS settled,
    COALESCE(house.utilities_ok_at > told.occurred_at, FALSE) AS verified,
    COALESCE(house.recovered_at > told.occurred_at, FALSE) AS recovered,
    COALESCE(house.rung_at > told.occurred_at, FALSE) AS rung,
    COALESCE(house.visited_at > told.occurred_at, FALSE) OR COALESCE(housed.moved_on >= told.occurred_at::date, FALSE)
        AS placed,
    GREATEST(told.occurred_at, house.spoken_at, house.feedback_at)::date AS heard_on,
    frail.fact_id IS NOT NULL AS frail_home
FROM sweep_told told
JOIN sweep_house house ON house.household_id = told.household_id
LEFT JOIN sweep_person person ON person.person_id = told.person_id
LEFT JOIN sweep_housed housed ON housed.household_id = told.household_id
-- Who lived there on that day: somebody born or moved in later must not make an Emergency of what is long over.
LEFT JOIN (
    SELECT DISTINCT told.household_id, told.fact_id
    FROM sweep_told told
    JOIN sweep_person member ON member.household_id = told.household_id
    WHERE told.tag IN ('no_food', 'no_heat_power')
        AND member.born_first <= told.occurred_at::date
        AND (member.joined_on IS NULL OR member.joined_on <= told.occurred_at::date)
        AND (
            extract(year FROM age(told.occurred_at::date, member.born_last)) < %(child_age)s
            OR extract(year FROM age(told.occurred_at::date, member.born_first)) >= %(old_age)s
        )
) AS frail ON frail.household_id = told.household_id AND frail.fact_id = told.fact_id
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN told.person_id IS NULL THEN house.spoken_at ELSE person.spoken_at END AS spoken_at,
        CASE WHEN told.person_id IS NULL THEN house.met_at ELSE person.met_at END AS met_at
) AS reach
WHERE told.occurred_at > (%(on)s::date - %(memory_days)s)::timestamptz
    AND told.tag = ANY(%(counted)s);
ANALYZE sweep_tag;

-- Attempts since the last run ended (see homes.sql), without any window: silence does not wear them off.
CREATE TEMP TABLE sweep_attempt ON COMMIT DROP AS
SELECT
    contact.household_id,
    contact.fact_id,
    contact.occurred_at,
    contact.occurred_at::date AS observed_on,
    contact.known_at,
    contact.channel,
    contact.occurred_at::time >= TIME '09:00' AND contact.occurred_at::time < TIME '18:00'
        AND EXISTS (SELECT FROM casework_workday usual WHERE usual.day = contact.occurred_at::date AND usual.works)
        AS in_hours,
    NOT EXISTS (SELECT FROM sweep_signal signal WHERE signal.household_id = contact.household_id) AS no_signal
FROM sweep_contact contact
JOIN sweep_house house ON house.household_id = contact.household_id
WHERE NOT contact.contact_made AND (house.run_since IS NULL OR contact.occurred_at > house.run_since);
ANALYZE sweep_attempt;
