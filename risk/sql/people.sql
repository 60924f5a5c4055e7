-- Who lives where on the day, and when each was last spoken with. Every rule reads these tables; nothing reads twice.
-- Parameters: on (day), known (moment, 'infinity' for a live sweep), ids (households, NULL for all), adult_age,
-- personal (tags that say something of a person, not of the home).

CREATE TEMP TABLE sweep_member ON COMMIT DROP AS
SELECT
    member.household_id,
    member.person_id,
    member.role,
    lower(member.during) AS joined_on,
    particulars.birth_on AS born_first,
    born.last AS born_last,
    COALESCE(extract(year FROM age(%(on)s::date, born.last)) < %(adult_age)s, FALSE) AS minor,
    COALESCE(particulars.is_defector, TRUE) AS is_defector,
    particulars.moved_in_on
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
CROSS JOIN LATERAL (
    -- Where only the month or the year is known, the person may have been born on its last day.
    SELECT CASE particulars.birth_precision
        WHEN 'year' THEN (particulars.birth_on + interval '1 year - 1 day')::date
        WHEN 'month' THEN (particulars.birth_on + interval '1 month - 1 day')::date
        ELSE particulars.birth_on
    END AS last
) AS born
WHERE member.kind = 'living'
    AND member.during @> %(on)s::date
    AND member.known_at <= %(known)s
    AND (member.superseded_at IS NULL OR member.superseded_at > %(known)s)
    AND (%(ids)s::bigint[] IS NULL OR member.household_id = ANY(%(ids)s::bigint[]))
    AND COALESCE(residence.status, 'resident') NOT IN ('deceased', 'emigrated');
ANALYZE sweep_member;

-- Whose judging by rules was stopped at their request, as far as it was known (처리정지; docs/adr/0026): of them only what
-- concerns the safety of life is judged. A household is stopped where everybody in it is.
CREATE TEMP TABLE sweep_stopped ON COMMIT DROP AS
SELECT member.household_id, member.person_id
FROM sweep_member member
JOIN households_restriction restriction ON restriction.person_id = member.person_id
WHERE 'evaluation' = ANY(restriction.scopes)
    AND restriction.during @> %(on)s::date
    AND restriction.known_at <= %(known)s
    AND (restriction.superseded_at IS NULL OR restriction.superseded_at > %(known)s);

-- The contacts of the chosen households, and what their members said while they lived elsewhere, which belongs to them.
-- Joined, not compared with a list: of thousands of households that would be a million comparisons a contact.
CREATE TEMP TABLE sweep_chosen ON COMMIT DROP AS
SELECT contact.id FROM households_contact contact
WHERE contact.household_id = ANY(%(ids)s::bigint[])
UNION
SELECT present.contact_id FROM households_participant present
JOIN sweep_member member ON member.person_id = present.person_id
WHERE %(ids)s::bigint[] IS NOT NULL;
ANALYZE sweep_chosen;

-- __AMONG__: that a contact is one of these; a full sweep reads all.
CREATE TEMP VIEW sweep_logged AS
SELECT contact.id, contact.fact_id, contact.household_id, contact.occurred_at, contact.known_at, contact.channel,
    contact.contact_made, contact.tags
FROM households_contact contact
WHERE contact.known_at <= %(known)s
    AND (contact.superseded_at IS NULL OR contact.superseded_at > %(known)s)
    AND contact.occurred_at < (%(on)s::date + 1)::timestamptz
    AND __AMONG__;

-- Those that say more than that somebody was reached: what was learnt, and what was tried in vain.
CREATE TEMP TABLE sweep_contact ON COMMIT DROP AS
SELECT * FROM sweep_logged WHERE tags <> '{}' OR NOT contact_made;
ANALYZE sweep_contact;

-- Every contact in which somebody was reached, read once for all that is asked of it below and by the gap.
CREATE TEMP TABLE sweep_said ON COMMIT DROP AS
SELECT id, fact_id, household_id, occurred_at, known_at, channel FROM sweep_logged WHERE contact_made;
ANALYZE sweep_said;
DROP VIEW sweep_logged;

