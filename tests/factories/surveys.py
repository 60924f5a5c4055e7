"""Surveys, as the verbs leave them."""

from datetime import timedelta
from uuid import uuid4

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.clock import seoul_day
from households.models import Circumstance
from risk.campaigns import deeds
from risk.campaigns.population import Criteria
from risk.models import Campaign, CampaignHousehold
from tests.factories.households import HouseholdFactory, members_of, system
from tests.factories.standings import stands


class CampaignFactory(factory.django.DjangoModelFactory):
    """A survey of everybody (or of `agency`) that runs and still asks `households`."""

    name = "2025년 하반기 조사"
    purpose = "생활이 어려운 가구를 찾아 도움을 연결합니다."
    agency = None
    households = ()
    reply_by = factory.LazyFunction(lambda: seoul_day(timezone.now()) + timedelta(days=14))
    recorded_by = factory.LazyFunction(system)
    begun = True

    class Meta:
        model = Campaign

    @classmethod
    def _create(cls, model, *, households, begun, **fields):
        now = timezone.now()
        frozen = {"frozen_on": seoul_day(now), "frozen_at": now, "population": len(households), "status": "running"}
        campaign = model.objects.create(**fields, **(frozen if begun else {}))
        for household in households:
            duty = household.responsibility_set.current().get()
            CampaignHousehold.objects.create(
                campaign=campaign, household=household, center=duty.center, band=4, in_scope=True
            )
        return campaign


def today():
    """Return the day in Seoul."""
    return seoul_day(timezone.now())


def planned(by, criteria=None, **fields):
    """Plan a survey with the verb; return the draft."""
    fields = {"reply_by": today() + timedelta(days=14), "client_key": uuid4(), **fields}
    return deeds.plan(
        name="하반기 조사", purpose="취약 가구 확인", criteria=criteria or Criteria(), by=by, on=today(), **fields
    )


def frozen(by, criteria=None, **fields):
    """Plan and freeze a survey; return it."""
    return deeds.freeze(planned(by, criteria, **fields), by=by, now=timezone.now(), on=today())


def home(worker, band=4, **fields):
    """Return a household of the worker that stands in `band`."""
    made = HouseholdFactory(worker=worker, **fields)
    stands(made, band)
    return made


def stated(household, kind, value, detail=""):
    """Record how the head of the household stands from today on."""
    return Circumstance.objects.create(
        person=members_of(household)[0], kind=kind, value=value, detail=detail, during=DateRange(today(), None)
    )


def met(at=None, **more):
    """Return the columns of a call that reached somebody."""
    return {"occurred_at": at or timezone.now(), "channel": "phone", "contact_made": True, **more}


def answered(campaign, household, worker, *, key=None, in_crisis=False, services=(), needs=("health",)):
    return deeds.answer(
        campaign,
        household,
        people=members_of(household)[:1],
        entry=met(),
        needs=list(needs),
        in_crisis=in_crisis,
        services=list(services),
        by=worker,
        client_key=key or uuid4(),
    )
