"""What stands against closing a case, named in a sentence, when it is proposed and again when it is approved."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from casework.clock import seoul_day
from households.actions import Refused, hand_over, record_death
from households.models import Closing
from referrals import actions as asking
from referrals.models import Referral
from referrals.transfers import actions as transfers
from risk.closings.actions import Blocked, approve, propose
from risk.closings.blocks import blocks_of
from risk.models import SearchEnd
from tests.factories import AttemptFactory, CentreFactory, ContactFactory, HouseholdFactory, UserFactory
from tests.factories.closings import WORDS, closed, proposed
from tests.factories.day import visit_of
from tests.factories.households import members_of
from tests.factories.plans import live_plan
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.factories.standings import flagged, stands
from tests.harness.racing import at_once


def test_goals_are_not_met_by_somebody_whom_nobody_met(kim):
    unmet = HouseholdFactory(worker=kim)
    AttemptFactory(household=unmet, occurred_at=timezone.now() - timedelta(days=3))
    with pytest.raises(Blocked):
        try_to(unmet, kim)
    with override("ko"):
        assert blocks_of(unmet, reason="goals_met")[-1].startswith("이 가구를 만난 기록")
        assert not any("만난 기록" in said for said in blocks_of(unmet, reason="abroad"))


def try_to(house, by, reason="goals_met", **said):
    return propose(house, by=by, now=timezone.now(), reason=reason, words=WORDS, **said)


def against(house, by, reason="goals_met", **said):
    with pytest.raises(Blocked) as blocked:
        try_to(house, by, reason, **said)
    assert not Closing.objects.exists()
    return blocked.value.sentences


def test_with_nothing_open_it_is_proposed_and_approved(house, kim, boss):
    stands(house, 2)
    made = try_to(house, kim)
    assert approve(made, by=boss, now=timezone.now()).status == "approved"


@pytest.mark.parametrize("stands_at", ["draft", "sent", "declined", "in_progress", "provided", "confirmed"])
def test_an_open_referral_is_named(house, kim, stands_at):
    asked = ReferralFactory(sender=kim, household=house, stands=stands_at)
    (said,) = against(house, kim)
    assert asked.number in said


def test_a_finished_referral_stands_against_nothing(house, kim):
    ReferralFactory(sender=kim, household=house, stands="closed")
    assert try_to(house, kim).status == "proposed"


@pytest.mark.parametrize("band", [4, 5])
def test_high_and_emergency_are_named_whoever_decided_lower(house, kim, band):
    stands(house, band, shown_band=2)
    assert len(against(house, kim)) == 1
    talk = ContactFactory(household=house, recorded_by=kim)
    assert against(house, kim, "declined", contact=talk.fact_id)


def test_an_open_flag_of_that_weight_is_named(house, kim):
    flag = flagged(house, "R-UTIL-CUT")
    assert blocks_of(house) == []  # no floor is written on it
    flag.floor = 4
    flag.save(update_fields=["floor"])
    assert len(against(house, kim)) == 1


def test_whoever_is_being_looked_for_is_not_closed(house, kim):
    ContactFactory(household=house, occurred_at=timezone.now() - timedelta(days=20))
    AttemptFactory(household=house, occurred_at=timezone.now() - timedelta(days=2))
    assert len(against(house, kim)) == 1
    ContactFactory(household=house, occurred_at=timezone.now() - timedelta(days=1))
    assert try_to(house, kim).status == "proposed"


def test_a_search_that_ended_by_decision_is_no_longer_one(house, kim):
    AttemptFactory(household=house, occurred_at=timezone.now() - timedelta(days=2))
    stands(house, 2, attempts=0, run_since=timezone.now() - timedelta(days=1))
    SearchEnd.objects.create(
        household=house,
        reason="met",
        evidence="x",
        machine_band=2,
        decided_on=seoul_day(timezone.now()),
        recorded_by=kim,
    )
    assert blocks_of(house) == []


def test_an_open_transfer_is_named_and_taken_over_is_a_reason_of_its_own(house, kim, boss):
    other = CentreFactory()
    moving = transfers.propose(house, to=other, by=kim, now=timezone.now())
    assert moving.number in against(house, kim)[0]
    with pytest.raises(Refused):
        try_to(house, kim, "transferred")  # nobody has accepted yet
    lead = UserFactory(agency=other, role="supervisor")
    theirs = UserFactory(agency=other)
    accepted = transfers.accept(moving, by=lead, now=timezone.now(), worker=theirs)
    made = try_to(house, kim, "transferred")
    assert made.transfer == moving.pk
    with pytest.raises(Refused):
        approve(made, by=boss, now=timezone.now())  # the other centre has not met the household
    at = timezone.now()
    entry = {"occurred_at": at, "channel": "visit", "contact_made": True, "people": members_of(house)}
    transfers.record_contact(accepted, by=theirs, now=at, client_key=uuid4(), **entry)
    assert approve(made, by=boss, now=timezone.now()).status == "approved"
    assert not Closing.objects.in_force().exists()  # the file goes on where it is now
    assert Closing.objects.visible_to(boss).get() == made


def test_the_dead_are_asked_for_no_contact_and_no_band(kim, boss):
    house = HouseholdFactory(worker=kim)
    AttemptFactory(household=house, occurred_at=timezone.now() - timedelta(days=2))
    stands(house, 5)
    record_death(members_of(house)[0], on=seoul_day(timezone.now()) - timedelta(days=1), by=kim)
    made = try_to(house, boss, "deceased")
    head = UserFactory(agency=kim.agency, role="centre_head")
    assert approve(made, by=head, now=timezone.now()).status == "approved"


def test_what_came_up_between_proposal_and_approval_is_named_then(house, kim, boss):
    made = proposed(house, by=kim)
    stands(house, 4)
    asked = ReferralFactory(sender=kim, household=house, stands="sent")
    with pytest.raises(Blocked) as blocked:
        approve(made, by=boss, now=timezone.now())
    assert asked.number in blocked.value.sentences[0]
    assert len(blocked.value.sentences) == 2
    made.refresh_from_db()
    assert made.status == "proposed"


def words_of(receiver):
    return {
        "to_agency": receiver.agency,
        "need": "livelihood",
        "title": "t",
        "request": "r",
        "ground": "duty",
        "sections": ("members",),
        "consent": None,
        "note": "",
    }


def test_for_a_closed_household_no_referral_is_begun(house, kim, boss):
    closed(house, by=kim, second=boss)
    receiver = ReceiverFactory()
    with pytest.raises(ValidationError):
        asking.save_draft(house, by=boss, now=timezone.now(), client_key=uuid4(), **words_of(receiver))
    assert not Referral.objects.exists()


def test_a_referral_of_the_same_moment_and_the_closing_do_not_both_win(committed_db):
    kim = UserFactory()
    boss = UserFactory(agency=kim.agency, role="supervisor")
    house, receiver = HouseholdFactory(worker=kim), ReceiverFactory()
    made = proposed(house, by=kim)

    def ask():
        asking.save_draft(house, by=kim, now=timezone.now(), client_key=uuid4(), **words_of(receiver))

    close = lambda: approve(made, by=boss, now=timezone.now())  # noqa: E731
    done, told = at_once(close, ask, told=(Blocked, ValidationError))
    assert (len(done), len(told)) == (1, 1)
    assert str(told[0])


def test_a_live_plan_and_a_planned_visit_are_named(house, kim):
    live_plan(house, by=kim)
    visit_of(house, worker=kim, begins=timezone.now() + timedelta(days=2))
    assert len(against(house, kim)) == 2


def test_of_a_referral_of_another_agency_only_that_it_is_open_and_its_draft_binds_nobody(house, kim):
    other = UserFactory()
    draft = ReferralFactory(sender=kim, household=house, stands="draft")
    assert draft.number in blocks_of(house, user=kim)[0]
    hand_over(house, center=other.agency, on=seoul_day(timezone.now()), by=kim)
    assert blocks_of(house, user=other) == []
    moved = HouseholdFactory(worker=kim)
    asked = ReferralFactory(sender=kim, household=moved, stands="sent")
    hand_over(moved, center=other.agency, on=seoul_day(timezone.now()), by=kim)
    (said,) = blocks_of(moved, user=other)
    assert asked.number not in said
