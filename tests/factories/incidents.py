"""Recorded crises, and back-tests that somebody asked for."""

import factory
from django.utils import timezone

from casework.clock import seoul_day
from risk.models import BacktestRun, Incident
from tests.factories.agencies import day_at
from tests.factories.households import HouseholdFactory, a_month_ago, system


class IncidentFactory(factory.django.DjangoModelFactory):
    """Somebody of `household` was found in crisis a month ago, known that day unless `known_at` says otherwise."""

    household = factory.SubFactory(HouseholdFactory)
    kind = "found"
    occurred_on = factory.LazyFunction(a_month_ago)
    recorded_by = factory.LazyFunction(system)
    known_at = factory.LazyAttribute(lambda o: day_at(o.occurred_on))

    class Meta:
        model = Incident


class BacktestFactory(factory.django.DjangoModelFactory):
    """A back-test that waits; `state` and `result` as given."""

    on = factory.LazyFunction(lambda: seoul_day(timezone.now()))
    known_by = factory.LazyFunction(timezone.now)
    requested_by = factory.LazyFunction(system)

    class Meta:
        model = BacktestRun