-- What was learnt, by tag. What concerns a person follows the person, who may live elsewhere by now; if several were
-- spoken with, nobody is named. What concerns the home stays with the household.
CREATE TEMP TABLE sweep_told ON COMMIT DROP AS
SELECT DISTINCT ON (household_id, person_id, tag)
    household_id, person_id, tag, fact_id, occurred_at, known_at, source
FROM (
    SELECT contact.household_id, NULL::bigint AS person_id, tag, contact.fact_id, contact.occurred_at, contact.known_at,
        'contact' AS source
    FROM sweep_contact contact
    CROSS JOIN LATERAL unnest(contact.tags) AS tag
    WHERE contact.tags <> '{}'
        AND (
            tag <> ALL(%(personal)s)
            OR NOT EXISTS (SELECT FROM households_participant present WHERE present.contact_id = contact.id)
        )
    UNION ALL
    SELECT
        member.household_id,
        CASE WHEN count(*) OVER (PARTITION BY contact.id, tag) = 1 THEN member.person_id END,
        tag, contact.fact_id, contact.occurred_at, contact.known_at, 'contact'
    FROM sweep_contact contact
    JOIN households_participant present ON present.contact_id = contact.id
    JOIN sweep_member member ON member.person_id = present.person_id
    CROSS JOIN LATERAL unnest(contact.tags) AS tag
    WHERE contact.tags && %(personal)s::varchar[]
        AND tag = ANY(%(personal)s)
    UNION ALL
    -- A written notice that came back says of the home to which it was sent what returned mail says; only what is seen
    -- after that day ends it.
    SELECT
        lived.household_id, NULL, 'returned_mail', notice.fact_id,
        (notice.returned_on + TIME '23:59')::timestamptz, notice.known_at, 'notice'
    FROM households_endnotice notice
    JOIN households_membership lived ON lived.person_id = notice.person_id
        AND lived.kind = 'living'
        AND lived.during @> notice.sent_on
        AND lived.known_at <= %(known)s
        AND (lived.superseded_at IS NULL OR lived.superseded_at > %(known)s)
    WHERE notice.returned_on <= %(on)s::date
        AND lived.household_id IN (SELECT member.household_id FROM sweep_member member)
        AND NOT EXISTS (
            SELECT FROM households_residence gone
            WHERE gone.person_id = notice.person_id
                AND gone.status IN ('deceased', 'emigrated')
                AND gone.during @> %(on)s::date
                AND gone.known_at <= %(known)s
                AND (gone.superseded_at IS NULL OR gone.superseded_at > %(known)s)
        )
        AND notice.known_at <= %(known)s
        AND (notice.superseded_at IS NULL OR notice.superseded_at > %(known)s)
) told
ORDER BY household_id, person_id, tag, occurred_at DESC, fact_id DESC;
ANALYZE sweep_told;

CREATE TEMP TABLE sweep_reached ON COMMIT DROP AS
SELECT
    household_id,
    max(occurred_at) FILTER (WHERE channel <> 'message') AS spoken_at,
    max(occurred_at) FILTER (WHERE channel = 'message') AS answered_at,
    max(occurred_at) FILTER (WHERE channel IN ('visit', 'office', 'accompany')) AS met_at,
    max(occurred_at) FILTER (WHERE channel IN ('phone', 'message')) AS rung_at,
    max(occurred_at) FILTER (WHERE channel = 'visit') AS visited_at,
    max(tried_at) AS tried_at
FROM (
    SELECT household_id, occurred_at, channel, occurred_at AS tried_at FROM sweep_said
    UNION ALL
    SELECT household_id, NULL, NULL, occurred_at FROM sweep_contact WHERE NOT contact_made
) told
GROUP BY household_id;
ANALYZE sweep_reached;

CREATE TEMP TABLE sweep_marker ON COMMIT DROP AS
SELECT
    household_id,
    bool_or(tag = 'violence') AS violence,
    max(occurred_at) FILTER (WHERE tag = 'safety_plan') AS planned_at,
    max(occurred_at) FILTER (WHERE tag = 'recovered') AS recovered_at,
    max(occurred_at) FILTER (WHERE tag = 'utilities_ok') AS utilities_ok_at
FROM sweep_told
WHERE tag IN ('violence', 'safety_plan', 'recovered', 'utilities_ok')
GROUP BY household_id;
ANALYZE sweep_marker;

