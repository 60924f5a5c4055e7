"""A conference is planned, announced, held and closed by who decides over the work; its record is frozen."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from casework.telling.models import Notification
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.conferences import actions, agenda
from households.models import CaseConference, ConferenceDecision, ConferenceItem, ConferencePresence
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.conferences import attended, brought, closed, decided, held, planned

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def test_it_is_planned_by_who_decides_over_the_work_and_a_double_tap_lands_once(people):
    words = {"starts_at": now() + timedelta(days=2), "place": "회의실", "chair": people.boss, "client_key": uuid4()}
    first = actions.plan(by=people.boss, now=now(), **words)
    assert actions.plan(by=people.boss, now=now(), **words) == first
    assert (first.centre, first.status) == (people.centre, "planned")
    with pytest.raises(NotYours):
        actions.plan(by=people.worker, now=now(), **words)
    with pytest.raises(Refused):
        actions.plan(by=people.boss, now=now(), **words | {"chair": people.stranger, "client_key": uuid4()})
    late = now() - timedelta(days=4)
    with pytest.raises(Refused):
        actions.plan(by=people.boss, now=now(), **words | {"starts_at": late, "client_key": uuid4()})


def test_announcing_tells_those_it_concerns_their_number_alone(people, conference, household):
    with pytest.raises(ValidationError):
        actions.announce(conference, by=people.boss, now=now())
    brought(conference, household, by=people.boss)
    actions.announce(conference, by=people.boss, now=now())
    told = Notification.objects.get(kind="conference_announced")
    assert (told.user, told.label) == (people.worker, conference.number)
    with pytest.raises(NotNow):
        actions.announce(conference, by=people.boss, now=now())


def test_another_time_is_told_again_and_who_comes_second_is_told_so(people, item):
    conference = actions.announce(item.conference, by=people.boss, now=now())
    words = {"starts_at": now() + timedelta(days=1), "place": "2층", "chair": people.head, "now": now()}
    changed = actions.change(conference, version=0, by=people.boss, **words)
    assert (changed.place, changed.version) == ("2층", 1)
    assert Notification.objects.filter(kind="conference_announced", user=people.worker).count() == 2
    with pytest.raises(actions.ChangedBefore):
        actions.change(conference, version=0, by=people.head, **words | {"place": "3층"})
    with pytest.raises(NotYours):
        actions.change(conference, version=1, by=people.worker, **words)


def test_it_is_not_held_before_its_day(people):
    early = planned(people.boss, starts_at=now() + timedelta(days=2))
    with pytest.raises(ValidationError):
        actions.hold(early, by=people.boss, now=now())


def test_who_sees_the_household_at_its_centre_brings_it_and_a_share_brings_nothing(people, conference, household):
    foreign = HouseholdFactory()
    ShareFactory(household=foreign, to_user=people.worker)
    for user, home in ((people.other, household), (people.worker, foreign), (people.stranger, household)):
        with pytest.raises(NotYours):
            agenda.bring([home], conference=conference, by=user, now=now())
    made, there = agenda.bring([household], conference=conference, by=people.worker, now=now())
    assert (len(made), there) == (1, 0)
    assert agenda.bring([household], conference=conference, by=people.boss, now=now()) == ([], 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConferenceItem.objects.create(
            conference=conference, household=household, place=9, brought_by=people.boss, brought_at=now()
        )


def test_the_order_is_changed_by_the_supervisor_and_an_item_is_taken_off_with_a_reason(people, conference):
    homes = [HouseholdFactory(worker=people.worker) for _n in range(3)]
    items = brought(conference, *homes, by=people.worker)
    agenda.move(items[2], up=True, by=people.boss, now=now())
    agenda.move(items[0], up=True, by=people.boss, now=now())
    assert list(conference.items.values_list("pk", flat=True)) == [items[n].pk for n in (0, 2, 1)]
    with pytest.raises(NotYours):
        agenda.move(items[0], up=False, by=people.worker, now=now())
    with pytest.raises(NotYours):
        agenda.withdraw(items[0], by=people.other, now=now(), reason="다음에")
    with pytest.raises(ValidationError):
        agenda.withdraw(items[0], by=people.worker, now=now(), reason=" ")
    agenda.withdraw(items[0], by=people.worker, now=now(), reason="다음에")
    assert agenda.withdraw(items[0], by=people.boss, now=now(), reason="-").withdrawn_because == "다음에"
    assert len(agenda.bring([homes[0]], conference=conference, by=people.worker, now=now())[0]) == 1


def test_a_household_about_which_something_is_decided_stays_on_the_agenda(people, begun):
    decided(begun, people.boss)
    with pytest.raises(ValidationError):
        agenda.withdraw(begun, by=people.boss, now=now(), reason="-")


def test_attendance_names_the_people_of_the_centre_and_guests_in_words(people, begun):
    words = {"present": {people.boss.pk}, "seen": {people.boss.pk, people.worker.pk}, "by": people.boss, "now": now()}
    actions.attend(begun.conference, guests=[("강다솜", "관악구청")], **words)
    there = ConferencePresence.objects.filter(present=True).order_by("id")
    assert [str(row) for row in there] == [str(people.boss), "강다솜 · 관악구청"]
    actions.attend(
        begun.conference, guests=[], **words | {"present": {people.stranger.pk}, "seen": {people.stranger.pk}}
    )
    assert [row.user for row in there.all()] == [people.boss]
    with pytest.raises(NotYours):
        actions.attend(begun.conference, guests=[], **words | {"by": people.worker})


def test_a_record_is_not_closed_before_its_hour_nor_while_nobody_is_said_to_have_led(people, household):
    """The supervisor was to lead it and was ill; the head of the centre did."""
    conference = planned(people.boss, ago=timedelta(hours=1))
    decided_one = brought(conference, household, by=people.boss)[0]
    held(conference, people.boss)
    decided(decided_one, people.boss)
    with pytest.raises(ValidationError, match="문가영"):
        closed(conference, people.head)
    early = conference.starts_at - timedelta(minutes=1)
    with pytest.raises(ValidationError, match="시각"):
        actions.close(conference, by=people.head, now=early, materials={})
    words = {"present": {people.head.pk}, "guests": [], "by": people.head, "now": now()}
    actions.attend(conference, seen={people.boss.pk, people.head.pk}, led_by=people.boss.pk, **words)
    with pytest.raises(ValidationError):
        closed(conference, people.head)  # who was not there led nothing
    actions.attend(conference, seen={people.boss.pk, people.head.pk}, led_by=people.head.pk, **words)
    assert closed(conference, people.head).chair == people.head


def test_the_record_is_closed_when_everything_is_decided_and_nothing_of_it_changes_then(people, begun):
    conference = begun.conference
    with pytest.raises(ValidationError):
        closed(conference, people.boss)
    one = decided(begun, people.boss)
    actions.attend(conference, present={people.boss.pk}, seen={people.boss.pk}, guests=[], by=people.boss, now=now())
    materials = {begun.household_id: {"band": 4}}
    done = actions.close(conference, by=people.head, now=now(), materials=materials)
    kept = done.record["items"][str(begun.household_id)]
    assert done.record["present"] == ["문가영"]
    assert (kept["material"], kept["decisions"][0]["what"]) == ({"band": 4}, one.what)
    with pytest.raises(NotNow):
        closed(conference, people.boss)
    for rows, change in (
        (CaseConference.objects.filter(pk=conference.pk), {"record": {}}),
        (ConferenceItem.objects.filter(pk=begun.pk), {"why": "다른 말"}),
        (ConferencePresence.objects.all(), {"present": False}),
        (ConferenceDecision.objects.filter(pk=one.pk), {"what": "다른 말"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConferenceDecision.objects.create(item=begun, kind="nothing", what="-", recorded_by=people.boss)
    with pytest.raises(DatabaseError), transaction.atomic():
        one.delete()


def test_a_cancelled_conference_has_a_reason_and_takes_nothing_more(people, item, household):
    with pytest.raises(ValidationError):
        actions.cancel(item.conference, by=people.boss, now=now(), reason=" ")
    gone = actions.cancel(item.conference, by=people.boss, now=now(), reason="감염병")
    assert (gone.status, gone.reason) == ("cancelled", "감염병")
    with pytest.raises(Refused):
        agenda.bring([household], conference=gone, by=people.worker, now=now())


def test_who_works_elsewhere_sees_no_conference_and_who_does_not_see_a_household_sees_no_item(people, begun):
    seen = CaseConference.objects.visible_to
    assert [seen(user).count() for user in (people.worker, people.other, people.boss)] == [1, 1, 1]
    assert not seen(people.stranger).exists()
    items = ConferenceItem.objects.visible_to
    assert [items(user).count() for user in (people.worker, people.boss, people.other)] == [1, 1, 0]
    ShareFactory(household=begun.household, to_user=people.stranger)
    assert not items(people.stranger).exists()
    assert not seen(UserFactory(agency=people.centre, role="agency_system")).exists()


def test_who_leads_works_at_the_centre(people):
    gone = UserFactory(agency=people.centre, role="receiving_worker")
    with pytest.raises(Refused) as refused:
        planned(people.boss, chair=gone)
    assert refused.value.field == "chair"
    assert held(planned(people.boss), people.head).status == "held"


def test_a_household_brought_late_comes_last_and_the_record_waits_for_it_too(people, begun):
    late = HouseholdFactory(worker=people.worker)
    with pytest.raises(NotYours):
        agenda.bring([late], conference=begun.conference, by=people.other, now=now())
    new, there = agenda.bring([late, begun.household], conference=begun.conference, by=people.worker, now=now())
    assert ([(item.household, item.place) for item in new], there) == ([(late, begun.place + 1)], 1)
    assert agenda.bring([late], conference=begun.conference, by=people.worker, now=now()) == ([], 1)
    decided(begun, people.boss)
    attended(begun.conference, people.boss)
    with pytest.raises(ValidationError):
        closed(begun.conference, people.boss)
    decided(new[0], people.boss)
    closed(begun.conference, people.boss)
    with pytest.raises(Refused):
        agenda.bring([HouseholdFactory(worker=people.worker)], conference=begun.conference, by=people.worker, now=now())
    assert begun.conference.items.standing().count() == 2
