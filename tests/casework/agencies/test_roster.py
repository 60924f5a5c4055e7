"""The duty roster and the closed days of an agency: kept by itself, followed by every clock at once."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Closure, DutyShift, WorkCalendar
from casework.agencies.roster import actions
from casework.audit.models import Event
from casework.clock import SEOUL, seoul_day
from referrals import clocks
from referrals.models import Referral
from tests.factories import UserFactory
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory
from tests.harness.racing import at_once

DUTY, CLOSED = reverse("agencies:duty"), reverse("agencies:closures")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY = datetime(2026, 11, 13, 15, 20, tzinfo=SEOUL)


@pytest.fixture
def keeper(db):
    return ReceiverFactory(name="구민서")


@pytest.fixture
def colleague(keeper):
    return ReceiverFactory(name="하도윤", agency=keeper.agency)


def shift_words(user, begins, hours=15):
    return {"user": user.pk, "begins": f"{begins:%Y-%m-%dT%H:%M}", "ends": f"{begins + hours * HOUR:%Y-%m-%dT%H:%M}"}


def tonight():
    return timezone.localtime().replace(hour=18, minute=0, second=0, microsecond=0) + DAY


def entered(keeper, colleague, begins=None, hours=15):
    begins = begins or tonight()
    return actions.enter_shift(colleague, begins=begins, ends=begins + hours * HOUR, by=keeper, now=timezone.now())


@pytest.mark.django_db
class TestTheRoster:
    def test_a_shift_is_entered_and_shown(self, ask, keeper, colleague):
        assert ask(keeper, "post", DUTY, **shift_words(colleague, tonight())).status_code == 302
        shift = DutyShift.objects.get()
        assert (shift.agency, shift.user, shift.during.lower) == (keeper.agency, colleague, tonight())
        assert "하도윤" in ask(keeper, "get", DUTY).content.decode()
        assert Event.objects.about(shift).get().verb == "duty entered"

    def test_a_second_person_in_the_same_time_is_refused_with_the_sentence(self, ask, keeper, colleague):
        entered(keeper, colleague)
        answer = ask(keeper, "post", DUTY, **shift_words(keeper, tonight() + HOUR))
        assert answer.status_code == 422
        assert "이 시간에는 이미 당직자가 있습니다." in answer.content.decode()
        assert DutyShift.objects.count() == 1

    @pytest.mark.parametrize(("begins", "hours"), [(-30, 15), (24, -1), (24, 24 * 15), (24 * 500, 9)])
    def test_times_that_do_not_fit_are_refused(self, keeper, colleague, begins, hours):
        with pytest.raises(ValidationError):
            entered(keeper, colleague, timezone.now() + begins * HOUR, hours)

    def test_somebody_of_another_agency_is_refused(self, ask, keeper):
        stranger = ReceiverFactory()
        assert ask(keeper, "post", DUTY, **shift_words(stranger, tonight())).status_code == 422
        with pytest.raises(ValidationError):
            entered(keeper, stranger)

    def test_a_shift_to_come_is_taken_off_and_one_that_runs_ends_now(self, ask, keeper, colleague):
        coming = entered(keeper, colleague)
        running = DutyShift.objects.create(
            agency=keeper.agency, user=colleague, during=(timezone.now() - HOUR, timezone.now() + HOUR)
        )
        for shift in (coming, running):
            assert ask(keeper, "post", reverse("agencies:duty_end", args=[shift.pk])).status_code == 302
        left = DutyShift.objects.get()
        assert left == running
        assert left.during.upper <= timezone.now()

    def test_twice_changes_nothing(self, ask, keeper, colleague):
        shift = entered(keeper, colleague)
        url = reverse("agencies:duty_end", args=[shift.pk])
        ask(keeper, "post", url)
        assert ask(keeper, "post", url).status_code == 404
        assert Event.objects.filter(verb="duty ended").count() == 1

    def test_the_buttons_refuse_get_strangers_and_the_wrong_role(self, ask, keeper, colleague):
        shift = entered(keeper, colleague)
        url = reverse("agencies:duty_end", args=[shift.pk])
        assert ask(keeper, "get", url).status_code == 405
        assert ask(ReceiverFactory(), "post", url).status_code == 404
        assert ask(UserFactory(role="case_manager"), "post", url).status_code == 403
        assert ask(UserFactory(role="case_manager"), "get", DUTY).status_code == 403
        assert DutyShift.objects.count() == 1

    def test_the_number_of_queries_does_not_grow(self, ask, keeper, colleague):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                ask(keeper, "get", DUTY)
            return len(captured)

        for n in range(2):
            entered(keeper, colleague, tonight() + n * DAY)
        queries()
        few = queries()
        for n in range(2, 20):
            entered(keeper, colleague, tonight() + n * DAY)
        assert queries() == few


def test_two_people_enter_the_same_night_and_one_is_told(committed_db):
    keeper = ReceiverFactory()
    other = ReceiverFactory(agency=keeper.agency)
    begins = tonight()
    asked = (lambda user=user: entered(user, user, begins) for user in (keeper, other))
    done, refused = at_once(*asked, told=ValidationError)
    assert (len(done), len(refused)) == (1, 1)
    assert refused[0].messages == ["이 시간에는 이미 당직자가 있습니다."]


@pytest.mark.django_db
class TestClosedDays:
    def days(self, first, last=None, why=""):
        return {"first": first.isoformat(), "last": (last or first).isoformat(), "why": why}

    def workdays(self, n):
        """The next `n` days that are neither weekend nor holiday."""
        closed, day, found = WorkCalendar.load().holidays, seoul_day(timezone.now()), []
        while len(found) < n:
            day += DAY
            if day.weekday() < 5 and day not in closed:
                found.append(day)
        return found

    def test_days_to_come_are_entered_and_taken_back(self, ask, keeper):
        first = self.workdays(1)[0]
        assert ask(keeper, "post", CLOSED, **self.days(first)).status_code == 302
        closure = Closure.objects.get()
        assert (closure.agency, closure.day, closure.recorded_by) == (keeper.agency, first, keeper)
        url = reverse("agencies:closure_end", args=[closure.pk])
        assert ask(keeper, "get", url).status_code == 405
        assert ask(ReceiverFactory(), "post", url).status_code == 404
        assert ask(UserFactory(role="case_manager"), "post", url).status_code == 403
        assert ask(keeper, "post", url).status_code == 302
        assert ask(keeper, "post", url).status_code == 404
        assert not Closure.objects.exists()

    def test_the_same_days_again_change_nothing(self, ask, keeper):
        first, second = self.workdays(2)
        for last in (first, second):
            assert ask(keeper, "post", CLOSED, **self.days(first, last)).status_code == 302
        assert set(Closure.objects.values_list("day", flat=True)) == {first, second}

    def test_a_day_that_has_passed_needs_a_reason_and_stays(self, ask, keeper):
        day = date(2025, 11, 18)
        answer = ask(keeper, "post", CLOSED, **self.days(day))
        assert answer.status_code == 422
        assert "지난 날은 사유를 적어 주십시오." in answer.content.decode()
        assert ask(keeper, "post", CLOSED, **self.days(day, why="정전으로 휴무")).status_code == 302
        assert Event.objects.about(keeper.agency).get().reason == "정전으로 휴무"
        ask(keeper, "post", reverse("agencies:closure_end", args=[Closure.objects.get().pk]))
        assert Closure.objects.count() == 1

    def test_a_weekend_needs_no_row(self, ask, keeper):
        saturday = date(2025, 11, 15)
        answer = ask(keeper, "post", CLOSED, **self.days(saturday, saturday + DAY, why="-"))
        assert answer.status_code == 422
        assert not Closure.objects.exists()

    @pytest.mark.parametrize(("first", "last"), [(5, 4), (1, 40), (401, 402)])
    def test_days_that_do_not_fit_are_refused(self, ask, keeper, first, last):
        today = seoul_day(timezone.now())
        assert ask(keeper, "post", CLOSED, **self.days(today + first * DAY, today + last * DAY)).status_code == 422

    def test_the_clocks_of_the_agency_follow_at_once(self, keeper):
        referral = ReferralFactory(receiver=keeper, sent_at=FRIDAY)
        late = FRIDAY + 4 * DAY + HOUR
        assert list(Referral.objects.overdue(now=late)) == [referral]
        actions.close_days(first=date(2026, 11, 16), last=date(2026, 11, 17), why="이전", by=keeper, now=late)
        assert not Referral.objects.overdue(now=late).exists()
        assert clocks.due(referral, late, WorkCalendar.load()).at == FRIDAY + 6 * DAY

    def test_another_agencys_days_are_its_own(self, ask, keeper):
        Closure.objects.create(agency=OfficeFactory(), day=self.workdays(1)[0], why="남의 휴무")
        assert "남의 휴무" not in ask(keeper, "get", CLOSED).content.decode()
