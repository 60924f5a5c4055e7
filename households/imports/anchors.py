"""New persons and households, each with a random number that nobody else has."""

from casework.imports.loader import Loader
from casework.numbers import HOUSEHOLD_GROUPS, PERSON_GROUPS, make_number


def make_anchors(loader: Loader) -> None:
    """Make persons and households for references that are new, and put their ids into `import_good`."""
    _make(loader, "person", "case_number", PERSON_GROUPS, "")
    _make(loader, "household", "number", HOUSEHOLD_GROUPS, ", kind")


def _make(loader: Loader, noun: str, number: str, groups: tuple[int, ...], kind: str) -> None:
    table = f"households_{noun}"
    missing = (
        f"SELECT DISTINCT g.{noun}_ref AS ref FROM import_good g "
        f"WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.register_ref = g.{noun}_ref) ORDER BY 1"
    )
    while True:
        # A number that is taken is drawn again: among 24,000 households of six characters one in two registers meets
        # one.
        loader.cursor.execute(missing)
        refs = [ref for (ref,) in loader.cursor.fetchall()]
        if not refs:
            break
        numbers = list({make_number(groups) for _ in refs})
        value = ", 'living'" if kind else ""
        loader.run(
            f"INSERT INTO {table} (register_ref, {number}, known_at{kind}) SELECT ref, number, %(known)s{value} "
            "FROM unnest(%(refs)s::text[], %(numbers)s::text[]) AS fresh(ref, number) "
            f"WHERE ref IS NOT NULL AND number IS NOT NULL ON CONFLICT ({number}) DO NOTHING",
            refs=refs,
            numbers=numbers,
        )
    loader.run(f"UPDATE import_good g SET {noun}_id = t.id FROM {table} t WHERE t.register_ref = g.{noun}_ref")
