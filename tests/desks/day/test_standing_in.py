"""The day of somebody who stands in or is on duty: it comes, and goes back by itself."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from casework.agencies.models import DutyShift
from casework.telling.actions import tell
from casework.telling.models import Notification
from desks.day.asking import rows_of
from desks.day.shown import day_of
from households.actions import end_absence, record_absence
from households.models import Assignment, Household
from referrals.models import Alarm
from tests.desks.day.today import DAY, HOUR, NOW, TODAY, kinds, text
from tests.factories import HouseholdFactory
from tests.factories.day import task_of, visit_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.factories.standings import stands


class TestStandingIn:
    @pytest.fixture
    def away(self, worker, colleague, supervisor, house):
        stands(house, band=2, due_in=0)
        task_of(by=worker, owner=worker, what="명부 정리")
        about = {"first": TODAY, "last": TODAY + 2 * DAY, "substitute": colleague}
        return record_absence(worker, **about, by=supervisor)

    def test_the_substitute_has_the_list_for_those_days_marked_and_not_after(self, client, colleague, away):
        page = text(client, colleague)
        assert page.count("대직: 서지훈") == 2
        assert "명부 정리" in page
        assert day_of(colleague, now=NOW).count == 2
        end_absence(away, on=TODAY, by=away.recorded_by)
        assert day_of(colleague, now=NOW).count == 0

    def test_what_the_absent_worker_is_told_reaches_the_substitute_on_those_days_alone(self, worker, colleague, away):
        url = ("desks:today",)
        for key, now in (("before", NOW - DAY), ("during", NOW), ("after", NOW + 3 * DAY)):
            tell([worker], "assigned", label="R-1", url=url, now=now, key=key)
        told = Notification.objects.filter(user=colleague).values_list("key", flat=True)
        assert list(told) == ["during"]
        assert Notification.objects.filter(user=worker).count() == 3

    def test_an_alarm_of_before_is_the_substitutes_too_and_goes_again(self, worker, colleague, supervisor, away):
        asked = ReferralFactory(household=HouseholdFactory(worker=worker), sender=worker, stands="sent")
        stands_in = {"kind": "substitute", "during": away.during, "recorded_by": supervisor}
        Assignment.objects.create(household=asked.household, worker=colleague, **stands_in)
        moments = {"begins_at": asked.clock_from, "ran_out_at": NOW, "due_at": NOW, "raised_at": NOW}
        words = {"station": "acknowledge", "rung": 1, "to_user": worker, "to_agency": worker.agency}
        alarm = Alarm.objects.create(referral=asked, **words, **moments)
        assert list(Alarm.objects.named(colleague)) == [alarm]
        assert list(Alarm.objects.named(supervisor)) == []
        end_absence(away, on=TODAY, by=supervisor)
        assert list(Alarm.objects.named(colleague)) == []
        assert list(Alarm.objects.named(worker)) == [alarm]


class TestOnDuty:
    @pytest.fixture
    def urgent(self, worker):
        home = HouseholdFactory(worker=worker, members=["최위급"])
        stands(home, band=5, due_in=0, limit=0, contact_due_on=None)
        return home

    def shift(self, user, begins, ends):
        return DutyShift.objects.create(agency=user.agency, user=user, during=DateTimeTZRange(begins, ends))

    def test_an_emergency_is_on_the_desk_of_who_is_on_duty_and_comes_back_by_itself(
        self, client, worker, colleague, house, urgent
    ):
        stands(house, band=3, due_in=0)
        assert kinds(colleague) == []
        shift = self.shift(colleague, NOW - HOUR, NOW + 9 * HOUR)
        assert {row.due.household for row in rows_of(colleague, on=TODAY)} == {urgent.pk}
        assert "최위급" in text(client, colleague)
        assert list(Household.objects.kept_by(colleague)) == [urgent]
        DutyShift.objects.filter(pk=shift.pk).update(during=DateTimeTZRange(NOW - 9 * HOUR, NOW - HOUR))
        assert kinds(colleague) == []
        assert not Household.objects.visible_to(colleague).exists()

    def test_who_is_on_duty_logs_the_contact(self, client, colleague, urgent):
        self.shift(colleague, NOW - HOUR, NOW + 9 * HOUR)
        client.force_login(colleague)
        assert client.get(reverse("households:contact", args=[urgent.number])).status_code == 200

    @pytest.mark.parametrize(("need", "there"), [("utilities", True), ("housing", False)])
    def test_a_referral_whose_clock_counts_hours_is_on_the_desk_of_who_is_on_duty(self, db, need, there):
        doer = ReceiverFactory()
        night = ReceiverFactory(agency=doer.agency)
        asked = ReferralFactory(receiver=doer, need=need, stands="received")
        type(asked).objects.filter(pk=asked.pk).update(handler=doer)
        assert kinds(night) == []
        shift = self.shift(night, NOW - HOUR, NOW + 9 * HOUR)
        assert kinds(night) == (["referral"] if there else [])
        DutyShift.objects.filter(pk=shift.pk).delete()
        assert kinds(night) == []

    def test_a_shift_opens_nothing_of_another_centre(self, stranger, urgent):
        self.shift(stranger, NOW - HOUR, NOW + 9 * HOUR)
        assert not Household.objects.visible_to(stranger).exists()

    def test_a_visit_from_which_nobody_came_back_is_on_both_desks(self, client, worker, colleague, supervisor, house):
        visit_of(house, worker=worker, begins=NOW - 3 * HOUR)
        self.shift(colleague, NOW - HOUR, NOW + HOUR)
        for user, name in ((supervisor, "desks:supervisor"), (colleague, "desks:today"), (supervisor, "desks:day")):
            client.force_login(user)
            assert "방문에서 돌아왔다는 확인이 없습니다" in client.get(reverse(name)).content.decode()


def test_an_absence_without_a_substitute_leaves_everything_where_it_was(worker, supervisor, house):
    stands(house, band=2, due_in=0)
    record_absence(worker, first=TODAY, last=TODAY, substitute=None, by=supervisor)
    assert kinds(worker) == ["contact"]
