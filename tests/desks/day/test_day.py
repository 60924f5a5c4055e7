"""The day: what is due from every source, whose it is, what was put off, what nobody has."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import DutyShift
from casework.audit.models import AccessLog
from casework.clock import seoul_day
from casework.telling.actions import tell
from casework.telling.models import Notification
from desks.day.asking import rows_of
from desks.day.shown import day_of, group_of, is_nobodys
from households.actions import assign, end_absence, record_absence
from households.models import Assignment, Draft, Household, Snooze
from referrals.models import Alarm
from tests.factories import ContactFactory, DraftFactory, HouseholdFactory, UserFactory
from tests.factories.day import task_of, visit_of
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.factories.standings import stands
from tests.factories.surveys import CampaignFactory

NOW = timezone.now()
TODAY = seoul_day(NOW)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
URL = "/day/"


@pytest.fixture
def colleague(centre):
    return UserFactory(agency=centre, name="이동료")


@pytest.fixture
def house(worker):
    return HouseholdFactory(worker=worker, members=["정금주"])


def kinds(user, **more):
    return [row.due.kind for row in rows_of(user, on=TODAY, **more)]


def text(client, user, **asked):
    client.force_login(user)
    return client.get(URL, asked).content.decode()


def test_what_is_due_comes_from_every_source(worker, supervisor, house):
    stands(house, band=2, due_in=3, review_due_on=TODAY, band_since=NOW)
    ContactFactory(household=house, recorded_by=worker, occurred_at=NOW - DAY, next_at=NOW + DAY)
    task_of(house, by=worker)
    visit_of(house, worker=worker, begins=NOW + HOUR)
    CampaignFactory(households=[house])
    ReferralFactory(household=house, sender=worker, stands="declined")
    draft = DraftFactory(author=worker, household=house)
    Draft.objects.filter(pk=draft.pk).update(saved_at=NOW - 9 * DAY)
    found = set(kinds(worker))
    assert {"contact", "planned", "task", "visit", "survey", "referral", "draft"} <= found
    assert "review" not in found
    assert "review" in kinds(supervisor)
    assert "draft" not in kinds(supervisor)


def test_the_next_step_before_the_end_of_protection_is_due_once_for_each_person(worker):
    home = HouseholdFactory(worker=worker, under_protection=TODAY - timedelta(days=5 * 365 - 50))
    (row,) = rows_of(worker, on=TODAY, only=("end_step",))
    assert row.due.key == f"{members_of(home)[0].case_number}/second"
    assert row.due.day < TODAY


def test_high_and_emergency_are_a_kind_of_their_own_which_nothing_puts_off(client, worker, house):
    stands(house, band=5, due_in=0, limit=0, contact_due_on=None)
    assert "contact_urgent" in kinds(worker)
    assert "contact" not in kinds(worker)
    client.force_login(worker)
    url = f"{reverse('desks:snooze')}?kind=contact_urgent&key={house.pk}"
    assert client.post(url, {"until": TODAY + DAY, "reason": "나중에"}).status_code == 302
    assert not Snooze.objects.exists()


def test_what_is_put_off_is_folded_with_who_and_why_and_comes_back_by_itself(client, worker, house):
    stands(house, band=2, due_in=0)
    client.force_login(worker)
    url = f"{reverse('desks:snooze')}?kind=contact&key={house.pk}"
    assert client.post(url, {"until": TODAY + 15 * DAY, "reason": "입원"}).status_code == 422
    assert client.post(url, {"until": TODAY + 3 * DAY, "reason": "입원 중"}).status_code == 302
    page = text(client, worker)
    assert "미룸 1건" in page
    assert "서지훈: 입원 중" in page
    assert day_of(worker, now=NOW).count == 0
    assert not [row for row in rows_of(worker, on=TODAY + 3 * DAY) if row.put_off]
    stands(house, band=2, due_in=1)
    assert [row.put_off for row in rows_of(worker, on=TODAY)] == [False], "what falls due anew is due"
    pk = Snooze.objects.get().pk
    assert client.get(reverse("desks:snooze_lift", args=[pk])).status_code == 405
    client.post(reverse("desks:snooze_lift", args=[pk]))
    client.post(reverse("desks:snooze_lift", args=[pk]))
    assert Snooze.objects.get().lifted_by == worker


def test_a_stranger_puts_nothing_off_and_takes_nothing_back(client, stranger, worker, house):
    stands(house, band=2, due_in=0)
    client.force_login(stranger)
    url = f"{reverse('desks:snooze')}?kind=contact&key={house.pk}"
    assert client.post(url, {"until": TODAY + DAY, "reason": "-"}).status_code == 302
    assert not Snooze.objects.exists()
    put_off = {"kind": "contact", "key": "1", "due_on": TODAY, "put_off_on": TODAY, "until": TODAY + DAY}
    held = Snooze.objects.create(household=house, reason="-", by=worker, **put_off)
    assert client.post(reverse("desks:snooze_lift", args=[held.pk])).status_code == 404


def test_the_worker_resigned_last_night_and_nothing_disappears(client, worker, supervisor, house):
    stands(house, band=2, due_in=0)
    task_of(house, by=worker)
    task_of(by=worker, owner=worker, what="명부 정리")
    assert not any(is_nobodys(row) for row in rows_of(supervisor, on=TODAY))
    worker.grants.update(during=DateTimeTZRange(NOW - timedelta(days=99), NOW - timedelta(hours=8)))
    assert {row.due.kind for row in rows_of(supervisor, on=TODAY) if is_nobodys(row)} == {"contact", "task"}
    page = text(client, supervisor, who="nobody")
    assert "서지훈 님이 그만두었거나 더 이상 이 역할을 맡고 있지 않습니다" in page
    assert "명부 정리" in page
    assert "임자 없는 일이 3건 있습니다" in text(client, supervisor)
    heir = UserFactory(agency=worker.agency)
    assign(house, worker=heir, on=TODAY, by=supervisor)
    assert [row.due.kind for row in rows_of(supervisor, on=TODAY) if is_nobodys(row)] == ["task"]
    assert set(kinds(heir)) == {"contact", "task"}


def test_a_task_given_to_somebody_else_by_name_stands_on_their_day_alone(worker, colleague, house):
    task_of(house, by=worker, owner=colleague)
    assert day_of(colleague, now=NOW).count == 1
    assert day_of(worker, now=NOW).count == 0


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


def test_the_supervisor_sees_the_centre_one_worker_or_the_own_day(client, worker, colleague, supervisor, house):
    stands(house, band=2, due_in=0)
    other = HouseholdFactory(worker=colleague, members=["박하나"])
    stands(other, band=2, due_in=0)
    task_of(by=supervisor, owner=supervisor, what="결재 올리기")
    assert day_of(supervisor, now=NOW).count == 3
    page = text(client, supervisor, who=str(worker.pk))
    assert "정금주" in page
    assert "박하나" not in page
    assert [line.row.due.words for line in day_of(supervisor, now=NOW, who="me").lines] == ["결재 올리기"]
    assert day_of(supervisor, now=NOW, kind="task").count == 1


def test_what_is_due_is_grouped_by_its_day():
    monday = TODAY - timedelta(days=TODAY.weekday())
    days = [monday - DAY, monday, monday + DAY, monday + 6 * DAY, monday + 7 * DAY]
    assert [group_of(day, monday) for day in days] == ["late", "today", "week", "week", "later"]


def test_looking_is_logged_and_a_protected_address_is_called_by_its_number(client, worker):
    home = HouseholdFactory(worker=worker, members=["한보호"])
    stands(home, band=2, due_in=0, address_protected=True)
    page = text(client, worker)
    assert "한보호" not in page
    assert home.number in page
    assert AccessLog.objects.latest("id").households == [home.pk]


def test_the_empty_day_says_so_and_the_wrong_role_is_refused(client, worker):
    assert "예정된 일이 없습니다" in text(client, worker)
    client.force_login(UserFactory(role="privacy_auditor"))
    assert client.get(URL).status_code == 403


@pytest.mark.parametrize("who", ["worker", "supervisor"])
def test_the_number_of_questions_does_not_grow(who, request, worker, own_queries):
    user = request.getfixturevalue(who)

    def add(number):
        for _n in range(number):
            home = HouseholdFactory(worker=worker)
            stands(home, band=2, due_in=0)
            task_of(home, by=worker)

    add(2)
    few = own_queries(user, URL)
    assert len(few) <= 5, few
    add(18)
    assert len(own_queries(user, URL)) == len(few)


def test_paging_and_the_whole_list_on_paper(client, worker):
    for number in range(41):
        task_of(by=worker, owner=worker, what=f"할일 {number:02d}", client_key=uuid4())
    assert "할일 40" not in text(client, worker)
    assert "할일 40" in text(client, worker, page=2)
    assert "할일 40" in text(client, worker, print=1)


class TestTheRoute:
    def test_visits_stand_in_the_order_of_districts_towns_and_hours_the_protected_last(self, client, worker):
        at = timezone.localtime(NOW).replace(hour=9, minute=0)
        homes = {
            "나신림": HouseholdFactory(worker=worker, members=["나신림"], town="신림동"),
            "가봉천": HouseholdFactory(worker=worker, members=["가봉천"], town="봉천동"),
            "다숨김": HouseholdFactory(worker=worker, members=["다숨김"], town="봉천동"),
            "라종로": HouseholdFactory(worker=worker, members=["라종로"], district="서울 종로구", town="사직동"),
        }
        stands(homes["다숨김"], band=2, address_protected=True)
        for hours, home in enumerate(homes.values()):
            visit_of(home, worker=worker, begins=at + hours * HOUR)
        client.force_login(worker)
        page = client.get(reverse("desks:route"), {"on": f"{seoul_day(at)}"}).content.decode()
        order = ["라종로", "가봉천", "나신림", homes["다숨김"].number]
        assert [page.index(f">{name}<") for name in order] == sorted(page.index(f">{name}<") for name in order)
        assert "다숨김" not in page
        assert page.count("봉천동") == 1

    def test_another_day_and_other_peoples_visits_stand_elsewhere(self, client, worker, colleague, supervisor, house):
        visit_of(house, worker=worker, begins=NOW + 2 * DAY)
        for user, shown in ((colleague, False), (worker, True), (supervisor, True)):
            client.force_login(user)
            page = client.get(reverse("desks:route"), {"on": f"{seoul_day(NOW + 2 * DAY)}"}).content.decode()
            assert ("정금주" in page) is shown
        assert "정금주" not in client.get(reverse("desks:route"), {"on": "2020-01-01"}).content.decode()
        for odd in ("2026-13-45", "9999-12-31", "0001-01-01"):
            assert client.get(reverse("desks:route"), {"on": odd}).status_code == 200


class TestTheCalendar:
    def test_the_feed_has_kinds_and_case_numbers_alone(self, client, worker, house):
        stands(house, band=2, due_in=2)
        task_of(house, by=worker, what="정금주 씨 병원 동행")
        visit_of(house, worker=worker, begins=NOW + DAY)
        client.force_login(worker)
        body = client.get(reverse("desks:protection_ics")).content.decode().replace("\r\n ", "")
        number = members_of(house)[0].case_number
        assert body.count(f"SUMMARY:{number} ") == 3
        assert "정금주" not in body
        page = client.get(reverse("desks:protection_calendar")).content.decode()
        assert "정금주 씨 병원 동행" in page

    def test_who_oversees_a_centre_has_the_own_things_in_the_calendar(self, client, supervisor, worker, house):
        stands(house, band=2, due_in=2)
        task_of(by=supervisor, owner=supervisor, what="결재")
        client.force_login(supervisor)
        body = client.get(reverse("desks:protection_ics")).content.decode()
        assert body.count("BEGIN:VEVENT") == 1


def test_the_case_shows_tasks_visits_and_that_there_is_a_warning(client, worker, house):
    task_of(house, by=worker, what="사례관리 동의서 받기")
    visit_of(house, worker=worker, begins=NOW + DAY)
    client.force_login(worker)
    page = client.get(reverse("desks:case", args=[house.number])).content.decode()
    assert "사례관리 동의서 받기" in page
    assert "방문 계획" in page


def test_an_absence_without_a_substitute_leaves_everything_where_it_was(worker, supervisor, house):
    stands(house, band=2, due_in=0)
    record_absence(worker, first=TODAY, last=TODAY, substitute=None, by=supervisor)
    assert kinds(worker) == ["contact"]
