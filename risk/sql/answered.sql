-- A message that was answered counts as a contact for Watch and General only (risk.md §2), and so it ends their run of
-- attempts. Whether a household is one of these is asked of the other rules: the band that R-CON-FAIL itself gives must
-- not decide which attempts R-CON-FAIL counts. Here: whose run an answer would shorten, and the hits of the others.

CREATE TEMP TABLE sweep_answered ON COMMIT DROP AS
SELECT DISTINCT house.household_id, house.answered_at
FROM sweep_attempt attempt
JOIN sweep_house house ON house.household_id = attempt.household_id
WHERE attempt.occurred_at <= house.answered_at;
ANALYZE sweep_answered;

CREATE TEMP TABLE sweep_apart_hit ON COMMIT DROP AS
SELECT hit.* FROM sweep_hit hit WHERE hit.household_id IN (SELECT household_id FROM sweep_answered);
