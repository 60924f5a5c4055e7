-- Who lives somewhere else than before, and whether the centre that answers covers the new district. Which districts a
-- centre covers is reference data and read as it stands for the day asked about. Parameters: on, known.

CREATE TEMP TABLE sweep_housed ON COMMIT DROP AS
SELECT
    dwelling.household_id, dwelling.fact_id, dwelling.known_at, dwelling.district_id, lower(dwelling.during) AS moved_on
FROM households_dwelling dwelling
JOIN sweep_house house ON house.household_id = dwelling.household_id
WHERE lower(dwelling.during) IS NOT NULL
    AND dwelling.during @> %(on)s::date
    AND dwelling.known_at <= %(known)s
    AND (dwelling.superseded_at IS NULL OR dwelling.superseded_at > %(known)s);
ANALYZE sweep_housed;

CREATE TEMP TABLE sweep_move ON COMMIT DROP AS
SELECT
    housed.household_id, housed.fact_id, housed.known_at, housed.moved_on,
    %(on)s::date - housed.moved_on AS age_days
FROM sweep_housed housed
LEFT JOIN households_responsibility duty
    ON duty.household_id = housed.household_id
    AND duty.during @> %(on)s::date
    AND duty.known_at <= %(known)s
    AND (duty.superseded_at IS NULL OR duty.superseded_at > %(known)s)
LEFT JOIN agencies_jurisdiction covered
    ON covered.agency_id = duty.center_id
    AND covered.district_id = housed.district_id
    AND covered.during @> %(on)s::date
WHERE covered.id IS NULL AND housed.district_id IS NOT NULL;
ANALYZE sweep_move;
