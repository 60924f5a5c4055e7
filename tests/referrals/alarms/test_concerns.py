"""Concerns that nobody looked at, and contacts that are owed after one, stand on the same ladder."""

from datetime import date, timedelta

import pytest

from casework.agencies.models import User
from referrals.alarms.raising import raise_alarms
from referrals.concerns import actions as concerns
from referrals.models import Alarm, Concern
from tests.factories import ContactFactory, HouseholdFactory, UserFactory
from tests.factories.agencies import district
from tests.referrals.alarms.conftest import FRIDAY
from tests.referrals.alarms.ladder import EACH_IN_TURN, told, told_later

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = FRIDAY.replace(hour=0, minute=0)


class TestConcerns:
    @pytest.fixture
    def concern(self, people):
        made = concerns.take_down(
            by=people.sender,
            now=FRIDAY,
            way="neighbour",
            told_by="",
            heard_name="정금주",
            heard_phone="",
            heard_place="행복빌라",
            words="우편물이 쌓여 있습니다.",
            urgent=False,
            seen_on=FRIDAY.date(),
            district=district("서울 관악구"),
        )
        UserFactory(agency=made.centre, role="supervisor", name="오세린")
        UserFactory(agency=made.centre, role="centre_head", name="조센터장")
        return made

    def test_not_looked_at_in_one_working_day_it_climbs(self, concern):
        monday = FRIDAY + 3 * DAY
        rungs = [monday, monday + DAY, monday + 3 * DAY, monday + 7 * DAY]
        assert told_later("triage", rungs, concern=concern) == EACH_IN_TURN
        assert told("triage") == {1: {"오세린"}, 2: {"오세린"}, 3: {"조센터장"}, 4: {"통일부담당"}}

    def test_a_contact_that_is_owed_after_it_goes_to_the_worker_until_it_was_made(self, concern):
        worker = UserFactory(agency=concern.centre, name="나워커")
        home = HouseholdFactory(worker=worker, district="서울 관악구", town="", members=["정금주"])
        boss = User.objects.get(name="오세린")
        words = {"household": home, "worker": worker, "due_on": date(2026, 11, 17)}
        concerns.contact(concern, by=boss, now=FRIDAY + HOUR, **words)
        raise_alarms(MIDNIGHT + 5 * DAY)
        assert not told("owed")
        raise_alarms(MIDNIGHT + 5 * DAY + SECOND)
        assert told("owed") == {1: {"나워커"}}
        assert Alarm.objects.needed().exists()
        ContactFactory(household=home, occurred_at=FRIDAY + 6 * DAY)
        assert not Alarm.objects.needed().exists()
        assert raise_alarms(FRIDAY + 20 * DAY) == 0

    def test_looked_at_again_it_has_a_clock_of_its_own(self, concern):
        boss = User.objects.get(name="오세린")
        raise_alarms(FRIDAY + 4 * DAY)
        concerns.VERBS["nothing"](concern, by=boss, now=FRIDAY + 5 * DAY, reason="이미 만나고 있습니다.")
        assert not Alarm.objects.needed().exists()
        concerns.VERBS["again"](Concern.objects.get(), by=boss, now=FRIDAY + 6 * DAY, reason="다시 연락이 왔습니다.")
        assert not Alarm.objects.needed().exists()
        raise_alarms(FRIDAY + 7 * DAY + 3 * DAY)
        assert Alarm.objects.needed().exists()
