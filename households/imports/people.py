"""Who is meant: a register reference, a case number, or a name with birth date and sex.

Makes `import_named` (row, person_id, fits): the one person that each row of `import_row` names, and how many fit.
"""

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Func, Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from casework.imports.checks import Checks, as_birth, birth_precision
from casework.imports.loader import Loader
from households.models import Household, Person

SEXES = ("M", "F", "U")
REASONS = {
    "nobody": _(
        "The row does not say who is meant. Fill in person_ref, or case_number, or name with birth_date and sex."
    ),
    "unknown_person": _(
        "“%(value)s” in %(field)s is nobody on the register. Check the reference, or load the register first."
    ),
    "unknown_name": _(
        "Nobody on the register is called “%(value)s” with this birth date and sex. Check them, or give "
        "person_ref or case_number."
    ),
    "two_people": _(
        "“%(value)s” with this birth date and sex fits %(fits)s people. Give person_ref or case_number instead."
    ),
    "two_answers": _("person_ref and case_number name two different people. Keep the one that is right."),
}
NUMBER = "upper(regexp_replace({}, '[^0-9A-Za-z]', '', 'g'))"
SQUEEZED = "lower(regexp_replace({}, '\\s', '', 'g'))"


def reachable(model: Any, loader: Loader) -> tuple[str, dict[str, Any]]:
    """Return SQL `(SELECT id …)` of the persons or households that the file may speak of, and its arguments.

    An operator's file reaches everybody, a user's file those that the user's centre keeps and the user may see, not
    what is only shared: for it all others do not exist.
    """
    rows = model.objects.order_by() if loader.reaches_all else model.objects.kept_by(loader.by).order_by()
    sql, params = rows.values("pk").query.sql_with_params()
    names = {f"{model._meta.model_name}_{n}": value for n, value in enumerate(params)}
    return sql % tuple(f"%({name})s" for name in names), names


def make_people(loader: Loader) -> None:
    """Make `import_person` (id, ref, number) of everybody the file may speak of."""
    scope, args = reachable(Person, loader)
    loader.cursor.execute("DROP TABLE IF EXISTS pg_temp.import_person, pg_temp.import_named")
    loader.run(
        "CREATE TEMP TABLE import_person ON COMMIT DROP AS SELECT id, register_ref AS ref, replace(case_number, "
        "'-', '') AS number "
        f"FROM households_person WHERE id IN ({scope})",
        **args,
    )
    loader.cursor.execute("ANALYZE import_person")


def make_households(loader: Loader) -> None:
    """Make `import_household` (id, ref) of every household the file may speak of."""
    scope, args = reachable(Household, loader)
    loader.cursor.execute("DROP TABLE IF EXISTS pg_temp.import_household")
    loader.run(
        "CREATE TEMP TABLE import_household ON COMMIT DROP AS SELECT id, register_ref AS ref "
        f"FROM households_household WHERE id IN ({scope})",
        **args,
    )


def people_named(rows: Any) -> list[int]:
    """Return the ids of everybody on file whom refused rows (a QuerySet) name by reference or case number, as they came
    or as they were mended; one query."""
    names: list[Any] = []
    for cells in ("cells", "corrected"):
        told = rows.order_by().annotate(
            ref=KT(f"{cells}__person_ref"),
            number=Func(
                KT(f"{cells}__case_number"), template=NUMBER.format("%(expressions)s"), output_field=TextField()
            ),
        )
        names.append(Q(register_ref__in=told.exclude(ref="").values("ref")))
        names.append(Q(plain__in=told.exclude(number="").values("number")))
    plain = Replace("case_number", Value("-"), Value(""))
    found = Person.objects.annotate(plain=plain).filter(reduce(or_, names))
    return list(found.order_by("pk").values_list("pk", flat=True))


