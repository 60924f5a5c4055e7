"""Checks over all rows at once. Each writes the rows that fail into `import_fault`, none looks at one row alone.

A loader first makes `import_check` with typed columns: `x_observed_on` beside the text `observed_on` is NULL where the
text is empty or makes no sense. All expressions run on PostgreSQL 15, which cannot ask whether a cast would succeed.
"""

from collections.abc import Iterable
from typing import Any

# A formula, a formula behind a sign, or what a spreadsheet leaves where a formula failed.
FORMULA = r"^(=[^=]|[+@-]\s*[A-Za-z][A-Za-z0-9.]*[(!]|#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!))"
DAY = r"^(19|[2-9]\d)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
MONTH = r"^(19|[2-9]\d)\d\d-(0[1-9]|1[0-2])$"
YEAR = r"^(19|[2-9]\d)\d\d$"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)$"
MOMENT = DAY.removesuffix("$") + "[T ]" + CLOCK
WHOLE = r"^[+-]?\d{1,15}$"


def as_day(text: str) -> str:
    """Return SQL for the date that the SQL expression `text` names, or NULL."""
    last = (
        f"extract(day FROM make_date(left({text}, 4)::int, substr({text}, 6, 2)::int, 1) + interval '1 month - 1 day')"
    )
    return (
        f"CASE WHEN {text} !~ '{DAY}' THEN NULL WHEN right({text}, 2) <= '28' THEN {text}::date "
        f"WHEN right({text}, 2)::int > {last} THEN NULL ELSE {text}::date END"
    )


def as_birth(text: str) -> str:
    """Return SQL for the first day of the day, month or year that `text` names, or NULL."""
    return (
        f"CASE WHEN {text} ~ '{YEAR}' THEN ({text} || '-01-01')::date "
        f"WHEN {text} ~ '{MONTH}' THEN ({text} || '-01')::date ELSE {as_day(text)} END"
    )


def birth_precision(text: str) -> str:
    """Return SQL for `day`, `month` or `year`: how much of a birth date `text` says."""
    return f"CASE length({text}) WHEN 4 THEN 'year' WHEN 7 THEN 'month' ELSE 'day' END"


def as_moment(text: str) -> str:
    """Return SQL for the moment with offset that `text` names in ISO 8601, or NULL."""
    day = as_day(f"left({text}, 10)")
    return f"CASE WHEN {text} !~ '{MOMENT}' THEN NULL WHEN ({day}) IS NULL THEN NULL ELSE {text}::timestamptz END"


def as_whole(text: str) -> str:
    """Return SQL for the whole number that `text` names, or NULL."""
    return f"CASE WHEN {text} ~ '{WHOLE}' THEN {text}::bigint END"


def as_list(text: str) -> str:
    """Return SQL for the array of the words of `text` that `;` separates, in order, each once, none empty."""
    return (
        "ARRAY(SELECT word FROM (SELECT btrim(part) AS word, min(place) AS place "
        f"FROM unnest(string_to_array({text}, ';')) WITH ORDINALITY AS parts(part, place) GROUP BY 1) words "
        "WHERE word <> '' ORDER BY place)"
    )


