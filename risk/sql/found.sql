-- What ends a run of attempts without a talk: that the person asked not to be contacted, where the person was found to
-- be, and a supervisor's decision, where it needs a second person once that person agreed. Built on people.sql.
-- Parameters: on, known.

-- Who asked not to be contacted: in a talk (declined), or on the register (refused), which keeps the day; its moment is
-- when it was written down, or the end of that day when it was written down later. If nobody or several were spoken
-- with, nobody is named. A child's wish never counts, nor that of somebody who lives there no more.
CREATE TEMP TABLE sweep_wish ON COMMIT DROP AS
SELECT household_id, person_id, max(declined_at) AS declined_at, max(refused_at) AS refused_at
FROM (
    SELECT
        contact.household_id,
        CASE WHEN count(*) OVER (PARTITION BY contact.id) = 1 THEN member.person_id END AS person_id,
        contact.occurred_at AS declined_at,
        NULL::timestamptz AS refused_at
    FROM sweep_contact contact
    LEFT JOIN households_participant present ON present.contact_id = contact.id
    LEFT JOIN sweep_person member ON member.person_id = present.person_id AND member.household_id = contact.household_id
    WHERE contact.contact_made
        AND 'declined' = ANY(contact.tags)
        AND (present.id IS NULL OR NOT member.minor)
    UNION ALL
    SELECT latest.household_id, latest.person_id, NULL, latest.stated_at
    FROM (
        SELECT DISTINCT ON (person.person_id)
            person.household_id, person.person_id, preference.wants_no_contact,
            LEAST(
                GREATEST(preference.known_at, preference.stated_on::timestamptz),
                (preference.stated_on + 1)::timestamptz - interval '1 microsecond'
            ) AS stated_at
        FROM households_contactpreference preference
        JOIN sweep_person person ON person.person_id = preference.person_id
        WHERE NOT person.minor
            AND preference.stated_on <= %(on)s::date
            AND preference.known_at <= %(known)s
            AND (preference.superseded_at IS NULL OR preference.superseded_at > %(known)s)
        ORDER BY person.person_id, preference.stated_on DESC, preference.id DESC
    ) latest
    WHERE latest.wants_no_contact
) wish
GROUP BY household_id, person_id;

-- What the household said with that, where somebody was found to be, and what was decided.
-- Where a violence marker exists, one member's word must not silence the others: a wish counts only once all who answer
-- have asked for it. Then it stands as the last word while nobody spoke with us after it, and what was tried ends at
-- the earliest of the moments at which each was heard last. Only their own word ends it, not where one was found.
CREATE TEMP TABLE sweep_ended ON COMMIT DROP AS
WITH refused AS (
    SELECT
        person.household_id,
        CASE
            WHEN bool_and(person.minor) THEN NULL
            WHEN NOT bool_or(person.violence) THEN max(home.declined_at)
            WHEN bool_and(said.last_word) THEN max(said.asked_at)
        END AS declined_at,
        CASE
            WHEN bool_and(person.minor) THEN NULL
            WHEN NOT bool_or(person.violence) THEN max(home.refused_at)
            WHEN bool_and(said.asked_at IS NOT NULL AND said.heard_at IS NOT NULL) THEN min(said.heard_at)
        END AS refused_at
    FROM (
        SELECT household_id, max(GREATEST(declined_at, refused_at)) AS declined_at, max(refused_at) AS refused_at
        FROM sweep_wish
        GROUP BY household_id
    ) home
    JOIN sweep_person person ON person.household_id = home.household_id AND person.answers
    LEFT JOIN sweep_wish own ON own.household_id = person.household_id AND own.person_id = person.person_id
    CROSS JOIN LATERAL (
        SELECT
            asked.at AS asked_at,
            COALESCE(asked.at >= GREATEST(person.spoken_at, person.answered_at), asked.at IS NOT NULL) AS last_word,
            GREATEST(person.spoken_at, own.refused_at) AS heard_at
        FROM (SELECT GREATEST(own.declined_at, own.refused_at) AS at) asked
    ) said
    GROUP BY person.household_id
)
SELECT household_id, max(declined_at) AS declined_at, max(refused_at) AS refused_at, max(ended_at) AS ended_at
FROM (
    SELECT household_id, declined_at, refused_at, NULL::timestamptz AS ended_at FROM refused
    UNION ALL
    SELECT person.household_id, NULL, NULL, (found.observed_on + 1)::timestamptz
    FROM households_whereabouts found
    JOIN sweep_person person ON person.person_id = found.person_id
    WHERE person.answers AND NOT person.violence
        AND found.observed_on <= %(on)s::date
        AND found.known_at <= %(known)s
        AND (found.superseded_at IS NULL OR found.superseded_at > %(known)s)
    UNION ALL
    SELECT decided.household_id, NULL, NULL, decided.recorded_at
    FROM risk_searchend decided
    LEFT JOIN risk_searchagreement agreed ON agreed.end_id = decided.id AND agreed.recorded_at <= %(known)s
        AND agreed.recorded_by_id <> decided.recorded_by_id
    WHERE decided.decided_on <= %(on)s::date
        AND decided.recorded_at <= %(known)s
        AND (NOT decided.needs_second OR agreed.id IS NOT NULL)
) ended
GROUP BY household_id;
