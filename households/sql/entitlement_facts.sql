-- What the register tells of each person who lives in a household on a day, in one row: all that a criterion may ask.
-- Parameters: on (day), known (moment; 'infinity': all that is recorded), ids (households, NULL for all),
-- medians (won a month by size of household, smallest first). Two marked places are filled in where evidence is wanted.

WITH member AS MATERIALIZED (
    SELECT member.household_id, member.person_id, member.role,
        particulars.is_defector AS defector,
        particulars.birth_on AS born_first,
        CASE particulars.birth_precision
            WHEN 'year' THEN (particulars.birth_on + interval '1 year - 1 day')::date
            WHEN 'month' THEN (particulars.birth_on + interval '1 month - 1 day')::date
            ELSE particulars.birth_on
        END AS born_last,
        particulars.entered_on, particulars.moved_in_on
    FROM households_membership member
    LEFT JOIN households_particulars particulars
        ON particulars.person_id = member.person_id
        AND particulars.known_at <= %(known)s
        AND (particulars.superseded_at IS NULL OR particulars.superseded_at > %(known)s)
    LEFT JOIN households_residence residence
        ON residence.person_id = member.person_id
        AND residence.known_at <= %(known)s
        AND (residence.superseded_at IS NULL OR residence.superseded_at > %(known)s)
        AND residence.during @> %(on)s::date
    WHERE member.kind = 'living'
        AND member.during @> %(on)s::date
        AND member.known_at <= %(known)s
        AND (member.superseded_at IS NULL OR member.superseded_at > %(known)s)
        AND (%(ids)s::bigint[] IS NULL OR member.household_id = ANY(%(ids)s::bigint[]))
        AND COALESCE(residence.status, 'resident') NOT IN ('deceased', 'emigrated')
),
stated AS (
    SELECT
        stated.person_id,
        max(stated.value) FILTER (WHERE stated.kind = 'income' AND stated.value <> 'unknown') AS income,
        max(stated.value) FILTER (WHERE stated.kind = 'employment' AND stated.value <> 'unknown') AS employment,
        max(lower(stated.during)) FILTER (WHERE stated.kind = 'employment') AS employed_since,
        max(stated.value) FILTER (WHERE stated.kind = 'disability') AS disability,
        max(stated.value) FILTER (WHERE stated.kind = 'illness') AS illness,
        max(stated.value) FILTER (WHERE stated.kind = 'marital') AS marital,
        jsonb_object_agg(stated.detail, stated.value) FILTER (WHERE stated.kind = 'benefit') AS benefits{evidence}
    FROM member
    JOIN households_circumstance stated ON stated.person_id = member.person_id
    WHERE stated.during @> %(on)s::date
        AND stated.known_at <= %(known)s
        AND (stated.superseded_at IS NULL OR stated.superseded_at > %(known)s)
        AND stated.kind <> 'main_earner'
    GROUP BY stated.person_id
),
period AS (
    SELECT
        period.person_id,
        max(COALESCE(upper(period.during) - 1, 'infinity'))
            FILTER (WHERE period.basis <> 'facility' AND COALESCE(lower(period.during) <= %(on)s::date, TRUE))
            AS last_protected_on,
        max(upper(period.during) - 1) FILTER (WHERE period.basis = 'facility') AS facility_until,
        -- Periods that follow one another without a day between them are one: an extension that was granted already.
        range_agg(period.during) FILTER (WHERE period.basis <> 'facility') AS merged
    FROM member
    JOIN households_protectionperiod period ON period.person_id = member.person_id
    WHERE period.known_at <= %(known)s
        AND (period.superseded_at IS NULL OR period.superseded_at > %(known)s)
        AND NOT isempty(period.during)
    GROUP BY period.person_id
),
house AS (
    SELECT
        member.household_id,
        count(*)::int AS size,
        bool_or(member.defector) AS with_defector,
        bool_or(member.defector) FILTER (WHERE member.role IN ('head', 'spouse')) AS parent_defector,
        count(*) FILTER (WHERE member.role = 'child')::int AS children,
        max(member.born_first) FILTER (WHERE member.role = 'child') AS child_born,
        -- The latest day on which the youngest can have been born; unknown as soon as one child's birth is.
        CASE WHEN bool_and(member.born_last IS NOT NULL) FILTER (WHERE member.role = 'child')
            THEN max(member.born_last) FILTER (WHERE member.role = 'child') END AS child_born_last,
        COALESCE(bool_or(NOT member.defector) FILTER (WHERE member.role = 'child'), FALSE) AS other_child,
        bool_or(member.role = 'spouse') AS has_spouse,
        max(member.moved_in_on) FILTER (WHERE member.defector) AS home_moved_in_on,
        -- The line is one of households: the highest that was said of any member counts, so that nothing is promised.
        max(CASE stated.income WHEN 'below_line' THEN 1 WHEN 'near_line' THEN 2 WHEN 'above_line' THEN 3 END) AS income
    FROM member
    LEFT JOIN stated ON stated.person_id = member.person_id
    GROUP BY member.household_id
)
SELECT
    member.person_id, member.household_id, member.role::text,
    row_number() OVER (
        PARTITION BY member.household_id
        ORDER BY COALESCE(member.defector, FALSE) DESC, member.role <> 'head', member.person_id
    ) = 1 AS asks,
    member.defector, member.born_first, member.born_last, member.entered_on, member.moved_in_on,
    decision.decision::text, lower(decision.during) AS decided_on,
    (SELECT COALESCE(upper(run) - 1, 'infinity') FROM unnest(period.merged) AS run WHERE run @> %(on)s::date)
        AS protected_until,
    period.last_protected_on, period.facility_until,
    CASE house.income WHEN 1 THEN 'below_line' WHEN 2 THEN 'near_line' WHEN 3 THEN 'above_line' END AS income,
    NULL::bigint AS income_krw,
    (%(medians)s::bigint[])[house.size] AS median_krw,
    stated.employment::text, stated.employed_since, stated.benefits, stated.disability::text, stated.illness::text,
    stated.marital::text,
    house.size, house.with_defector, COALESCE(house.parent_defector, FALSE) AS parent_defector, house.children,
    house.child_born, house.child_born_last, house.other_child, house.has_spouse, house.home_moved_in_on,
    sido.short::text AS sido, lower(dwelling.during) AS sido_since{told}
FROM member
JOIN house ON house.household_id = member.household_id
LEFT JOIN stated ON stated.person_id = member.person_id
LEFT JOIN period ON period.person_id = member.person_id
LEFT JOIN households_protectiondecision decision
    ON decision.person_id = member.person_id
    AND decision.during @> %(on)s::date
    AND decision.known_at <= %(known)s
    AND (decision.superseded_at IS NULL OR decision.superseded_at > %(known)s)
LEFT JOIN households_dwelling dwelling
    ON dwelling.household_id = member.household_id
    AND dwelling.during @> %(on)s::date
    AND dwelling.known_at <= %(known)s
    AND (dwelling.superseded_at IS NULL OR dwelling.superseded_at > %(known)s)
LEFT JOIN agencies_district district ON district.id = dwelling.district_id
LEFT JOIN agencies_district sido ON sido.id = district.parent_id
