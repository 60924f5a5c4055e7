"""The page of my alarms, the button "seen", the places on the desks, and what the history says."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from casework.audit.models import Event
from referrals import actions
from referrals.alarms.raising import raise_alarms
from referrals.alarms.shown import raised
from referrals.models import Alarm
from tests.factories import UserFactory
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db
LIST = reverse("referrals:alarms")


def late_one(people, **words):
    return ReferralFactory(sender=people.sender, receiver=people.receiver, **words)


@pytest.fixture
def referral(people):
    """A referral whose first clock ran out long ago: three rungs and the Ministry are told at once."""
    made = late_one(people, sent_at=timezone.now() - timedelta(days=40))
    raise_alarms(timezone.now())
    return made


def of(user):
    return Alarm.objects.get(to_user=user)


def seen(alarm):
    return reverse("referrals:alarm_seen", args=[alarm.pk])


class TestTheButton:
    def test_it_records_who_has_seen_it_and_the_clock_runs_on(self, page, people, referral):
        alarm = of(people.head)
        answer = page.post(people.head, seen(alarm), note="구청에 전화하였습니다")
        assert answer.status_code == 200
        alarm.refresh_from_db()
        assert alarm.acknowledged_at is not None
        assert alarm.note == "구청에 전화하였습니다"
        assert Event.objects.about(alarm).get().verb == "alarm acknowledged"
        assert Alarm.objects.needed().filter(pk=alarm.pk).exists()
        assert not Alarm.objects.open().filter(pk=alarm.pk).exists()

    def test_it_refuses_get(self, page, people, referral):
        assert page.get(people.head, seen(of(people.head))).status_code == 405

    def test_a_stranger_gets_404(self, page, people, referral):
        assert page.post(UserFactory(role="supervisor"), seen(of(people.head))).status_code == 404

    def test_a_colleague_who_sees_the_referral_cannot_see_it_for_another(self, page, people, referral):
        assert page.post(people.boss, seen(of(people.head))).status_code == 403

    def test_who_neither_sends_nor_receives_gets_403(self, page, people, referral):
        auditor = UserFactory(role="privacy_auditor")
        assert page.post(auditor, seen(of(people.head))).status_code == 403

    def test_twice_changes_nothing(self, page, people, referral):
        alarm = of(people.head)
        page.post(people.head, seen(alarm), note="하나")
        page.post(people.head, seen(alarm), note="둘")
        alarm.refresh_from_db()
        assert alarm.note == "하나"
        assert Event.objects.about(alarm).count() == 1

    def test_a_note_too_long_is_refused_with_a_sentence(self, page, people, referral):
        answer = page.post(people.head, seen(of(people.head)), note="가" * 301)
        assert [str(m) for m in answer.context["messages"]] == ["메모는 300자까지 적을 수 있습니다."]
        assert of(people.head).acknowledged_at is None

    def test_who_moved_to_another_agency_has_it_no_more(self, page, people, referral):
        people.head.agency = UserFactory().agency
        people.head.save()
        assert page.post(people.head, seen(of(people.head))).status_code == 404

    def test_nobody_changes_the_rest_of_the_ledger(self, people, referral):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_column_privilege('referrals_alarm', 'to_user_id', 'UPDATE')")
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT has_table_privilege('referrals_alarm', 'DELETE')")
            assert cursor.fetchone() == (False,)


class TestTheList:
    def test_it_names_the_referral_by_number_with_a_link_for_who_sees_it(self, page, people, referral):
        body = page.get(people.head, LIST).content.decode()
        assert referral.number in body
        assert reverse("referrals:detail", args=[referral.number]) in body

    def test_the_ministry_desk_sees_number_agencies_and_need_and_no_name_and_no_link(self, page, people, referral):
        body = page.get(people.desk, LIST).content.decode()
        assert referral.number in body
        assert people.sender.agency.name_ko in body
        assert "생계" in body
        assert reverse("referrals:detail", args=[referral.number]) not in body
        assert referral.title not in body

    def test_what_a_step_has_settled_waits_no_more_and_stays_in_the_ledger(self, page, people, referral):
        actions.decline(referral, by=people.receiver, now=timezone.now(), reason="관할이 아닙니다.")
        assert referral.number not in page.get(people.head, LIST).content.decode()
        body = page.get(people.head, LIST, box="all").content.decode()
        assert referral.number in body
        assert "더는 필요 없음" in body

    def test_who_was_skipped_is_not_asked_to_acknowledge(self, page, people, referral):
        assert of(people.sender).skipped
        assert referral.number not in page.get(people.sender, LIST).content.decode()

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, page, people):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert page.get(people.head, LIST).status_code == 200
            return len(captured)

        for _ in range(2):
            late_one(people, sent_at=timezone.now() - timedelta(days=40))
        raise_alarms(timezone.now())
        queries()
        few = queries()
        for _ in range(18):
            late_one(people, sent_at=timezone.now() - timedelta(days=40))
        raise_alarms(timezone.now())
        assert Alarm.objects.named(people.head).open().count() == 20
        assert queries() == few


@pytest.mark.parametrize(
    ("who", "url", "hours"),
    [
        ("sender", "desks:today", 25),
        ("boss", "desks:supervisor", 29),
        ("receiver", "desks:receiving", 29),
        ("head", "desks:supervisor", 37),
        ("desk", "desks:map", 49),
    ],
)
def test_each_desk_has_its_alarms(page, people, who, url, hours):
    now, user = timezone.now(), getattr(people, who)
    waiting = late_one(people, need="utilities", sent_at=now - timedelta(hours=hours))
    raise_alarms(now)
    body = page.get(user, reverse(url)).content.decode()
    assert waiting.number in body
    assert seen(Alarm.objects.named(user).open().get()) in body


def test_the_history_says_who_was_told_and_who_has_seen_it(people, referral):
    page_of_head = of(people.head)
    Alarm.objects.filter(pk=page_of_head.pk).update(acknowledged_at=timezone.now())
    with translation.override("ko"):
        rows = raised(referral)
    assert [row["title"] for row in rows] == [
        "4단계 알림: 통일부 담당",
        "3단계 알림: 기관장·부서장",
        "2단계 알림: 팀장",
        "1단계 알림: 담당자",
    ]
    assert "통일부담당" in rows[0]["words"]
    assert "확인 전" in rows[0]["words"]
    assert "최센터장" in rows[1]["words"]
    assert "확인함" in rows[1]["words"]
    assert "같은 때 위 단계에 알림" in rows[3]["words"]
