-- How long nobody was spoken with, against the limit of the band that the other rules give (risk.md §2).
-- Parameters: on, the criteria.

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
        COALESCE(house.met_at::date >= base.trump_since, FALSE) AS met,
        spoken.contact_on,
        COALESCE(spoken.contact_on, house.registered_on) AS counted_from,
        -- The last word heard was that no contact is wanted.
        COALESCE(GREATEST(house.declined_at::date, house.refused_on) >= spoken.contact_on, FALSE) AS declined,
        CASE
            WHEN house.moved_in_on + interval '1 year' > %(on)s::date THEN %(first_year_limit)s
            WHEN house.moved_in_on + interval '5 years' > %(on)s::date THEN %(later_years_limit)s
        END AS cadence
    FROM sweep_house house
    LEFT JOIN sweep_base base ON base.household_id = house.household_id
    CROSS JOIN LATERAL (
        -- An answered message counts as a contact for Watch and General only.
        SELECT GREATEST(
            house.spoken_at::date,
            house.refused_on,
            CASE WHEN COALESCE(base.band, 1) < 3 THEN house.answered_at::date END
        ) AS contact_on
    ) AS spoken
) reach
LEFT JOIN (SELECT household_id, count(*) AS attempts FROM sweep_attempt GROUP BY household_id) tried
    ON tried.household_id = reach.household_id
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN reach.band = 5 AND NOT reach.met THEN 0
        WHEN reach.band = 5 THEN %(emergency_limit)s
        WHEN reach.band = 4 THEN %(high_limit)s
        WHEN reach.declined THEN %(declined_limit)s
        -- Never spoken with: a plan over 26 weeks, the strongest signals first, spread by household.
        WHEN reach.contact_on IS NULL AND reach.band = 3 THEN
            LEAST(%(high_limit)s + 1 + reach.household_id %% (%(moderate_limit)s - %(high_limit)s), reach.cadence)
        WHEN reach.contact_on IS NULL AND reach.band = 2 THEN
            LEAST(%(moderate_limit)s + 1 + reach.household_id %% (%(watch_limit)s - %(moderate_limit)s), reach.cadence)
        WHEN reach.contact_on IS NULL THEN
            LEAST(%(watch_limit)s + 1 + reach.household_id %% (%(plan_days)s - %(watch_limit)s), reach.cadence)
        WHEN reach.band = 3 THEN LEAST(%(moderate_limit)s, reach.cadence)
        WHEN reach.band = 2 THEN LEAST(%(watch_limit)s, reach.cadence)
        ELSE LEAST(%(general_limit)s, reach.cadence)
    END::int AS limit_days
) AS term
CROSS JOIN LATERAL (
    SELECT CASE
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
    JOIN sweep_contact contact
        ON contact.household_id = gap.household_id
        AND contact.contact_made
        AND contact.occurred_at::date = gap.contact_on
    WHERE gap.days > 0
    GROUP BY gap.household_id
) spoken
WHERE spoken.household_id = gap.household_id;
