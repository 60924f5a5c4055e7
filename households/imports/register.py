"""The register as it comes: one row is one person, with the household the person lives in.

An empty cell says nothing, nor does one that says what the source's last row said: what stands, stays, also where it
was corrected on screen since. What a first row states holds from an open lower bound.
"""

from django.utils.translation import gettext_lazy as _

from casework.imports.checks import as_birth, as_day, birth_precision
from casework.imports.loader import Loader
from casework.imports.versions import append, close, outcome
from households.imports import anchors, heads, news, places, stated
from households.imports.people import make_households, make_people, people_named, reachable
from households.models import Household, Membership, Person, ProtectionDecision, Residence
from households.search.rebuild import rebuild_keys

CODES = {
    "household_role": Membership.Role.values,
    "sex": ["M", "F", "U"],
    "is_defector": ["Y", "N"],
    "protection_decision": ProtectionDecision.Decision.values,
    "residence_status": Residence.Status.values,
}
MUST = ("person_ref", "household_ref", *CODES, "family_name", "given_name", "birth_date", "district")
LIMITS = {
    "person_ref": 60,
    "household_ref": 60,
    "family_name": 40,
    "given_name": 80,
    "latin_name": 80,
    "phone": 30,
    "language": 10,
}


class RegisterLoader(Loader):
    """Persons, households and what is dated about them."""

    required = (
        "person_ref",
        "household_ref",
        "household_role",
        "family_name",
        "given_name",
        "latin_name",
        "sex",
        "birth_date",
        "is_defector",
        "entered_on",
        "moved_in_on",
        "protection_decision",
        "residence_status",
        "district",
        "center",
        "phone",
    )
    extra = ("caseworker", "assigned_on", "language")
    columns = (*required, *extra)
    options = ("effective_on",)
    own_reasons = {
        "person_twice": _(
            "“%(value)s” already stands in row %(first)s with other content. Keep the row that is right."
        ),
        "two_heads": _("Household %(household)s already has a head in row %(first)s. One of the two is not the head."),
        "head_stands": _(
            "Household %(household)s already has another head on the register. Give the row of that person too, "
            "in the new role."
        ),
        "disagrees": _(
            "“%(value)s” in %(field)s differs from row %(first)s of the same household. They must be the same."
        ),
        "unknown_district": _("“%(value)s” in %(field)s is no city, county or district. Write it like 서울 관악구."),
        "unknown_center": _("“%(value)s” in %(field)s is no Hana Center. Write its name, such as 서울남부하나센터."),
        "unknown_worker": _(
            "“%(value)s” in %(field)s is nobody's log-in name here. Write the log-in name of somebody who works here."
        ),
        "before_birth": _("“%(value)s” in %(field)s is before the birth date, %(birth)s. Change one of them."),
        "elsewhere": _("“%(value)s” in %(field)s is on file with another centre. Ask that centre for a transfer."),
        "not_yours": _("“%(value)s” in %(field)s is not your centre. A file that you bring may name your centre only."),
        "period_overlaps": _(
            "The five years from “%(value)s” overlap another period of protection of this person. Change one of them."
        ),
    }
    warnings = {"not_covering": _("%(center)s does not cover %(district)s.")}

    @classmethod
    def subjects(cls, rows):
        """See `Loader.subjects`."""
        return people_named(rows)

    def check(self):
        """Judge the rows; see `Loader.check`."""
        make_people(self)
        make_households(self)
        places.make_places(self)
        self._make_check()
        self._check_cells()
        self._check_reach()
        places.check_places(self)
        heads.check_rows(self)
        heads.check_households(self)
        stated.check_periods(self)
        places.warn_of_centres(self)

    def load(self):
        """Write everything that the good rows say, oldest versions closed before any new one is appended."""
        self.tell("write", 0, 4)
        anchors.make_anchors(self)
        plans = stated.make_plans(self)
        self.tell("write", 1, 4)
        for name, (kind, _rows) in plans.items():
            close(self, kind, name)
        for name, (kind, rows) in plans.items():
            append(self, kind, name)
            outcome(self, name, rows)
        self.tell("write", 2, 4)
        stated.write_particulars(self)
        stated.write_periods(self)
        news.remember(self)
        self._touch_left_households()
        self.tell("write", 3, 4)
        rebuild_keys(self._renamed())

    def _make_check(self):
        self.run(
            f"""
            CREATE TEMP TABLE import_check ON COMMIT DROP AS
            SELECT r.*, {as_birth("r.birth_date")} AS x_birth_date, {birth_precision("r.birth_date")} AS precision,
                   {as_day("r.entered_on")} AS x_entered_on, {as_day("r.moved_in_on")} AS x_moved_in_on,
                   {as_day("r.assigned_on")} AS x_assigned_on, COALESCE(person.id, -r.row) AS person_id,
                   COALESCE(household.id, -min(r.row) OVER (PARTITION BY r.household_ref)) AS household_id,
                   place.district_id, COALESCE(place.center_id,
                       {"NULL" if self.reaches_all else "%(agency)s"}) AS center_id,
                   place.center_id AS named_center_id, place.worker_id, {news.COLUMNS}
            FROM import_row r
            JOIN import_place place USING (row)
            LEFT JOIN households_person person ON person.register_ref = r.person_ref
            LEFT JOIN households_household household ON household.register_ref = r.household_ref
            {news.JOINED}
        """,
            agency=self.by.agency_id,
            source=self.batch.source,
        )
        self.cursor.execute("ANALYZE import_check")

    def _check_cells(self):
        checks = self.checks
        checks.shape(self.width)
        checks.required(*MUST)
        checks.at_most(**LIMITS)
        for field, codes in CODES.items():
            checks.one_of(field, codes)
        checks.typed("birth_date", "not_a_birth")
        for field in ("entered_on", "moved_in_on", "assigned_on"):
            checks.typed(field, "not_a_day")
        checks.not_after(self.told_on, "birth_date", "entered_on", "moved_in_on", "assigned_on")
        birth = "jsonb_build_object('birth', c.birth_date)"
        checks.fault("entered_on", "before_birth", "c.x_entered_on < c.x_birth_date", params=birth)

    def _check_reach(self):
        """A user's file speaks of the user's own households and of nobody else's; an operator's of all."""
        if self.reaches_all:
            return
        for field, model, key in (("person_ref", Person, "person_id"), ("household_ref", Household, "household_id")):
            scope, args = reachable(model, self)
            self.checks.fault(field, "elsewhere", f"c.{key} > 0 AND c.{key} NOT IN ({scope})", args)
        self.checks.fault("center", "not_yours", "c.center_id <> %(own)s", {"own": self.by.agency_id or 0})

    def _touch_left_households(self):
        self.run(
            "INSERT INTO touched (household_id) SELECT DISTINCT old_household_id FROM plan_member "
            "WHERE act IN ('correct', 'change') AND old_household_id <> household_id"
        )

    def _renamed(self):
        self.cursor.execute(
            "SELECT DISTINCT key FROM (SELECT key, act FROM plan_name UNION ALL SELECT key, act FROM plan_latin) "
            "p WHERE act <> 'same'"
        )
        return [key for (key,) in self.cursor.fetchall()]
