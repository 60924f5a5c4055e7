"""Long questions that the database reads and plans once a connection, not each time they are asked.

A question of many parts takes longer to read and plan than to answer. What differs from asking to asking (who asks, of
which households) is named in the text; everything else stands in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import getpid
from secrets import token_hex
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from psycopg2.extensions import AsIs

ME = -(2**40)
"""Stands for the key of whoever asks in what a queryset writes: `named` puts the name of the value in its place."""
KEPT = 16
"""How many plans a connection keeps; the one not asked for longest goes first."""
STALE = ("0A000", "26000")
"""What the server answers where the tables changed under a plan, and where it has no plan of the name."""


@dataclass
class _Plans:
    """{text: name} of the plans of one connection. `unsure`: a question failed, so the server may keep others."""

    names: dict[str, str] = field(default_factory=dict)
    unsure: bool = False

    def forget(self) -> str:
        """Make room for one more plan."""
        return f"DEALLOCATE {self.names.pop(next(iter(self.names)))};" if len(self.names) >= KEPT else ""

    def look(self, cursor: Any) -> None:
        """Keep to what the server has: what a failed question prepared or let go is not taken back with it."""
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE starts_with(name, %s)", [_prefix()])
        there = {name for (name,) in cursor.fetchall()}
        self.names = {text: name for text, name in self.names.items() if name in there}
        for name in sorted(there - set(self.names.values())):
            cursor.execute(f"DEALLOCATE {name}")
        self.unsure = False


_kept: WeakKeyDictionary[Any, _Plans] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Question:
    """`sql` with values by name; `fixed` are those that stay, `given` the types of those that are given when it is
    asked. Rows are tuples; with `by_name`, dictionaries by column."""

    sql: str
    fixed: Mapping[str, Any]
    given: Mapping[str, str]
    by_name: bool = False
    _text: list[str] = field(default_factory=list, init=False, repr=False)

    def once(self, **values: Any) -> list[Any]:
        """Ask it without keeping a plan; return the rows. One query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, {**self.fixed, **values})
            return self._rows(cursor)

    def ask(self, **values: Any) -> list[Any]:
        """Ask it with the plan that this connection keeps, made now if there is none; return the rows. One query.

        Behind a pooler that hands out connections by the transaction (`DISABLE_SERVER_SIDE_CURSORS`) no plan is kept.
        A plan that is stale is made anew; within a transaction, which has ended with it, by the next who asks.
        """
        if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return self.once(**values)
        try:
            return self._asked(values)
        except DatabaseError as error:
            if connection.in_atomic_block or not _is_stale(error):
                raise
        return self._asked(values)

    def _asked(self, values: Mapping[str, Any]) -> list[Any]:
        with connection.cursor() as cursor:
            plans = _kept.setdefault(connection.connection, _Plans())
            if plans.unsure:
                plans.look(cursor)
            text = self._written(cursor)
            name, first = plans.names.pop(text, None), ""
            if name is None:
                name, first = f"{_prefix()}{token_hex(8)}", plans.forget()
                first += f"PREPARE {name} ({', '.join(self.given.values())}) AS {text};"
            places = ", ".join(f"%({value})s::{kind}" for value, kind in self.given.items())
            plans.names[text], plans.unsure = name, True
            try:
                cursor.execute(f"{first}{_ONE_PLAN};EXECUTE {name} ({places})", values)
            except DatabaseError as error:
                if _is_stale(error):
                    del plans.names[text]
                raise
            plans.unsure = False
            return self._rows(cursor)

    def _rows(self, cursor: Any) -> list[Any]:
        if not self.by_name:
            return list(cursor.fetchall())
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _written(self, cursor: Any) -> str:
        if not self._text:
            places = {name: AsIs(f"${place}") for place, name in enumerate(self.given, 1)}
            self._text.append(cursor.mogrify(self.sql, {**self.fixed, **places}).decode().replace("%", "%%"))
        return self._text[0]


def named(
    written: tuple[str, Sequence[Any]], marks: Mapping[str, Any], prefix: str = "p"
) -> tuple[str, dict[str, Any]]:
    """Return what a queryset writes (`sql_with_params`) with its values by name, those that stay under `prefix` and a
    number. A value that is one of `marks` gets the name of that mark, and none of the values."""
    sql, params = written
    places, fixed = [], {}
    for place, value in enumerate(params):
        name = next((name for name, mark in marks.items() if type(value) is type(mark) and value == mark), "")
        if not name:
            name = f"{prefix}{place}"
            fixed[name] = value
        places.append(f"%({name})s")
    return sql % tuple(places), fixed


# Else the first five times are planned anew, to compare. It holds for this question, or until the transaction ends.
_ONE_PLAN = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true)"


def _prefix() -> str:
    """Names begin alike in one process, and in no other of the machine: a pooler hands a connection to several."""
    return f"question_{getpid()}_"


def _is_stale(error: DatabaseError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in STALE
