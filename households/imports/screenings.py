"""Screenings from another system: one row is one result of one person. Never the answers."""

from django.utils.translation import gettext_lazy as _

from casework.imports.checks import as_day, as_whole
from casework.imports.loader import Loader
from households.imports.people import REASONS, NamesPeople, find_named, make_people
from households.imports.retold import REFERENCE_LENGTH, make_news, remember, touch_left_people
from households.models.screening import HIGHEST, Instrument

_CASES = " ".join(f"WHEN '{one.value}' THEN {most}" for one, most in HIGHEST.items())
MOST = f"(CASE c.instrument {_CASES} END)"
ABOUT = "screening"


class ScreeningsLoader(NamesPeople, Loader):
    """Screenings. `item9` is Y or N for a PHQ-9 and empty for every other instrument."""

    required = ("reference", "instrument", "score", "item9", "observed_on")
    columns = ("reference", *NamesPeople.people_columns, *required[1:])
    options = ("source", "received_on")
    own_reasons = {
        **REASONS,
        "score_too_high": _(
            "“%(value)s” in %(field)s is more than this instrument can give. At most %(most)s is right."
        ),
        "item9_elsewhere": _("%(field)s belongs to the PHQ-9 only. Leave it empty for another instrument."),
        "item9_of_nought": _("“%(value)s” in %(field)s does not go with a total of 0. Correct one of the two."),
    }

    def check(self):
        """Judge the rows; see `Loader.check`."""
        make_people(self)
        find_named(self)
        self.run(f"""
            CREATE TEMP TABLE import_check ON COMMIT DROP AS
            SELECT r.*, {as_whole("r.score")} AS x_score, {as_day("r.observed_on")} AS x_observed_on, {self.selected}
            FROM import_row r {self.joined}
        """)
        checks = self.checks
        checks.shape(self.width)
        checks.required("reference", "instrument", "score", "observed_on")
        checks.at_most(reference=REFERENCE_LENGTH)
        checks.one_of("instrument", Instrument.values)
        checks.typed("score", "not_whole")
        checks.fault("score", "negative", "c.x_score < 0")
        checks.fault("score", "score_too_high", f"c.x_score > {MOST}", params=f"jsonb_build_object('most', {MOST})")
        checks.one_of("item9", ("Y", "N"))
        checks.fault("item9", "item9_elsewhere", f"c.item9 <> '' AND c.instrument <> 'phq9' AND {MOST} IS NOT NULL")
        checks.fault("item9", "item9_of_nought", "c.item9 = 'Y' AND c.x_score = 0")
        checks.typed("observed_on", "not_a_day")
        checks.not_after(self.told_on, "observed_on")
        self.check_people(checks)
        checks.keep_good(
            "c.row, c.reference, c.person_id, c.instrument, c.x_score::smallint AS score, "
            "CASE c.item9 WHEN 'Y' THEN true WHEN 'N' THEN false END AS item9, c.x_observed_on AS observed_on"
        )
        make_news(self, ABOUT, "person_id, instrument, score, item9, observed_on")

    def load(self):
        """Append a version for each row that says something new; what is on record word for word is not said twice."""
        self.run(
            """
            CREATE TEMP TABLE import_plan ON COMMIT DROP AS
            SELECT g.*, s.id AS old_id, s.fact_id AS old_fact, GREATEST(%(known)s, s.known_at) AS known
            FROM import_good g LEFT JOIN households_screening s
              ON s.source = %(source)s AND s.reference = g.reference AND s.superseded_at IS NULL
            WHERE g.news AND NOT EXISTS (SELECT FROM households_screening same
                WHERE same.person_id = g.person_id AND same.superseded_at IS NULL
                  AND same.instrument = g.instrument AND same.observed_on = g.observed_on
                  AND same.score = g.score AND same.item9 IS NOT DISTINCT FROM g.item9)
            """,
            source=self.batch.source,
        )
        self.tell("write", 0, self.batch.rows)
        self.run("UPDATE households_screening s SET superseded_at = p.known FROM import_plan p WHERE s.id = p.old_id")
        self.run(
            """
            INSERT INTO households_screening (fact_id, person_id, instrument, score, item9, observed_on, source,
                reference, known_at, recorded_by_id, batch_id)
            SELECT COALESCE(old_fact, nextval('fact_id_seq')), person_id, instrument, score, item9, observed_on,
                %(source)s, reference, known, %(by)s, %(batch)s
            FROM import_plan ORDER BY row
            """,
            source=self.batch.source,
        )
        touch_left_people(self, "households_screening")
        self.run("INSERT INTO import_outcome SELECT row, old_id IS NOT NULL FROM import_plan")
        remember(self, ABOUT)
