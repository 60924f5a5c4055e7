"""Crises that other registers know of: one row is one crisis of one person. Rules never read them.

A file says that something happened, never that a review found it to be a crisis: that is decided on screen, by a
person. So `review` is no word of the file.
"""

from django.utils.translation import gettext_lazy as _

from casework.imports.checks import as_day
from casework.imports.loader import Loader
from casework.imports.reasons import FileRefused
from casework.imports.versions import CHAINS
from households.imports.people import REASONS, NamesPeople, find_named, make_households, make_people
from risk.models import Incident

KINDS = [kind.value for kind in Incident.Kind if kind != Incident.Kind.REVIEW]
LONGEST_NOTE = 2_000
CONTENT = "concat_ws('|', {0}.household_id, {0}.person_id, {0}.kind, {0}.occurred_on, {0}.note)"


class IncidentsLoader(NamesPeople, Loader):
    """Crises. Another row with the same source and reference and other content supersedes; what was taken back on
    screen stays so until its sender says something else. The household is the person's on the day of the crisis, or on
    the day before: a death ends the stay."""

    required = ("reference", "kind", "happened_on")
    extra = ("note",)
    columns = ("reference", *NamesPeople.people_columns, *required[1:], *extra)
    options = ("source",)
    own_reasons = {
        **REASONS,
        "no_home": _("“%(value)s” in %(field)s: the person belonged to no household on that day. Correct one of them."),
    }

    def check(self):
        """Judge the rows; see `Loader.check`."""
        if not self.batch.source:
            raise FileRefused("no_source")
        make_people(self)
        make_households(self)
        find_named(self)
        self.run(f"""
            CREATE TEMP TABLE import_check ON COMMIT DROP AS
            SELECT said.*, home.household_id
            FROM (SELECT r.*, {as_day("r.happened_on")} AS x_happened_on, {self.selected}
                FROM import_row r {self.joined}) said
            LEFT JOIN LATERAL (
                SELECT home.household_id FROM households_membership home
                WHERE home.person_id = said.person_id AND home.superseded_at IS NULL AND home.kind = 'living'
                    AND (home.during @> said.x_happened_on OR home.during @> said.x_happened_on - 1)
                    AND home.household_id IN (SELECT id FROM import_household)
                ORDER BY home.during @> said.x_happened_on DESC LIMIT 1
            ) home ON true
        """)
        checks = self.checks
        checks.shape(self.width)
        checks.required("reference", "kind", "happened_on")
        checks.at_most(reference=80, note=LONGEST_NOTE)
        checks.one_of("kind", KINDS)
        checks.typed("happened_on", "not_a_day")
        checks.not_after(self.told_on, "happened_on")
        self.check_people(checks)
        known = "c.person_id IS NOT NULL AND NOT COALESCE(c.two_answers, false) AND c.x_happened_on IS NOT NULL"
        checks.fault("happened_on", "no_home", f"{known} AND c.household_id IS NULL")
        checks.keep_good(
            "c.row, c.reference, c.household_id, c.person_id, c.kind, c.x_happened_on AS occurred_on, c.note"
        )

    def load(self):
        """Append a version for each row that says something new; a crisis on record word for word is not said twice."""
        self._plan()
        self.tell("write", 0, self.batch.rows)
        self.run("""
            UPDATE risk_incident told SET superseded_at = p.known FROM import_plan p
            WHERE told.id = p.old_id AND told.superseded_at IS NULL AND p.stands
        """)
        self.run(
            """
            INSERT INTO risk_incident (fact_id, household_id, person_id, kind, occurred_on, source, reference, note,
                known_at, superseded_at, recorded_by_id, batch_id)
            SELECT fact_id, household_id, person_id, kind, occurred_on, %(source)s, reference, note,
                known, CASE WHEN NOT stands THEN known END, %(by)s, %(batch)s
            FROM import_plan ORDER BY row
            """,
            source=self.batch.source,
        )
        self.run("INSERT INTO import_outcome SELECT row, old_id IS NOT NULL OR NOT first FROM import_plan")

    def _plan(self):
        """Make `import_plan`: the rows that change something, each with the fact it is a version of."""
        self.run(
            f"""
            CREATE TEMP TABLE import_plan ON COMMIT DROP AS
            WITH last AS (
                SELECT DISTINCT ON (reference) * FROM risk_incident
                WHERE source = %(source)s AND reference <> '' ORDER BY reference, id DESC
            ), told AS (
                SELECT g.*, s.id AS old_id, s.fact_id AS old_fact,
                    GREATEST(%(known)s, s.known_at, s.superseded_at) AS known,
                    {CONTENT.format("g")} AS content, {CONTENT.format("s")} AS stored
                FROM import_good g LEFT JOIN last s USING (reference)
                WHERE s.id IS NOT NULL OR NOT EXISTS (SELECT FROM risk_incident same
                    WHERE same.household_id = g.household_id AND same.person_id = g.person_id
                        AND same.kind = g.kind AND same.occurred_on = g.occurred_on AND same.superseded_at IS NULL)
            ), {CHAINS}
            SELECT c.*, COALESCE(c.old_fact, n.fact_id) AS fact_id FROM chains c LEFT JOIN numbers n USING (first_row)
            """,
            source=self.batch.source,
        )
