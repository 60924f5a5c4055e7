"""One number of a monthly report: its words, and how it is counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from desks.monthly.month import Month


@dataclass(frozen=True)
class Counted:
    """One number of the report: its code, what it is called, how it is counted (both for readers), the query that
    counts it (made with `tally`), and, where it is told apart, the words of each part by the end of its code."""

    code: str
    label: Any
    definition: Any
    rows: Callable[[Month], QuerySet[Any]]
    parts: Mapping[str, Any] = field(default_factory=dict)

    def lines(self) -> list["Spoken"]:
        """Return one line, or one for each part."""
        if not self.parts:
            return [Spoken(self.code, self.label, self.definition)]
        return [
            Spoken(f"{self.code}.{part}", _joined(self.label, words), self.definition)
            for part, words in self.parts.items()
        ]


@dataclass(frozen=True)
class Spoken:
    """A line before it is counted: its code, its words, its definition."""

    code: str
    label: Any
    definition: Any


def tally(rows: QuerySet[Any], code: str, *, of: str = "pk", by: str = "") -> QuerySet[Any]:
    """Return `rows` counted as (code of the line, number), each value of the column `of` once; told apart `by` a
    column, whose value ends the code."""
    line: Any = Concat(Value(f"{code}."), F(by), output_field=CharField()) if by else Value(code)
    grouped = rows.order_by().annotate(line=Cast(line, CharField())).values("line")
    return grouped.annotate(n=Count(of, distinct=True)).values_list("line", "n")


def _joined(label: Any, words: Any) -> Any:
    return _Joined(label, words)


class _Joined:
    """Two words that are put together when they are read, in the reader's language."""

    def __init__(self, label: Any, words: Any) -> None:
        self.label, self.words = label, words

    def __str__(self) -> str:
        return f"{self.label} · {self.words}"
