"""XLSX by openpyxl, read-only, after the archive has been looked at from outside."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from casework.imports.reasons import FileRefused
from casework.imports.sheets import Sheet, clean

MEGABYTE = 1 << 20
MOST_UNPACKED = 400 * MEGABYTE
# Held in memory whole by every reader of XLSX, at several times its size.
MOST_STRINGS = 24 * MEGABYTE
MOST_RATIO = 150
MOST_PARTS = 2_000
MOST_COLUMNS = 100
BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError, TypeError, SyntaxError)


def open_xlsx(file: BinaryIO) -> Sheet:
    """Return the first sheet of the workbook. A formula comes as its text ("=A1+1"), for the checks to refuse."""
    _look_at(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        sheet, *others = book.worksheets
        expected = sheet.max_row or 0
        sheet.reset_dimensions()  # what the file claims about its size may be a lie
    except BROKEN as error:
        raise FileRefused("broken_xlsx") from error
    rows = _rows(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    header = next((row for row in rows if row), [])
    return Sheet(
        header=header,
        rows=rows,
        expected=max(min(expected, 1_048_576) - 1, 0),
        ragged=False,
        other_sheets=tuple(other.title for other in others),
    )


def _look_at(file: BinaryIO) -> None:
    """Refuse an archive that unpacks to more than a register can be, before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except BROKEN as error:
        raise FileRefused("broken_xlsx") from error
    whole = sum(part.file_size for part in parts)
    greedy = any(
        (part.file_size > MEGABYTE and part.file_size > MOST_RATIO * max(part.compress_size, 1))
        or (part.filename.endswith("sharedStrings.xml") and part.file_size > MOST_STRINGS)
        for part in parts
    )
    if whole > MOST_UNPACKED or greedy or len(parts) > MOST_PARTS:
        raise FileRefused("zip_bomb", size=whole // MEGABYTE)
    file.seek(0)


def _rows(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[str]]:
    try:
        for row in rows:
            cells = [clean(_text(value)) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except BROKEN as error:
        raise FileRefused("broken_xlsx") from error


def _text(value: Any) -> str:
    """Return a cell as somebody would have typed it into a CSV file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float | dt.date | dt.time):
        return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
    return "=" + str(getattr(value, "text", "") or "")  # an array or table formula
