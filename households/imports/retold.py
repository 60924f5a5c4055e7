"""Rows under a reference of the sender's own: what is news in them, and remembering what was said.

A row that says what its sender last said under this reference is no news: what was corrected or taken back on screen
since stays, and the same file twice changes nothing. Of several rows of one reference the last one is heard.
"""

from casework.imports.loader import Loader

REFERENCE_LENGTH = 60
"""What `Stated.ref` keeps."""


def make_news(loader: Loader, about: str, cells: str) -> None:
    """Put `digest` (of the SQL list `cells` over `g`) and `news` into `import_good`; `about` is a word of Stated."""
    loader.run("ALTER TABLE import_good ADD COLUMN digest text, ADD COLUMN news boolean NOT NULL DEFAULT false")
    loader.run(f"UPDATE import_good g SET digest = left(md5(ROW({cells})::text), 16)")
    loader.run(
        """
        UPDATE import_good g SET news = true
        FROM (SELECT DISTINCT ON (reference) row FROM import_good ORDER BY reference, row DESC) heard
        WHERE heard.row = g.row AND NOT EXISTS (SELECT FROM households_stated last
            WHERE last.source = %(source)s AND last.about = %(about)s AND last.ref = g.reference
              AND last.said ->> 'row' = g.digest)
        """,
        source=loader.batch.source,
        about=about,
    )
    loader.cursor.execute("ANALYZE import_good")


def remember(loader: Loader, about: str) -> None:
    """Keep what the heard rows said."""
    loader.run(
        """
        INSERT INTO households_stated (source, about, ref, said)
        SELECT %(source)s, %(about)s, reference, jsonb_build_object('row', digest) FROM import_good WHERE news
        ON CONFLICT (source, about, ref) DO UPDATE SET said = EXCLUDED.said
        """,
        source=loader.batch.source,
        about=about,
    )


def touch_left_people(loader: Loader, table: str) -> None:
    """Queue the households of whoever a fact was taken back from: the new version names somebody else."""
    loader.run(f"""
        INSERT INTO touched (household_id)
        SELECT DISTINCT m.household_id FROM import_plan p JOIN {table} s ON s.id = p.old_id
        JOIN households_membership m ON m.person_id = s.person_id AND m.superseded_at IS NULL
        WHERE s.person_id <> p.person_id
    """)
