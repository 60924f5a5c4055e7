"""Facts that hold during a range, told again by a later file: what stays, what is corrected, what ends and begins.

A loader fills `import_told` (row, key, since,
    …content) and calls `plan`; `write` then appends the versions. For each key
(a person or a household) the fact that holds on the day of the file is compared with what the row says:

* no fact of that kind yet: it holds from an open lower bound (or from `since`);
* the same: nothing is written;
* different, and a day of change is stated (`--effective`, or `since`): the old fact ends there, a new one begins there;
* different without a day of change: the old one was wrong, a version with the same range takes its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.imports.loader import Loader


@dataclass(frozen=True)
class Kind:
    """A table of ranged facts: whose (`key`), what it says (`content`), and what narrows the table to this kind."""

    table: str
    key: str
    content: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    blank: Mapping[str, str] = field(default_factory=dict)

    @property
    def same_kind(self) -> str:
        return "".join(f" AND f.{name} = '{value}'" for name, value in self.fixed.items())


# After a CTE `told` (each row of the file with `old_id`, `old_fact`, `content` and what is `stored`): the rows of one
# reference follow each other, those that say nothing new are left out, and each chain has its `fact_id` in `numbers`.
CHAINS = """in_order AS (
    SELECT *, row_number() OVER w AS nth, lag(content) OVER w AS before,
        last_value(content) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS final
    FROM told
    WINDOW w AS (PARTITION BY reference ORDER BY row)
), news AS (
    SELECT *, nth = 1 AS first FROM in_order
    WHERE content IS DISTINCT FROM CASE WHEN nth > 1 THEN before WHEN old_id IS NOT NULL THEN stored END
    AND (old_id IS NULL OR final IS DISTINCT FROM stored)
), chains AS (
    SELECT *, lead(row) OVER one IS NULL AS stands, first_value(row) OVER one AS first_row FROM news
    WINDOW one AS (PARTITION BY reference ORDER BY row)
), numbers AS (
    SELECT row AS first_row, nextval('fact_id_seq') AS fact_id FROM chains
        WHERE row = first_row AND old_id IS NULL
)"""


def plan(loader: Loader, kind: Kind, name: str) -> None:
    """Make the temporary table `name` from `import_told`: each key with the standing fact, and what is to be done."""
    content = ", ".join(f"cur.{column} AS old_{column}" for column in kind.content)
    same = " AND ".join(f"told.{column} = cur.{column}" for column in kind.content)
    facts = f"FROM {kind.table} f WHERE f.{kind.key} = told.key AND f.superseded_at IS NULL{kind.same_kind}"
    loader.run(f"DROP TABLE IF EXISTS pg_temp.{name}")
    loader.run(
        f"""
        CREATE TEMP TABLE {name} ON COMMIT DROP AS
        SELECT told.*, {content}, cur.id AS old_id, cur.fact_id, cur.during, GREATEST(%(known)s, cur.known_at) AS known,
               (SELECT min(lower(f.during)) {facts} AND lower(f.during) > %(day)s) AS next_begins,
               (SELECT max(upper(f.during)) {facts} AND upper(f.during) <= %(day)s) AS last_ended,
               EXISTS (SELECT {facts}) AS has_facts,
               COALESCE(told.since, %(effective)s::date) AS change_on,
               cur.id IS NOT NULL AND {same} AS same_content
        FROM import_told told
        LEFT JOIN LATERAL (SELECT f.* {facts} AND f.during @> %(day)s ORDER BY f.id DESC LIMIT 1) cur ON true
        """,
        day=loader.batch.effective_on or loader.told_on,
        effective=loader.batch.effective_on,
    )
    loader.run(f"ALTER TABLE {name} ADD act text, ADD until daterange, ADD now daterange")
    loader.run(f"UPDATE {name} SET act = {ACT}")
    loader.run(f"UPDATE {name} SET until = {UNTIL}, now = {NOW}", day=loader.batch.effective_on or loader.told_on)


ACT = """CASE
    WHEN old_id IS NULL AND NOT has_facts THEN 'first'
    WHEN old_id IS NULL THEN 'again'
    WHEN same_content AND (since IS NULL OR lower(during) IS NOT DISTINCT FROM since) THEN 'same'
    WHEN same_content THEN 'correct'
    WHEN change_on > COALESCE(lower(during), '-infinity')
        AND change_on < COALESCE(upper(during), 'infinity') THEN 'change'
    ELSE 'correct' END"""
# A `change` ends the old fact; nothing else has an `until`.
UNTIL = "CASE WHEN act = 'change' THEN daterange(lower(during), change_on) END"
NOW = """CASE act
    WHEN 'first' THEN daterange(since, NULL)
    WHEN 'again' THEN daterange(GREATEST(LEAST(COALESCE(since, %(day)s), %(day)s), last_ended), next_begins)
    WHEN 'correct' THEN daterange(CASE WHEN since IS NULL THEN lower(during) ELSE GREATEST(since, last_ended) END,
        upper(during))
    WHEN 'change' THEN daterange(change_on, upper(during)) END"""


def close(loader: Loader, kind: Kind, name: str) -> None:
    """Mark the old versions of a plan as superseded. All plans close before any appends: heads may change places."""
    loader.run(
        f"UPDATE {kind.table} f SET superseded_at = p.known FROM {name} p WHERE f.id = p.old_id AND p.act IN "
        f"('correct', 'change')"
    )


def append(loader: Loader, kind: Kind, name: str) -> None:
    """Append the versions and the new facts of a plan."""
    columns = ", ".join([kind.key, *kind.content, *kind.fixed, *kind.blank])
    fixed = "".join(f", '{value}'" for value in [*kind.fixed.values(), *kind.blank.values()])
    old = ", ".join(f"old_{column}" for column in kind.content)
    new = ", ".join(kind.content)
    marks = "known_at, recorded_by_id, batch_id"
    stamp = "COALESCE(known, %(known)s), %(by)s, %(batch)s"
    insert = f"INSERT INTO {kind.table} (fact_id, {columns}, during, {marks})"
    loader.run(
        f"{insert} SELECT fact_id, key, {old}{fixed}, until, {stamp} FROM {name} WHERE act = 'change'"
        f" UNION ALL SELECT fact_id, key, {new}{fixed}, now, {stamp} FROM {name} WHERE act = 'correct'"
        f" UNION ALL SELECT nextval('fact_id_seq'), key, {new}{fixed}, now, {stamp} FROM {name}"
        " WHERE act IN ('first', 'again', 'change')"
    )


def outcome(loader: Loader, name: str, rows: str) -> None:
    """Note the rows that changed something. `rows` is SQL for (key, row): every row that says this of the key."""
    loader.run(
        f"INSERT INTO import_outcome SELECT r.row, p.act IN ('correct', 'change') FROM {name} p JOIN ({rows}) r "
        f"USING (key) "
        "WHERE p.act <> 'same'"
    )


__all__ = ["Kind", "append", "close", "outcome", "plan"]
