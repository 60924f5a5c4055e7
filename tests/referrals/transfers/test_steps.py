"""A file on its way from one centre to another: who answers, who sees, what goes along, what comes back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, connection, transaction
from django.utils import timezone

from casework.agencies.models import WorkCalendar
from casework.audit.models import Event
from casework.clock import add_working_days
from casework.workflow import NotNow, NotYours
from households.actions import NotAllowed, Refused, change_district
from households.models import Assignment, Contact, Household
from referrals.models import Referral, Transfer
from referrals.transfers import actions, clocks
from referrals.transfers.workflow import TRANSFER, TransferStatus
from tests.factories import UserFactory
from tests.factories.agencies import AgencyFactory, district
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db
ALLOWED = {(source, step.target) for step in TRANSFER.steps.values() for source in step.sources}


def meet(transfer, by, *, made=True, key=None, at=None):
    """Record a visit of the receiving centre's worker."""
    now = timezone.now()
    entry = {"occurred_at": at or now, "channel": "visit", "contact_made": made}
    people = members_of(transfer.household)[:1] if made else []
    return actions.record_contact(transfer, people=people, by=by, now=now, client_key=key or uuid4(), **entry)


def sees(user, household):
    return Household.objects.visible_to(user).filter(pk=household.pk).exists()


def test_the_old_centre_answers_until_the_new_one_has_met_the_household(at, centres, household, answers):
    transfer = at("accepted")
    assert answers() == centres.old
    assert sees(centres.worker, household)
    assert sees(centres.new_worker, household)
    assert not sees(centres.new_boss, household)
    meet(transfer, centres.new_worker, made=False)
    assert answers() == centres.old
    contact = meet(transfer, centres.new_worker)
    transfer.refresh_from_db()
    assert (transfer.status, transfer.contact) == (TransferStatus.DONE, contact.fact_id)
    assert answers() == centres.new
    assert sees(centres.new_worker, household)
    assert sees(centres.new_boss, household)
    assert not sees(centres.worker, household)
    today = Assignment.objects.current().during(timezone.localdate()).filter(household=household)
    assert [row.worker for row in today] == [centres.new_worker]
    assert transfer.share.during.upper <= timezone.now()


def test_before_the_acceptance_the_other_centre_reads_a_number_and_no_file(at, centres, household):
    transfer = at("proposed")
    assert not sees(centres.new_boss, household)
    assert not sees(centres.new_worker, household)
    assert Transfer.objects.visible_to(centres.new_boss).get() == transfer
    assert not Transfer.objects.visible_to(centres.new_worker).exists()
    assert not Transfer.objects.visible_to(UserFactory(agency=centres.old)).exists()
    assert (transfer.people, transfer.district) == (2, district("제주 제주시"))


def test_open_referrals_go_along_so_that_nobody_loses_sight_of_them(at, centres, household):
    asked = ReferralFactory(sender=centres.worker, household=household)
    ended = ReferralFactory(sender=centres.worker, household=household, stands="closed")
    meet(at("accepted"), centres.new_worker)
    asked.refresh_from_db()
    ended.refresh_from_db()
    assert (asked.from_agency, asked.sender) == (centres.new, centres.new_worker)
    assert ended.from_agency == centres.old
    assert Referral.objects.visible_to(centres.new_worker).filter(pk=asked.pk).exists()
    assert Event.objects.about(asked).filter(verb="went along").count() == 1


def test_a_declined_transfer_returns_to_the_sender_with_the_reason(at, centres, household, answers):
    transfer = at("declined")
    assert list(Transfer.objects.visible_to(centres.worker).came_back()) == [transfer]
    assert transfer.reason == "관할이 아닙니다."
    assert answers() == centres.old
    again = actions.propose(household, to=centres.new, by=centres.worker, now=timezone.now())
    assert again != transfer
    assert not Transfer.objects.came_back().exists()


@pytest.mark.parametrize("verb", ["withdraw", "give_back"])
def test_what_was_opened_is_shut_when_the_transfer_comes_to_nothing(at, centres, household, verb):
    transfer = at("accepted")
    by = centres.worker if verb == "withdraw" else centres.new_boss
    actions.VERBS[verb](transfer, by=by, now=timezone.now(), reason="다시 돌아오셨습니다.")
    assert not sees(centres.new_worker, household)
    assert sees(centres.worker, household)


