"""The people of a referral."""

import pytest

from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.api import Caller
from tests.factories.households import members_of


@pytest.fixture
def sender(db):
    return UserFactory(agency=CentreFactory(covers=["서울 관악구"]), name="서지훈")


@pytest.fixture
def household(sender):
    return HouseholdFactory(worker=sender, members=["정금주", "정유나"], district="서울 관악구")


@pytest.fixture
def ours(sender):
    return Caller(sender.agency)


@pytest.fixture
def theirs(receiver):
    return Caller(receiver.agency)


@pytest.fixture
def words(household, receiver):
    """Return the words of a referral as a system writes them, with changes."""

    def made(**changes):
        return {
            "household": household.number,
            "to_agency": receiver.agency_id,
            "need": "livelihood",
            "title": "생계 지원을 부탁드립니다",
            "request": "신청을 도와주시면 좋겠습니다.",
            "sections": ["members", "dwelling"],
            "ground": "danger",
            "note": "오늘 밤 난방이 없습니다.",
            **changes,
        }

    made.people = members_of(household)
    return made
