"""Which records may be of one person: pairs with points and reasons, in one statement (households/sql/alike.sql).

The points are those that warn at intake; a pair is listed only where more agrees, because nobody stands at the desk who
could be asked. All of it is our own criterion: a person decides, and nothing is ever linked by the machine.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from households.models import Person
from households.search.jamo import one_wrong
from households.search.likeness import OTHER_BIRTH, OTHER_SEX, POINTS, Reason

SQL = Path(__file__).parents[1] / "sql" / "alike.sql"
LISTED_FROM = 7
"""Two strong things that agree, or a strong one and two weak ones (our own criterion). A common name in one cohort (5)
and siblings' given names (6) stay out."""
MOST = 500
SAME_COHORT = "same_cohort"
COHORT_POINTS = 1
# The same month of entry: people who came together also share it, so that it speaks little by itself.
LABELS: dict[str, Any] = {**dict(Reason.choices), SAME_COHORT: _("The month of entry is the same.")}


@dataclass(frozen=True)
class Pair:
    """Two person ids (`one` the smaller), how much speaks for one person, and the codes of what agrees."""

    one: int
    two: int
    points: int
    reasons: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """What agrees, each as a sentence."""
        return [str(LABELS[reason]) for reason in self.reasons]


def pairs_of(people: QuerySet[Person], *, most: int = MOST) -> list[Pair]:
    """Return the pairs of which at least one is among `people`, the likeliest first; one query.

    The other may be anybody on file: what may be shown of it is asked by whoever shows it. Pairs that are linked, are
    proposed, or were found to be two people since either last changed are left out.
    """
    mine, params = people.order_by().values("pk").query.sql_with_params()
    named = {f"mine_{place}": value for place, value in enumerate(params)}
    asked = mine % tuple(f"%({name})s" for name in named)
    with connection.cursor() as cursor:
        cursor.execute(_statement().replace("MINE", f"SELECT id FROM ({asked}) AS mine (id)"), named | _limits(most))
        rows = [row for row in cursor.fetchall() if _is_near(row)]
    return [Pair(row[0], row[1], row[2], tuple(row[3])) for row in rows]


def pair_of(one: int, two: int) -> Pair | None:
    """Return what speaks for two records (ids) being of one person, as the list would say it; None for nothing."""
    found = pairs_of(Person.objects.filter(pk=one))
    return next((pair for pair in found if {pair.one, pair.two} == {one, two}), None)


def _is_near(row: tuple[Any, ...]) -> bool:
    """Of names that differ in one syllable, keep those that differ in one letter of it."""
    *_numbers, reasons, one, two = row
    return Reason.ONE_LETTER not in reasons or two in one_wrong(one)


def _limits(most: int) -> dict[str, int]:
    return {"listed": LISTED_FROM, "most": most}


@lru_cache(maxsize=1)
def _statement() -> str:
    points = {str(reason.value): value for reason, value in POINTS.items()}
    points |= {SAME_COHORT: COHORT_POINTS, "other_birth": OTHER_BIRTH, "other_sex": OTHER_SEX}
    return SQL.read_text(encoding="utf-8").replace("POINTS", f"'{json.dumps(points)}'::jsonb")
