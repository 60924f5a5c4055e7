"""A Ministry officer, a centre in 관악 with its people, and a household that is announced to it."""

from datetime import date

import pytest

from tests.factories import AgencyFactory, UserFactory, district
from tests.factories.agencies import day_at
from tests.factories.handovers import handover_of

TODAY = date(2026, 3, 16)
NOW = day_at(TODAY)
MOVED = date(2026, 3, 12)


@pytest.fixture
def officer(db):
    return UserFactory(agency=AgencyFactory(kind="ministry"), role="ministry_officer", name="최통일")


@pytest.fixture
def coming(officer, centre):
    """Announced to 관악 하나센터, moving in on 20 March."""
    return handover_of(centre, by=officer, district=district("서울 관악구"), moves_on=date(2026, 3, 20))


@pytest.fixture
def accepted(coming, boss, kim):
    from households.handover import actions

    return actions.accept(coming, by=boss, now=NOW, worker=kim)
