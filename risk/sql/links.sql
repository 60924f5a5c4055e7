-- Which records are of one person, as of the day: the record, the person who is judged instead, and where both live. A
-- link counts only while one centre keeps both files, so that no fact of one centre weighs at another; and while the
-- record that is kept lives somewhere, or is on record as dead or gone abroad: then the other stands for nobody.
-- Parameters: on, known, ids (households, NULL for all).

CREATE TEMP TABLE sweep_link ON COMMIT DROP AS
SELECT link.duplicate_id AS record_id, link.person_id, home.household_id, other.household_id AS from_id
FROM households_personlink link
LEFT JOIN households_membership home
    ON home.person_id = link.person_id
    AND home.kind = 'living'
    AND home.during @> %(on)s::date
    AND home.known_at <= %(known)s
    AND (home.superseded_at IS NULL OR home.superseded_at > %(known)s)
LEFT JOIN households_membership other
    ON other.person_id = link.duplicate_id
    AND other.kind = 'living'
    AND other.during @> %(on)s::date
    AND other.known_at <= %(known)s
    AND (other.superseded_at IS NULL OR other.superseded_at > %(known)s)
WHERE link.linked_at <= %(known)s
    AND (link.ended_at IS NULL OR link.ended_at > %(known)s)
    AND (
        %(ids)s::bigint[] IS NULL
        OR home.household_id = ANY(%(ids)s::bigint[])
        OR other.household_id = ANY(%(ids)s::bigint[])
    )
    AND (
        home.household_id IS NOT NULL
        OR EXISTS (
            SELECT FROM households_residence gone
            WHERE gone.person_id = link.person_id
                AND gone.status IN ('deceased', 'emigrated')
                AND gone.during @> %(on)s::date
                AND gone.known_at <= %(known)s
                AND (gone.superseded_at IS NULL OR gone.superseded_at > %(known)s)
        )
    )
    AND NOT EXISTS (
        SELECT FROM households_responsibility ours
        JOIN households_responsibility theirs ON theirs.center_id <> ours.center_id
        WHERE ours.household_id = home.household_id AND theirs.household_id = other.household_id
            AND ours.during @> %(on)s::date AND theirs.during @> %(on)s::date
            AND ours.known_at <= %(known)s AND (ours.superseded_at IS NULL OR ours.superseded_at > %(known)s)
            AND theirs.known_at <= %(known)s AND (theirs.superseded_at IS NULL OR theirs.superseded_at > %(known)s)
    );

-- A home in which nobody lives but linked records of people of one other home is that home under a second number: what
-- was logged for it and asked for it counts there.
CREATE TEMP TABLE sweep_link_home ON COMMIT DROP AS
SELECT link.from_id, min(link.household_id) AS household_id
FROM sweep_link link
WHERE link.household_id <> link.from_id
    AND NOT EXISTS (
        SELECT FROM households_membership member
        WHERE member.household_id = link.from_id
            AND member.kind = 'living'
            AND member.during @> %(on)s::date
            AND member.known_at <= %(known)s
            AND (member.superseded_at IS NULL OR member.superseded_at > %(known)s)
            AND member.person_id NOT IN (SELECT record_id FROM sweep_link)
    )
GROUP BY link.from_id
HAVING count(DISTINCT link.household_id) = 1;
