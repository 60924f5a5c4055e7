"""How households are called on desks: one query, whatever their number; only those that the user may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language

from casework.agencies.models import User
from desks.atrisk.rows import called
from desks.named import CALLED, RESTRICTED, by_number
from households.models import Household


@dataclass(frozen=True)
class Title:
    """A household by its head, or by its number where the address is protected or somebody had the use of their data
    stopped; safe beside a name in any list."""

    number: str
    name: str
    town: str
    people: int
    protected: bool
    subjects: tuple[int, ...]

    @property
    def href(self) -> str:
        return reverse("desks:household", args=[self.number])


def titles_of(user: User, households: Iterable[int], *, on: date) -> dict[int, Title]:
    """Return {household id: Title} of those of `households` that `user` may see."""
    wanted = sorted(set(households))
    if not wanted:
        return {}
    seen = Household.objects.visible_to(user).filter(pk__in=wanted).order_by().values("pk")
    sql, params = seen.query.sql_with_params()
    kind = "latin" if get_language() == "en" else "hangul"
    called_by = CALLED.format(household="household.id")
    asked = _TITLES % {"seen": sql, "called": called_by, "restricted": RESTRICTED}
    with connection.cursor() as cursor:
        cursor.execute(asked, [on, on, kind, on, *params])
        return {row[0]: _title(*row[1:]) for row in cursor.fetchall()}


def _title(number, town, people, subjects, head, protected, restricted) -> Title:
    name = by_number(number) if restricted else number if protected else called(head, people, number)
    place = "" if protected or restricted else town or ""
    return Title(number, name, place, people, bool(protected), tuple(subjects or ()))


def shown_people(titles: dict[int, Title]) -> list[int]:
    """Return the ids of the people whose data a page of these titles shows."""
    return sorted({person for title in titles.values() for person in title.subjects})


_TITLES = """
SELECT household.id, household.number, dwelling.town, members.people, members.subjects, head.name,
    standing.address_protected, %(restricted)s
FROM households_household household
LEFT JOIN risk_standing standing ON standing.household_id = household.id
%(called)s
WHERE household.id IN (%(seen)s)
"""
