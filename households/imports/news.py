"""What of a register row is news: the cells in which it differs from the row that the same source loaded last.

The others say nothing, like empty cells: what was corrected on screen since the last file stays, and the same file
again changes nothing. A source that nobody heard before, or a reference new to it, is news as a whole.
"""

from casework.imports.loader import Loader

# Cells that are told together. An empty first cell says nothing and leaves standing what was said last.
PERSON = {
    "name": ("family_name", "given_name"),
    "latin": ("latin_name",),
    "residence": ("residence_status",),
    "decision": ("protection_decision",),
    "phone": ("phone",),
    "member": ("household_ref", "household_role"),
    "about": ("sex", "birth_date", "is_defector", "language", "entered_on"),
    "moved": ("moved_in_on",),
}
HOUSEHOLD = {"district": ("district",), "center": ("center",), "worker": ("caseworker", "assigned_on")}
NEWS = (*PERSON, *HOUSEHOLD)


def _said(groups: dict[str, tuple[str, ...]]) -> str:
    """Return SQL for {group: digest} of the cells of `import_row r`."""
    digests = ", ".join(
        f"'{group}', CASE WHEN r.{cells[0]} <> '' THEN left(md5(ROW({', '.join(f'r.{cell}' for cell in cells)})::text),"
        " 16) END"
        for group, cells in groups.items()
    )
    return f"jsonb_strip_nulls(jsonb_build_object({digests}))"


def _new(last: str, said: str, groups: dict[str, tuple[str, ...]]) -> str:
    return ", ".join(
        f"{last}.ref IS NULL OR ({said} ? '{group}' AND {said} -> '{group}' IS DISTINCT FROM {last}.said -> '{group}')"
        f" AS news_{group}"
        for group in groups
    )


# For `import_check`: two digests and a boolean `news_…` for each group, of `import_row r` and the `source`.
COLUMNS = (
    f"said.person AS said_person, said.household AS said_household, {_new('of_person', 'said.person', PERSON)}, "
    f"{_new('of_household', 'said.household', HOUSEHOLD)}"
)
JOINED = f"""
    CROSS JOIN LATERAL (SELECT {_said(PERSON)} AS person, {_said(HOUSEHOLD)} AS household OFFSET 0) said
    LEFT JOIN households_stated of_person
           ON of_person.source = %(source)s AND of_person.about = 'person' AND of_person.ref = r.person_ref
    LEFT JOIN households_stated of_household
           ON of_household.source = %(source)s AND of_household.about = 'household'
          AND of_household.ref = r.household_ref
"""


def remember(loader: Loader) -> None:
    """Keep what the good rows said, on top of what the source had said of the same people before."""
    merged = ", ".join(f"'{group}', max(said_household ->> '{group}')" for group in HOUSEHOLD)
    loader.run(
        f"""
        INSERT INTO households_stated AS last (source, about, ref, said)
        SELECT %(source)s, 'person', person_ref, said_person FROM import_good
        UNION ALL
        SELECT %(source)s, 'household', household_ref, jsonb_strip_nulls(jsonb_build_object({merged}))
        FROM import_good GROUP BY household_ref
        ON CONFLICT (source, about, ref) DO UPDATE SET said = last.said || EXCLUDED.said
        WHERE NOT last.said @> EXCLUDED.said
        """,
        source=loader.batch.source,
    )
