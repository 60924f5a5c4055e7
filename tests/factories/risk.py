"""Crisis signals, what contacts told, and a question to the facts."""

from datetime import timedelta

import factory
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from casework.touched import Touched
from households.models import Contact, Participant
from risk.models import Signal
from risk.sweeps import judged, one_snapshot, sweep
from tests.factories.agencies import day_at
from tests.factories.households import members_of, system


class SignalFactory(factory.django.DjangoModelFactory):
    """A crisis signal about `person` (or the head of `household`), `ago` days before `on`, known two days later."""

    on = factory.LazyFunction(lambda: seoul_day(timezone.now()))
    ago = 10
    household = None
    person = None
    code_id = "S01"
    months = None
    ended_ago = None
    known_ago = None
    source = "시험 자료"
    reference = factory.Sequence(lambda n: f"REF-{n}")

    class Meta:
        model = Signal

    @classmethod
    def _create(cls, model, *, on, ago, ended_ago, known_ago, household, person, **fields):
        known = day_at(on - timedelta(days=max(ago - 2, 0) if known_ago is None else known_ago), 1)
        return model.objects.create(
            person=person or members_of(household)[0],
            observed_on=on - timedelta(days=ago),
            ended_on=None if ended_ago is None else on - timedelta(days=ended_ago),
            known_at=fields.pop("known_at", known),
            **fields,
        )


def contact(household, on, ago, *, channel="visit", made=True, tags=(), hour=10, people=None, known_ago=None):
    """Record a contact `ago` days before `on`; an attempt when `made` is False. Return it."""
    at = day_at(on - timedelta(days=ago), hour)
    known = at if known_ago is None else day_at(on - timedelta(days=known_ago), hour)
    made_contact = Contact.objects.create(
        household=household,
        occurred_at=at,
        known_at=known,
        channel=channel,
        contact_made=made,
        tags=list(tags),
        recorded_by=system(),
    )
    present = members_of(household)[:1] if people is None and made else people or ()
    for person in present:
        Participant.objects.create(contact=made_contact, person=person)
    return made_contact


def as_of(on, hours=24):
    """Return the question about `on` with all that was known by the end of that day."""
    return AsOf(on=on, known_by=day_at(on) + timedelta(hours=hours - 9))


def verdict(household, question, *, live=False):
    """Judge one household and return {"band", "score", "rules": {code: hit}}; writes nothing."""
    from risk.explained import _row

    with one_snapshot(live=False):
        judged(question, households=[household.pk], live=live)
        row = _row(household.pk)
    hits = {}
    for hit in row["hits"]:
        hits.setdefault(hit["rule"], hit)
    return {**row, "rules": hits}


def live_sweep(on, households=None):
    """Sweep as of `on` as a live sweep does, and empty the queue."""
    found = sweep(as_of(on), households=households)
    Touched.objects.all().delete()
    return found
