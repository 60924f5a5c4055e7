"""A file as a header and a stream of rows, whatever it was saved as. Never holds the whole file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from casework.imports.reasons import FileRefused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What our own file of refused rows puts in front of a cell that a spreadsheet would take for a formula.
GUARD = "'"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Sheet:
    """`header`: column names as written, trimmed. `rows`: lists of trimmed cells; a blank row is an empty list.

    `expected` is how many rows are to come, for a progress bar only. `ragged` says whether a row that is too short
    can be told: a workbook leaves out empty cells at the end.
    """

    header: list[str]
    rows: Iterator[list[str]]
    expected: int
    ragged: bool = True
    other_sheets: tuple[str, ...] = ()


def open_sheet(file: BinaryIO) -> Sheet:
    """Open a seekable binary file as CSV (UTF-8 with or without BOM, or CP949) or XLSX. Raises `FileRefused`."""
    from casework.imports.csv_file import open_csv
    from casework.imports.xlsx_file import open_xlsx

    start = file.read(4)
    file.seek(0)
    if start == OLE:
        raise FileRefused("old_xls")
    return open_xlsx(file) if start == ZIP else open_csv(file)


def clean(cell: str) -> str:
    """Return a cell without the space around it and without the guard of our own refused-rows file."""
    cell = cell.strip()
    return cell[1:] if cell.startswith(GUARD) and cell[1:2] in DANGEROUS else cell


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `clean` gives the cell back."""
    return GUARD + cell if cell.startswith(DANGEROUS) else cell