-- A contact logged for a household counts for all its adults. It does not stand for a minor, for somebody who joined
-- later, or for another member where a violence marker exists: those count only what they took part in themselves. So
-- does somebody with a second record what was said in another home under that one.
CREATE TEMP TABLE sweep_alone ON COMMIT DROP AS
SELECT member.person_id
FROM sweep_member member
LEFT JOIN sweep_marker marker ON marker.household_id = member.household_id
WHERE member.minor OR member.joined_on IS NOT NULL OR marker.violence
    OR member.person_id IN (SELECT person_id FROM sweep_link);
ANALYZE sweep_alone;

-- What is stated of the members and true on the day, as far as a rule asks: who earns, who lives on what, who is ill.
-- Everything else that may be stated ("married", "not known") would only be carried along.
CREATE TEMP TABLE sweep_stated ON COMMIT DROP AS
SELECT
    member.household_id, member.person_id, stated.fact_id, stated.known_at, stated.kind, stated.value, stated.detail,
    lower(stated.during) AS begun_on
FROM households_circumstance stated
JOIN sweep_member member ON member.person_id = stated.person_id
WHERE stated.during @> %(on)s::date
    AND stated.known_at <= %(known)s
    AND (stated.superseded_at IS NULL OR stated.superseded_at > %(known)s)
    AND CASE stated.kind
        WHEN 'income' THEN stated.value <> 'unknown'
        WHEN 'employment' THEN stated.value NOT IN ('not_working', 'unknown')
        WHEN 'benefit' THEN TRUE
        WHEN 'disability' THEN stated.value <> 'none'
        WHEN 'illness' THEN stated.value <> 'none'
        WHEN 'marital' THEN stated.value IN ('divorced', 'bereaved')
        WHEN 'main_earner' THEN stated.value = 'yes'
    END;
ANALYZE sweep_stated;

CREATE TEMP TABLE sweep_person ON COMMIT DROP AS
WITH own AS (
    SELECT
        present.person_id,
        max(contact.occurred_at) FILTER (WHERE contact.channel <> 'message') AS spoken_at,
        max(contact.occurred_at) FILTER (WHERE contact.channel = 'message') AS answered_at,
        max(contact.occurred_at) FILTER (WHERE contact.channel IN ('visit', 'office', 'accompany')) AS met_at
    FROM sweep_alone alone
    JOIN households_participant present ON present.person_id = alone.person_id
    JOIN sweep_said contact ON contact.id = present.contact_id
    GROUP BY present.person_id
), work AS (
    SELECT
        person_id,
        bool_or(kind = 'main_earner') AS main_earner,
        bool_or(kind = 'illness') AS ill,
        max(begun_on) FILTER (WHERE kind = 'employment' AND value IN ('employed', 'self_employed')) AS work_since
    FROM sweep_stated
    WHERE kind IN ('main_earner', 'illness', 'employment')
    GROUP BY person_id
)
SELECT
    member.*,
    COALESCE(marker.violence, FALSE) AS violence,
    COALESCE(work.main_earner, FALSE) AS main_earner,
    COALESCE(work.ill, FALSE) AS ill,
    work.work_since,
    how.answers,
    GREATEST(own.spoken_at, CASE WHEN shared AND reached.spoken_at::date >= joined THEN reached.spoken_at END) AS spoken_at,
    GREATEST(own.answered_at, CASE WHEN shared AND reached.answered_at::date >= joined THEN reached.answered_at END)
        AS answered_at,
    GREATEST(own.met_at, CASE WHEN shared AND reached.met_at::date >= joined THEN reached.met_at END) AS met_at
FROM sweep_member member
LEFT JOIN sweep_marker marker ON marker.household_id = member.household_id
LEFT JOIN own ON own.person_id = member.person_id
LEFT JOIN work ON work.person_id = member.person_id
LEFT JOIN sweep_reached reached ON reached.household_id = member.household_id
CROSS JOIN LATERAL (
    SELECT
        NOT member.minor OR member.role = 'head' AS answers,
        (NOT member.minor OR member.role = 'head') AND marker.violence IS NOT TRUE AS shared,
        COALESCE(member.joined_on, '-infinity'::date) AS joined
) AS how;
ANALYZE sweep_person;
