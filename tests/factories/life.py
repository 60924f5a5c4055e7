"""What happens to a household, in the words of a test: told by a feed, learnt at a contact, stated, screened, moved.

Every day counts back from ON.
"""

from datetime import date, timedelta

from casework.facts import supersede
from households.models import Dwelling
from tests.factories.agencies import day_at, district
from tests.factories.households import PersonFactory, members_of
from tests.factories.risk import SignalFactory, as_of, contact, verdict
from tests.factories.stated import CircumstanceFactory, ScreeningFactory

ON = date(2025, 11, 19)


def ago(days):
    return ON - timedelta(days=days)


def tell(household, code, ago=10, **fields):
    return SignalFactory(household=household, code_id=code, on=ON, ago=ago, **fields)


def learn(household, *tags, ago=10, **fields):
    return contact(household, ON, ago, tags=tags, **fields)


def state(household, kind, value, since=10, person=None, **fields):
    """State something of the head since so many days ago; None: since when is not known."""
    begun = None if since is None else ago(since)
    known = day_at(begun or ago(10))
    return CircumstanceFactory(
        person=person or members_of(household)[0], kind=kind, value=value, since=begun, known_at=known, **fields
    )


def screen(household, score, instrument="phq9", days=10, **fields):
    return ScreeningFactory(
        person=members_of(household)[0], instrument=instrument, score=score, observed_on=ago(days), **fields
    )


def child_in(household):
    return PersonFactory(household=household, role="child", born=date(2015, 3, 3), registered_on=ago(900))


def move(household, days, to="서울 양천구"):
    """Move the household to another district so many days ago."""
    standing = Dwelling.objects.current().get(household=household)
    supersede(standing, by=None, now=day_at(ago(days)), during=(None, ago(days)))
    Dwelling.objects.create(
        household=household, district=district(to), during=(ago(days), None), known_at=day_at(ago(days))
    )


def rules(household, question=None):
    """Return {code: hit} of the household, on ON with all that was known by then unless another question is put."""
    return verdict(household, question or as_of(ON))["rules"]
