"""Crisis signals as the feeds send them: one row is one signal about one person."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.imports.checks import as_day, as_whole
from casework.imports.loader import Loader
from casework.imports.reasons import FileRefused
from casework.imports.versions import CHAINS
from households.imports.people import REASONS, NamesPeople, find_named, make_people

MOST_MONTHS, MOST_WON = 600, 10**13
PIECE = 100_000
CONTENT = "concat_ws('|', {0}.person_id, {0}.code_id, {0}.observed_on, COALESCE({0}.ended_on::text, '-'), \
    COALESCE({0}.months::text, '-'), COALESCE({0}.amount_krw::text, '-'))"


class SignalsLoader(NamesPeople, Loader):
    """Signals. Another row with the same source and reference and other content supersedes."""

    required = ("reference", "signal", "observed_on", "ended_on", "months", "amount_krw")
    columns = ("reference", *NamesPeople.people_columns, *required[1:])
    options = ("source", "received_on")
    own_reasons = {
        **REASONS,
        "unknown_signal": _("“%(value)s” in %(field)s is not a crisis signal. Write one of the codes S01 to S44."),
        "ended_first": _(
            "“%(value)s” in %(field)s is before the day on which the signal was observed, %(observed)s. Change "
            "one of them."
        ),
    }

    warnings = {
        "of_the_dead": _("A death is on record by that day. The signal is kept in the history; no reason comes of it.")
    }

    def check(self):
        """Judge the rows; see `Loader.check`."""
        if not self.batch.source:
            raise FileRefused("no_source")
        make_people(self)
        find_named(self)
        self.run(f"""
            CREATE TEMP TABLE import_check ON COMMIT DROP AS
            SELECT r.*, code.code AS code_id, {as_day("r.observed_on")} AS x_observed_on,
                {as_day("r.ended_on")} AS x_ended_on,
                   {as_whole("r.months")} AS x_months, {as_whole("r.amount_krw")} AS x_amount_krw, {self.selected}
            FROM import_row r {self.joined} LEFT JOIN risk_signalcode code ON code.code = upper(r.signal)
        """)
        checks = self.checks
        checks.shape(self.width)
        checks.required("reference", "signal", "observed_on")
        checks.at_most(reference=80)
        checks.fault("signal", "unknown_signal", "c.signal <> '' AND c.code_id IS NULL")
        checks.typed("observed_on", "not_a_day")
        checks.typed("ended_on", "not_a_day")
        checks.not_after(self.told_on, "observed_on", "ended_on")
        observed = "jsonb_build_object('observed', c.observed_on)"
        checks.fault("ended_on", "ended_first", "c.x_ended_on < c.x_observed_on", params=observed)
        checks.whole("months", MOST_MONTHS)
        checks.whole("amount_krw", MOST_WON)
        self.check_people(checks)
        checks.keep_good(
            "c.row, c.reference, c.person_id, c.code_id, c.x_observed_on AS observed_on, c.x_ended_on AS ended_on, "
            "c.x_months AS months, c.x_amount_krw AS amount_krw"
        )
        self._warn_of_the_dead()

    def _warn_of_the_dead(self):
        """Tell who brought the file in of signals about people whose death is on record by the day of the signal."""
        self.run("""
            INSERT INTO import_warning (row, code, params)
            SELECT g.row, 'of_the_dead', '{}' FROM import_good g
            WHERE EXISTS (SELECT FROM households_residence gone
                WHERE gone.person_id = g.person_id AND gone.status = 'deceased' AND gone.superseded_at IS NULL
                    AND gone.during @> g.observed_on)
        """)

    def load(self):
        """Append a version for each row that says something new, and note that the feed has come."""
        self._plan()
        self.run("""
            UPDATE risk_signal s SET superseded_at = p.known FROM import_plan p
            WHERE s.id = p.old_id AND p.stands
        """)
        last = self._last_row()
        for first in range(0, last + 1, PIECE):
            self.tell("write", min(first, last), last)
            self._insert(first, first + PIECE)
        self.run("INSERT INTO import_outcome SELECT row, old_id IS NOT NULL OR NOT first FROM import_plan")
        self._touch_left_people()
        self._feed_came()

    def _plan(self):
        """Make `import_plan`: the rows that change something, each with the fact it is a version of.

        Rows of one reference in one file follow each other; the last one stands. Where it already stands nothing
        changes, so that the same file twice adds nothing.
        """
        self.run(
            f"""
            CREATE TEMP TABLE import_plan ON COMMIT DROP AS
            WITH told AS (
                SELECT g.*, s.id AS old_id, s.fact_id AS old_fact, GREATEST(%(known)s, s.known_at) AS known,
                       {CONTENT.format("g")} AS content, {CONTENT.format("s")} AS stored
                FROM import_good g
                LEFT JOIN risk_signal s ON s.source = %(source)s AND s.reference = g.reference
                    AND s.superseded_at IS NULL
            ), {CHAINS}
            SELECT c.*, COALESCE(c.old_fact, n.fact_id) AS fact_id FROM chains c LEFT JOIN numbers n USING (first_row)
        """,
            source=self.batch.source,
        )
        self.cursor.execute("CREATE INDEX ON import_plan (row); ANALYZE import_plan")

    def _insert(self, first, end):
        self.run(
            """
            INSERT INTO risk_signal (fact_id, person_id, code_id, observed_on, ended_on, received_on, months,
                amount_krw,
                                     source, reference, known_at, superseded_at, recorded_by_id, batch_id)
            SELECT p.fact_id, p.person_id, p.code_id, p.observed_on, p.ended_on, %(received)s, p.months, p.amount_krw,
                   %(source)s, p.reference, p.known, CASE WHEN NOT p.stands THEN p.known END, %(by)s, %(batch)s
            FROM import_plan p WHERE p.row >= %(first)s AND p.row < %(end)s
        """,
            first=first,
            end=end,
            received=self.batch.received_on,
            source=self.batch.source,
        )

    def _touch_left_people(self):
        """Queue the household of whoever a signal was taken back from: the new version names somebody else."""
        self.run("""
            INSERT INTO touched (household_id)
            SELECT DISTINCT m.household_id FROM import_plan p JOIN risk_signal s ON s.id = p.old_id
            JOIN households_membership m
                ON m.person_id = s.person_id AND m.kind = 'living' AND m.superseded_at IS NULL
            WHERE s.person_id <> p.person_id
        """)

    def _last_row(self):
        self.cursor.execute("SELECT COALESCE(max(row), -1) FROM import_plan")
        return self.cursor.fetchone()[0]

    def _feed_came(self):
        """Note the latest day on which this source has sent something, for the line that names late feeds."""
        day: date = self.told_on
        self.run(
            """
            INSERT INTO risk_feed (source, name_ko, name_en, every_days, last_received_on)
            VALUES (%(source)s, left(%(source)s, 60), '', 60, %(day)s)
            ON CONFLICT (source) DO UPDATE
            SET last_received_on = GREATEST(risk_feed.last_received_on, EXCLUDED.last_received_on)
        """,
            source=self.batch.source,
            day=day,
        )
