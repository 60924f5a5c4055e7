"""What a centre does with a concern: who decides, until when, what counts as followed, and that two are one."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from casework.agencies.models import WorkCalendar
from casework.audit.models import Event
from casework.clock import SEOUL, seoul_day
from casework.workflow import NotYours
from households.actions import Refused
from referrals.concerns import actions, clocks, matching
from referrals.concerns.workflow import ConcernStatus
from referrals.models import Concern
from tests.factories import CentreFactory, ContactFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=SEOUL)


def fresh(concern):
    return Concern.objects.with_followed().get(pk=concern.pk)


def test_a_call_is_put_before_the_centre_that_covers_the_place_and_lands_once(centre, told):
    key = uuid4()
    made = told(client_key=key)
    assert (made.centre, made.status) == (centre.agency, ConcernStatus.WAITING)
    assert told(client_key=key) == made
    assert Event.objects.about(made).values_list("verb", flat=True).get() == "concern taken down"


def test_a_day_to_come_is_refused_and_an_auditor_takes_nothing_down(centre, told):
    with pytest.raises(Refused) as refused:
        told(seen_on=seoul_day(timezone.now()) + timedelta(days=1))
    assert refused.value.field == "seen_on"
    with pytest.raises(NotYours):
        told(by=UserFactory(agency=centre.agency, role="privacy_auditor"))
    assert not Concern.objects.exists()


def test_the_first_look_is_owed_within_a_working_day_even_over_a_weekend(told):
    made, calendar = told(now=FRIDAY), WorkCalendar.load()
    by = clocks.look_by(made, calendar)
    assert seoul_day(by).isoformat() == "2026-11-23"
    for now in (FRIDAY + timedelta(hours=1), FRIDAY + timedelta(days=2), by + timedelta(minutes=1)):
        late = Concern.objects.overdue(now=now).exists()
        assert late == clocks.due(fresh(made), now, calendar).late, now
    assert Concern.objects.overdue(now=by + timedelta(minutes=1)).exists()


def test_what_is_to_be_contacted_stands_until_somebody_was_met_not_until_somebody_tried(centre, told, household):
    now = timezone.now()
    made = told(now=now - timedelta(hours=3))
    made = actions.contact(
        made,
        by=centre.boss,
        now=now - timedelta(hours=2),
        household=household,
        worker=centre.worker,
        due_on=seoul_day(now),
    )
    assert Concern.objects.with_followed().owed().get() == made
    ContactFactory(household=household, occurred_at=now - timedelta(hours=1), contact_made=False)
    assert Concern.objects.with_followed().owed().exists()
    ContactFactory(household=household, occurred_at=now - timedelta(minutes=5), contact_made=True)
    assert not Concern.objects.with_followed().owed().exists()
    assert fresh(made).followed_at == now - timedelta(minutes=5)


def test_a_talk_from_before_the_decision_does_not_count(centre, told, household):
    now = timezone.now()
    ContactFactory(household=household, occurred_at=now - timedelta(hours=5), contact_made=True)
    made = actions.contact(
        told(), by=centre.boss, now=now, household=household, worker=centre.worker, due_on=seoul_day(now)
    )
    assert fresh(made).followed_at is None
    assert clocks.due(fresh(made), now + timedelta(days=2), None).late


def test_asking_another_agency_stands_until_a_referral_was_sent(centre, told, household):
    now = timezone.now()
    made = actions.refer(told(), by=centre.boss, now=now - timedelta(hours=9), household=household)
    assert fresh(made).followed_at is None
    sent = ReferralFactory(sender=centre.worker, household=household, sent_at=now - timedelta(hours=1))
    assert fresh(made).followed_at == sent.sent_at


def test_nothing_further_is_said_with_a_reason_and_can_be_looked_at_again(centre, told):
    now = timezone.now()
    made = actions.nothing(
        told(now=now - timedelta(days=3)), by=centre.boss, now=now, reason="같은 분이 이사하셨습니다."
    )
    assert (made.status, made.reason) == (ConcernStatus.NOTHING, "같은 분이 이사하셨습니다.")
    made = actions.again(made, by=centre.boss, now=now, reason="다시 전화가 왔습니다.")
    assert (made.status, made.answered_at, made.waits_since) == (ConcernStatus.WAITING, None, now)
    assert not Concern.objects.overdue(now=now).exists()


@pytest.mark.parametrize("verb", ["contact", "refer", "join", "nothing", "pass_on"])
def test_only_those_who_decide_at_that_centre_decide(centre, told, household, verb):
    words = {
        "contact": {"household": household, "worker": centre.worker, "due_on": seoul_day(timezone.now())},
        "refer": {"household": household},
        "join": {"same_as": told()},
        "nothing": {"reason": "-"},
        "pass_on": {"reason": "-", "centre": centre.agency},
    }[verb]
    made = told()
    for user in (centre.worker, centre.caller, UserFactory(role="supervisor")):
        with pytest.raises(NotYours):
            actions.VERBS[verb](made, by=user, now=timezone.now(), **words)
    assert fresh(made).status == ConcernStatus.WAITING


def test_a_household_of_another_centre_cannot_be_chosen_nor_a_worker_from_there(centre, told, household):
    now, made = timezone.now(), told()
    stranger, lent = (HouseholdFactory(district="부산 해운대구", members=["정금주"]) for _ in range(2))
    ShareFactory(household=lent, to_user=centre.boss)  # seen, and kept by another centre
    assert matching.households_like(made, centre.boss, now=now) == [household]
    assert matching.household_called(lent.number, centre.boss, on=seoul_day(now)) is None
    for words in (
        {"household": stranger, "worker": centre.worker, "due_on": seoul_day(now)},
        {"household": household, "worker": UserFactory(), "due_on": seoul_day(now)},
        {"household": household, "worker": centre.other, "due_on": seoul_day(now)},  # who could not open it
        {"household": lent, "worker": centre.worker, "due_on": seoul_day(now)},
        {"household": household, "worker": centre.worker, "due_on": seoul_day(now) - timedelta(days=1)},
    ):
        with pytest.raises(ValidationError):
            actions.contact(made, by=centre.boss, now=now, **words)
    assert fresh(made).status == ConcernStatus.WAITING


def test_passed_on_it_keeps_its_clock_and_leaves_the_first_centre(centre, told):
    there = CentreFactory(covers=["부산 해운대구"])
    made = told(now=timezone.now() - timedelta(days=5))
    passed = actions.pass_on(made, by=centre.boss, now=timezone.now(), reason="그 동네에 사십니다.", centre=there)
    assert (passed.centre, passed.waits_since) == (there, made.waits_since)
    assert not Concern.objects.visible_to(centre.boss).filter(pk=made.pk).exists()
    assert Concern.objects.overdue(now=timezone.now()).get() == passed


def test_who_was_told_before_is_proposed_and_joined_by_a_person(centre, told):
    first = told(heard_name="리영희", heard_phone="010-0000-1234")
    other = told(heard_name="박철수")
    second = told(heard_name="이영희")
    third = told(heard_name="", heard_phone="01000001234")
    assert matching.told_before(second, centre.boss) == [first]
    assert matching.told_before(third, centre.boss) == [first]
    assert matching.told_before(other, centre.boss) == []
    assert matching.told_before(second, UserFactory(role="supervisor")) == []
    joined = actions.join(second, by=centre.boss, now=timezone.now(), same_as=first)
    assert (joined.same_as, joined.status) == (first, ConcernStatus.SAME)
    with pytest.raises(ValidationError):  # a chain would hide what became of it
        actions.join(third, by=centre.boss, now=timezone.now(), same_as=joined)
    for later_or_carrying in ({"same_as": third}, {"same_as": other}):
        with pytest.raises(ValidationError):
            actions.join(first, by=centre.boss, now=timezone.now(), **later_or_carrying)
    there = CentreFactory(covers=["부산 해운대구"])
    with pytest.raises(ValidationError):  # what hangs on it would follow to where nobody sees it
        actions.pass_on(first, by=centre.boss, now=timezone.now(), reason="-", centre=there)


def test_only_households_that_the_supervisor_may_see_are_proposed(centre, told, household):
    HouseholdFactory(district="부산 해운대구", members=["정금주"])
    assert matching.households_like(told(), centre.boss, now=timezone.now()) == [household]
