"""Long questions that the database reads and plans once a connection, not each time they are asked.

A question of many parts takes longer to read and plan than to answer. What differs from asking to asking (who asks, of
which households) is named in the text; everything else stands in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg2.extensions import AsIs

ME = -(2**40)
"""Stands for the key of whoever asks in what a queryset writes: `named` puts the name of the value in its place."""
KEPT = 8
"""How many plans a connection keeps; the one not asked for longest goes first."""
_plans: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
_numbers = count(1)


@dataclass(frozen=True, eq=False)
class Question:
    """`sql` with values by name; `fixed` are those that stay, `given` the types of those that are given when it is
    asked."""

    sql: str
    fixed: Mapping[str, Any]
    given: Mapping[str, str]
    _text: list[str] = field(default_factory=list, init=False, repr=False)

    def once(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask it without keeping a plan; return the rows. One query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, {**self.fixed, **values})
            return cursor.fetchall()

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask it with the plan that this connection keeps, made now if there is none; return the rows. One query."""
        with connection.cursor() as cursor:
            plans = _plans.setdefault(connection.connection, {})
            text = self._written(cursor)
            name, first = plans.pop(text, None), ""
            if name is None:
                name, first = f"question_{next(_numbers)}", _forget(plans)
                first += f"PREPARE {name} ({', '.join(self.given.values())}) AS {text};"
            places = ", ".join(f"%({value})s::{kind}" for value, kind in self.given.items())
            cursor.execute(f"{first}{_ONE_PLAN};EXECUTE {name} ({places})", values)
            plans[text] = name
            return cursor.fetchall()

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


def _forget(plans: dict[str, str]) -> str:
    """Make room for one more plan."""
    return f"DEALLOCATE {plans.pop(next(iter(plans)))};" if len(plans) >= KEPT else ""
