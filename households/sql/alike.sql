-- Pairs of records that may be of one person, with what agrees. People are never compared with everybody: a pair has the
-- same whole name as it is folded or heard, or the same day of birth (or with day and month exchanged), and only these
-- are looked at closer. In MINE stands who is asked about (a query of person ids); the other of a pair may be anybody.
-- Parameter: listed (points from which a pair is told of). The points of a name that differs in one letter are given
-- for one syllable that differs; whether it is one letter is asked afterwards.

WITH mine AS MATERIALIZED (
    MINE
), about AS MATERIALIZED (
    SELECT person_id, sex, birth_on, birth_precision, entered_on,
        make_date(
            extract(year FROM birth_on)::int,
            CASE WHEN extract(day FROM birth_on) <= 12 THEN extract(day FROM birth_on)::int END,
            extract(month FROM birth_on)::int
        ) AS swapped_on
    FROM households_particulars
    WHERE superseded_at IS NULL
), met AS (
    SELECT ours.person_id AS here, theirs.person_id AS there
    FROM households_namekey ours
    JOIN households_namekey theirs ON theirs.key = ours.key AND theirs.kind = ours.kind
    WHERE ours.kind IN (2, 5) AND ours.person_id IN (SELECT id FROM mine)
    UNION ALL
    SELECT ours.person_id, theirs.person_id
    FROM about ours
    JOIN about theirs ON theirs.birth_on = ours.birth_on
    WHERE ours.person_id IN (SELECT id FROM mine)
    UNION ALL
    SELECT ours.person_id, theirs.person_id
    FROM about ours
    JOIN about theirs ON theirs.birth_on = ours.swapped_on
    WHERE ours.person_id IN (SELECT id FROM mine)
), pair AS MATERIALIZED (
    SELECT DISTINCT LEAST(here, there) AS one, GREATEST(here, there) AS two FROM met WHERE here <> there
), asked AS MATERIALIZED (
    SELECT one AS person_id FROM pair UNION SELECT two FROM pair
), keys AS MATERIALIZED (
    SELECT key.person_id,
        array_agg(key.key) FILTER (WHERE key.kind = 1) AS spelled,
        array_agg(key.key) FILTER (WHERE key.kind = 2) AS full_names,
        array_agg(key.key) FILTER (WHERE key.kind = 3) AS given,
        array_agg(key.key) FILTER (WHERE key.kind = 5) AS sounds,
        min(key.key) FILTER (WHERE key.kind = 2) AS hangul
    FROM households_namekey key
    WHERE key.kind IN (1, 2, 3, 5) AND key.person_id IN (SELECT person_id FROM asked)
    GROUP BY key.person_id
), phones AS MATERIALIZED (
    SELECT phone.person_id, array_agg(right(regexp_replace(phone.number, '\D', '', 'g'), 8)) AS numbers
    FROM households_phone phone
    WHERE phone.superseded_at IS NULL AND phone.person_id IN (SELECT person_id FROM asked)
    GROUP BY phone.person_id
), home AS MATERIALIZED (
    SELECT hometown.person_id, hometown.province
    FROM households_hometown hometown
    WHERE hometown.superseded_at IS NULL AND hometown.province <> 'unknown'
        AND hometown.person_id IN (SELECT person_id FROM asked)
), compared AS MATERIALIZED (
    SELECT
        pair.one, pair.two, a.hangul AS one_name, b.hangul AS two_name,
        CASE
            WHEN a.spelled && b.spelled THEN 'same_name'
            WHEN a.full_names && b.full_names THEN 'other_spelling'
            WHEN a.sounds && b.sounds AND (a.hangul IS NULL OR b.hangul IS NULL) THEN 'other_spelling'
            WHEN length(a.hangul) = length(b.hangul) AND (
                SELECT count(*) FROM generate_series(1, length(a.hangul)) AS place
                WHERE substr(a.hangul, place, 1) <> substr(b.hangul, place, 1)
            ) = 1 AND NOT a.given && b.given THEN 'one_letter'
            WHEN a.given && b.given THEN 'same_given'
        END AS name,
        CASE
            WHEN x.birth_precision = 'day' AND y.birth_precision = 'day' THEN CASE
                WHEN x.birth_on = y.birth_on THEN 'same_birth'
                WHEN x.swapped_on = y.birth_on THEN 'swapped_birth'
            END
            WHEN date_trunc('year', x.birth_on) = date_trunc('year', y.birth_on)
                AND ('year' IN (x.birth_precision, y.birth_precision)
                    OR extract(month FROM x.birth_on) = extract(month FROM y.birth_on)) THEN 'close_birth'
        END AS birth,
        x.birth_on IS NOT NULL AND y.birth_on IS NOT NULL AS both_born,
        CASE
            WHEN x.entered_on = y.entered_on THEN 'same_entry'
            WHEN date_trunc('month', x.entered_on) = date_trunc('month', y.entered_on) THEN 'same_cohort'
        END AS entry,
        m.numbers && n.numbers AS phone,
        CASE WHEN h.province = i.province THEN 'same_home' WHEN h.province <> i.province THEN 'other_home' END AS home,
        x.sex <> y.sex AND 'U' NOT IN (x.sex, y.sex) AS other_sex
    FROM pair
    LEFT JOIN keys a ON a.person_id = pair.one
    LEFT JOIN keys b ON b.person_id = pair.two
    LEFT JOIN about x ON x.person_id = pair.one
    LEFT JOIN about y ON y.person_id = pair.two
    LEFT JOIN phones m ON m.person_id = pair.one
    LEFT JOIN phones n ON n.person_id = pair.two
    LEFT JOIN home h ON h.person_id = pair.one
    LEFT JOIN home i ON i.person_id = pair.two
), weighed AS (
    SELECT compared.*,
        COALESCE((POINTS ->> name)::int, 0) + COALESCE((POINTS ->> birth)::int, 0)
            + COALESCE((POINTS ->> entry)::int, 0) + CASE WHEN phone THEN (POINTS ->> 'same_phone')::int ELSE 0 END
            + CASE WHEN birth IS NULL AND both_born THEN (POINTS ->> 'other_birth')::int ELSE 0 END
            + CASE WHEN other_sex THEN (POINTS ->> 'other_sex')::int ELSE 0 END AS points
    FROM compared
    WHERE name IS NOT NULL
)
-- The home province orders the pairs and lists none: most came from one province, and families share it.
SELECT one, two, points + COALESCE((POINTS ->> home)::int, 0) AS points,
    array_remove(ARRAY[name, birth, entry, CASE WHEN phone THEN 'same_phone' END, home], NULL) AS reasons,
    one_name, two_name
FROM weighed
WHERE points >= %(listed)s
    AND NOT EXISTS (
        SELECT FROM households_personlink link
        WHERE link.status IN ('proposed', 'linked')
            AND (link.person_id, link.duplicate_id) IN ((one, two), (two, one))
    )
    -- Found to be two people: told of again only once a name, the particulars, a number or the home province of
    -- either changed.
    AND NOT EXISTS (
        SELECT FROM households_personsapart apart
        WHERE apart.one_id = one AND apart.two_id = two AND apart.judged_at >= GREATEST(
            (SELECT max(recorded_at) FROM households_personname WHERE person_id IN (one, two)),
            (SELECT max(recorded_at) FROM households_particulars WHERE person_id IN (one, two)),
            (SELECT max(recorded_at) FROM households_phone WHERE person_id IN (one, two)),
            (SELECT max(recorded_at) FROM households_hometown WHERE person_id IN (one, two))
        )
    )
ORDER BY 3 DESC, one, two
LIMIT %(most)s;
