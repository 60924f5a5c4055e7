"""What ends soon, as dated lines for a calendar: case numbers and names of entitlements, never a name of anybody."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from households.entitlements import compiled
from households.entitlements.answers import SOON
from households.entitlements.catalogue import catalogue_of
from households.models import EntitlementStep, EntitlementVersion, Household, Membership, Person
from households.models.entitlement import Whom


@dataclass(frozen=True)
class Ending:
    """One line: on which day what ends, of which household and person, both by number.

    `why` is "criteria" (the last day on which it still looks likely) or "grant" (the last day of what was granted). An
    entitlement of the whole household names the household's number in `case_number` too. `person`: an id, for the log.
    """

    day: date
    household: str
    case_number: str
    person: int
    code: str
    name: str
    why: str


def ending(households: Any, on: date, *, within: int = SOON) -> list[Ending]:
    """Return what ends from the day `on` within so many days in the households (a queryset, or ids), nearest first.

    The number of queries does not depend on the number of households. Who may see them was asked by the caller: pass
    `Household.objects.visible_to(user)`.
    """
    ids = list(households.order_by().values_list("pk", flat=True)) if hasattr(households, "query") else list(households)
    if not ids:
        return []
    catalogue = catalogue_of(on=on)
    versions = {version.pk: version for version in catalogue.versions}
    last = on + timedelta(days=within)
    likely = _likely(catalogue, ids, on, last)
    granted = _granted(ids, on, last)
    numbers = dict(Household.objects.filter(pk__in=ids).order_by().values_list("pk", "number"))
    people = {person for _home, person, *_rest in likely} | {person for _home, person, *_rest in granted}
    cases = dict(Person.objects.filter(pk__in=people).order_by().values_list("pk", "case_number"))
    by_code = catalogue.by_code()
    whose = {person: (numbers[home], cases[person], person) for home, person, *_rest in [*likely, *granted]}
    found = [_line(whose[person], versions[key], day, "criteria") for _home, person, key, day in likely]
    found += [
        _line(whose[person], by_code[code], day, "grant") for _home, person, code, day in granted if code in by_code
    ]
    return sorted(found, key=lambda line: (line.day, line.household, line.case_number, line.code))


def _line(whose: tuple[str, str, int], version: EntitlementVersion, day: date, why: str) -> Ending:
    household, case_number, person = whose
    called = household if version.entitlement.whom == Whom.HOUSEHOLD else case_number
    return Ending(day, household, called, person, version.entitlement.code, version.name, why)


def _likely(catalogue: Any, ids: list[int], on: date, last: date) -> list[tuple[int, int, int, date]]:
    if not catalogue.versions:
        return []
    sql, params = compiled.statement(catalogue, on=on, households=ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT household_id, person_id, version, until FROM ({sql}) AS answer "
            "WHERE state AND until BETWEEN %(on)s AND %(last)s",
            {**params, "last": last},
        )
        return cursor.fetchall()


def _granted(ids: list[int], on: date, last: date) -> list[tuple[int, int, str, date]]:
    """The latest step of each person and entitlement, where it is a grant that ends in these days."""
    homes = dict(
        Membership.objects.current()
        .filter(household__in=ids, during__contains=on, kind=Household.Kind.LIVING)
        .order_by()
        .values_list("person", "household")
    )
    steps = EntitlementStep.objects.current().filter(person__in=homes, stated_on__lte=on)
    latest = steps.order_by("person_id", "entitlement_id", "-stated_on", "-fact_id")
    latest = latest.distinct("person_id", "entitlement_id")
    rows = EntitlementStep.objects.filter(pk__in=latest.values("pk"), state="granted", until_on__range=(on, last))
    told = rows.order_by("until_on", "id").values_list("person", "entitlement__code", "until_on")
    return [(homes[person], person, code, day) for person, code, day in told if day]
