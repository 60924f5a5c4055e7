"""Clocks that ran out are told rung by rung, whenever somebody looks; nothing is lost, nothing is told twice."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from casework.agencies.models import Closure, DutyShift
from casework.clock import Holiday
from households.models import Absence, Assignment
from referrals import actions
from referrals.alarms.raising import raise_alarms
from referrals.models import Alarm, Pause
from tests.factories import UserFactory
from tests.factories.handovers import conflict_of
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory
from tests.referrals.alarms.conftest import FRIDAY

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
TUESDAY = FRIDAY + 4 * DAY  # two working days after the Friday


def asked(people, **words):
    return ReferralFactory(**{"sender": people.sender, "receiver": people.receiver, "sent_at": FRIDAY, **words})


def rungs(referral):
    return list(Alarm.objects.filter(referral=referral).order_by("rung").values_list("rung", flat=True).distinct())


class TestTheLadder:
    def test_a_clock_that_has_not_run_out_is_told_to_nobody(self, people):
        asked(people)
        assert raise_alarms(TUESDAY) == 0

    def test_the_rungs_come_at_the_run_out_and_after_one_three_and_five_working_days(self, people):
        referral = asked(people)
        for days, expected in ((0, [1]), (1, [1, 2]), (2, [1, 2]), (3, [1, 2, 3]), (6, [1, 2, 3]), (7, [1, 2, 3, 4])):
            raise_alarms(TUESDAY + days * DAY + SECOND)
            assert rungs(referral) == expected, days
        first, last = (Alarm.objects.filter(referral=referral).earliest("rung"), Alarm.objects.latest("rung"))
        assert (first.ran_out_at, first.due_at) == (TUESDAY, TUESDAY)
        assert (last.ran_out_at, last.due_at) == (TUESDAY, TUESDAY + 7 * DAY)
        assert not Alarm.objects.filter(skipped=True).exists()

    def test_a_clock_of_hours_is_told_at_once_and_after_4_12_and_24_hours_weekend_or_not(self, people):
        referral = asked(people, need="utilities")
        ran_out = FRIDAY + DAY
        for hours, expected in ((0, [1]), (4, [1, 2]), (12, [1, 2, 3]), (24, [1, 2, 3, 4])):
            raise_alarms(ran_out + hours * HOUR - SECOND)
            assert rungs(referral) == expected[:-1]
            raise_alarms(ran_out + hours * HOUR + SECOND)
            assert rungs(referral) == expected

    def test_who_is_told(self, people, told):
        referral = asked(people)
        raise_alarms(TUESDAY + 8 * DAY)
        assert told(referral) == {
            1: {"서지훈"},  # nobody has taken it: who asked
            2: {"구민서", "다른주무관", "한팀장"},  # an office without a supervisor: those who receive
            3: {"최센터장"},
            4: {"통일부담당"},
        }

    def test_who_has_taken_it_is_told_first_and_the_others_of_the_office_next(self, people, told):
        referral = asked(people, stands="accepted")
        raise_alarms(FRIDAY + 6 * DAY + 3 * HOUR)
        assert told(referral) == {1: {"구민서"}, 2: {"다른주무관", "한팀장"}}

    def test_a_senders_clock_is_told_to_the_sending_side_alone(self, people, told):
        referral = asked(people, stands="provided")
        raise_alarms(FRIDAY + 13 * DAY)
        assert told(referral) == {1: {"서지훈"}, 2: {"한팀장"}, 3: {"최센터장"}}

    def test_above_a_town_office_stands_the_city(self, people, told):
        city = OfficeFactory()
        ReceiverFactory(name="생활보장과장", agency=city)
        town = ReceiverFactory(agency=OfficeFactory(parent=city, kind="town"), role="town_worker")
        referral = asked(people, receiver=town)
        raise_alarms(TUESDAY + 3 * DAY + SECOND)
        assert told(referral, 3) == {"생활보장과장", "최센터장"}

    def test_with_nobody_on_the_first_rung_the_next_one_is_told_at_once(self, people, told):
        referral = asked(people)
        people.sender.is_active = False
        people.sender.save()
        raise_alarms(TUESDAY + SECOND)
        assert told(referral) == {1: {"구민서", "다른주무관"}}

    def test_a_system_that_acts_for_an_agency_is_nobody_to_tell(self, people, told):
        machine = ReceiverFactory(name="연계시스템", agency=people.receiver.agency, role="agency_system")
        referral = asked(people)
        actions.accept(referral, by=machine, now=FRIDAY + HOUR)
        raise_alarms(FRIDAY + 12 * DAY)
        assert told(referral, 1) == {"서지훈"}
        assert "연계시스템" not in told(referral, 2)

    def test_a_step_settles_the_alarms_and_the_next_clock_has_its_own(self, people):
        referral = asked(people)
        raise_alarms(TUESDAY + SECOND)
        assert Alarm.objects.needed().count() == 1
        actions.acknowledge(referral, by=people.receiver, now=TUESDAY + HOUR)
        assert Alarm.objects.needed().count() == 0
        raise_alarms(TUESDAY + 2 * HOUR)
        assert list(Alarm.objects.needed().values_list("station", flat=True)) == ["answer"]

    def test_whoever_was_told_is_told_anew_when_a_late_outcome_did_not_arrive(self, people, told):
        referral = asked(people, stands="in_progress")
        late = FRIDAY + 30 * DAY
        raise_alarms(late)
        before = Alarm.objects.filter(station="outcome").count()
        actions.provide(referral, by=people.receiver, now=late + HOUR, outcome="provided", text="지급하였습니다.")
        assert not Alarm.objects.needed().filter(station="outcome").exists()
        actions.give_back(referral, by=people.sender, now=late + 2 * HOUR, reason="통장에 들어오지 않았습니다.")
        raise_alarms(late + 3 * HOUR)
        anew = Alarm.objects.needed().filter(station="outcome")
        assert anew.count() == before
        assert set(anew.values_list("begins_at", flat=True)) == {late + 2 * HOUR}
        raise_alarms(late + 4 * HOUR)
        assert Alarm.objects.needed().filter(station="outcome").count() == before


class TestNothingTwiceNothingLost:
    def test_a_second_run_changes_nothing(self, people):
        asked(people)
        assert raise_alarms(TUESDAY + 2 * DAY) == 4
        assert raise_alarms(TUESDAY + 2 * DAY) == 0

    def test_after_three_days_without_a_run_everything_due_is_in_the_ledger(self, people, told):
        referral = asked(people)
        raise_alarms(TUESDAY - HOUR)
        raise_alarms(TUESDAY + 3 * DAY + HOUR)
        assert sorted(told(referral)) == [1, 2, 3]
        assert raise_alarms(TUESDAY + 3 * DAY + 2 * HOUR) == 0

    def test_of_several_rungs_due_at_once_an_agency_is_told_the_highest_only(self, people):
        asked(people)
        raise_alarms(TUESDAY + 8 * DAY)
        new = Alarm.objects.filter(skipped=False)
        assert {(row.rung, row.to_user.name) for row in new} == {
            (2, "구민서"),
            (2, "다른주무관"),
            (3, "최센터장"),
            (4, "통일부담당"),
        }

    def test_who_came_later_is_not_told_old_news(self, people, told):
        referral = asked(people)
        raise_alarms(TUESDAY + DAY + SECOND)
        UserFactory(name="새팀장", agency=people.sender.agency, role="supervisor")
        raise_alarms(TUESDAY + DAY + HOUR)
        assert "새팀장" not in told(referral, 2)

    def test_a_finished_referral_and_a_draft_are_told_to_nobody(self, people):
        for stands in ("draft", "cancelled", "closed", "confirmed"):
            asked(people, stands=stands)
        assert raise_alarms(FRIDAY + 60 * DAY) == 0


class TestDaysOff:
    def test_a_holiday_and_a_closed_day_move_every_rung(self, people):
        referral = asked(people)
        Holiday.objects.create(day=date(2026, 11, 16), name_ko="시험일")
        Closure.objects.create(agency=people.receiver.agency, day=date(2026, 11, 17), why="이전")
        Closure.objects.create(agency=people.sender.agency, day=date(2026, 11, 18), why="우리 일이 아님")
        raise_alarms(FRIDAY + 6 * DAY)
        assert rungs(referral) == []
        raise_alarms(FRIDAY + 6 * DAY + SECOND)
        assert rungs(referral) == [1]
        raise_alarms(FRIDAY + 7 * DAY + SECOND)
        assert rungs(referral) == [1, 2]

    def test_a_pause_stops_the_clock_and_the_ladder(self, people):
        referral = asked(people, stands="accepted")  # accepted Friday 17:20, first contact within 3 working days
        accepted = FRIDAY + 2 * HOUR
        pause = Pause.objects.create(
            referral=referral,
            waits_for="client",
            begun_by=people.receiver,
            during=DateTimeTZRange(FRIDAY + 3 * DAY, None),
        )
        assert raise_alarms(FRIDAY + 9 * DAY) == 0
        pause.during = DateTimeTZRange(FRIDAY + 3 * DAY, FRIDAY + 5 * DAY)  # Monday to Wednesday: two days
        pause.save(update_fields=["during"])
        raise_alarms(accepted + 7 * DAY)
        assert rungs(referral) == []
        raise_alarms(accepted + 7 * DAY + SECOND)
        assert rungs(referral) == [1]

    def test_a_pause_that_comes_after_does_not_move_what_was_due(self, people):
        referral = asked(people, stands="accepted")
        ran_out = FRIDAY + 2 * HOUR + 5 * DAY
        Pause.objects.create(
            referral=referral,
            waits_for="client",
            begun_by=people.receiver,
            during=DateTimeTZRange(ran_out + HOUR, ran_out + 2 * DAY),
        )
        raise_alarms(ran_out + 2 * DAY)
        alarm = Alarm.objects.get()
        assert (alarm.rung, alarm.due_at) == (1, ran_out)

    def test_korea_has_no_summer_time(self, people):
        spring = FRIDAY.replace(month=3, day=27)  # the Friday before Europe turns its clocks
        asked(people, sent_at=spring)
        raise_alarms(spring + 10 * DAY)
        assert Alarm.objects.earliest("rung").due_at == spring + 4 * DAY


class TestNightsAndSubstitutes:
    def test_at_night_and_at_the_weekend_a_power_cut_is_told_to_whoever_is_on_duty(self, people, told):
        referral = asked(people, need="utilities", stands="accepted", sent_at=FRIDAY)
        DutyShift.objects.create(
            agency=people.receiver.agency,
            user=people.other,
            during=DateTimeTZRange(FRIDAY + 3 * HOUR, FRIDAY + 2 * DAY),
        )
        raise_alarms(FRIDAY + 27 * HOUR)  # first contact 24 hours after Friday 17:20
        assert told(referral) == {1: {"다른주무관"}}

    def test_in_office_hours_the_person_in_charge_is_told(self, people, told):
        monday = FRIDAY - 4 * DAY
        referral = asked(people, need="utilities", stands="accepted", sent_at=monday)
        DutyShift.objects.create(
            agency=people.receiver.agency, user=people.other, during=DateTimeTZRange(monday, monday + 4 * DAY)
        )
        raise_alarms(monday + 27 * HOUR)
        assert told(referral) == {1: {"구민서"}}

    def test_on_a_closed_day_office_hours_are_over_too(self, people, told):
        monday = FRIDAY - 4 * DAY
        referral = asked(people, need="utilities", stands="accepted", sent_at=monday)
        Closure.objects.create(agency=people.receiver.agency, day=date(2026, 11, 10), why="이전")
        DutyShift.objects.create(
            agency=people.receiver.agency, user=people.other, during=DateTimeTZRange(monday, monday + 4 * DAY)
        )
        raise_alarms(monday + 27 * HOUR)
        assert told(referral) == {1: {"다른주무관"}}

    def test_a_clock_of_working_days_asks_no_duty_roster(self, people, told):
        referral = asked(people, stands="accepted", sent_at=FRIDAY + 6 * HOUR)
        DutyShift.objects.create(
            agency=people.receiver.agency, user=people.other, during=DateTimeTZRange(FRIDAY, FRIDAY + 9 * DAY)
        )
        raise_alarms(FRIDAY + 6 * DAY)
        assert told(referral) == {1: {"구민서"}}

    def test_an_absent_worker_is_stood_in_for(self, people, told):
        stand_in = UserFactory(name="대직자", agency=people.sender.agency)
        days = DateRange(date(2026, 11, 16), date(2026, 11, 21))
        Absence.objects.create(worker=people.sender, substitute=stand_in, during=days)
        referral = asked(people)
        Assignment.objects.create(household=referral.household, worker=stand_in, kind="substitute", during=days)
        raise_alarms(TUESDAY + SECOND)
        assert told(referral) == {1: {"대직자"}}

    def test_who_stands_in_and_may_not_see_it_is_told_nothing(self, people, told):
        stand_in, since = UserFactory(name="대직자", agency=people.sender.agency), DateRange(date(2026, 11, 16), None)
        before = asked(people)
        raise_alarms(TUESDAY + SECOND)
        Absence.objects.create(worker=people.sender, substitute=stand_in, during=since)
        after = asked(people)
        raise_alarms(TUESDAY + 2 * SECOND)
        assert told(after) == {1: {"구민서", "다른주무관"}}
        assert not Alarm.objects.named(stand_in).exists()
        Assignment.objects.create(household=before.household, worker=stand_in, kind="substitute", during=since)
        assert Alarm.objects.named(stand_in).get().referral == before

    def test_whom_a_conflict_of_interest_bars_is_told_nothing(self, people, told):
        referral = asked(people)
        conflict_of(people.boss, members_of(referral.household)[0])
        raise_alarms(TUESDAY + DAY + SECOND)
        assert told(referral, 2) == {"구민서", "다른주무관"}

    def test_a_substitute_of_the_household_stands_in_where_the_absence_names_nobody(self, people, told):
        stand_in = UserFactory(name="대직자", agency=people.sender.agency)
        days = DateRange(date(2026, 11, 16), date(2026, 11, 21))
        Absence.objects.create(worker=people.sender, substitute=None, during=days)
        referral = asked(people)
        Assignment.objects.create(household=referral.household, worker=stand_in, kind="substitute", during=days)
        raise_alarms(TUESDAY + SECOND)
        assert told(referral) == {1: {"대직자"}}

    def test_with_worker_and_substitute_away_the_next_rung_is_told(self, people, told):
        stand_in = UserFactory(name="대직자", agency=people.sender.agency)
        days = DateRange(date(2026, 11, 16), date(2026, 11, 21))
        Absence.objects.create(worker=people.sender, substitute=stand_in, during=days)
        Absence.objects.create(worker=stand_in, substitute=None, during=days)
        referral = asked(people)
        raise_alarms(TUESDAY + SECOND)
        assert told(referral) == {1: {"구민서", "다른주무관"}}
