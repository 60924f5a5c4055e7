"""Files that people take away: for spreadsheets, and never a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why something is taken away; kept in the access log."""

    reason = forms.CharField(label=_("Reason for the download"), max_length=200)


def csv_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return `rows` as the file `name`: UTF-8 with BOM, so that a spreadsheet reads Hangul."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_plain(cell) for cell in header])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return response


def xlsx_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return `rows` as the workbook `name` of one sheet; every cell is text or a number, none a formula or a link."""
    held = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, safe) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, row in enumerate([header, *rows]):
            sheet.write_row(place, 0, [cell if isinstance(cell, int) else str(cell) for cell in row])
        sheet.autofit()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(held.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plain(cell: object) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
