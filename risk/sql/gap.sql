-- How long nobody was spoken with, against the limit of the band that the other rules give (risk.md §2).
-- Parameters: on, known, the criteria.

CREATE TEMP TABLE sweep_gap ON COMMIT DROP AS
SELECT
    reach.household_id,
    reach.band,
    reach.score,
    reach.contact_on,
    NULL::bigint AS contact_fact,
    NULL::timestamptz AS contact_known_at,
    reach.counted_from,
    reach.declined,
    reach.in_arrears,
    COALESCE(tried.attempts, 0)::int AS attempts,
    term.limit_days,
    due.due_on,
    %(on)s::date - due.due_on AS days,
    term.limit_days > 0 AND %(on)s::date - reach.counted_from >= 2 * term.limit_days AS doubled
FROM (
    SELECT
        house.household_id,
        COALESCE(base.band, 1) AS band,
        COALESCE(base.score, 0) AS score,
        base.trump_since,
        COALESCE(base.in_arrears, FALSE) AS in_arrears,
        COALESCE(danger.met, FALSE) AS met,
        spoken.contact_on,
        COALESCE(spoken.contact_on, house.registered_on) AS counted_from,
        -- The last word heard was that no contact is wanted: moments are compared, for on the same day somebody may
        -- have spoken after all.
        COALESCE(
            spoken.contact_on IS NOT NULL
                AND house.declined_at >= COALESCE(spoken.contact_at, '-infinity'),
            FALSE
        ) AS declined,
        -- Of a closed case no contact is owed, until its band is High again; it is judged as ever.
        EXISTS (
            SELECT FROM households_closing closing
            JOIN households_responsibility answers ON answers.household_id = closing.household_id
                AND answers.center_id = closing.centre_id AND answers.during @> %(on)s::date
                AND answers.superseded_at IS NULL
            WHERE closing.household_id = house.household_id AND closing.reason <> 'transferred'
                AND closing.approved_at <= %(known)s AND closing.approved_at::date <= %(on)s::date
                AND (closing.reopened_at IS NULL OR closing.reopened_at > %(known)s
                    OR closing.reopened_at::date > %(on)s::date)
        ) AS closed,
        CASE
            WHEN house.moved_in_on + interval '1 year' > %(on)s::date THEN %(first_year_limit)s
            WHEN house.moved_in_on + interval '5 years' > %(on)s::date THEN %(later_years_limit)s
        END AS cadence
    FROM sweep_house house
    LEFT JOIN sweep_base base ON base.household_id = house.household_id
    -- Everybody whom a danger to life names was met since.
    LEFT JOIN (
        SELECT hit.household_id, bool_and(COALESCE(met.met_at::date >= hit.since, FALSE)) AS met
        FROM sweep_hit hit
        LEFT JOIN sweep_met met
            ON met.household_id = hit.household_id AND met.person_id IS NOT DISTINCT FROM hit.person_id
            AND met.of_child = (hit.rule = 'R-CHILD')
        WHERE hit.trump
        GROUP BY hit.household_id
    ) danger ON danger.household_id = house.household_id
    CROSS JOIN LATERAL (
        -- An answered message counts as a contact for Watch and General only.
        SELECT
            GREATEST(
                house.spoken_at, CASE WHEN COALESCE(base.band, 1) < 3 THEN house.answered_at END
            ) AS contact_at
    ) AS heard
    CROSS JOIN LATERAL (
        SELECT heard.contact_at, GREATEST(heard.contact_at, house.refused_at)::date AS contact_on
    ) AS spoken
) reach
LEFT JOIN (SELECT household_id, count(*) AS attempts FROM sweep_attempt GROUP BY household_id) tried
    ON tried.household_id = reach.household_id
CROSS JOIN LATERAL (
    -- Never spoken with: a plan over 26 weeks from the registration here. Each band has its own stretch of it, behind the
    -- one above; within it the households are spread by their number, and the nearer the score is to the next band, the
    -- shorter the stretch. The cadence of the protection years does not cut the plan off, or all who were registered on
    -- one day would fall due on one day; only the first year, new arrivals, stands with Moderate whatever the band.
    SELECT
        CASE
            WHEN reach.band = 3 OR reach.cadence = %(first_year_limit)s THEN %(high_limit)s
            WHEN reach.band = 2 THEN %(moderate_limit)s
            ELSE %(watch_limit)s
        END AS after,
        CASE
            WHEN reach.band = 3 OR reach.cadence = %(first_year_limit)s THEN %(moderate_limit)s
            WHEN reach.band = 2 THEN %(watch_limit)s
            ELSE %(plan_days)s
        END AS until,
        CASE reach.band
            WHEN 3 THEN (%(high_score)s - reach.score)::numeric / (%(high_score)s - %(moderate_score)s)
            WHEN 2 THEN (%(moderate_score)s - reach.score)::numeric / (%(moderate_score)s - %(watch_score)s)
            ELSE (%(watch_score)s - reach.score)::numeric / %(watch_score)s
        END AS calm
) AS plan
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN reach.band = 5 AND NOT reach.met THEN 0
        WHEN reach.band = 5 THEN %(emergency_limit)s
        WHEN reach.band = 4 THEN %(high_limit)s
        WHEN reach.declined THEN %(declined_limit)s
        WHEN reach.contact_on IS NULL THEN
            plan.after + 1
                + reach.household_id %% ceil((plan.until - plan.after) * LEAST(1, GREATEST(0.05, plan.calm)))::int
        WHEN reach.band = 3 THEN LEAST(%(moderate_limit)s, reach.cadence)
        WHEN reach.band = 2 THEN LEAST(%(watch_limit)s, reach.cadence)
        ELSE LEAST(%(general_limit)s, reach.cadence)
    END::int AS limit_days
) AS term
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN reach.closed AND reach.band < 4 THEN NULL
        WHEN term.limit_days = 0 THEN GREATEST(reach.counted_from, reach.trump_since)
        ELSE reach.counted_from + term.limit_days
    END AS due_on
) AS due;
ANALYZE sweep_gap;

-- Name the contact that the gap is counted from, where it matters.
UPDATE sweep_gap gap
SET contact_fact = spoken.fact_id, contact_known_at = spoken.known_at
FROM (
    SELECT gap.household_id, max(contact.fact_id) AS fact_id, max(contact.known_at) AS known_at
    FROM sweep_gap gap
    JOIN sweep_said contact
        ON contact.household_id = gap.household_id
        AND contact.occurred_at >= gap.contact_on::timestamptz
        AND contact.occurred_at < (gap.contact_on + 1)::timestamptz
    WHERE gap.days > 0
    GROUP BY gap.household_id
) spoken
WHERE spoken.household_id = gap.household_id;
