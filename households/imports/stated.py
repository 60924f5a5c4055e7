"""What a register row states, written as versions: ranged facts, the particulars, the five years of protection."""

from casework.imports.loader import Loader
from casework.imports.versions import Kind, plan
from households.imports.heads import plan_members
from households.imports.kinds import OF_HOUSEHOLD, OF_PERSON

# Five years that begin on the day (clock.five_years_from) as a half-open range; from 29 February to 28 February.
FIVE_YEARS = """daterange({0}, CASE WHEN to_char({0}, 'MMDD') = '0229'
    THEN make_date(extract(year FROM {0})::int + 5, 3, 1) ELSE ({0} + interval '5 years')::date END)"""


def make_plans(loader: Loader) -> dict[str, tuple[Kind, str]]:
    """Make every plan; return {table: (kind, SQL for (key, row) of all rows that say it)}."""
    plans = {}
    for name, (kind, _content, said) in OF_PERSON.items():
        if name == "plan_member":
            plan_members(loader)
        else:
            _plan_of_person(loader, name)
        plans[name] = (kind, f"SELECT person_id AS key, row FROM import_good WHERE {said}")
    for name, (kind, content, since, said) in OF_HOUSEHOLD.items():
        _tell(
            loader,
            f"SELECT DISTINCT ON (household_id) row, household_id AS key, {since} AS since, {content} "
            f"FROM import_good WHERE {said} ORDER BY household_id, row",
        )
        plan(loader, kind, name)
        plans[name] = (kind, f"SELECT household_id AS key, row FROM import_good WHERE {said}")
    return plans


def _plan_of_person(loader: Loader, name: str) -> None:
    kind, content, said = OF_PERSON[name]
    _tell(loader, f"SELECT row, person_id AS key, NULL::date AS since, {content} FROM import_good WHERE {said}")
    plan(loader, kind, name)


def _tell(loader: Loader, select: str) -> None:
    loader.run("DROP TABLE IF EXISTS pg_temp.import_told")
    loader.run(f"CREATE TEMP TABLE import_told ON COMMIT DROP AS {select}")
    loader.run("ANALYZE import_told")


def write_particulars(loader: Loader) -> None:
    """Append particulars that are new or differ: they are corrected, never ended."""
    names = ("sex", "birth_on", "birth_precision", "is_defector", "language", "entered_on", "moved_in_on")
    old = ", ".join(f"p.{name}" for name in names)
    new = (
        f"{_told('about', 'sex')}, {_told('about', 'birth_on')}, {_told('about', 'birth_precision', 'precision')}, "
        f"{_told('about', 'is_defector')}, COALESCE({_told('about', 'language')}, p.language, 'ko'), "
        f"COALESCE({_told('about', 'entered_on')}, p.entered_on), COALESCE({_told('moved', 'moved_in_on')}, "
        "p.moved_in_on)"
    )
    loader.run("DROP TABLE IF EXISTS pg_temp.plan_particulars")
    loader.run(
        f"""
        CREATE TEMP TABLE plan_particulars (row, person_id, old_id, fact_id, known, {", ".join(names)})
        ON COMMIT DROP AS
        SELECT g.row, g.person_id, p.id, p.fact_id, GREATEST(%(known)s, p.known_at), {new}
        FROM import_good g LEFT JOIN households_particulars p ON p.person_id = g.person_id AND p.superseded_at IS NULL
        WHERE p.id IS NULL OR ROW({old}) IS DISTINCT FROM ROW({new})
        """
    )
    loader.run(
        "UPDATE households_particulars f SET superseded_at = p.known FROM plan_particulars p WHERE f.id = p.old_id"
    )
    loader.run(
        f"""
        INSERT INTO households_particulars (fact_id, person_id, {", ".join(names)}, known_at, recorded_by_id, batch_id)
        SELECT COALESCE(fact_id, nextval('fact_id_seq')), person_id, {", ".join(names)}, known, %(by)s, %(batch)s
        FROM plan_particulars
        """
    )
    loader.run("INSERT INTO import_outcome SELECT row, old_id IS NOT NULL FROM plan_particulars")


