"""Circumstances from another system: one row is one statement about one person, from a day and until a day."""

from django.utils.translation import gettext_lazy as _

from casework.imports.checks import as_day
from casework.imports.loader import Loader
from households.imports.people import REASONS, NamesPeople, find_named, make_people
from households.imports.retold import REFERENCE_LENGTH, make_news, remember, touch_left_people
from households.models.circumstance import VALUES, Aspect, Benefit

ABOUT = "circumstance"
WORDS = ", ".join(f"('{kind.value}', ARRAY[{', '.join(repr(word) for word in said)}])" for kind, said in VALUES.items())
# The days of a row or of a fact, half-open, with both ends written out.
ROW_DAYS = "COALESCE(begins, '-infinity'::date) AS first, COALESCE(ends + 1, 'infinity'::date) AS last"
FACT_DAYS = "COALESCE(lower(during), '-infinity'::date) AS first, COALESCE(upper(during), 'infinity'::date) AS last"
AS_RANGE = "daterange(NULLIF(first, '-infinity'), NULLIF(last, 'infinity'))"


class CircumstancesLoader(NamesPeople, Loader):
    """Circumstances. An empty `from` holds from ever on, an empty `until` until something else is said.

    A statement ends what was on record for the same person, kind and benefit on its first day; what begins later ends
    it. Two statements that begin on one day and differ are for a person to decide: the later row is refused.
    """

    required = ("reference", "kind", "value", "detail", "from", "until")
    columns = ("reference", *NamesPeople.people_columns, *required[1:])
    options = ("source", "received_on")
    own_reasons = {
        **REASONS,
        "detail_elsewhere": _("%(field)s says which benefit it is. Leave it empty for every other kind."),
        "until_before_from": _("“%(value)s” in %(field)s is before the first day, %(first)s. Change one of them."),
        "said_otherwise": _(
            "For “%(value)s” something else is on record from the same first day (%(first)s). Check which is right and "
            "correct that one, or change the day."
        ),
    }

    def check(self):
        """Judge the rows; see `Loader.check`."""
        make_people(self)
        find_named(self)
        self.run(f"""
            CREATE TEMP TABLE import_check ON COMMIT DROP AS
            SELECT r.*, {as_day('r."from"')} AS x_from, {as_day("r.until")} AS x_until, words.allowed, {self.selected}
            FROM import_row r {self.joined} LEFT JOIN (VALUES {WORDS}) AS words (kind, allowed) ON words.kind = r.kind
        """)
        checks = self.checks
        checks.shape(self.width)
        checks.required("reference", "kind", "value")
        checks.at_most(reference=REFERENCE_LENGTH)
        checks.one_of("kind", Aspect.values)
        allowed = "jsonb_build_object('allowed', array_to_string(c.allowed, ', '))"
        checks.fault("value", "not_one_of", "c.value <> '' AND c.value <> ALL(c.allowed)", params=allowed)
        checks.one_of("detail", Benefit.values)
        checks.fault("detail", "required", "c.kind = 'benefit' AND c.detail = ''")
        checks.fault("detail", "detail_elsewhere", "c.kind <> 'benefit' AND c.allowed IS NOT NULL AND c.detail <> ''")
        checks.typed("from", "not_a_day")
        checks.typed("until", "not_a_day")
        checks.not_after(self.told_on, "from")
        first = "jsonb_build_object('first', c.\"from\")"
        checks.fault("until", "until_before_from", "c.x_until < c.x_from", params=first)
        self.check_people(checks)
        checks.keep_good(
            "c.row, c.reference, c.person_id, c.kind, c.value, c.detail, c.x_from AS begins, c.x_until AS ends"
        )
        make_news(self, ABOUT, "person_id, kind, value, detail, begins, ends")
        self._make_plan()
        self._refuse_contradictions()

    def load(self):
        """Write the news, and cut what it ends."""
        self._place()
        self.tell("write", 0, self.batch.rows)
        self.run(
            "UPDATE households_circumstance c SET superseded_at = p.known FROM import_plan p WHERE c.id = p.old_id"
        )
        self.run("UPDATE households_circumstance c SET superseded_at = p.known FROM import_cut p WHERE c.id = p.id")
        self.run(
            """
            INSERT INTO households_circumstance (fact_id, person_id, kind, value, detail, during, source, reference,
                client_key, known_at, recorded_by_id, batch_id)
            SELECT COALESCE(p.old_fact, nextval('fact_id_seq')), p.person_id, p.kind, p.value, p.detail,
                placed.during, %(source)s, p.reference, NULL::uuid, p.known, %(by)s, %(batch)s
            FROM import_plan p JOIN import_placed placed USING (row)
            UNION ALL
            SELECT c.fact_id, c.person_id, c.kind, c.value, c.detail, p.during, c.source, c.reference, c.client_key,
                p.known, %(by)s, %(batch)s
            FROM import_cut p JOIN households_circumstance c USING (id)
            """,
            source=self.batch.source,
        )
        touch_left_people(self, "households_circumstance")
        self.run("INSERT INTO import_outcome SELECT row, old_id IS NOT NULL FROM import_plan")
        remember(self, ABOUT)

    def _make_plan(self):
        """Make `import_plan`: the news, each with the fact it is a version of; what stands is not said again."""
        self.run("DROP TABLE IF EXISTS pg_temp.import_plan")
        self.run(
            f"""
            CREATE TEMP TABLE import_plan ON COMMIT DROP AS
            SELECT g.*, s.id AS old_id, s.fact_id AS old_fact, GREATEST(%(known)s, s.known_at) AS known
            FROM (SELECT *, {ROW_DAYS} FROM import_good) g LEFT JOIN households_circumstance s
              ON s.source = %(source)s AND s.reference = g.reference AND s.superseded_at IS NULL
            WHERE g.news AND NOT (s.id IS NULL AND EXISTS (SELECT FROM households_circumstance same
                WHERE same.person_id = g.person_id AND same.kind = g.kind AND same.detail = g.detail
                  AND same.value = g.value AND same.superseded_at IS NULL
                  AND same.during @> daterange(g.begins, g.ends + 1)))
            """,
            source=self.batch.source,
        )
        self.cursor.execute("ANALYZE import_plan")

    def _refuse_contradictions(self):
        """Refuse a row that begins on the day on which something else about the same begins, on file or in the file."""
        self.run(
            f"""
            INSERT INTO import_fault (row, place, field, code, params)
            SELECT DISTINCT p.row, %(place)s, 'from', 'said_otherwise',
                jsonb_build_object('value', p.kind, 'first', COALESCE(p.begins::text, '–'))
            FROM import_plan p JOIN (
                SELECT NULL::int AS row, person_id, kind, detail, {FACT_DAYS} FROM households_circumstance
                WHERE superseded_at IS NULL AND NOT isempty(during)
                  AND id NOT IN (SELECT old_id FROM import_plan WHERE old_id IS NOT NULL)
                  AND person_id IN (SELECT person_id FROM import_plan)
                UNION ALL
                SELECT row, person_id, kind, detail, first, last FROM import_plan
            ) other USING (person_id, kind, detail, first)
            WHERE other.row IS NULL OR other.row < p.row
            """,
            place=self.columns.index("from"),
        )
        for table in ("import_good", "import_plan"):
            self.run(f"DELETE FROM {table} g USING import_fault f WHERE f.row = g.row")

    def _place(self):
        """Make `import_placed` (row, during) and `import_cut` (id, during, known): no day has two statements."""
        self.run("DROP TABLE IF EXISTS pg_temp.import_placed, pg_temp.import_cut")
        self.run(
            f"""
            CREATE TEMP TABLE import_placed ON COMMIT DROP AS
            SELECT row, id, known, was, last, {AS_RANGE} AS during
            FROM (SELECT *, LEAST(was, lead(first) OVER (PARTITION BY person_id, kind, detail ORDER BY first)) AS last
            FROM (
                SELECT row, NULL::bigint AS id, known, person_id, kind, detail, first, last AS was FROM import_plan
                UNION ALL
                SELECT NULL, c.id, GREATEST(%(known)s, c.known_at), c.person_id, c.kind, c.detail, days.first, days.last
                FROM households_circumstance c CROSS JOIN LATERAL (SELECT {FACT_DAYS}) days
                WHERE c.superseded_at IS NULL AND NOT isempty(c.during)
                  AND c.id NOT IN (SELECT old_id FROM import_plan WHERE old_id IS NOT NULL)
                  AND (c.person_id, c.kind, c.detail) IN (SELECT person_id, kind, detail FROM import_plan)
            ) told) placed
            """
        )
        self.run(
            "CREATE TEMP TABLE import_cut ON COMMIT DROP AS SELECT id, during, known FROM import_placed "
            "WHERE id IS NOT NULL AND last <> was"
        )
