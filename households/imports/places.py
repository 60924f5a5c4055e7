"""Districts, centres and workers as a register writes them."""

from typing import Any

from casework.agencies.districts import district_lookup, parse_district
from casework.agencies.models import Agency
from casework.agencies.models import Kind as AgencyKind
from casework.imports.loader import Loader

# The district and the centre that `import_row r` writes; see `spellings`.
SPELT = """
    LEFT JOIN unnest(%(texts)s::text[], %(ids)s::bigint[]) district(text, id) ON district.text = r.district
    LEFT JOIN unnest(%(names)s::text[], %(centres)s::bigint[]) centre(text, id)
           ON centre.text = regexp_replace(r.center, '\\s', '', 'g')
"""


def make_places(loader: Loader) -> None:
    """Make `import_place` (row, district_id, center_id, worker_id): each distinct spelling is looked up once."""
    loader.run("DROP TABLE IF EXISTS pg_temp.import_place")
    loader.run(
        f"""
        CREATE TEMP TABLE import_place ON COMMIT DROP AS
        SELECT r.row, district.id AS district_id, centre.id AS center_id, worker.id AS worker_id
        FROM import_row r {SPELT}
        LEFT JOIN agencies_user worker ON worker.username = r.caseworker AND worker.is_active
        """,
        **spellings(loader),
    )


def spellings(loader: Loader) -> dict[str, list[Any]]:
    """Return the arguments of SPELT: each district as the rows write it, and every name of every centre."""
    loader.cursor.execute("SELECT DISTINCT district FROM import_row WHERE district <> ''")
    lookup = district_lookup()
    spelt = [(text, found.pk) for (text,) in loader.cursor.fetchall() if (found := parse_district(text, lookup))]
    centres = {
        "".join(name.split()): pk
        for pk, *names in Agency.objects.filter(kind=AgencyKind.HANA_CENTER).values_list("pk", "name_ko", "name_en")
        for name in names
    }
    centres.pop("", None)
    return {
        "texts": [text for text, _pk in spelt],
        "ids": [pk for _text, pk in spelt],
        "names": list(centres),
        "centres": list(centres.values()),
    }


def check_places(loader: Loader) -> None:
    """Refuse places and workers that nobody knows, and rows that contradict an earlier row of their household."""
    checks = loader.checks
    checks.fault("district", "unknown_district", "c.district <> '' AND c.district_id IS NULL")
    checks.fault("center", "unknown_center", "c.center <> '' AND c.named_center_id IS NULL")
    checks.fault("caseworker", "unknown_worker", "c.caseworker <> '' AND c.worker_id IS NULL")
    for field, key in (
        ("district", "district_id"),
        ("center", "center_id"),
        ("caseworker", "worker_id"),
        ("assigned_on", "x_assigned_on"),
    ):
        _agree(loader, field, key)


def _agree(loader: Loader, field: str, key: str) -> None:
    """Refuse rows in which `key` differs from the first row of the household that says it."""
    loader.run(
        f"""
        INSERT INTO import_fault (row, place, field, code, params)
        SELECT c.row, %(place)s, %(field)s, 'disagrees', jsonb_build_object('value', left(c.{field}, 80), 'first',
            first.row)
        FROM import_check c
        JOIN (SELECT DISTINCT ON (household_id) household_id, row, {key} FROM import_check WHERE {key} IS NOT NULL
              ORDER BY household_id, row) first ON first.household_id = c.household_id AND first.row < c.row
        WHERE c.{key} <> first.{key}
        """,
        field=field,
        place=100 + loader.columns.index(field),
    )


def warn_of_centres(loader: Loader) -> None:
    """Warn of centres that do not cover the district on the day: it may be right (a recent move), so the row is "
    "loaded."""
    loader.run(
        """
        INSERT INTO import_warning (row, code, params)
        SELECT g.row, 'not_covering', jsonb_build_object('center', agency.name_ko, 'district', g.district)
        FROM import_good g JOIN agencies_agency agency ON agency.id = g.center_id
        WHERE NOT EXISTS (SELECT FROM agencies_jurisdiction j WHERE j.agency_id = g.center_id
                          AND j.district_id = g.district_id AND j.during @> %(day)s::date)
        """,
        day=loader.batch.effective_on or loader.told_on,
    )