def _told(group: str, column: str, cell: str = "") -> str:
    """Return SQL for what the row says, or, where that is no news, for what the standing particulars say."""
    return f"CASE WHEN g.news_{group} OR p.id IS NULL THEN g.{cell or column} ELSE p.{column} END"


# What the residence period of a person should be: five years from the move-in while protected; ended on the day on
# which the decision changed; none where the decision was corrected. What a worker did to a period since, stays.
PERIODS = f"""
    SELECT g.row, g.person_id, f.id AS old_id, f.fact_id, f.during AS old_during, GREATEST(%(known)s,
        f.known_at) AS known,
           CASE WHEN g.protection_decision = 'protected' THEN
                    CASE WHEN f.id IS NULL OR d.act IN ('correct', 'change') OR lower(f.during) <> moved.on_day
                         THEN {FIVE_YEARS.format("moved.on_day")} ELSE f.during END
                WHEN d.act = 'change' THEN NULLIF(f.during * daterange(NULL, d.change_on), 'empty')
                WHEN d.act = 'correct' THEN NULL ELSE f.during END AS during
    FROM import_good g
    LEFT JOIN households_protectionperiod f
           ON f.person_id = g.person_id AND f.superseded_at IS NULL AND f.basis = 'residence'
    LEFT JOIN plan_decision d ON d.key = g.person_id
    LEFT JOIN households_particulars p ON p.person_id = g.person_id AND p.superseded_at IS NULL
    CROSS JOIN LATERAL (SELECT COALESCE(CASE WHEN g.news_moved OR p.id IS NULL THEN g.moved_in_on END, p.moved_in_on)
        AS on_day) moved
    WHERE moved.on_day IS NOT NULL AND (g.news_decision OR g.news_moved)
"""


def check_periods(loader: Loader) -> None:
    """Refuse a move-in whose five years would overlap an extension or another period that stands."""
    _plan_of_person(loader, "plan_decision")
    loader.run(
        f"""
        INSERT INTO import_fault (row, place, field, code, params)
        SELECT DISTINCT p.row, %(place)s, 'moved_in_on', 'period_overlaps', jsonb_build_object('value',
            lower(p.during)::text)
        FROM ({PERIODS}) p JOIN households_protectionperiod f ON f.person_id = p.person_id AND f.superseded_at IS NULL
         AND f.id <> COALESCE(p.old_id, 0) AND f.during && p.during
        """,
        place=loader.columns.index("moved_in_on"),
    )
    loader.run("DELETE FROM import_good g USING import_fault f WHERE f.row = g.row AND f.code = 'period_overlaps'")


def write_periods(loader: Loader) -> None:
    """Open, correct, end or take back the five years. A period that should never have been is superseded by nothing."""
    loader.run("DROP TABLE IF EXISTS pg_temp.plan_period")
    loader.run(
        f"CREATE TEMP TABLE plan_period ON COMMIT DROP AS SELECT * FROM ({PERIODS}) p "
        "WHERE p.old_during IS DISTINCT FROM p.during"
    )
    loader.run(
        "UPDATE households_protectionperiod f SET superseded_at = p.known FROM plan_period p WHERE f.id = p.old_id"
    )
    loader.run(
        """
        INSERT INTO households_protectionperiod (fact_id, person_id, during, basis, decision, known_at,
            recorded_by_id, batch_id)
        SELECT COALESCE(fact_id, nextval('fact_id_seq')), person_id, during, 'residence', '', known, %(by)s, %(batch)s
        FROM plan_period WHERE during IS NOT NULL
        """
    )
    loader.run("INSERT INTO import_outcome SELECT row, old_id IS NOT NULL FROM plan_period")