class Checks:
    """The faults of one file. `reasons` may add codes of the loader's own to those of `ROW_REASONS`."""

    def __init__(self, cursor: Any, columns: tuple[str, ...]) -> None:
        self.cursor = cursor
        self.columns = columns

    def fault(
        self, field: str, code: str, where: str, args: dict[str, Any] | None = None, params: str = "'{}'"
    ) -> None:
        """Refuse the rows of `import_check c` for which the SQL `where` holds.

        `params` is SQL for a jsonb object of what the sentence needs beside `value`, the cell itself.
        """
        value = f"jsonb_build_object('value', left(c.\"{field}\", 80))" if field in self.columns else "'{}'::jsonb"
        self.cursor.execute(
            "INSERT INTO import_fault (row, place, field, code, params) "
            f"SELECT c.row, %(_place)s, %(_field)s, %(_code)s, {value} || ({params})::jsonb FROM import_check c "
            f"WHERE {where}",
            {**(args or {}), "_place": self._place(field), "_field": field, "_code": code},
        )

    def _place(self, field: str) -> int:
        return self.columns.index(field) if field in self.columns else -1

    def shape(self, width: int) -> None:
        """Refuse rows with too few or too many cells, and cells that hold a formula."""
        wanted = {"w": width}
        self.fault("", "short_row", "c.found < %(w)s", wanted, "jsonb_build_object('found', c.found, 'wanted', %(w)s)")
        self.fault("", "long_row", "c.found > %(w)s", wanted, "jsonb_build_object('found', c.found, 'wanted', %(w)s)")
        for field in self.columns:
            self.fault(field, "formula", f'c."{field}" ~ %(f)s', {"f": FORMULA})

    def required(self, *fields: str) -> None:
        for field in fields:
            self.fault(field, "required", f"c.\"{field}\" = ''")

    def at_most(self, **limits: int) -> None:
        """Refuse cells that are longer than what is kept."""
        for field, most in limits.items():
            size = f'length(c."{field}")'
            self.fault(
                field,
                "too_long",
                f"{size} > %(m)s",
                {"m": most},
                f"jsonb_build_object('found', {size}, 'wanted', %(m)s)",
            )

    def typed(self, field: str, code: str) -> None:
        """Refuse cells that are filled in and of which no `x_…` could be made."""
        self.fault(field, code, f'c."{field}" <> \'\' AND c."x_{field}" IS NULL')

    def not_after(self, day: Any, *fields: str) -> None:
        """Refuse days after `day`, the day on which the file was told."""
        for field in fields:
            told = "jsonb_build_object('day', %(day)s::text)"
            self.fault(field, "future", f'c."x_{field}"::date > %(day)s::date', {"day": day}, told)

    def one_of(self, field: str, allowed: Iterable[str]) -> None:
        words = list(allowed)
        self.fault(
            field,
            "not_one_of",
            f'c."{field}" <> \'\' AND c."{field}" <> ALL(%(words)s)',
            {"words": words, "said": ", ".join(words)},
            "jsonb_build_object('allowed', %(said)s::text)",
        )

    def each_of(self, field: str, allowed: Iterable[str]) -> None:
        """Refuse a list that holds a word outside the closed list; the sentence names the first such word."""
        words = list(allowed)
        stranger = f'(SELECT word FROM unnest(c."x_{field}") word WHERE word <> ALL(%(words)s) LIMIT 1)'
        self.fault(
            field,
            "not_one_of",
            f'NOT c."x_{field}" <@ %(words)s::text[]',
            {"words": words, "said": ", ".join(words)},
            f"jsonb_build_object('value', {stranger}, 'allowed', %(said)s::text)",
        )

    def whole(self, field: str, most: int) -> None:
        """Refuse what is no whole number, is below zero, or is too large to be right."""
        self.typed(field, "not_whole")
        self.fault(field, "negative", f'c."x_{field}" < 0')
        self.fault(field, "too_large", f'c."x_{field}" > %(m)s', {"m": most}, "jsonb_build_object('wanted', %(m)s)")

    def short_rows_have_one_fault(self) -> None:
        """Leave a row with too few or too many cells that fault alone: its other cells stand in the wrong columns."""
        self.cursor.execute(
            "DELETE FROM import_fault f USING import_fault shape "
            "WHERE shape.row = f.row AND shape.code IN ('short_row', 'long_row') AND f.code <> shape.code"
        )

    def keep_good(self, columns: str) -> None:
        """Make `import_good` from `columns` (SQL over `c`) of the rows without a fault."""
        self.cursor.execute(
            f"CREATE TEMP TABLE import_good ON COMMIT DROP AS SELECT {columns} FROM import_check c "
            "WHERE NOT EXISTS (SELECT FROM import_fault f WHERE f.row = c.row)"
        )
        self.cursor.execute("ANALYZE import_good")
