-- What somebody was granted or receives and what ends soon: a grant by its own last day, a benefit that comes in by the
-- last day of its criteria. What is asked in brackets is the statement of households.entitlements.compiled, for the homes into
-- which such a benefit comes.
-- Parameters: on, known, longest (days ahead that any version of the rule may ask for), and those of the statement.

CREATE TEMP TABLE sweep_ending ON COMMIT DROP AS
SELECT
    ending.household_id, ending.person_id, ending.fact_id, ending.known_at, ending.why, ending.ends_on,
    ending.ends_on - %(on)s::date AS days_left, entry.code, named.name_ko, named.name_en
FROM (
    -- Of one person and entitlement only what was stated last counts: what ended, or was granted anew, ends no more.
    SELECT latest.*, 'grant' AS why, latest.until_on AS ends_on
    FROM (
        SELECT DISTINCT ON (step.person_id, step.entitlement_id)
            person.household_id, step.person_id, step.fact_id, step.known_at, step.entitlement_id, step.state, step.until_on
        FROM households_entitlementstep step
        JOIN sweep_person person ON person.person_id = step.person_id
        WHERE step.stated_on <= %(on)s::date
            AND step.known_at <= %(known)s
            AND (step.superseded_at IS NULL OR step.superseded_at > %(known)s)
        ORDER BY step.person_id, step.entitlement_id, step.stated_on DESC, step.fact_id DESC
    ) latest
    WHERE latest.state = 'granted'
    UNION ALL
    SELECT
        answer.household_id, answer.person_id, received.fact_id, received.known_at, entry.id, 'receiving', answer.until,
        'benefit', answer.until
    FROM (ANSWERS) answer
    JOIN households_entitlementversion version ON version.id = answer.version
    JOIN households_entitlement entry ON entry.id = version.entitlement_id
    JOIN LATERAL (
        SELECT told.fact_id, told.known_at FROM sweep_stated told
        WHERE told.household_id = answer.household_id AND told.kind = 'benefit' AND told.detail = entry.benefit
            AND told.value = 'receiving'
        ORDER BY told.fact_id DESC
        LIMIT 1
    ) received ON TRUE
    WHERE answer.state
) ending
JOIN households_entitlement entry ON entry.id = ending.entitlement_id
JOIN LATERAL (
    SELECT version.name_ko, version.name_en FROM households_entitlementversion version
    WHERE version.entitlement_id = entry.id AND version.status = 'approved' AND version.starts_on <= %(on)s::date
    ORDER BY version.starts_on DESC, version.id DESC
    LIMIT 1
) named ON TRUE
WHERE ending.ends_on BETWEEN %(on)s::date AND %(on)s::date + %(longest)s;
ANALYZE sweep_ending;
