-- What ends a run of attempts without a talk: where the person was found to be (not where a violence marker exists:
-- there only the person's own word counts), and a supervisor's decision, of High or above once a second person agreed.
-- Parameters: on, known.

CREATE TEMP TABLE sweep_search_end ON COMMIT DROP AS
SELECT household_id, max(ended_at) AS ended_at
FROM (
    SELECT person.household_id, (found.observed_on + 1)::timestamptz AS ended_at
    FROM households_whereabouts found
    JOIN sweep_person person ON person.person_id = found.person_id
    WHERE person.answers AND NOT person.violence
        AND found.observed_on <= %(on)s::date
        AND found.known_at <= %(known)s
        AND (found.superseded_at IS NULL OR found.superseded_at > %(known)s)
    UNION ALL
    SELECT decided.household_id, decided.recorded_at
    FROM risk_searchend decided
    LEFT JOIN risk_searchagreement agreed ON agreed.end_id = decided.id AND agreed.recorded_at <= %(known)s
        AND agreed.recorded_by_id <> decided.recorded_by_id
    WHERE decided.decided_on <= %(on)s::date
        AND decided.recorded_at <= %(known)s
        AND ((decided.machine_band < 4 AND decided.reason <> 'other') OR agreed.id IS NOT NULL)
) ended
GROUP BY household_id;

DELETE FROM sweep_attempt attempt USING sweep_search_end ended
WHERE attempt.household_id = ended.household_id AND attempt.occurred_at <= ended.ended_at;
