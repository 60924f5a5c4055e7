"""Rows into tables by COPY, streamed: a load of any size holds one block of text at a time."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

BLOCK = 1 << 18
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
EVER = "(,)"
"""The range of days without ends."""


def days(first: date | None, last: date | None = None) -> str:
    """Return the half-open range from `first` up to, not including, the day after `last`, as PostgreSQL writes it."""
    begin = f"[{first}" if first else "("
    return f"{begin},{date.fromordinal(last.toordinal() + 1) if last else ''})"


def line(row: Iterable[Any]) -> str:
    """Return a row in the text format of COPY, without its end."""
    return "\t".join([_text(value) for value in row])


def _text(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return value.translate(_ESCAPES) if "\\" in value or "\n" in value or "\t" in value else value
    if value is None:
        return "\\N"
    if kind is bool:
        return "t" if value else "f"
    if kind is list or kind is tuple:
        return "{" + ",".join(value) + "}"
    if kind is datetime:
        return value.isoformat()
    return str(value)


class _Stream(io.TextIOBase):
    """Reads lines as a file, so that the driver asks for as much as it sends."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.left = ""

    def read(self, size: int | None = -1) -> str:
        size = BLOCK if size is None or size < 0 else size
        parts, length = [self.left], len(self.left)
        while length < size and (more := next(self.lines, None)) is not None:
            parts.append(more)
            length += len(more)
        text = "".join(parts)
        self.left = text[size:]
        return text[:size]


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Append `rows` to the table of `model`; `columns` are database columns in the order of the values."""
    copy_lines(model, columns, (line(row) for row in rows))


def copy_lines(model: type[models.Model], columns: Sequence[str], lines: Iterable[str]) -> None:
    """The same with rows that `line` has written already."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        stream = _Stream(text + "\n" for text in lines)
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', stream, size=BLOCK)


def keys(model: type[models.Model], number: int) -> range:
    """Take `number` primary keys of `model` in one go, so that rows can name each other before they are written."""
    if not number:
        return range(0)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(key), max(key) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS key "
            "FROM generate_series(1, %s)) taken",
            [table, number],
        )
        first, last = cursor.fetchone()
    if last - first + 1 != number:
        raise RuntimeError("Somebody else is writing into this database; load the demo register alone.")
    return range(first, last + 1)
