-- A danger to life is over for the list only once the very person it names was met (risk.md §1): a visit that met the
-- daughter says nothing of her mother. A meeting logged for the household, with nobody named, counts for its adults,
-- unless a violence marker exists; and what names nobody is settled by meeting any adult. Harm to a child is settled
-- only by meeting a child who lives there: the adults cannot answer for it.
-- Built on people.sql and signals.sql. Only few people are named by a danger, so they alone are looked up.

CREATE TEMP TABLE sweep_met ON COMMIT DROP AS
WITH named AS (
    SELECT household_id, person_id, tag = 'child_harm' AS of_child
    FROM sweep_tag
    WHERE tag IN ('self_harm', 'no_food', 'no_heat_power', 'violence', 'child_harm')
    UNION
    SELECT household_id, person_id, FALSE FROM sweep_signal WHERE code IN ('S24', 'S25')
), asked AS (
    SELECT named.household_id, named.person_id, named.of_child, member.person_id AS member_id
    FROM named
    JOIN sweep_house house ON house.household_id = named.household_id
    JOIN sweep_person member
        ON member.household_id = named.household_id
        AND CASE
            WHEN named.of_child AND house.minor THEN member.minor
            ELSE member.person_id = named.person_id OR (named.person_id IS NULL AND member.answers)
        END
), present AS MATERIALIZED (
    SELECT contact_id, person_id FROM households_participant WHERE person_id IN (SELECT member_id FROM asked)
), meeting AS MATERIALIZED (
    SELECT contact.id, contact.household_id, contact.occurred_at
    FROM sweep_said contact
    WHERE contact.channel IN ('visit', 'office', 'accompany')
        AND (
            contact.household_id IN (SELECT household_id FROM asked)
            OR contact.id IN (SELECT contact_id FROM present)
        )
), own AS (
    SELECT asked.household_id, asked.person_id, asked.of_child, meeting.occurred_at
    FROM asked
    JOIN present ON present.person_id = asked.member_id
    JOIN meeting ON meeting.id = present.contact_id
), unnamed AS (
    SELECT asked.household_id, asked.person_id, asked.of_child, meeting.occurred_at
    FROM asked
    JOIN sweep_person member ON member.person_id = asked.member_id AND member.household_id = asked.household_id
    JOIN meeting ON meeting.household_id = asked.household_id
    WHERE member.answers AND NOT member.violence
        AND meeting.occurred_at::date >= COALESCE(member.joined_on, '-infinity'::date)
        -- A list that is hashed once: joined, it would be gone through again for every meeting where records are linked.
        AND meeting.id NOT IN (
            SELECT contact_id FROM households_participant WHERE contact_id IN (SELECT id FROM meeting)
        )
)
SELECT household_id, person_id, of_child, max(occurred_at) AS met_at
FROM (SELECT * FROM own UNION ALL SELECT * FROM unnamed) meeting
GROUP BY household_id, person_id, of_child;
ANALYZE sweep_met;

UPDATE sweep_signal signal SET settled = FALSE
WHERE signal.settled
    AND signal.code IN ('S24', 'S25')
    AND NOT EXISTS (
        SELECT FROM sweep_met met
        WHERE met.household_id = signal.household_id
            AND met.person_id IS NOT DISTINCT FROM signal.person_id
            AND NOT met.of_child
            AND met.met_at::date >= signal.observed_on
    );

UPDATE sweep_tag tag SET settled = FALSE
WHERE tag.settled
    AND tag.tag IN ('self_harm', 'no_food', 'no_heat_power', 'violence', 'child_harm')
    AND NOT EXISTS (
        SELECT FROM sweep_met met
        JOIN sweep_told told ON told.household_id = tag.household_id AND told.fact_id = tag.fact_id AND told.tag = tag.tag
        WHERE met.household_id = tag.household_id
            AND met.person_id IS NOT DISTINCT FROM tag.person_id
            AND met.of_child = (tag.tag = 'child_harm')
            AND met.met_at >= told.occurred_at
    );
