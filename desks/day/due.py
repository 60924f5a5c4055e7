"""What is due, in one shape: each source is a query with the same columns, so that all of them are one question."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from casework.agencies.models import User
from households.models import Membership

COLUMNS = ("due_kind", "due_household", "due_person", "due_key", "due_words", "due_day")


@dataclass(frozen=True)
class Scope:
    """Whose day is asked for: the `households` (a queryset or SQL of keys that `user` may see, their files kept at the
    own centre), on which day. Own tasks are those of `user`. `beside`: what hangs on none of these households belongs
    to it too: tasks and drafts of one's own, referrals that came in. `until`: the last due day that is asked about,
    where a source can narrow by it. A source asks for the rights of `user` in its query, by the keys: the same text
    serves everybody (`desks.day.question`)."""

    user: User
    households: Any
    on: date
    beside: bool = False
    until: date | None = None


@dataclass(frozen=True)
class Due:
    """One thing that is due by `day`. `key` names the record it comes from within its kind; `words` are safe beside a
    name and may be empty. `household`, `person`: ids, or None."""

    kind: str
    household: int | None
    person: int | None
    key: str
    words: str
    day: date

    def late(self, on: date) -> bool:
        """Say whether the day has passed."""
        return self.day < on


@dataclass(frozen=True)
class Source:
    """One kind of thing that is due: its words for the list, the query (made with `due_rows`) and the page on which it
    is done, of the Due and the household's number. `waits`: whether it can be put off with a reason. `dated`: whether
    the calendar shows it; False for what stands there from elsewhere. `ended`: whether it is due of a closed case too,
    while nothing new is heard of it: what is asked after an ending, and what the law gives a day. `leads`: whether only
    whoever reviews at the centre can do it; others see that it waits."""

    kind: str
    label: Any
    rows: Callable[[Scope], QuerySet[Any]]
    href: Callable[[Due, str], str]
    waits: bool = True
    dated: bool = True
    ended: bool = False
    leads: bool = False


def due_rows(
    rows: QuerySet[Any], kind: str, *, day: Any, household: Any = None, person: Any = None, key: Any = "pk", words=""
) -> QuerySet[Any]:
    """Return `rows` with the COLUMNS alone. `day`, `household`, `person` and `key` are names of columns or expressions;
    `words` is the name of a column, an expression, or "" for none."""
    return (
        rows.order_by()
        .annotate(
            due_kind=Value(kind, output_field=CharField()),
            due_household=_of(household, BigIntegerField()),
            due_person=_of(person, BigIntegerField()),
            due_key=_of(key, CharField()),
            due_words=_of(words or Value(""), CharField()),
            due_day=_of(day, DateField()),
        )
        .values_list(*COLUMNS)
    )


def home_of(person: str, on: date) -> Subquery:
    """Return the key of the household in which the person in the column `person` lives on a day, as an expression."""
    homes = Membership.objects.current().filter(person=OuterRef(person), kind="living", during__contains=on)
    return Subquery(homes.order_by("id").values("household")[:1])


def due_of(sources: Iterable[Source], scope: Scope) -> list[Due]:
    """Return what the sources say is due in the scope, the earliest first; one query."""
    parts = [source.rows(scope) for source in sources]
    if not parts:
        return []
    rows = reduce(lambda left, right: left.union(right, all=True), parts)
    return [Due(*row) for row in rows.order_by("due_day", "due_kind", "due_household", "due_key")]


def _of(value: Any, output: Any) -> Cast:
    if value is None:
        value = Value(None)
    return Cast(F(value) if isinstance(value, str) else value, output)
