"""Entitlements of the first catalogue, versions as far along as a test needs them, and what came of them."""

from datetime import date

import factory
from django.utils import timezone

from casework.clock import seoul_day
from households import models
from households.entitlements import drafting
from tests.factories.households import PersonFactory, system

CODE = "TRAINING"


def entry(code=CODE):
    """Return an Entitlement of the first catalogue."""
    return models.Entitlement.objects.get(code=code)


def standing(code=CODE, on=None):
    """Return the version in force on a day, today unless said."""
    return models.EntitlementVersion.objects.standing(on=on or date(2026, 11, 1)).get(entitlement__code=code)


def content(code=CODE, **changes):
    """Return the content of the standing version, with changes, as the verbs take it."""
    return {**drafting.content_of(standing(code)), "why": "고시가 바뀌었습니다.", **changes}


class EntitlementStepFactory(factory.django.DjangoModelFactory):
    """`person` applied for `code` today, unless said otherwise."""

    person = factory.SubFactory(PersonFactory)
    state = "applied"
    stated_on = factory.LazyFunction(lambda: seoul_day(timezone.now()))
    recorded_by = factory.LazyFunction(system)

    class Meta:
        model = models.EntitlementStep

    @classmethod
    def _create(cls, model, *, code=CODE, **fields):
        return model.objects.create(entitlement=entry(code), **fields)


def entitled(person, *, by):
    """Return the keys that the pages of entitlements are called with."""
    return {
        "entitlement": CODE,
        "entitlement_version": standing().pk,
        "entitlement_step": EntitlementStepFactory(person=person, recorded_by=by).fact_id,
    }
