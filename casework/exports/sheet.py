"""The workbook: every page of it and its first row say who took it away, when, why and under which number."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import xlsxwriter

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_IN_CELL = 32_000
"""A cell holds 32,767 characters; the writer would leave a longer one out."""
MOST_IN_HEADER = 250
"""The head of a printed page holds 255 characters; the writer would leave a longer one out."""
WIDEST = 60


def workbook(
    number: str, mark: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, now: datetime
) -> bytes:
    """Return the workbook as bytes: the mark, the heads of the columns, the rows; every cell is text or a number.

    `mark` stands in the first row and, as far as it fits, on the head and foot of every printed page.
    """
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, dict(SAFE)) as book:
        # Who took it away stands in it; the properties of a file travel further than its content, and say nothing.
        book.set_properties({"title": number, "created": now.astimezone(UTC).replace(tzinfo=None)})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(number)
        sheet.write_string(0, 0, plain(mark))
        widths = [len(str(head)) for head in header]
        sheet.write_row(1, 0, [plain(head) for head in header], bold)
        for place, row in enumerate(rows, start=2):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(place, column, cell, wrapped)
                    continue
                text = plain(cell)
                widths[column] = max(widths[column], len(text))
                sheet.write_string(place, column, text, wrapped)
        _laid_out(sheet, mark, widths)
    return held.getvalue()


def plain(cell: object) -> str:
    """Return a cell as text; what a spreadsheet would take for a formula gets an apostrophe in front."""
    text = str(cell)[:MOST_IN_CELL]
    return f"'{text}" if text[:1] in FORMULA or text.lstrip()[:1] in FORMULA else text


def _laid_out(sheet, mark: str, widths: Sequence[int]) -> None:
    on_paper = f"&L{mark.replace('&', '&&')}"[:MOST_IN_HEADER]
    # Half of a doubled sign would begin a code.
    on_paper = on_paper[:-1] if (len(on_paper) - len(on_paper.rstrip("&"))) % 2 else on_paper
    sheet.set_header(on_paper)
    sheet.set_footer(f"{on_paper[: MOST_IN_HEADER - 12].rstrip('&')}&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 1)
    for column, width in enumerate(widths):
        # Hangul is twice as wide as the letters that a width counts.
        sheet.set_column(column, column, min(WIDEST, 4 + width * 1.6))
