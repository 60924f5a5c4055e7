"""A handover from Hanawon: announced, accepted or sent back, moved in exactly once, and its first steps."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import InternalError, transaction

from casework.audit.models import Event
from casework.telling.models import Notification
from casework.workflow import NotNow, NotYours
from households.actions import NotAllowed, Refused
from households.handover import actions, arriving, shown
from households.handover.workflow import HandoverStatus
from households.models import (
    Assignment,
    ContactPreference,
    Draft,
    Dwelling,
    Handover,
    HandoverStep,
    Household,
    Membership,
    Particulars,
    Person,
    ProtectionPeriod,
    Responsibility,
)
from tests.factories import CentreFactory, HouseholdFactory, PersonFactory, UserFactory, district
from tests.factories.households import members_of
from tests.households.handover.conftest import MOVED, NOW, TODAY

HEAD = {"family": "오", "given": "은별", "sex": "F", "role": "head", "is_defector": True}
CHILD = {"family": "오", "given": "한결", "sex": "M", "role": "child", "is_defector": False}
BORN = {"birth_on": date(1986, 1, 1), "birth_precision": "year"}


def said(centre, **words):
    return {
        "center": centre,
        "district": district("서울 관악구"),
        "moves_on": date(2026, 3, 20),
        "cohort": "",
        "language": "ko",
        "interpreter": False,
        "woman_worker": False,
        "first_day": "",
        **words,
    }


def arrive(handover, by, **words):
    return arriving.arrive(handover, by=by, now=NOW, **{"on": MOVED, "decision": "protected", **words})


def test_the_ministry_announces_once_the_head_first_and_the_centre_is_told(officer, centre, boss):
    key, people = uuid4(), [{**CHILD, **BORN}, {**HEAD, **BORN}]
    made = actions.announce(by=officer, now=NOW, people=people, client_key=key, **said(centre))
    again = actions.announce(by=officer, now=NOW, people=people, client_key=key, **said(centre))
    assert made == again
    assert [str(one) for one in made.people.all()] == ["오은별", "오한결"]
    assert Notification.objects.get(user=boss).kind == "handover_announced"


def test_only_the_ministry_announces_with_one_head_and_a_centre_that_covers_the_district(officer, centre, boss):
    with pytest.raises(NotAllowed):
        actions.announce(by=boss, now=NOW, people=[{**HEAD, **BORN}], **said(centre))
    with pytest.raises(Refused, match="가구주"):
        actions.announce(by=officer, now=NOW, people=[{**CHILD, **BORN}], **said(centre))
    with pytest.raises(Refused, match="맡고 있지"):
        actions.announce(by=officer, now=NOW, people=[{**HEAD, **BORN}], **said(CentreFactory()))
    assert not Handover.objects.exists()


def test_the_centre_accepts_with_the_name_of_a_worker_and_of_two_one_wins(coming, boss, kim):
    fresh = actions.accept(coming, by=boss, now=NOW, worker=kim)
    assert (fresh.status, fresh.worker, fresh.accepted_by) == (HandoverStatus.ACCEPTED, kim, boss)
    assert Notification.objects.filter(user=kim, kind="handover_named").exists()
    with pytest.raises(NotNow):
        actions.accept(coming, by=UserFactory(agency=boss.agency, role="centre_head"), now=NOW, worker=boss)
    assert Handover.objects.get().worker == kim


def test_a_worker_of_another_centre_is_no_worker_for_it_and_a_stranger_accepts_nothing(coming, boss, kim, stranger):
    with pytest.raises(Refused):
        actions.accept(coming, by=boss, now=NOW, worker=stranger)
    with pytest.raises(NotYours):
        actions.accept(coming, by=kim, now=NOW, worker=kim)
    with pytest.raises(NotYours):
        actions.accept(coming, by=UserFactory(role="supervisor"), now=NOW, worker=kim)


def test_a_declined_handover_returns_to_the_ministry_with_the_reason_and_goes_to_another_centre(coming, boss, officer):
    declined = actions.decline(coming, by=boss, now=NOW, reason="관할이 아닙니다")
    assert (declined.status, declined.why) == (HandoverStatus.DECLINED, "관할이 아닙니다")
    assert Notification.objects.filter(user=officer, kind="handover_back").exists()
    other = CentreFactory(covers=["부산 해운대구"])
    fresh = actions.readdress(declined, by=officer, now=NOW, center=other, district=district("부산 해운대구"))
    assert (fresh.status, fresh.center) == (HandoverStatus.ANNOUNCED, other)
    assert not Handover.objects.visible_to(boss).exists()


def test_the_ministry_changes_the_day_and_withdraws_with_a_reason(accepted, officer, kim, boss):
    moved = actions.postpone(accepted, by=officer, now=NOW, moves_on=date(2026, 4, 1))
    assert (moved.status, moved.moves_on) == (HandoverStatus.ACCEPTED, date(2026, 4, 1))
    events = Event.objects.filter(verb="handover day changed").count()
    actions.postpone(moved, by=officer, now=NOW, moves_on=date(2026, 4, 1))
    assert Event.objects.filter(verb="handover day changed").count() == events == 1
    assert Notification.objects.filter(user=kim, kind="handover_changed").exists()
    gone = actions.withdraw(moved, by=officer, now=NOW, reason="다른 지역을 희망합니다")
    assert gone.status == HandoverStatus.WITHDRAWN
    with pytest.raises(NotNow):
        actions.withdraw(gone, by=officer, now=NOW, reason="다시")


def test_the_database_refuses_a_step_that_is_not_in_the_table(coming, kim, boss):
    Handover.objects.filter(pk=coming.pk).update(status="withdrawn", why="-")
    with pytest.raises(InternalError), transaction.atomic():
        Handover.objects.filter(pk=coming.pk).update(status="announced")


def test_who_sees_a_handover_before_and_after_the_move(accepted, officer, kim, boss, stranger):
    other = UserFactory(agency=boss.agency)
    sees = [user.name for user in (officer, kim, boss, other, stranger) if seen(user)]
    assert sees == [officer.name, kim.name, boss.name]
    arrive(accepted, kim)
    sees = [user.name for user in (officer, kim, boss, other, stranger) if seen(user)]
    assert sees == [kim.name, boss.name]


def seen(user):
    return Handover.objects.visible_to(user).exists()


def test_the_move_in_puts_everybody_on_file_through_the_intake_exactly_once(accepted, kim, centre):
    Handover.objects.filter(pk=accepted.pk).update(woman_worker=True, interpreter=True, language="zh")
    house = arrive(Handover.objects.get(), kim)
    assert [member.role for member in Membership.objects.filter(household=house).order_by("id")] == ["head", "child"]
    assert Responsibility.objects.get(household=house).center == centre
    assert Dwelling.objects.get(household=house).district == accepted.district
    assert Assignment.objects.get(household=house).worker == kim
    head = members_of(house)[0]
    assert Particulars.objects.get(person=head).moved_in_on == MOVED
    assert ProtectionPeriod.objects.get(person=head).during.lower == MOVED
    wish = ContactPreference.objects.get(person=head)
    assert (wish.woman_worker, wish.language, wish.interpreter) == (True, "zh", True)
    fresh = Handover.objects.get()
    assert (fresh.status, fresh.moved_on, fresh.household) == (HandoverStatus.MOVED_IN, MOVED, house)
    assert [one.person for one in fresh.people.all()] == members_of(house)
    assert not Draft.objects.exists()
    with pytest.raises(NotNow):
        arrive(accepted, kim)
    assert (Household.objects.count(), Person.objects.count()) == (1, 2)


def test_the_supervisor_records_the_move_in_and_the_named_worker_has_the_household(accepted, boss, kim):
    house = arrive(accepted, boss)
    assert [row.worker for row in Assignment.objects.filter(household=house)] == [kim]


def test_a_move_in_of_tomorrow_or_with_a_worker_who_left_is_refused_and_nothing_is_kept(accepted, boss, kim):
    with pytest.raises(Refused):
        arrive(accepted, boss, on=TODAY + timedelta(days=1))
    kim.is_active = False
    kim.save()
    with pytest.raises(Refused, match="더 이상"):
        arrive(accepted, boss)
    assert not Person.objects.exists()


def test_somebody_on_file_is_offered_and_not_made_a_second_time(accepted, kim, boss):
    house = HouseholdFactory(worker=kim, members=["오은별"], person_born=date(1986, 1, 1))
    on_file = members_of(house)[0]
    coming = arriving.coming_of(accepted, kim, TODAY)
    assert on_file.pk in [one.person_id for one in coming[0].similar]
    home = arrive(accepted, kim, known={coming[0].person.pk: on_file})
    assert home == house
    assert members_of(house)[0] == on_file
    assert (Household.objects.count(), Person.objects.count()) == (1, 2)
    assert Particulars.objects.current().get(person=on_file).moved_in_on == MOVED


def test_a_child_on_file_elsewhere_moves_into_the_new_household(accepted, kim):
    old = HouseholdFactory(worker=kim, members=["오큰집", "오한결"])
    child = members_of(old)[1]
    coming = arriving.coming_of(accepted, kim, TODAY)
    home = arrive(accepted, kim, known={coming[1].person.pk: child})
    standing = Membership.objects.current().filter(person=child, during__contains=TODAY)
    assert [row.household for row in standing] == [home]


def test_a_person_of_another_centre_is_not_taken_along(accepted, kim):
    other = PersonFactory(household=HouseholdFactory(members=0), name="오은별")
    coming = arriving.coming_of(accepted, kim, TODAY)
    with pytest.raises(Refused, match="다른 센터"):
        arrive(accepted, kim, known={coming[0].person.pk: other})


def test_a_first_step_is_ticked_taken_back_and_said_twice_changes_nothing(accepted, kim, boss, stranger):
    house = arrive(accepted, kim)
    fresh = Handover.objects.get()
    assert [row["state"] for row in shown.steps_of(fresh, TODAY)] == ["", ""]
    assert shown.steps_of(fresh, MOVED + timedelta(days=8))[1]["state"] == "late"
    for _twice in range(2):
        actions.tick(fresh, "lease", by=kim, now=NOW, done_on=MOVED)
    assert HandoverStep.objects.count() == 1
    assert shown.steps_of(fresh, TODAY)[1]["done_on"] == MOVED
    assert list(Handover.objects.without_step("lease")) == []
    for _twice in range(2):
        actions.take_back(fresh, "lease", by=kim)
    assert HandoverStep.objects.count() == 2
    assert list(Handover.objects.without_step("lease")) == [fresh]
    with pytest.raises(Refused):
        actions.tick(fresh, "lease", by=kim, now=NOW, done_on=TODAY + timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.tick(fresh, "lease", by=stranger, now=NOW, done_on=MOVED)
    assert Event.objects.of_household(house.pk).filter(verb="handover step done").count() == 1


def test_nobody_accepted_stands_with_the_supervisor_within_three_working_days_and_then_with_the_ministry(
    coming, boss, officer
):
    friday, monday, day = date(2026, 3, 13), date(2026, 3, 16), date(2026, 3, 20)
    assert [shown.waiting_at(boss, on, frozenset()) != [] for on in (friday, monday, date(2026, 3, 17))] == [
        False,
        False,
        True,
    ]
    assert shown.passed_at(officer, day) == []
    assert len(shown.passed_at(officer, day + timedelta(days=1))) == 1
    actions.decline(coming, by=boss, now=NOW, reason="관할이 아닙니다")
    assert shown.waiting_at(boss, day, frozenset()) == []
    assert len(shown.passed_at(officer, monday)) == 1