def find_named(loader: Loader) -> None:
    """Make `import_named` for rows without reference and number: everybody with the name, of a birth date that does
    not contradict and a sex that does not."""
    birth = as_birth("r.birth_date")
    unit = {"day": "interval '1 day'", "month": "interval '1 month'", "year": "interval '1 year'"}
    spans = " ".join(f"WHEN '{name}' THEN {length}" for name, length in unit.items())
    loader.run(f"""
        CREATE TEMP TABLE import_named ON COMMIT DROP AS
        WITH asked AS MATERIALIZED ( -- else a file of a million rows is read again for each name on file
            SELECT r.row, {SQUEEZED.format("r.name")} AS name, upper(r.sex) AS sex, {birth} AS born,
                   (CASE {birth_precision("r.birth_date")} {spans} END) AS span
            FROM import_row r WHERE r.person_ref = '' AND r.case_number = '' AND r.name <> ''
        ), known AS MATERIALIZED (
            SELECT DISTINCT n.person_id, {SQUEEZED.format("n.family || n.given")} AS name, p.sex, p.birth_on AS born,
                   (CASE p.birth_precision {spans} END) AS span
            FROM households_personname n
            JOIN import_person i ON i.id = n.person_id
            JOIN households_particulars p ON p.person_id = n.person_id AND p.superseded_at IS NULL
            WHERE n.superseded_at IS NULL AND EXISTS (SELECT FROM asked)
        )
        SELECT asked.row, min(known.person_id) AS person_id, count(DISTINCT known.person_id)::int AS fits
        FROM asked JOIN known ON known.name = asked.name
         AND known.born < asked.born + asked.span AND asked.born < known.born + known.span
         AND (known.sex = asked.sex OR 'U' IN (known.sex, asked.sex))
        GROUP BY asked.row
    """)
    loader.cursor.execute("ANALYZE import_named")


class NamesPeople:
    """The columns and checks of a file that names people in any of the three ways."""

    choices: ClassVar[tuple[tuple[str, ...], ...]] = (("person_ref",), ("case_number",), ("name", "birth_date", "sex"))
    people_columns: ClassVar[tuple[str, ...]] = ("person_ref", "case_number", "name", "birth_date", "sex")
    # A file whose names are given by reference alone, as most are, is spared the search by name.
    joined = """
        LEFT JOIN import_person by_ref ON by_ref.ref = r.person_ref AND r.person_ref <> ''
        LEFT JOIN import_person by_number
               ON r.case_number <> ''
                   AND by_number.number = upper(regexp_replace(r.case_number, '[^0-9A-Za-z]', '', 'g'))
        LEFT JOIN import_named named ON named.row = r.row
    """
    selected = """
        COALESCE(by_ref.id, by_number.id, named.person_id) AS person_id, COALESCE(named.fits, 0) AS fits,
        by_ref.id IS NOT NULL AS ref_known, by_number.id IS NOT NULL AS number_known,
        by_ref.id <> by_number.id AS two_answers
    """

    @classmethod
    def subjects(cls, rows: Any) -> list[int]:
        """See `Loader.subjects`."""
        return people_named(rows)

    @staticmethod
    def check_people(checks: Checks) -> None:
        """Refuse rows that name nobody, somebody unknown, or more than one."""
        no_key = "c.person_ref = '' AND c.case_number = ''"
        checks.fault("person_ref", "nobody", f"{no_key} AND c.name = ''")
        for field in ("birth_date", "sex"):
            checks.fault(field, "required", f"{no_key} AND c.name <> '' AND c.{field} = ''")
        checks.fault(
            "birth_date", "not_a_birth", f"{no_key} AND c.birth_date <> '' AND ({as_birth('c.birth_date')}) IS NULL"
        )
        checks.fault(
            "sex",
            "not_one_of",
            f"{no_key} AND c.sex <> '' AND upper(c.sex) NOT IN ('M', 'F', 'U')",
            params="jsonb_build_object('allowed', 'M, F, U')",
        )
        checks.fault("person_ref", "unknown_person", "c.person_ref <> '' AND NOT c.ref_known")
        checks.fault("case_number", "unknown_person", "c.case_number <> '' AND NOT c.number_known")
        checks.fault("person_ref", "two_answers", "c.two_answers")
        whole = f"{no_key} AND c.name <> '' AND c.birth_date <> '' AND c.sex <> ''"
        checks.fault("name", "unknown_name", f"{whole} AND c.fits = 0 AND ({as_birth('c.birth_date')}) IS NOT NULL")
        checks.fault("name", "two_people", f"{whole} AND c.fits > 1", params="jsonb_build_object('fits', c.fits)")
