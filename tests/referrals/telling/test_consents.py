"""A consent that was withdrawn is told to each side once."""

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import User
from casework.telling.models import Notification, Occasion
from households.actions import give_consent, withdraw_consent
from households.models import Consent
from referrals import telling
from referrals.tasks import look_at_clocks
from tests.factories.households import members_of
from tests.referrals.telling.conftest import DAY, HOUR, told

pytestmark = pytest.mark.django_db


class TestOfConsents:
    @pytest.fixture
    def agreed(self, people, household):
        said = {"items": ["family", "name", "address", "health"], "until": None, "purpose": "의뢰"}
        person, on = members_of(household)[0], timezone.localdate() - 9 * DAY
        return give_consent(person, recipient=people.receiver.agency, on=on, by=people.sender, **said)

    def test_both_sides_are_told_once_and_not_who_recorded_it(self, at, people, agreed):
        referral = at("accepted", ground="consent", sent_at=timezone.now() - HOUR)
        assert referral.consent is not None
        withdraw_consent(agreed, on=timezone.localdate(), by=people.mate)
        for _ in range(2):
            look_at_clocks()
        assert told() == {"consent_withdrawn": {"구민서", "서지훈"}}
        assert Notification.objects.count() == 2

    def test_who_recorded_it_knows(self, at, people, agreed):
        at("accepted", ground="consent", sent_at=timezone.now() - HOUR)
        withdraw_consent(agreed, on=timezone.localdate(), by=people.sender)
        assert telling.of_withdrawals(timezone.now()) == 1
        assert told() == {"consent_withdrawn": {"구민서"}}

    def test_who_is_away_is_not_told_alone(self, at, people, agreed, away):
        at("accepted", ground="consent", sent_at=timezone.now() - HOUR)
        away(people.sender, people.mate)
        away(people.receiver)
        withdraw_consent(agreed, on=timezone.localdate(), by=people.boss)
        telling.of_withdrawals(timezone.now())
        assert told() == {"consent_withdrawn": {"구민서", "다른주무관", "서지훈", "옆상담사"}}

    def test_a_side_where_nobody_can_be_told_is_asked_about_once_and_the_other_is_told(self, at, people, agreed):
        at("accepted", ground="consent", sent_at=timezone.now() - HOUR)
        User.objects.filter(agency=people.receiver.agency).update(is_active=False)
        withdraw_consent(agreed, on=timezone.localdate(), by=people.mate)
        assert telling.of_withdrawals(timezone.now()) == 1
        assert told() == {"consent_withdrawn": {"서지훈"}}
        assert telling.of_withdrawals(timezone.now()) == 0, "not again each minute"

    def test_an_agency_that_has_it_only_now_is_told_beside_the_one_that_was(self, at, people, agreed):
        referral = at("accepted", ground="consent", sent_at=timezone.now() - HOUR)
        withdraw_consent(agreed, on=timezone.localdate(), by=people.mate)
        telling.of_withdrawals(timezone.now())
        Occasion.objects.filter(key=f"{referral.number} {referral.to_agency_id}").delete()
        Notification.objects.filter(user__agency=referral.to_agency_id).delete()
        assert telling.of_withdrawals(timezone.now()) == 1, "the sender's notice does not speak for the receiver"
        assert told() == {"consent_withdrawn": {"구민서", "서지훈"}}
        assert Notification.objects.count() == 2

    def test_withdrawals_of_late_are_found_by_their_index(self, people, agreed):
        row = {
            "person": agreed.person,
            "purpose": "의뢰",
            "during": DateRange(None, None),
            "recorded_by": people.sender,
        }
        Consent.objects.bulk_create(Consent(**row) for _ in range(3000))
        withdraw_consent(agreed, on=timezone.localdate(), by=people.sender)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE households_consent")
        since = timezone.now() - telling.WITHDRAWN_LATELY
        lately = Consent.objects.current().filter(withdrawn_on__isnull=False, recorded_at__gte=since)
        assert "consent_withdrawn" in lately.explain()

    def test_a_minute_without_a_withdrawal_costs_one_query(self, at, people, agreed):
        at("accepted", ground="consent", sent_at=timezone.now() - HOUR)
        with CaptureQueriesContext(connection) as asked:
            assert telling.of_withdrawals(timezone.now()) == 0
        assert len(asked) == 1

    def test_what_holds_or_is_finished_is_told_to_nobody(self, at, people, agreed):
        at("closed", ground="consent", sent_at=timezone.now() - 7 * HOUR)
        assert telling.of_withdrawals(timezone.now()) == 0
        withdraw_consent(agreed, on=timezone.localdate(), by=people.sender)
        assert telling.of_withdrawals(timezone.now()) == 0
        assert told() == {}
