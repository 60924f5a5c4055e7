"""Households that are about to leave Hanawon: one row is one person, the rows of a household share a reference.

The head's row says where the household goes and when; the others leave that empty or say the same. A household of which
one row is refused waits as a whole: a centre must not prepare for a mother and not for her child.
"""

from django.utils.translation import gettext_lazy as _

from casework.audit.record import record_each
from casework.imports.checks import as_birth, as_day, birth_precision
from casework.imports.loader import Loader
from households.handover import telling
from households.handover.actions import check_may_announce
from households.handover.workflow import COMING
from households.imports.places import SPELT, spellings
from households.imports.retold import REFERENCE_LENGTH
from households.models import Handover, HandoverPerson, Membership, Particulars, Province, Stated
from households.models.person import LANGUAGES

ABOUT = Stated.About.HANDOVER.value
PLACE = ("district", "center", "moves_on")
OF_HOUSEHOLD = (*PLACE, "cohort", "language", "interpreter", "woman_worker", "first_day")
LIMITS = {"handover_ref": REFERENCE_LENGTH, "family_name": 40, "given_name": 80, "cohort": 60, "first_day": 200}
CODES = {
    "role": Membership.Role.values,
    "sex": Particulars.Sex.values,
    "is_defector": ("Y", "N"),
    "language": [code for code, _name in LANGUAGES],
    "interpreter": ("Y", "N"),
    "woman_worker": ("Y", "N"),
    "home_province": Province.values,
}


