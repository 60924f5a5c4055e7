-- What the rules write into. Parameter: rules, a JSON list of {code, kind, version_id, version, params, is_last}.

CREATE TEMP TABLE sweep_rule ON COMMIT DROP AS
SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb)
    AS known (code text, kind text, version_id bigint, version int, params jsonb, is_last boolean);

CREATE TEMP TABLE sweep_raw (
    rule text, household_id bigint, person_id bigint, since date, weight int, bonus int, floor int, trump boolean,
    variant text, told jsonb
) ON COMMIT DROP;

CREATE TEMP TABLE sweep_hit (
    id int GENERATED ALWAYS AS IDENTITY, rule text, household_id bigint, person_id bigint, since date, weight int,
    bonus int, floor int, trump boolean, facts int, evidence jsonb
) ON COMMIT DROP;
