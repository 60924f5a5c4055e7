-- The crisis signals that have not ended, the latest of each kind; a fact of the dwelling once per household.
-- Parameters: on, known, dwelling (codes), memory_days (how long anything counts at most), fade_days, child_age, old_age.

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

-- Most signals have ended long ago: the open ones are grouped first, and only theirs are compared with what ended.
CREATE TEMP TABLE sweep_open ON COMMIT DROP AS
SELECT DISTINCT ON (told.subject, told.code)
    told.*,
    min(told.observed_on) OVER (PARTITION BY told.subject, told.code) AS open_since,
    max(told.id) OVER (PARTITION BY told.subject, told.code) AS last_id
FROM (
    SELECT
        COALESCE(lived.household_id, person.household_id) AS household_id,
        -- A person, or (negative) a household for a fact of the dwelling.
        COALESCE(-lived.household_id, signal.person_id) AS subject,
        signal.code_id AS code, signal.id, signal.fact_id, signal.observed_on, signal.known_at, signal.months
    FROM risk_signal signal
    LEFT JOIN sweep_person person
        ON person.person_id = signal.person_id AND signal.code_id <> ALL(%(dwelling)s)
    LEFT JOIN sweep_lived lived
        ON lived.person_id = signal.person_id
        AND signal.code_id = ANY(%(dwelling)s)
        AND lived.during @> signal.observed_on
    WHERE (person.person_id IS NOT NULL OR lived.person_id IS NOT NULL)
        AND (%(ids)s::bigint[] IS NULL OR signal.person_id IN (
            SELECT person_id FROM sweep_lived UNION ALL SELECT person_id FROM sweep_person
        ))
        AND (signal.ended_on IS NULL OR signal.ended_on > %(on)s::date)
        AND signal.known_at <= %(known)s
        AND (signal.superseded_at IS NULL OR signal.superseded_at > %(known)s)
        AND signal.observed_on <= %(on)s::date
        AND signal.observed_on > %(on)s::date - %(memory_days)s
) told
-- Told for several members on one day, most months speak, not the row that happens to stand last in the file.
ORDER BY told.subject, told.code, told.observed_on DESC, told.months DESC NULLS LAST, told.id DESC;
ANALYZE sweep_open;

CREATE TEMP TABLE sweep_closed ON COMMIT DROP AS
SELECT
    sought.subject,
    sought.code,
    bool_or((signal.observed_on, signal.id) > (sought.observed_on, sought.last_id)) AS later,
    max(signal.ended_on) AS closed_on
FROM (
    SELECT subject, code, open_since, observed_on, last_id, subject AS person_id, NULL::daterange AS lived
    FROM sweep_open WHERE subject > 0
    UNION ALL
    SELECT home.subject, home.code, home.open_since, home.observed_on, home.last_id, lived.person_id, lived.during
    FROM sweep_open home
    JOIN sweep_lived lived ON lived.household_id = -home.subject
    WHERE home.subject < 0
) sought
JOIN risk_signal signal ON signal.person_id = sought.person_id AND signal.code_id = sought.code
WHERE signal.ended_on <= %(on)s::date
    AND (sought.lived IS NULL OR sought.lived @> signal.observed_on)
    AND signal.observed_on >= sought.open_since
    AND signal.observed_on <= %(on)s::date
    AND signal.known_at <= %(known)s
    AND (signal.superseded_at IS NULL OR signal.superseded_at > %(known)s)
GROUP BY sought.subject, sought.code;
ANALYZE sweep_closed;

CREATE TEMP TABLE sweep_signal ON COMMIT DROP AS
SELECT
    latest.household_id,
    person.person_id,
    latest.code,
    code."group" AS kind,
    code.in_overlap,
    latest.fact_id,
    latest.observed_on,
    latest.known_at,
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
JOIN sweep_house house ON house.household_id = latest.household_id
LEFT JOIN sweep_person person ON person.person_id = latest.subject
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN latest.subject < 0 THEN house.spoken_at ELSE person.spoken_at END::date AS spoken_on,
        CASE WHEN latest.subject < 0 THEN house.met_at ELSE person.met_at END::date AS met_on
) AS reach
WHERE NOT COALESCE(closed.later, FALSE);
ANALYZE sweep_signal;

UPDATE sweep_house house SET signals = counted.signals
FROM (SELECT household_id, count(DISTINCT code)::int AS signals FROM sweep_signal GROUP BY household_id) counted
WHERE counted.household_id = house.household_id;

CREATE TEMP TABLE sweep_tag ON COMMIT DROP AS
SELECT
    told.household_id,
    told.person_id,
    told.tag,
    told.fact_id,
    told.occurred_at::date AS observed_on,
    told.known_at,
    told.occurred_at::date AS since,
    %(on)s::date - told.occurred_at::date AS age_days,
    reach.spoken_at IS NULL OR reach.spoken_at <= told.occurred_at AS unspoken,
    COALESCE(reach.spoken_at > told.occurred_at, FALSE) AND %(on)s::date - told.occurred_at::date >= %(fade_days)s AS faded,
    COALESCE(reach.met_at >= told.occurred_at, FALSE) AND COALESCE(house.planned_at >= told.occurred_at, FALSE) AS settled,
    COALESCE(house.utilities_ok_at > told.occurred_at, FALSE) AS verified,
    COALESCE(house.recovered_at > told.occurred_at, FALSE) AS recovered,
    COALESCE(house.rung_at > told.occurred_at, FALSE) AS rung,
    frail.fact_id IS NOT NULL AS frail_home
FROM sweep_told told
JOIN sweep_house house ON house.household_id = told.household_id
LEFT JOIN sweep_person person ON person.person_id = told.person_id
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
    AND told.tag IN ('self_harm', 'no_food', 'no_heat_power', 'number_invalid', 'eviction_notice', 'lease_cancelled');
ANALYZE sweep_tag;

-- Attempts since somebody was last spoken with, without any window: silence does not wear them off. Who asked not to be
-- contacted has spoken, too.
CREATE TEMP TABLE sweep_attempt ON COMMIT DROP AS
SELECT
    contact.household_id,
    contact.fact_id,
    contact.occurred_at,
    contact.occurred_at::date AS observed_on,
    contact.known_at,
    contact.channel,
    extract(isodow FROM contact.occurred_at) < 6
        AND contact.occurred_at::time >= TIME '09:00' AND contact.occurred_at::time < TIME '18:00'
        AND NOT EXISTS (SELECT FROM casework_holiday holiday WHERE holiday.day = contact.occurred_at::date)
        AS in_hours,
    house.signals = 0 AS no_signal
FROM sweep_contact contact
JOIN sweep_house house ON house.household_id = contact.household_id
WHERE NOT contact.contact_made
    AND (house.spoken_at IS NULL OR contact.occurred_at > house.spoken_at)
    AND (house.refused_on IS NULL OR contact.occurred_at::date > house.refused_on);
ANALYZE sweep_attempt;
