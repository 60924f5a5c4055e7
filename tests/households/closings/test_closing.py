"""Closing a case: two people, few reasons, evidence; what ends with it, what is asked afterwards, how it returns."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import RoleGrant
from casework.audit.models import Event
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions import NotAllowed, Refused, assign, hand_over, record_death, record_whereabouts
from households.closings import actions
from households.closings.openings import openings_of
from households.models import AfterCare, Assignment, Closing, Household, Membership, Residence, Responsibility
from tests.factories import ContactFactory, HouseholdFactory, PersonFactory, UserFactory
from tests.factories.agencies import district
from tests.factories.closings import closed, proposed
from tests.factories.day import task_of
from tests.factories.handovers import conflict_of, handover_of
from tests.factories.households import members_of


def test_a_worker_proposes_and_a_second_person_closes(house, kim, boss, now):
    made = proposed(house, by=kim)
    assert (made.status, made.centre) == ("proposed", kim.agency)
    done = actions.approve(made, by=boss, now=now)
    assert (done.status, done.worker, done.asks_later, done.answered_by) == ("approved", kim, boss, boss)
    held = Assignment.objects.current().filter(household=house)
    assert not held.filter(during__contains=seoul_day(now)).exists()
    assert held.filter(during__contains=seoul_day(now) - timedelta(days=1)).exists()  # kept in the history
    assert Responsibility.objects.current().filter(household=house, center=kim.agency).exists()
    assert set(Event.objects.about(made).values_list("verb", flat=True)) == {"closing proposed", "closing approved"}


def test_whoever_proposed_does_not_approve(house, boss, now):
    made = proposed(house, by=boss)
    with pytest.raises(NotYours):
        actions.approve(made, by=boss, now=now)


def test_the_database_refuses_one_person_alone_and_a_reason_without_its_evidence(house, kim, now):
    made = proposed(house, by=kim)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=made.pk).update(status="approved", approved_at=now, answered_by=kim)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=made.pk).update(reason="declined")


def test_a_share_or_a_stranger_closes_nothing(house, stranger, now):
    with pytest.raises(NotAllowed):
        proposed(house, by=stranger)


def test_the_same_proposal_lands_once_and_a_second_one_is_told_who_was_first(house, kim, boss):
    key = "6b2d7d0e-4ef2-4b5e-8a68-7a9a7b7f0001"
    first = proposed(house, by=kim, client_key=key)
    assert proposed(house, by=kim, client_key=key) == first
    with pytest.raises(Refused, match="김담당"):
        proposed(house, by=boss)


@pytest.mark.parametrize("reason", ["no_answer", "wrong_number", "moved_unknown", "local_government", ""])
def test_nobody_answering_or_another_office_is_no_reason(house, kim, reason):
    with pytest.raises(Refused) as refused:
        proposed(house, by=kim, reason=reason)
    assert refused.value.field == "reason"


def test_without_words_nothing_is_closed(house, kim, now):
    with pytest.raises(Refused) as refused:
        actions.propose(house, by=kim, now=now, reason="goals_met", words="  ")
    assert refused.value.field == "words"


def test_declined_rests_on_a_talk_in_person_of_the_last_thirty_days(house, kim, now):
    old = ContactFactory(household=house, occurred_at=now - timedelta(days=40))
    call = ContactFactory(household=house, by_phone=True)
    for wrong in (None, old.fact_id, call.fact_id):
        with pytest.raises(Refused) as refused:
            proposed(house, by=kim, reason="declined", contact=wrong)
        assert refused.value.field == "contact"
    talk = ContactFactory(household=house, tags=["declined"])
    assert proposed(house, by=kim, reason="declined", contact=talk.fact_id).contact == talk.fact_id


def test_moved_abroad_rests_on_a_verified_whereabouts_of_everybody(house, people, kim, now):
    with pytest.raises(Refused) as refused:
        proposed(house, by=kim, reason="abroad")
    assert refused.value.field == "evidence"
    with pytest.raises(Refused):
        proposed(house, by=kim, reason="abroad", evidence="출입국 기록")
    for person in people:
        said = {"where": "abroad", "evidence": "document", "words": "출국 확인서", "observed_on": seoul_day(now)}
        record_whereabouts(person, by=kim, **said)
    assert proposed(house, by=kim, reason="abroad", evidence="출입국 기록").evidence == "출입국 기록"


def test_deceased_needs_that_nobody_lives_there_any_more(kim, now):
    house = HouseholdFactory(worker=kim)
    with pytest.raises(Refused):
        proposed(house, by=kim, reason="deceased")
    record_death(members_of(house)[0], on=seoul_day(now) - timedelta(days=3), by=kim)
    assert proposed(house, by=kim, reason="deceased").reason == "deceased"


def test_a_death_that_was_no_death_closes_nothing(kim, now):
    house = HouseholdFactory(worker=kim)
    person = members_of(house)[0]
    Membership.objects.current().filter(household=house).update(superseded_at=now)
    Membership.objects.create(household=house, person=person, during=(None, seoul_day(now)), recorded_by=kim)
    Residence.objects.create(person=person, status="deceased", during=DateRange(empty=True), recorded_by=kim)
    with pytest.raises(Refused, match="기록"):
        proposed(house, by=kim, reason="deceased")


def test_a_duplicate_names_a_file_of_the_own_centre_that_goes_on(house, kim, boss, stranger):
    other, foreign = HouseholdFactory(worker=kim), HouseholdFactory(worker=stranger)
    for wrong in (None, house, foreign):
        with pytest.raises(Refused) as refused:
            proposed(house, by=kim, reason="duplicate", same_as=wrong)
        assert refused.value.field == "same_as"
    closed(other, by=kim, second=boss)
    with pytest.raises(Refused):
        proposed(house, by=boss, reason="duplicate", same_as=other)
    third = HouseholdFactory(worker=kim)
    assert proposed(house, by=kim, reason="duplicate", same_as=third).same_as == third


def test_sent_back_with_the_reason_it_is_proposed_again(house, kim, boss, now):
    back = actions.send_back(proposed(house, by=kim), by=boss, now=now, reason="석 달 뒤 다시 봅니다.")
    assert (back.status, back.answer) == ("sent_back", "석 달 뒤 다시 봅니다.")
    assert proposed(house, by=kim).status == "proposed"


def test_taken_back_it_can_not_be_approved(house, kim, boss, now):
    made = proposed(house, by=kim)
    assert actions.withdraw(made, by=kim, now=now).status == "withdrawn"
    with pytest.raises(NotNow):
        actions.approve(made, by=boss, now=now)


def test_reopening_gives_the_case_back_to_its_worker_in_one_step(house, kim, boss, now):
    made = closed(house, by=kim, second=boss, ago=5)
    opened = actions.reopen(made, by=boss, now=now, reason="새 위기신호")
    assert (opened.status, opened.reopened_by, opened.reopened_why) == ("reopened", boss, "새 위기신호")
    today = Assignment.objects.current().get(household=house, during__contains=seoul_day(now))
    assert (today.worker, today.kind) == (kim, "main")
    assert Household.objects.visible_to(kim).filter(pk=house.pk).exists()
    assert not Closing.objects.closing_now(now).exists()
    assert Closing.objects.closing_now(now - timedelta(days=1)).exists()  # on that day it was closed
    with pytest.raises(NotNow):
        actions.reopen(made, by=boss, now=now, reason="다시")


def test_reopened_after_the_worker_left_it_has_nobody(house, kim, boss, now):
    made = closed(house, by=kim, second=boss)
    RoleGrant.objects.filter(user=kim).delete()
    actions.reopen(made, by=boss, now=now, reason="새 위기신호")
    assert not Assignment.objects.current().filter(household=house, during__contains=seoul_day(now)).exists()


def test_substitutes_and_what_was_planned_end_with_the_case(house, kim, boss, now):
    on = seoul_day(now)
    assign(house, worker=boss, kind="substitute", on=on + timedelta(days=7), by=boss)
    closed(house, by=kim, second=boss)
    rows = Assignment.objects.current().filter(household=house, during__overlap=(on, None))
    assert not rows.exists()


def test_somebody_asks_after_three_and_six_months_once(house, kim, boss, now):
    made = closed(house, by=kim, second=boss, ago=100)
    assert [months for months, _day in actions.due_after(made)] == [3, 6]
    said = {"done_on": seoul_day(now), "result": "well", "words": "잘 지내십니다."}
    first = actions.record_after_care(made, months=3, by=boss, now=now, **said)
    assert actions.record_after_care(made, months=3, by=boss, now=now, **said) == first
    assert AfterCare.objects.count() == 1
    with pytest.raises(Refused):
        actions.record_after_care(made, months=4, by=boss, now=now, **said)
    with pytest.raises(Refused) as refused:
        actions.record_after_care(made, months=6, by=boss, now=now, **said | {"done_on": seoul_day(now) + timedelta(1)})
    assert refused.value.field == "done_on"


def test_only_who_was_named_or_leads_asks_afterwards(house, kim, boss, now):
    made = closed(house, by=kim, second=boss)
    other = UserFactory(agency=kim.agency)
    said = {"months": 3, "done_on": seoul_day(now), "result": "well", "now": now}
    with pytest.raises(PermissionDenied):
        actions.record_after_care(made, by=other, **said)
    assert actions.record_after_care(made, by=boss, **said).words == ""


def test_of_a_duplicate_nobody_asks(house, kim, boss):
    made = closed(house, by=kim, second=boss, reason="duplicate", same_as=HouseholdFactory(worker=kim))
    assert actions.due_after(made) == []


def test_reopened_for_a_worker_who_is_barred_by_now_it_has_nobody(house, people, kim, boss, now):
    made = closed(house, by=kim, second=boss)
    conflict_of(kim, people[1])
    assert actions.reopen(made, by=boss, now=now, reason="새 위기신호").status == "reopened"
    assert not Assignment.objects.current().filter(household=house, during__contains=seoul_day(now)).exists()


def test_whoever_was_named_meanwhile_keeps_the_reopened_case(house, kim, boss, now):
    made = closed(house, by=kim, second=boss)
    other = UserFactory(agency=kim.agency)
    assign(house, worker=other, on=seoul_day(now), by=boss)
    actions.reopen(made, by=boss, now=now, reason="새 위기신호")
    assert Assignment.objects.current().get(household=house, during__contains=seoul_day(now)).worker == other


def test_a_file_that_moved_is_closed_where_it_is_now_and_no_longer_by_the_centre_of_before(house, kim, boss, now):
    made = closed(house, by=kim, second=boss, ago=100)
    theirs = UserFactory()
    lead = UserFactory(agency=theirs.agency, role="supervisor")
    hand_over(house, center=theirs.agency, on=seoul_day(now), by=boss)
    with pytest.raises(NotYours):
        actions.reopen(made, by=boss, now=now, reason="다시")
    with pytest.raises(Refused):
        actions.record_after_care(made, months=3, done_on=seoul_day(now), result="well", by=boss, now=now)
    done = closed(house, by=theirs, second=lead, left_open="앞선 센터에서 사정과 계획을 마쳤습니다.")
    assert done.status == "approved"


class TestFirstSteps:
    """Goals are not met where the first steps of taking over were never done, unless somebody says why."""

    WHY = "다른 센터의 기록으로 확인했습니다."

    @pytest.fixture
    def new(self, kim, today):
        """A household that moved in 40 days ago, with one person from the North."""
        return HouseholdFactory(worker=kim, members=["정금주"], under_protection=today - timedelta(days=40))

    def test_each_one_is_named_and_the_reason_stays_with_the_closing(self, new, boss, today):
        theirs = UserFactory()
        hand_over(new, center=theirs.agency, on=today, by=boss)
        with pytest.raises(Refused) as refused:
            proposed(new, by=theirs)
        assert refused.value.field == "left_open"
        case = members_of(new)[0].case_number
        for words in ("위기도 조사를 하지 않았습니다", "제공계획이 없습니다", f"{case}의 초기집중교육"):
            assert words in str(refused.value)
        assert not Closing.objects.exists()
        assert proposed(new, by=theirs, left_open=f" {self.WHY} ").left_open == self.WHY

    def test_a_step_after_the_move_counts_until_it_is_ticked(self, new, kim, boss, today):
        moved = today - timedelta(days=40)
        handover_of(
            kim.agency,
            by=kim,
            district=district("서울 관악구"),
            status="moved_in",
            worker=kim,
            household=new,
            moved_on=moved,
        )
        assert sum("전입 후 첫 절차" in said for said in openings_of(new, on=today)) == 2

    def test_other_reasons_ask_for_none_of_it(self, new, kim, now):
        talk = ContactFactory(household=new, occurred_at=now - timedelta(days=2), contact_made=True, channel="visit")
        made = proposed(new, by=kim, reason="declined", contact=talk.fact_id, left_open=self.WHY)
        assert made.left_open == ""

    def test_whoever_approves_is_told_of_what_came_since(self, house, kim, boss, now, today):
        """A member who moved in between: proposed with nothing open, and now something is."""
        made = proposed(house, by=kim)
        PersonFactory(household=house, protected_since=today - timedelta(days=20))
        with pytest.raises(Refused, match="초기집중교육"):
            actions.approve(made, by=boss, now=now)
        made.refresh_from_db()
        assert made.status == "proposed"


def test_what_was_to_be_done_is_called_off_with_the_case(house, kim, boss):
    task = task_of(house, by=kim)
    closed(house, by=kim, second=boss)
    task.refresh_from_db()
    assert (task.status, task.settled_by) == ("dropped", boss)
