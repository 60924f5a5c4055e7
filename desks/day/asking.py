"""The list of what is due: every source, whose it is today, what was put off; two questions."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Exists
from django.db.models.functions import Now
from django.utils.translation import get_language

from casework.agencies.models import User
from casework.agencies.roles import May, carrying
from casework.prepared import ME, Question, named
from desks.day import sources
from desks.day.due import COLUMNS, Due, Source
from desks.day.question import GIVEN, due_sql
from households.models import Household
from risk.closings.heard import quiet_homes

AHEAD = timedelta(days=30)
"""How far the list looks ahead: our own criterion."""


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


def households_of(user: User) -> tuple[list[int], list[int]]:
    """Return the households whose day is the user's: those of one's own and of whom one stands in for, in an Emergency
    those of the shift, for supervisors the whole centre's; first without the closed cases of which nothing new was
    heard, then with them. One query."""
    rows = _kept().ask(me=user.pk)
    return [key for key, closed in rows if not closed], [key for key, _closed in rows]


def rows_of(user: User, *, on: date, until: date | None = None, only: tuple[str, ...] = ()) -> list[Row]:
    """Return what is due by `until` (in 30 days), what is put off too, the earliest first. `only`: kinds. Two
    queries."""
    last = until or on + AHEAD
    open_ones, homes = households_of(user)
    wanted = tuple(source for source in sources.SOURCES if not only or source.kind in only)
    if not wanted:
        return []
    question = _written(wanted, on, last, get_language())
    given = {"me": user.pk, "our_agency": user.agency_id, "here": open_ones, "also_closed": homes}
    # One kind alone is asked before something is changed, a few kinds by the calendar: no plan is kept for each.
    return [_row(*row) for row in (question.once(**given) if only else question.ask(**given))]


def _row(*row: Any) -> Row:
    kind, household, person, key, words, day = row[: len(COLUMNS)]
    return Row(Due(kind, household, person, key, words, day), *row[len(COLUMNS) :])


@lru_cache(maxsize=1)
def _kept() -> Question:
    kept = Household.objects.kept_by(User(pk=ME)).order_by().annotate(closed=Exists(quiet_homes(Now())))
    sql, values = named(kept.values_list("pk", "closed").query.sql_with_params(), {"me": ME})
    return Question(sql, values, {"me": "bigint"})


@lru_cache(maxsize=64)
def _written(wanted: tuple[Source, ...], on: date, last: date, language: str | None) -> Question:
    """`language`: a source may carry words."""
    due, values = due_sql(wanted, on=on, until=last, beside=True)
    asked = _ASKED % {"due": due, "columns": ", ".join(COLUMNS)}
    return Question(asked, {**values, "able": carrying(May.SEE_CASELOAD), "on": on, "last": last}, GIVEN)


# Whose it is: a task's by name or the household's responsible worker of today; a visit's who goes.
_ASKED = """
WITH able AS MATERIALIZED (
    SELECT DISTINCT person.id FROM agencies_user person
    JOIN agencies_rolegrant held ON held.user_id = person.id AND held.during @> now() AND held.role = ANY(%%(able)s)
    WHERE person.is_active AND person.agency_id = %%(our_agency)s
)
SELECT %(columns)s, COALESCE(household.number, ''), doer.id, COALESCE(doer.name, ''), able.id IS NOT NULL,
    snooze.until, COALESCE(snooze.reason, ''), COALESCE(putter.name, ''), snooze.id, visit.companion_id
FROM %(due)s
LEFT JOIN households_task task ON task.id = CASE due_kind WHEN 'task' THEN due_key::bigint END
LEFT JOIN households_plannedvisit visit ON visit.id = CASE due_kind WHEN 'visit' THEN due_key::bigint END
LEFT JOIN households_household household ON household.id = COALESCE(due_household, task.household_id)
LEFT JOIN households_assignment main ON main.household_id = COALESCE(due_household, task.household_id)
    AND main.kind = 'main' AND main.superseded_at IS NULL AND main.during @> %%(on)s::date
LEFT JOIN agencies_user doer ON doer.id = COALESCE(task.owner_id, visit.worker_id, main.worker_id)
LEFT JOIN able ON able.id = doer.id
LEFT JOIN households_snooze snooze ON snooze.kind = due_kind AND snooze.key = due_key AND snooze.due_on = due_day
    AND snooze.household_id IS NOT DISTINCT FROM due_household
    AND snooze.lifted_at IS NULL AND snooze.until > %%(on)s::date
LEFT JOIN agencies_user putter ON putter.id = snooze.by_id
WHERE due_day <= %%(last)s::date
ORDER BY due_day, due_kind, due_household, length(due_key), due_key
"""
