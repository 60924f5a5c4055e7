"""Why a file or a row is refused: a code for machines, a sentence for people.

The sentence says what is there and what would be right; it takes its values as parameters, for any language.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

FILE_REASONS = {
    "empty_file": _("The file is empty. Its first row must hold the names of the columns: %(columns)s."),
    "missing_columns": _(
        "The column %(missing)s is missing. The first row must hold these names, in any order: %(columns)s."
    ),
    "no_choice": _("No column says who is meant. The first row must hold one of these: %(choices)s."),
    "column_twice": _("The column %(column)s stands twice in the first row. Each name may stand there once."),
    "encoding": _(
        "Line %(line)s cannot be read: the file is neither UTF-8 nor CP949. Save it again as “CSV UTF-8” or as XLSX."
    ),
    "broken_csv": _(
        "Line %(line)s cannot be read: a quotation mark is not closed, or a cell is longer than 131,072 characters."
    ),
    "zip_bomb": _(
        "The workbook would unpack to %(size)s MB, which is more than is read here. Save the one sheet again, or "
        "save it as CSV."
    ),
    "broken_xlsx": _("The workbook cannot be opened. Save it again as XLSX without a password, or as CSV."),
    "old_xls": _("This is a workbook of the old kind (XLS) or one with a password. Save it as XLSX or CSV."),
    "no_source": _("The file has no sender. Say whose numbers the references are, such as the name of the system."),
    "forgotten": _("The file of this dry run is no longer kept. Bring it in again."),
    "no_file": _("There is no file to read at %(path)s."),
    "stopped": _("The load stopped half-way (%(cause)s). Nothing of this file was loaded; it can be loaded again."),
}
ROW_REASONS = {
    "short_row": _("The row has %(found)s cells and needs %(wanted)s. Check whether a comma or a cell was lost."),
    "long_row": _(
        "The row has %(found)s cells and may have %(wanted)s. Put a cell that holds a comma between quotation marks."
    ),
    "formula": _("“%(value)s” in %(field)s is a formula or an error of one. Put in the value itself."),
    "required": _("%(field)s is empty. It must be filled in."),
    "too_long": _("%(field)s has %(found)s characters. At most %(wanted)s are kept; shorten it."),
    "not_a_day": _(
        "“%(value)s” in %(field)s is not a date. Write a day that exists as YYYY-MM-DD, such as 2026-03-15."
    ),
    "not_a_birth": _(
        "“%(value)s” in %(field)s is not a date. Write YYYY-MM-DD, YYYY-MM or YYYY, such as 1985-03-15, 1985-03 "
        "or 1985."
    ),
    "not_a_moment": _("“%(value)s” in %(field)s is not a time with its offset. Write it like 2026-03-15T14:20+09:00."),
    "future": _(
        "“%(value)s” in %(field)s lies after %(day)s, when this was told. It must be that day or an earlier one."
    ),
    "not_one_of": _("“%(value)s” in %(field)s is not known here. Write one of these: %(allowed)s."),
    "not_whole": _("“%(value)s” in %(field)s is not a whole number. Write digits only, such as 3 or 120000."),
    "negative": _("“%(value)s” in %(field)s is below zero. Write 0 or more."),
    "too_large": _("“%(value)s” in %(field)s is too large. At most %(wanted)s can be right."),
}


class FileRefused(Exception):
    """The whole file is refused; `str()` is the sentence the user reads, in the language in force."""

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.params = code, field, params

    def __str__(self) -> str:
        return str(FILE_REASONS[self.code]) % self.params


def sentence(reasons: Mapping[str, Any], fault: Mapping[str, Any]) -> str:
    """Return the sentence of one fault `{"field", "code", "params"}`, in the language in force."""
    return str(reasons[fault["code"]]) % {"field": fault["field"], **fault["params"]}
