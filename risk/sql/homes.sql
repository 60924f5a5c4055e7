-- One row per household: when it was last reached, and what marks it. Built on people.sql and found.sql.
-- Parameters: on, known.

CREATE TEMP TABLE sweep_house ON COMMIT DROP AS
WITH peopled AS (
    SELECT
        person.household_id,
        count(*)::int AS size,
        bool_or(person.violence) AS violence,
        bool_or(person.minor) AS minor,
        max(person.moved_in_on) FILTER (WHERE person.moved_in_on <= %(on)s::date) AS moved_in_on,
        bool_or(person.answers AND person.spoken_at IS NULL) AS somebody_unspoken,
        min(person.spoken_at) FILTER (WHERE person.answers) AS least_spoken_at,
        max(person.spoken_at) FILTER (WHERE person.answers) AS most_spoken_at,
        bool_or(person.answers AND person.answered_at IS NULL) AS somebody_unanswered,
        min(person.answered_at) FILTER (WHERE person.answers) AS least_answered_at,
        max(person.answered_at) FILTER (WHERE person.answers) AS most_answered_at,
        max(person.met_at) FILTER (WHERE person.answers) AS most_met_at,
        (array_agg(person.person_id ORDER BY person.spoken_at NULLS FIRST, person.person_id)
            FILTER (WHERE person.answers AND person.violence))[1] AS least_spoken_person
    FROM sweep_person person
    GROUP BY person.household_id
)
SELECT
    peopled.household_id,
    household.known_at::date AS registered_on,
    peopled.size,
    peopled.violence,
    peopled.minor,
    peopled.moved_in_on,
    peopled.least_spoken_person AS contact_person,
    heard.spoken_at,
    heard.answered_at,
    CASE WHEN peopled.violence THEN peopled.most_met_at ELSE GREATEST(reached.met_at, peopled.most_met_at) END AS met_at,
    -- Where the run of attempts begins, for the rules and for every desk. An answered message is judged later.
    GREATEST(heard.spoken_at, ended.refused_at, ended.ended_at) AS run_since,
    reached.rung_at,
    reached.tried_at,
    marker.planned_at,
    marker.recovered_at,
    marker.utilities_ok_at,
    ended.declined_at,
    ended.refused_at,
    reached.visited_at,
    COALESCE(means.income, FALSE) AS income,
    means.benefit_since,
    COALESCE(means.receiving, FALSE) AS receiving,
    means.rested_on,
    asked.feedback_at
FROM peopled
JOIN households_household household ON household.id = peopled.household_id
LEFT JOIN sweep_reached reached ON reached.household_id = peopled.household_id
LEFT JOIN sweep_marker marker ON marker.household_id = peopled.household_id
LEFT JOIN sweep_ended ended ON ended.household_id = peopled.household_id
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN peopled.violence AND peopled.somebody_unspoken THEN NULL
            WHEN peopled.violence THEN peopled.least_spoken_at
            ELSE GREATEST(reached.spoken_at, peopled.most_spoken_at)
        END AS spoken_at,
        CASE
            WHEN peopled.violence AND peopled.somebody_unanswered THEN NULL
            WHEN peopled.violence THEN peopled.least_answered_at
            ELSE GREATEST(reached.answered_at, peopled.most_answered_at)
        END AS answered_at
) heard
-- What the household lives on: whether income or work stands on record, since when a benefit is received, whether one
-- for the poor comes in, and when it was last said that none is wanted, applied for or possible.
LEFT JOIN (
    SELECT
        household_id,
        bool_or(
            (kind = 'income' AND value IN ('near_line', 'above_line'))
                OR (kind = 'employment' AND value IN ('employed', 'self_employed', 'day_labour'))
        ) AS income,
        max(begun_on) FILTER (WHERE kind = 'benefit' AND value = 'receiving') AS benefit_since,
        bool_or(kind = 'benefit' AND value = 'receiving' AND detail IN ('livelihood', 'medical', 'housing', 'near_poor'))
            AS receiving,
        max(COALESCE(begun_on, known_at::date)) FILTER (
            WHERE kind = 'benefit' AND value IN ('not_wanted', 'applying', 'over_assets')
        ) AS rested_on
    FROM sweep_stated
    WHERE kind IN ('income', 'employment', 'benefit')
    GROUP BY household_id
) means ON means.household_id = peopled.household_id
LEFT JOIN (SELECT household_id, max(feedback_at) AS feedback_at FROM sweep_ask GROUP BY household_id) asked
    ON asked.household_id = peopled.household_id;
ANALYZE sweep_house;

-- What the person said last about an extension, of each last day.
CREATE TEMP TABLE sweep_asked_for ON COMMIT DROP AS
SELECT DISTINCT ON (person_id, last_day) person_id, last_day, result
FROM households_endstep
WHERE result <> ''
    AND done_on <= %(on)s::date
    AND known_at <= %(known)s
    AND (superseded_at IS NULL OR superseded_at > %(known)s)
    AND (%(ids)s::bigint[] IS NULL OR person_id = ANY(ARRAY(SELECT person_id FROM sweep_person)))
ORDER BY person_id, last_day, done_on DESC, id DESC;
ANALYZE sweep_asked_for;

CREATE TEMP TABLE sweep_period ON COMMIT DROP AS
SELECT
    ending.*,
    -- An extension that is wanted is decided only once a request was submitted that was not taken back: 'unwritten'.
    CASE WHEN wish.result = 'wanted' AND NOT EXISTS (
        SELECT FROM households_extensionrequest request
        WHERE request.person_id = ending.person_id
            AND request.period = ending.fact_id
            AND request.kind = 'extend'
            AND request.submitted_at <= %(known)s
            AND request.submitted_at < (%(on)s::date + 1)::timestamptz
            AND NOT EXISTS (
                SELECT FROM households_extensionrequestevent step
                WHERE step.pgh_obj_id = request.id AND step.status = 'withdrawn' AND step.pgh_created_at <= %(known)s
            )
    ) THEN 'unwritten' ELSE COALESCE(wish.result, '') END AS wish
FROM (
    SELECT
        person.household_id,
        person.person_id,
        -- A period that continues into an extension has not ended: only the last day of the run counts.
        (array_agg(period.fact_id ORDER BY upper(period.during) DESC))[1] AS fact_id,
        (array_agg(period.basis ORDER BY upper(period.during) DESC))[1] AS basis,
        (array_agg(period.known_at ORDER BY upper(period.during) DESC))[1] AS known_at,
        max(upper(period.during)) - 1 AS ends_on,
        max(upper(period.during)) - 1 - %(on)s::date AS days_left
    FROM households_protectionperiod period
    JOIN sweep_person person ON person.person_id = period.person_id
    WHERE period.known_at <= %(known)s
        AND (period.superseded_at IS NULL OR period.superseded_at > %(known)s)
        AND upper(period.during) > %(on)s::date
    GROUP BY person.household_id, person.person_id
    HAVING min(lower(period.during)) <= %(on)s::date
) ending
LEFT JOIN sweep_asked_for wish ON wish.person_id = ending.person_id AND wish.last_day = ending.ends_on;
ANALYZE sweep_period;
