"""Circumstances and screenings."""

from datetime import timedelta

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from households import models
from tests.factories.agencies import day_at
from tests.factories.households import PersonFactory, a_month_ago, system


class CircumstanceFactory(factory.django.DjangoModelFactory):
    """`kind` of `person` is `value` (`detail`: which benefit) from `since` (None: from ever on) up to and including
    `until`; known when it began, unless `known_at` says otherwise."""

    person = factory.SubFactory(PersonFactory)
    kind = "income"
    value = "below_line"
    detail = ""
    since = factory.LazyFunction(a_month_ago)
    until = None
    recorded_by = factory.LazyFunction(system)
    known_at = factory.LazyAttribute(lambda o: day_at(o.since or a_month_ago()))

    class Meta:
        model = models.Circumstance

    @classmethod
    def _create(cls, model, *, since, until, **fields):
        during = DateRange(since, until + timedelta(days=1) if until else None)
        return model.objects.create(during=during, **fields)


class ScreeningFactory(factory.django.DjangoModelFactory):
    """A PHQ-9 of `person` with a score of 7 a month ago, known that day unless `known_at` says otherwise."""

    person = factory.SubFactory(PersonFactory)
    instrument = "phq9"
    score = 7
    item9 = factory.LazyAttribute(lambda o: False if o.instrument == "phq9" else None)
    observed_on = factory.LazyFunction(a_month_ago)
    recorded_by = factory.LazyFunction(system)
    known_at = factory.LazyAttribute(lambda o: day_at(o.observed_on))

    class Meta:
        model = models.Screening