def test_another_worker_is_named_and_the_first_one_sees_it_no_longer(at, centres, household):
    other = UserFactory(agency=centres.new)
    transfer = actions.name(at("accepted"), by=centres.new_boss, now=timezone.now(), worker=other)
    assert transfer.worker == other
    assert sees(other, household)
    assert not sees(centres.new_worker, household)
    with pytest.raises(NotYours):
        meet(transfer, centres.new_worker)


def test_a_file_that_ran_out_is_opened_again_by_naming_the_same_worker(at, centres, household):
    transfer = at("accepted", since=timezone.now() - timedelta(days=40))
    assert not sees(centres.new_worker, household)
    actions.name(transfer, by=centres.new_boss, now=timezone.now(), worker=centres.new_worker)
    assert sees(centres.new_worker, household)


def test_only_who_keeps_the_register_proposes_and_only_a_centre_is_asked(centres, household):
    now = timezone.now()
    with pytest.raises(NotAllowed):
        actions.propose(household, to=centres.old, by=centres.new_boss, now=now)
    with pytest.raises(Refused):
        actions.propose(household, to=AgencyFactory(kind="city"), by=centres.worker, now=now)
    with pytest.raises(Refused):
        actions.propose(household, to=centres.old, by=centres.worker, now=now)


def test_proposed_twice_it_is_one_and_another_is_refused(centres, household):
    now, key = timezone.now(), uuid4()
    first = actions.propose(household, to=centres.new, by=centres.worker, now=now, client_key=key)
    assert actions.propose(household, to=centres.new, by=centres.worker, now=now, client_key=key) == first
    with pytest.raises(Refused):
        actions.propose(household, to=centres.new, by=centres.boss, now=now, client_key=uuid4())
    assert Transfer.objects.count() == 1


def test_the_worker_named_works_at_the_receiving_centre(at, centres):
    with pytest.raises(ValidationError):
        actions.accept(at("proposed"), by=centres.new_boss, now=timezone.now(), worker=centres.worker)
    with pytest.raises(NotYours):
        actions.accept(Transfer.objects.get(), by=centres.boss, now=timezone.now(), worker=centres.new_worker)


def test_the_first_contact_lands_once_and_not_from_before_the_acceptance(at, centres):
    transfer, key = at("accepted"), uuid4()
    with pytest.raises(Refused):
        meet(transfer, centres.new_worker, at=timezone.now() - timedelta(days=3))
    first = meet(transfer, centres.new_worker, key=key)
    assert meet(transfer, centres.new_worker, key=key) == first
    with pytest.raises(NotNow):
        meet(transfer, centres.new_worker)
    assert Contact.objects.current().count() == 1


def test_a_file_that_another_centre_keeps_by_now_is_not_taken_over(at, centres, household):
    transfer = at("accepted")
    third = AgencyFactory(kind="hana_center")
    change_district(
        household, district=district("부산 해운대구"), center=third, on=timezone.localdate(), by=centres.boss
    )
    with pytest.raises(Refused):
        meet(transfer, centres.new_worker)


def test_three_working_days_to_accept_and_seven_days_to_meet(at, centres):
    calendar, now = WorkCalendar.load(), timezone.now()
    transfer = at("proposed", since=now)
    runs_out = add_working_days(now, 3, calendar.closed(centres.new.pk))
    late, soon = runs_out + timedelta(minutes=1), runs_out - timedelta(minutes=1)
    assert clocks.due(transfer, now, calendar).at == runs_out
    assert [clocks.due(transfer, moment, calendar).state for moment in (soon, late)] == ["soon", "late"]
    assert [Transfer.objects.overdue(now=moment).count() for moment in (soon, late)] == [0, 1]
    transfer = actions.accept(transfer, by=centres.new_boss, now=now, worker=centres.new_worker)
    week = now + timedelta(days=7)
    moments = (week - timedelta(minutes=1), week + timedelta(minutes=1))
    assert [clocks.due(transfer, moment, calendar).state for moment in moments] == ["soon", "late"]
    assert [Transfer.objects.overdue(now=moment).count() for moment in moments] == [0, 1]


@pytest.mark.parametrize("stands", ["proposed", "accepted", "declined"])
def test_raw_sql_cannot_pass_what_the_table_does_not_lead_to(at, stands):
    transfer = at(stands)
    for target in TransferStatus.values:
        if target != stands and (stands, target) not in ALLOWED:
            with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE referrals_transfer SET status = %s WHERE id = %s", [target, transfer.pk])
