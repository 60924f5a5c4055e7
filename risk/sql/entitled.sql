-- Households that by what is recorded may be entitled to something that counts for R-BEN-MISS and that nobody there is on
-- record of having applied for. What is asked in brackets is the statement of households.entitlements.compiled, for those whose recorded
-- income is below the line: unknown income is never low income, and the others need not be asked.
-- Parameters: on, known, and those of the statement.

CREATE TEMP TABLE sweep_entitled ON COMMIT DROP AS
SELECT
    answer.household_id, answer.person_id, income.fact_id, income.known_at, entry.code,
    income.observed_on, income.since, income.age_days, income.unspoken, income.faded, FALSE AS settled, FALSE AS verified
FROM (ANSWERS) answer
JOIN households_entitlementversion version ON version.id = answer.version
JOIN households_entitlement entry ON entry.id = version.entitlement_id
JOIN LATERAL (
    SELECT told.* FROM sweep_circumstance told
    WHERE told.household_id = answer.household_id AND told.kind = 'income' AND told.value = 'below_line'
    ORDER BY told.observed_on DESC, told.fact_id DESC
    LIMIT 1
) income ON TRUE
WHERE answer.state
    AND NOT EXISTS (
        SELECT FROM households_entitlementstep step
        JOIN sweep_member member ON member.person_id = step.person_id
        WHERE member.household_id = answer.household_id
            AND step.entitlement_id = entry.id
            AND step.stated_on <= %(on)s::date
            AND step.known_at <= %(known)s
            AND (step.superseded_at IS NULL OR step.superseded_at > %(known)s)
    )
    AND NOT EXISTS (
        SELECT FROM sweep_stated stated
        WHERE stated.household_id = answer.household_id AND stated.kind = 'benefit' AND stated.detail = entry.benefit
            AND stated.value IN ('receiving', 'applying', 'refused', 'not_wanted', 'over_assets')
    );
ANALYZE sweep_entitled;
