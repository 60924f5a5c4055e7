"""The list of what is due as one question: every source, whose it is today, what was put off; compiled once a day.

Writing a dozen queries as SQL took longer than asking them, so that the text is kept for each user and day. Rights are
read by the database when it is asked; the words that a source may have looked at in Python are part of the key.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Exists, F, Func, QuerySet, Value
from django.db.models.functions import Now
from django.utils.translation import get_language

from casework.agencies.models import User
from casework.agencies.roles import May, carrying, roles_of
from desks.day import sources
from desks.day.due import COLUMNS, Due, Scope
from households.models import Household
from risk.closings.heard import quiet_homes

AHEAD = timedelta(days=30)
"""How far the list looks ahead: our own criterion."""
HERE = [-1]  # stands in the kept text for the households that are asked about
ALSO_CLOSED = [-2]  # and for these with the closed ones among them of which nothing new was heard


@dataclass(frozen=True)
class Row:
    """One thing that is due, whose it is today (`doer`; None: nobody's) and whether that person still `works` there;
    `main`: the responsible worker of the household. `until`, `why`, `who`, `snooze`: it was put off."""

    due: Due
    number: str
    doer: int | None
    doer_name: str
    works: bool
    until: date | None
    why: str
    who: str
    snooze: int | None
    companion: int | None

    @property
    def put_off(self) -> bool:
        """Whether it was put off."""
        return self.until is not None


def among(ids: list[int]) -> QuerySet[Any]:
    """Return the keys of households among `ids`, given to the database as one value."""
    given = Value(ids, output_field=ArrayField(BigIntegerField()))
    inside = Func(F("pk"), given, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())
    return Household.objects.filter(inside).order_by().values("pk")


def households_of(user: User) -> tuple[list[int], list[int]]:
    """Return the households whose day is the user's: those of one's own and of whom one stands in for, in an Emergency
    those of the shift, for supervisors the whole centre's; first without the closed cases of which nothing new was
    heard, then with them. One query."""
    sql, params = _kept(user.pk)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return [key for key, closed in rows if not closed], [key for key, _closed in rows]


def rows_of(user: User, *, on: date, until: date | None = None, only: tuple[str, ...] = ()) -> list[Row]:
    """Return what is due by `until` (in 30 days), what is put off too, the earliest first. `only`: kinds. Two
    queries."""
    last = until or on + AHEAD
    open_ones, homes = households_of(user)
    roles = ".".join(sorted(role.code for role in roles_of(user)))
    found = _compiled(user.pk, user.agency_id, roles, on, last, only, get_language() or "", _named())
    if found is None:
        return []
    sql, params = found
    asked = [open_ones if value == HERE else homes if value == ALSO_CLOSED else value for value in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [_row(*row) for row in cursor.fetchall()]


def _row(*row: Any) -> Row:
    kind, household, person, key, words, day = row[: len(COLUMNS)]
    return Row(Due(kind, household, person, key, words, day), *row[len(COLUMNS) :])


def _named() -> tuple[Any, ...]:
    """The sources of this moment: tests put others in their place."""
    return sources.SOURCES


@lru_cache(maxsize=2048)
def _kept(user_id: int) -> tuple[str, tuple[Any, ...]]:
    kept = Household.objects.kept_by(User(pk=user_id)).order_by().annotate(closed=Exists(quiet_homes(Now())))
    kept = kept.values_list("pk", "closed")
    return kept.query.sql_with_params()


@lru_cache(maxsize=512)
def _compiled(user_id, agency_id, roles, on, last, only, language, found) -> tuple[str, list[Any]] | None:
    user = User(pk=user_id, agency_id=agency_id)
    scope = Scope(user, among(HERE), on, beside=True, until=last)
    ended = Scope(user, among(ALSO_CLOSED), on, beside=True, until=last)
    parts = [source.rows(ended if source.ended else scope) for source in found if not only or source.kind in only]
    if not parts:
        return None
    union = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    sql, params = union.query.sql_with_params()
    able = carrying(May.SEE_CASELOAD)
    return _ASKED % {"union": sql, "columns": ", ".join(COLUMNS)}, [able, agency_id, *params, on, on, last]


# Whose it is: a task's by name or the household's responsible worker of today; a visit's who goes.
_ASKED = """
WITH able AS MATERIALIZED (
    SELECT DISTINCT person.id FROM agencies_user person
    JOIN agencies_rolegrant held ON held.user_id = person.id AND held.during @> now() AND held.role = ANY(%%s)
    WHERE person.is_active AND person.agency_id = %%s
)
SELECT %(columns)s, COALESCE(household.number, ''), doer.id, COALESCE(doer.name, ''), able.id IS NOT NULL,
    snooze.until, COALESCE(snooze.reason, ''), COALESCE(putter.name, ''), snooze.id, visit.companion_id
FROM (%(union)s) due (%(columns)s)
LEFT JOIN households_task task ON task.id = CASE due_kind WHEN 'task' THEN due_key::bigint END
LEFT JOIN households_plannedvisit visit ON visit.id = CASE due_kind WHEN 'visit' THEN due_key::bigint END
LEFT JOIN households_household household ON household.id = COALESCE(due_household, task.household_id)
LEFT JOIN households_assignment main ON main.household_id = COALESCE(due_household, task.household_id)
    AND main.kind = 'main' AND main.superseded_at IS NULL AND main.during @> %%s::date
LEFT JOIN agencies_user doer ON doer.id = COALESCE(task.owner_id, visit.worker_id, main.worker_id)
LEFT JOIN able ON able.id = doer.id
LEFT JOIN households_snooze snooze ON snooze.kind = due_kind AND snooze.key = due_key AND snooze.due_on = due_day
    AND snooze.household_id IS NOT DISTINCT FROM due_household
    AND snooze.lifted_at IS NULL AND snooze.until > %%s::date
LEFT JOIN agencies_user putter ON putter.id = snooze.by_id
WHERE due_day <= %%s::date
ORDER BY due_day, due_kind, due_household, length(due_key), due_key
"""
