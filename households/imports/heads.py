"""Each person once in a file, and one head in a household on any day, on the register as it would be afterwards."""

from casework.imports.loader import Loader
from casework.imports.versions import plan
from households.imports.kinds import MEMBERSHIP
from households.imports.news import NEWS

# Faults that lie between rows have places from 100: they are told after what is wrong in the row itself.
GOOD = """
    c.row, c.person_ref, c.household_ref, c.person_id, c.household_id, c.household_role, c.family_name, c.given_name,
    c.latin_name, c.sex, c.x_birth_date AS birth_on, c.precision, c.is_defector = 'Y' AS is_defector,
    NULLIF(c.language, '') AS language, c.x_entered_on AS entered_on, c.x_moved_in_on AS moved_in_on,
    c.protection_decision, c.residence_status, c.district, c.district_id, c.center_id, c.phone, c.worker_id,
    c.x_assigned_on AS assigned_on, c.said_person, c.said_household, """ + ", ".join(
    f"c.news_{group}" for group in NEWS
)


def check_rows(loader: Loader) -> None:
    """Refuse a person's second row with other content, and every head but the first of a household."""
    same = ", ".join(f"c.{name}" for name in loader.columns)
    first = ", ".join(f"first.{name}" for name in loader.columns)
    loader.run(
        f"""
        INSERT INTO import_fault (row, place, field, code, params)
        SELECT c.row, 100, 'person_ref', 'person_twice', jsonb_build_object('value', c.person_ref, 'first', first.row)
        FROM import_check c
        JOIN (SELECT DISTINCT ON (person_ref) * FROM import_check ORDER BY person_ref, row) first
          ON first.person_ref = c.person_ref AND first.row < c.row AND c.person_ref <> ''
        WHERE ROW({same}) IS DISTINCT FROM ROW({first})
        """
    )
    loader.run(
        """
        INSERT INTO import_fault (row, place, field, code, params)
        SELECT c.row, 102, 'household_role', 'two_heads', jsonb_build_object('household', c.household_ref, 'first',
            first.row)
        FROM import_check c
        JOIN (SELECT household_ref, min(row) AS row FROM import_check
              WHERE household_role = 'head' AND NOT EXISTS (SELECT FROM import_fault f WHERE f.row = import_check.row)
              GROUP BY 1) first ON first.household_ref = c.household_ref
        JOIN import_check one ON one.row = first.row
        WHERE c.household_role = 'head' AND c.row > first.row AND c.person_ref <> one.person_ref
            AND c.household_ref <> ''
        """
    )


def check_households(loader: Loader) -> None:
    """Refuse heads that would stand beside another head; repeated, since a refused row changes nothing after all."""
    while True:
        make_good(loader)
        plan_members(loader)
        loader.run(f"""
            INSERT INTO import_fault (row, place, field, code, params)
            SELECT DISTINCT told.row, 102, 'household_role', 'head_stands', jsonb_build_object('household',
                good.household_ref)
            FROM ({NEW_HEADS}) told JOIN import_good good USING (row)
            JOIN ({ALL_HEADS}) other ON other.household_id = told.household_id AND other.person_id <> told.person_id
             AND other.during && told.during AND other.row IS DISTINCT
                 FROM told.row AND COALESCE(other.row, 0) < told.row
        """)
        if loader.cursor.rowcount == 0:
            return


NEW_HEADS = (
    "SELECT row, key AS person_id, household_id, now AS during FROM plan_member WHERE act <> 'same' AND role = 'head'"
)
ALL_HEADS = f"""
    {NEW_HEADS}
    UNION ALL SELECT NULL, key, old_household_id, until FROM plan_member WHERE act = 'change' AND old_role = 'head'
    UNION ALL SELECT NULL, m.person_id, m.household_id, m.during FROM households_membership m
     WHERE m.superseded_at IS NULL AND m.role = 'head' AND m.kind = 'living'
       AND NOT EXISTS (SELECT FROM plan_member p WHERE p.old_id = m.id AND p.act IN ('correct', 'change'))
"""


def make_good(loader: Loader) -> None:
    """Make `import_good`; a row that stands twice with the same content is loaded once."""
    loader.run("DROP TABLE IF EXISTS pg_temp.import_good")
    loader.checks.keep_good(GOOD)
    loader.run(
        "DELETE FROM import_good g USING import_good first WHERE first.person_ref = g.person_ref AND first.row < g.row"
    )


def plan_members(loader: Loader) -> None:
    """Make `plan_member`. A new person who comes as head to a household on file is its head from the day of change."""
    loader.run("DROP TABLE IF EXISTS pg_temp.import_told")
    loader.run(
        """
        CREATE TEMP TABLE import_told ON COMMIT DROP AS
        SELECT g.row, g.person_id AS key, g.household_id, g.household_role AS role,
               CASE WHEN g.household_role = 'head'
                     AND NOT EXISTS (SELECT FROM households_membership m
                         WHERE m.person_id = g.person_id AND m.superseded_at IS NULL)
                     AND EXISTS (SELECT FROM households_membership m WHERE m.household_id = g.household_id
                                 AND m.role = 'head' AND m.superseded_at IS NULL)
                    THEN %(effective)s::date END AS since
        FROM import_good g WHERE g.news_member
        """,
        effective=loader.batch.effective_on,
    )
    plan(loader, MEMBERSHIP, "plan_member")