class HandoversLoader(Loader):
    """Handovers. A household that was told before with the same words is no news; what is to change on one that is on
    the list is changed there, by a person, whom the centre hears of."""

    required = (
        "handover_ref",
        "role",
        "family_name",
        "given_name",
        "sex",
        "birth_date",
        "is_defector",
        *PLACE,
    )
    told = (*required, "cohort", "language", "interpreter", "woman_worker", "first_day")
    # What came to the file later is no news of a household that was told before without it.
    extra = (*told[len(required) :], "home_province")
    columns = (*required, *extra)
    options = ("source",)
    own_reasons = {
        "no_head": _("Nobody of “%(value)s” is the head in %(field)s. Write head for one of these people."),
        "two_heads": _(
            "“%(ref)s” already has a head in row %(first)s. Write head in %(field)s for one of the two only."
        ),
        "disagrees": _(
            "“%(value)s” in %(field)s differs from row %(first)s of the same household. Leave it empty, or write the "
            "same."
        ),
        "unknown_district": _("“%(value)s” in %(field)s is no city, county or district. Write it like 서울 관악구."),
        "unknown_center": _("“%(value)s” in %(field)s is no Hana Center. Write its name, such as 서울남부하나센터."),
        "does_not_cover": _(
            "“%(value)s” in %(field)s does not cover %(district)s on the day of the move. Correct one of the two."
        ),
        "named_twice": _(
            "“%(value)s” in %(field)s, with this birth date, already stands in row %(first)s. Keep the row that is "
            "right."
        ),
        "coming_already": _(
            "“%(value)s” in %(field)s, with this birth date, is on the list already, as %(number)s. Leave the "
            "household out, or change it on its page."
        ),
        "told_otherwise": _(
            "“%(value)s” in %(field)s is on the list as %(number)s, and the file says something else. Change it on its "
            "page, or withdraw it there and announce it under a new reference."
        ),
        "household_waits": _(
            "“%(value)s” waits because row %(first)s of the same household is refused. Mend that row and bring all "
            "rows of the household in again."
        ),
        "household_apart": _(
            "Others of the household “%(value)s” wait too: nobody is announced without them. Please mend the file and "
            "bring all rows of the household in again."
        ),
    }

    def check(self):
        """Judge the rows; see `Loader.check`."""
        if not self.reaches_all:
            check_may_announce(self.by)
        self._make_check()
        self._check_cells()
        self._check_places()
        self._check_households()
        self._check_told()
        self._hold_back()
        kept = ", ".join(f"c.{name}" for name in (*self.columns, "precision", "district_id", "center_id", "digest"))
        self.checks.keep_good(f"c.row, {kept}, c.x_birth_date AS birth_on, c.x_moves_on AS day")

    def load(self):
        """Put the households on the lists of their centres, and tell those who lead there."""
        self.tell("write", 0, self.batch.rows)
        self.cursor.execute("SELECT * FROM import_good ORDER BY handover_ref, role <> 'head', row")
        names = [column.name for column in self.cursor.description]
        told: dict[str, list[dict]] = {}
        for row in self.cursor.fetchall():
            one = dict(zip(names, row, strict=True))
            told.setdefault(one["handover_ref"], []).append(one)
        made = Handover.objects.bulk_create(self._handover(rows[0]) for rows in told.values())
        HandoverPerson.objects.bulk_create(
            _person(handover, place, one)
            for handover, rows in zip(made, told.values(), strict=True)
            for place, one in enumerate(rows, 1)
        )
        sizes = zip(made, told.values(), strict=True)
        data = {one.pk: {"people": len(rows), "center": one.center_id} for one, rows in sizes}
        record_each("handover announced", made, by=self.by, data=data, of_household=False)
        telling.the_centres(made, by=self.by, now=self.known_at)
        self._remember(zip(made, told.values(), strict=True))
        self.run("INSERT INTO import_outcome SELECT row, false FROM import_good")

    def _make_check(self):
        """Make `import_check` of all rows but those of households that were told before with the same words."""
        said = f"ROW({', '.join(f'r.{name}' for name in self.told)})::text || r.home_province"
        self.run(
            f"""
            CREATE TEMP TABLE import_check ON COMMIT DROP AS
            SELECT r.*, {as_birth("r.birth_date")} AS x_birth_date, {birth_precision("r.birth_date")} AS precision,
                   {as_day("r.moves_on")} AS x_moves_on, district.id AS district_id, centre.id AS center_id,
                   whole.digest, last.said ->> 'number' AS number
            FROM import_row r {SPELT}
            JOIN (SELECT r.handover_ref, left(md5(string_agg({said}, '|' ORDER BY {said})), 16) AS digest
                  FROM import_row r GROUP BY 1) whole USING (handover_ref)
            LEFT JOIN households_stated last
                   ON last.source = %(source)s AND last.about = %(about)s AND last.ref = r.handover_ref
            WHERE last.said ->> 'row' IS DISTINCT FROM whole.digest
            """,
            source=self.batch.source,
            about=ABOUT,
            **spellings(self),
        )
        self.run("CREATE INDEX ON import_check (handover_ref)")
        self.run("CREATE INDEX ON import_check (family_name, given_name, birth_date)")
        self.cursor.execute("ANALYZE import_check")

    def _check_cells(self):
        checks = self.checks
        checks.shape(self.width)
        checks.required("handover_ref", "role", "family_name", "given_name")
        checks.at_most(**LIMITS)
        for field, codes in CODES.items():
            checks.one_of(field, codes)
        checks.typed("birth_date", "not_a_birth")
        checks.not_after(self.told_on, "birth_date")
        checks.typed("moves_on", "not_a_day")

    def _check_places(self):
        checks = self.checks
        for field in PLACE:
            checks.fault(field, "required", f"c.role = 'head' AND c.{field} = ''")
        checks.fault("district", "unknown_district", "c.district <> '' AND c.district_id IS NULL")
        checks.fault("center", "unknown_center", "c.center <> '' AND c.center_id IS NULL")
        covers = (
            "EXISTS (SELECT FROM agencies_jurisdiction j WHERE j.agency_id = c.center_id "
            "AND j.district_id = c.district_id AND j.during @> c.x_moves_on)"
        )
        known = "c.role = 'head' AND c.center_id IS NOT NULL AND c.district_id IS NOT NULL AND c.x_moves_on IS NOT NULL"
        params = "jsonb_build_object('district', c.district)"
        checks.fault("center", "does_not_cover", f"{known} AND NOT {covers}", params=params)

    def _check_households(self):
        """One head, each person once, and one place and day for all of a household."""
        alone = "NOT EXISTS (SELECT FROM import_check o WHERE o.handover_ref = c.handover_ref AND {})"
        first = alone.format("o.row < c.row")
        value = "jsonb_build_object('value', c.handover_ref)"
        headless = alone.format("o.role = 'head'")
        nobody = f"c.handover_ref <> '' AND {first} AND {headless}"
        self.checks.fault("role", "no_head", nobody, params=value)
        self._beside("role", "two_heads", "o.role = 'head' AND c.role = 'head'")
        same = "(o.family_name, o.given_name, o.birth_date) = (c.family_name, c.given_name, c.birth_date)"
        self._beside("given_name", "named_twice", same)
        self._beside(
            "given_name",
            "named_twice",
            f"{same} AND length(c.birth_date) = 10 AND o.handover_ref <> c.handover_ref",
            household=False,
        )
        for field in OF_HOUSEHOLD:
            differs = f"o.role = 'head' AND c.role <> 'head' AND c.{field} <> '' AND c.{field} <> o.{field}"
            self._beside(field, "disagrees", differs, later=False)

    def _beside(self, field, code, where, *, household=True, later=True):
        """Refuse rows `c` beside which another row `o` of the household, or of the file, stands that fits `where`."""
        same = "o.handover_ref = c.handover_ref AND c.handover_ref <> ''" if household else "true"
        after = "o.row < c.row" if later else "true"
        beside = f"SELECT min(o.row) FROM import_check o WHERE {same} AND {after} AND {where}"
        params = f"jsonb_build_object('first', ({beside}), 'ref', c.handover_ref)"
        self.checks.fault(field, code, f"({beside}) IS NOT NULL", params=params)

    def _check_told(self):
        """Refuse what is on a list already: under this reference in other words, or the same person under another."""
        number = "jsonb_build_object('number', c.number)"
        self.checks.fault("handover_ref", "told_otherwise", "c.number IS NOT NULL", params=number)
        coming = (
            "FROM households_handoverperson p JOIN households_handover h ON h.id = p.handover_id "
            "WHERE h.status = ANY(%(coming)s) AND p.family = c.family_name AND p.given = c.given_name "
            "AND p.birth_precision = 'day' AND c.precision = 'day' AND p.birth_on = c.x_birth_date"
        )
        where = f"c.number IS NULL AND EXISTS (SELECT {coming})"
        params = f"jsonb_build_object('number', (SELECT min(h.number) {coming}))"
        self.checks.fault("given_name", "coming_already", where, {"coming": [str(one) for one in COMING]}, params)

    def _hold_back(self):
        """Refuse the good rows of a household of which another row is refused."""
        refused = (
            "SELECT min(o.row) FROM import_check o JOIN import_fault f ON f.row = o.row "
            "WHERE o.handover_ref = c.handover_ref AND f.code <> 'household_waits'"
        )
        where = f"({refused}) IS NOT NULL AND NOT EXISTS (SELECT FROM import_fault f WHERE f.row = c.row)"
        self.checks.fault("handover_ref", "household_waits", where, params=f"jsonb_build_object('first', ({refused}))")
        # A row that was mended on its own page comes alone, while the others of its household still wait.
        apart = (
            "(SELECT count(*) FROM import_row) = 1 AND EXISTS (SELECT FROM imports_quarantinedrow other "
            "JOIN imports_batch came ON came.id = other.batch_id "
            "WHERE came.kind = 'handovers' AND came.source = %(came_from)s AND other.settled_at IS NULL "
            "AND other.cells ->> 'handover_ref' = c.handover_ref GROUP BY other.batch_id HAVING count(*) > 1)"
        )
        self.checks.fault("handover_ref", "household_apart", apart, {"came_from": self.batch.source})

    def _handover(self, head):
        return Handover(
            center_id=head["center_id"],
            district_id=head["district_id"],
            moves_on=head["day"],
            cohort=head["cohort"],
            language=head["language"] or "ko",
            interpreter=head["interpreter"] == "Y",
            woman_worker=head["woman_worker"] == "Y",
            first_day=head["first_day"],
            announced_by=self.by,
            announced_at=self.known_at,
        )

    def _remember(self, pairs):
        """Keep what was said of each household, and under which number it stands on the list."""
        lines = [(rows[0]["handover_ref"], rows[0]["digest"], made.number) for made, rows in pairs]
        Stated.objects.bulk_create(
            Stated(source=self.batch.source, about=ABOUT, ref=ref, said={"row": digest, "number": number})
            for ref, digest, number in lines
        )


def _person(handover, place, one):
    return HandoverPerson(
        handover=handover,
        place=place,
        family=one["family_name"],
        given=one["given_name"],
        sex=one["sex"] or Particulars.Sex.UNKNOWN,
        birth_on=one["birth_on"],
        birth_precision=one["precision"] if one["birth_on"] else Particulars.Precision.YEAR,
        role=one["role"],
        is_defector=one["is_defector"] != "N",
        home_province=one["home_province"],
    )
