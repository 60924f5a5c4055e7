"""Rows on their way in: COPY into a temporary table of text, so that everything after it is set-based.

The temporary tables live as long as the transaction of one file:
`import_row` (row, found, one text column per known column; what a file does not have is empty),
`import_check` (those and what a loader made of them), `import_fault` (row, place, field, code, params),
`import_outcome` (row, superseded) and `import_warning` (row, code, params).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casework.imports.sheets import Sheet

TABLES = (
    "import_row",
    "import_check",
    "import_fault",
    "import_outcome",
    "import_warning",
    "import_good",
    "import_plan",
)
REPORT_EVERY = 10_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Tell = Callable[[str, int, int], None]


def stage(cursor: Any, sheet: Sheet, columns: tuple[str, ...], places: Mapping[str, int], tell: Tell) -> int:
    """Copy the rows of `sheet` into `import_row` and return how many there are; blank rows keep their number.

    `tell(phase, done, expected)` is called now and then.
    """
    _make_tables(cursor, columns)
    used = tuple(places)
    lines = _Lines(sheet, [places[name] for name in used], tell)
    names = "".join(f', "{name}"' for name in used)
    cursor.copy_expert(f"COPY import_row (row, found{names}) FROM STDIN", lines)
    cursor.execute("ANALYZE import_row")
    return lines.count


def _make_tables(cursor: Any, columns: tuple[str, ...]) -> None:
    texts = "".join(f", \"{name}\" text NOT NULL DEFAULT ''" for name in columns)
    for table in TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(f"CREATE TEMP TABLE import_row (row int, found int{texts}) ON COMMIT DROP")
    cursor.execute(
        "CREATE TEMP TABLE import_fault (row int, place int, field text, code text, params jsonb) ON COMMIT DROP;"
        "CREATE TEMP TABLE import_outcome (row int, superseded boolean) ON COMMIT DROP;"
        "CREATE TEMP TABLE import_warning (row int, code text, params jsonb) ON COMMIT DROP"
    )


class _Lines:
    """The rows as the text that COPY reads, made as it asks for more."""

    def __init__(self, sheet: Sheet, used: list[int], tell: Tell) -> None:
        self.count = 0
        self._lines = self._encoded(sheet, used, tell)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            line = next(self._lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        whole = b"".join(parts)
        if size < 0:
            size = len(whole)
        self._rest = whole[size:]
        return whole[:size]

    def _encoded(self, sheet: Sheet, used: list[int], tell: Tell) -> Iterator[bytes]:
        width = len(sheet.header)
        for number, row in enumerate(sheet.rows, start=1):
            if not row:
                continue
            self.count += 1
            if self.count % REPORT_EVERY == 0:
                tell("read", self.count, max(sheet.expected, self.count))
            found = len(row)
            if found < width:
                row += [""] * (width - found)
                found = found if sheet.ragged else width
            yield _line(number, found, [row[place] for place in used])


def _line(number: int, found: int, cells: list[str]) -> bytes:
    text = "\t".join(cells)
    if "\\" in text or "\n" in text or "\r" in text or text.count("\t") != len(cells) - 1:
        text = "\t".join(cell.translate(ESCAPES) for cell in cells)
    return f"{number}\t{found}\t{text}\n".encode()
