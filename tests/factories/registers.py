"""People as a table tells them, written straight as facts: many small registers in one test."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from casework.clock import five_years_from
from households import models
from tests.factories.agencies import day_at, district

LONG_AGO = {"known_at": day_at(date(2010, 1, 1))}
ALWAYS = DateRange(None, None)


def household(*, place="", place_since=None):
    """Return a household, living in a district ("부산 해운대구") since a day, or nowhere that is known."""
    made = models.Household.objects.create(**LONG_AGO)
    if place:
        during = DateRange(place_since, None)
        models.Dwelling.objects.create(household=made, district=district(place), during=during, **LONG_AGO)
    return made


def member(
    home,
    *,
    role="head",
    defector=True,
    born=None,
    precision="day",
    entered=None,
    moved_in=None,
    decision="",
    decided=None,
    periods=(),
    facility_until=None,
    stated=(),
    benefits=(),
):
    """Return a Person of `home`. `periods`: (first, last) of protection in a district; `stated`: (kind, value, since);
    `benefits`: (which, value)."""
    person = models.Person.objects.create(**LONG_AGO)
    models.Membership.objects.create(person=person, household=home, role=role, **LONG_AGO)
    about = {"birth_on": born, "birth_precision": precision, "is_defector": defector}
    models.Particulars.objects.create(person=person, entered_on=entered, moved_in_on=moved_in, **about, **LONG_AGO)
    _protected(person, decision, decided, periods, facility_until)
    _told(person, stated, benefits)
    return person


def _protected(person, decision, decided, periods, facility_until):
    if decision:
        during = DateRange(decided, None)
        models.ProtectionDecision.objects.create(person=person, decision=decision, during=during, **LONG_AGO)
    runs = [run for first, last in periods for run in _runs(first, last)]
    if facility_until:
        runs.append(("facility", facility_until - timedelta(days=80), facility_until))
    for basis, first, last in runs:
        during = DateRange(first, last + timedelta(days=1))
        models.ProtectionPeriod.objects.create(person=person, basis=basis, during=during, **LONG_AGO)


def _told(person, stated, benefits):
    models.Circumstance.objects.bulk_create(
        [
            models.Circumstance(person=person, kind=kind, value=value, during=DateRange(since, None), **LONG_AGO)
            for kind, value, since in stated
        ]
        + [
            models.Circumstance(person=person, kind="benefit", value=value, detail=which, during=ALWAYS, **LONG_AGO)
            for which, value in benefits
        ]
    )


def _runs(first, last):
    """What lies beyond five years was extended."""
    fifth = five_years_from(first)[1]
    if last <= fifth:
        return [("residence", first, last)]
    return [("residence", first, fifth), ("extension", fifth + timedelta(days=1), last)]
