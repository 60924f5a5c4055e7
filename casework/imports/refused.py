"""Refused rows: kept with the cells as they came and every fault, until somebody has mended them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from casework.imports.loader import Loader, loader_for
from casework.imports.models import Batch, QuarantinedRow
from casework.imports.reasons import FILE_REASONS, sentence

PIECE = 2_000
WARNINGS = {
    "stranger": _("The column %(name)s means nothing here and was not read."),
    "other_sheet": _("The workbook has another sheet, %(name)s, that was not read."),
}
MOST_WARNINGS = 500


def keep_refused(cursor: Any, batch: Batch, kind: type[Loader]) -> None:
    """Write one QuarantinedRow for each refused row; its first fault stands in `field`, `code` and `reason`."""
    cells = ", ".join(f"'{name}', r.\"{name}\"" for name in kind.columns)
    reasons = kind.reasons()
    cursor.execute(
        f"DECLARE refused NO SCROLL CURSOR FOR SELECT r.row, jsonb_build_object({cells})::text, f.faults::text "
        "FROM import_row r JOIN (SELECT row, jsonb_agg(jsonb_build_object('field', field, 'code', code, "
        "'params', params) "
        "ORDER BY place, code) AS faults FROM import_fault GROUP BY row) f USING (row) ORDER BY r.row"
    )
    for piece in _pieces(cursor):
        rows = [_quarantined(batch, row, json.loads(kept), json.loads(faults), reasons) for row, kept, faults in piece]
        QuarantinedRow.objects.bulk_create(rows)
    cursor.execute("CLOSE refused")


def _pieces(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    while True:
        cursor.execute(f"FETCH {PIECE} FROM refused")
        if not (piece := cursor.fetchall()):
            return
        yield piece


def _quarantined(
    batch: Batch, row: int, cells: dict[str, str], faults: list[dict[str, Any]], reasons: Any
) -> QuarantinedRow:
    return QuarantinedRow(
        batch=batch,
        row=row,
        field=faults[0]["field"],
        code=faults[0]["code"],
        reason=spoken(faults, reasons),
        faults=faults,
        cells=cells,
    )


def spoken(faults: Sequence[dict[str, Any]], reasons: Any) -> str:
    """Return every fault of a row as sentences, in the language in force."""
    return " ".join(sentence(reasons, fault) for fault in faults)


def say(refused: QuarantinedRow, kind: str) -> str:
    """Return why a row was refused, in the language in force."""
    return spoken(refused.faults, loader_for(kind).reasons())


class _Blank(dict[str, Any]):
    """Stands for the values of a sentence where no cell may be shown."""

    def __missing__(self, name: str) -> str:
        return "…"


def reasons_in_counts(rows: Any, kind: str) -> list[dict[str, Any]]:
    """Return [{field, said, rows}] of refused rows (a QuerySet): why, without any cell; the most frequent first."""
    reasons = loader_for(kind).reasons()
    counted = rows.order_by().values("field", "code").annotate(rows=Count("pk")).order_by("-rows", "field", "code")
    return [
        {
            "field": one["field"],
            "said": str(reasons.get(one["code"], one["code"])) % _Blank(field=one["field"]),
            "rows": one["rows"],
        }
        for one in counted
    ]


def say_file(batch: Batch) -> str:
    """Return why a whole file was refused, in the language in force; "" when it was not."""
    return str(FILE_REASONS[batch.refused_code]) % batch.refused_params if batch.refused_code else batch.refusal


def keep_warnings(cursor: Any, batch: Batch, strangers: Iterable[str], other_sheets: Iterable[str]) -> None:
    """Keep what is no reason to refuse: what was said of how many rows, and of which first."""
    cursor.execute(
        "SELECT code, params, count(*), min(row) FROM import_warning GROUP BY code, params ORDER BY 3 DESC, 4"
    )
    found = [
        {"code": code, "params": _loaded(params), "rows": rows, "first": first}
        for code, params, rows, first in cursor.fetchall()
    ]
    heads = [{"code": "stranger", "params": {"name": name[:60]}, "rows": 0, "first": 0} for name in strangers]
    heads += [{"code": "other_sheet", "params": {"name": name[:60]}, "rows": 0, "first": 0} for name in other_sheets]
    batch.warnings = [*heads, *islice(found, MOST_WARNINGS)]


def _loaded(params: Any) -> Any:
    return json.loads(params) if isinstance(params, str) else params


def warned(batch: Batch) -> list[str]:
    """Return the warnings of a file as sentences, in the language in force."""
    sentences = {**WARNINGS, **loader_for(batch.kind).warnings}
    return [
        str(sentences[w["code"]]) % w["params"]
        + (str(_(" (%(rows)s rows, first row %(first)s)")) % w if w["rows"] else "")
        for w in batch.warnings
    ]
