"""Contacts from another system: one row is one contact, or one attempt that met nobody."""

from django.utils.translation import gettext_lazy as _

from casework.imports.checks import as_list, as_moment
from casework.imports.loader import Loader
from casework.imports.versions import CHAINS
from households.imports.people import make_households, make_people, people_named
from households.models.contact import TAGS, TOPIC_LENGTH, Channel

# Everything a row says of a contact, as text: two rows that say the same have the same content.
CONTENT = """
    concat_ws('|', {0}.household_id, COALESCE({0}.person_id::text, '-'), extract(epoch FROM {0}.occurred_at),
              {0}.channel, {0}.contact_made, array_to_string({0}.topics, ';'), array_to_string({0}.tags, ';'),
              {0}.summary)"""


class ContactsLoader(Loader):
    """Contacts. `contact_ref` is scoped by the sender; the household is the person's on the day of the contact."""

    required = ("contact_ref", "occurred_at", "channel", "contact_made", "topics", "tags", "summary")
    choices = (("person_ref",), ("household_ref",))
    columns = ("contact_ref", "person_ref", "household_ref", *required[1:])
    options = ("source",)
    own_reasons = {
        "nobody": _("The row does not say who was contacted. Fill in person_ref, household_ref, or both."),
        "unknown_person": _(
            "“%(value)s” in %(field)s is nobody on the register. Check the reference, or load the register first."
        ),
        "unknown_household": _(
            "“%(value)s” in %(field)s is no household on the register. Check the reference, or load the register first."
        ),
        "no_household": _(
            "“%(value)s” in %(field)s belonged to no household on that day. Give household_ref too, or correct the day."
        ),
        "not_member": _(
            "“%(value)s” did not belong to household %(household)s on that day. Correct one of the two, or leave "
            "one out."
        ),
    }

    @classmethod
    def subjects(cls, rows):
        """See `Loader.subjects`."""
        return people_named(rows)

    def check(self):
        """Judge the rows; see `Loader.check`."""
        make_people(self)
        make_households(self)
        self._make_check()
        checks = self.checks
        checks.shape(self.width)
        checks.required("contact_ref", "occurred_at", "channel", "contact_made")
        checks.at_most(contact_ref=80, summary=20_000)
        checks.typed("occurred_at", "not_a_moment")
        checks.not_after(self.told_on, "occurred_at")
        checks.one_of("channel", Channel.values)
        checks.one_of("contact_made", ("Y", "N"))
        # The closed list is that of the tags; topics of another system are kept as they are.
        longest = "(SELECT COALESCE(max(length(word)), 0) FROM unnest(c.x_topics) word)"
        sizes = f"jsonb_build_object('found', {longest}, 'wanted', %(most)s)"
        checks.fault("topics", "too_long", f"{longest} > %(most)s", {"most": TOPIC_LENGTH}, sizes)
        checks.each_of("tags", TAGS)
        self._check_whom()
        checks.keep_good(
            "c.row, c.contact_ref AS reference, c.person_id, c.household_id, c.x_occurred_at AS occurred_at, "
            "c.channel, "
            "c.contact_made = 'Y' AS contact_made, c.x_topics AS topics, c.x_tags AS tags, c.summary"
        )

    def load(self):
        """Append a version for each row that says something new, with the member who was spoken with or sought."""
        self._plan()
        self.tell("write", 0, self.batch.rows)
        self.run(
            "UPDATE households_contact c SET superseded_at = p.known FROM import_plan p WHERE c.id = p.old_id "
            "AND p.stands"
        )
        self.run(
            """
            INSERT INTO households_contact (id, fact_id, household_id, occurred_at, channel, contact_made, topics,
                tags, summary,
                seen, asked_self_harm, asked_violence, asked_child, asked_basics, next_channel, level,
                source, reference, known_at, superseded_at, recorded_by_id, agency_id, batch_id)
            SELECT id, fact_id, household_id, occurred_at, channel, contact_made, topics, tags, summary,
                '', '', '', '', '', '', 'centre', %(source)s, reference, known,
                CASE WHEN NOT stands THEN known END, %(by)s, %(agency)s, %(batch)s
            FROM import_plan ORDER BY row
        """,
            source=self.batch.source,
            agency=self.batch.agency_id,
        )
        self.run(
            "INSERT INTO households_participant (contact_id, person_id) SELECT id, person_id FROM import_plan "
            "WHERE person_id IS NOT NULL"
        )
        self.run(
            "INSERT INTO touched (household_id) SELECT DISTINCT old_household FROM import_plan WHERE "
            "old_household <> household_id"
        )
        self.run("INSERT INTO import_outcome SELECT row, NOT first OR old_id IS NOT NULL FROM import_plan")

    def _make_check(self):
        self.run(f"""
            CREATE TEMP TABLE import_check ON COMMIT DROP AS
            SELECT r.*, x.at AS x_occurred_at, {as_list("r.topics")} AS x_topics, {as_list("r.tags")} AS x_tags,
                   person.id AS person_id, stated.id AS stated_id, home.household_id AS home_id,
                   COALESCE(stated.id, home.household_id) AS household_id,
                   EXISTS (SELECT FROM households_membership m
                       WHERE m.person_id = person.id AND m.household_id = stated.id
                           AND m.superseded_at IS NULL AND m.during @> x.at::date) AS belongs
            FROM import_row r
            CROSS JOIN LATERAL (SELECT {as_moment("r.occurred_at")} AS at) x
            LEFT JOIN import_person person ON person.ref = r.person_ref AND r.person_ref <> ''
            LEFT JOIN import_household stated ON stated.ref = r.household_ref AND r.household_ref <> ''
            LEFT JOIN households_membership home ON home.person_id = person.id AND home.superseded_at IS NULL
                  AND home.kind = 'living' AND home.during @> x.at::date
        """)
        self.cursor.execute("ANALYZE import_check")

    def _check_whom(self):
        checks = self.checks
        checks.fault("person_ref", "nobody", "c.person_ref = '' AND c.household_ref = ''")
        checks.fault("person_ref", "unknown_person", "c.person_ref <> '' AND c.person_id IS NULL")
        checks.fault("household_ref", "unknown_household", "c.household_ref <> '' AND c.stated_id IS NULL")
        known = "c.x_occurred_at IS NOT NULL AND c.person_id IS NOT NULL"
        checks.fault("person_ref", "no_household", f"{known} AND c.household_ref = '' AND c.home_id IS NULL")
        household = "jsonb_build_object('household', c.household_ref)"
        checks.fault(
            "person_ref", "not_member", f"{known} AND c.stated_id IS NOT NULL AND NOT c.belongs", params=household
        )

    def _plan(self):
        """Make `import_plan`: the rows that change something, each with the fact it is a version of.

        Of several rows of one reference the last one stands; where it already stands nothing changes.
        """
        self.run(
            f"""
            CREATE TEMP TABLE import_plan ON COMMIT DROP AS
            WITH stored AS (
                SELECT c.*, (SELECT min(p.person_id) FROM households_participant p
                    WHERE p.contact_id = c.id) AS person_id
                FROM households_contact c
                WHERE c.source = %(source)s AND c.superseded_at IS NULL AND c.reference IN (SELECT reference
                    FROM import_good)
            ), told AS (
                SELECT g.*, s.id AS old_id, s.fact_id AS old_fact, s.household_id AS old_household,
                       GREATEST(%(known)s, s.known_at) AS known, {CONTENT.format("g")} AS content,
                           {CONTENT.format("s")} AS stored
                FROM import_good g LEFT JOIN stored s USING (reference)
            ), {CHAINS}
            SELECT c.*, COALESCE(c.old_fact, n.fact_id) AS fact_id,
                   nextval(pg_get_serial_sequence('households_contact', 'id')) AS id
            FROM chains c LEFT JOIN numbers n USING (first_row)
        """,
            source=self.batch.source,
        )
