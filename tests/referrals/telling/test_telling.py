"""Each event of a referral tells those who have to act on it, by number alone, and nobody of a third agency."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import User
from casework.agencies.roles import ROLES
from casework.telling.kinds import kinds
from casework.telling.models import Mail, Notification
from referrals import bulk, handing, telling, thread
from referrals.alarms.raising import raise_alarms
from referrals.models import Alarm, GroundReview
from referrals.transfers import actions as transfers
from referrals.workflow import REFERRAL
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.api import issue
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory
from tests.referrals.alarms.conftest import FRIDAY
from tests.referrals.telling.conftest import DAY, HOUR, NAMES, step, told

pytestmark = pytest.mark.django_db


def test_the_table_names_only_what_there_is():
    assert set(telling.TABLE) - set(REFERRAL.steps) == {"question", "answer"}
    assert {kind for kind, _side in telling.TABLE.values()} <= set(kinds())


class TestOfSteps:
    def test_what_arrives_is_told_to_all_who_receive_there(self, at, people):
        step(at("draft"), "send", people.sender)
        assert told() == {"arrived": {"구민서", "다른주무관"}}

    def test_what_has_to_be_answered_within_a_day_is_another_kind(self, at, people):
        step(at("draft", need="utilities"), "send", people.sender)
        assert told("arrived_urgent") == {"구민서", "다른주무관"}

    @pytest.mark.parametrize(
        ("stands", "verb", "kind"),
        [
            ("received", "decline", "came_back"),
            ("in_progress", "fail", "came_back"),
            ("in_progress", "provide", "provided"),
        ],
    )
    def test_what_comes_back_or_is_to_be_confirmed_is_told_to_who_sent_it(self, at, people, stands, verb, kind):
        step(at(stands), verb, people.receiver)
        assert told() == {kind: {"서지훈"}}

    @pytest.mark.parametrize(("verb", "kind"), [("confirm", "confirmed"), ("return", "disputed")])
    def test_what_the_sender_answers_is_told_to_who_has_it(self, at, people, verb, kind):
        step(at("provided"), verb, people.sender)
        assert told() == {kind: {"구민서"}}

    def test_who_left_has_it_no_more(self, at, people):
        referral = at("provided")
        User.objects.filter(pk=people.receiver.pk).update(is_active=False)
        step(referral, "return", people.sender)
        assert told("disputed") == {"다른주무관"}

    def test_when_the_sender_is_gone_those_who_decide_over_the_work_are_told(self, at, people):
        referral = at("received")
        User.objects.filter(pk=people.sender.pk).update(agency=CentreFactory())
        step(referral, "decline", people.receiver)
        assert told("came_back") == {"한팀장"}

    def test_what_is_passed_on_is_told_to_the_next_and_to_the_sender(self, at, people):
        step(at("received"), "reroute", people.receiver, reason="다른 동 관할입니다.", to_agency=people.third.agency)
        assert told() == {"arrived": {"셋째주무관"}, "came_back": {"서지훈"}}

    def test_questions_and_answers(self, at, people):
        referral = at("in_progress")
        asked = thread.ask(referral, by=people.receiver, now=timezone.now(), text="주소가 맞습니까?")
        assert told() == {"asked": {"서지훈"}}
        thread.answer(asked, by=people.mate, now=timezone.now(), text="맞습니다.")
        assert told() == {"asked": {"서지훈"}, "answered": {"구민서"}}
        thread.comment(referral, by=people.sender, now=timezone.now(), text="고맙습니다.")
        assert len(told()) == 2

    @pytest.mark.parametrize(
        ("stands", "verb"), [("sent", "acknowledge"), ("received", "accept"), ("accepted", "begin")]
    )
    def test_what_needs_nobody_is_told_to_nobody(self, at, people, stands, verb):
        step(at(stands), verb, people.receiver)
        assert told() == {}

    def test_a_system_of_an_agency_is_told_nothing(self, at, people):
        issue(people.receiver.agency)
        step(at("draft"), "send", people.sender)
        assert told("arrived") == {"구민서", "다른주무관"}

    def test_taking_many_at_once_tells_nobody_and_loses_nothing(self, at, people):
        rows = [at("sent") for _ in range(3)]
        done = bulk.act_on_each(rows, "accept", by=people.receiver, now=timezone.now())
        assert told() == {}
        for one in done:
            step(one.referral, "provide", people.receiver)
        assert Notification.objects.filter(kind="provided", user=people.sender).count() == 3

    def test_the_same_event_is_told_once_and_a_second_one_again(self, at, people):
        referral = at("in_progress")
        for _ in range(2):
            referral = step(referral, "provide", people.receiver)
            referral = step(referral, "return", people.sender)
        assert Notification.objects.filter(kind="provided").count() == 2


class TestOfGiving:
    def test_who_was_given_a_referral_is_told_and_who_takes_it_knows(self, at, people):
        referral = at("received")
        held = handing.assign(referral, by=people.receiver, handler=people.other, was=referral.handler_id)
        assert told() == {"assigned": {"다른주무관"}}
        notice = Notification.objects.get()
        assert (notice.label, notice.url_args) == (referral.number, [referral.number])
        handing.assign(held, by=people.receiver, handler=people.receiver, was=people.other.pk)
        assert told() == {"assigned": {"다른주무관"}}

    def test_given_again_to_who_has_it_tells_nothing(self, at, people):
        referral = at("received")
        held = handing.assign(referral, by=people.receiver, handler=people.other, was=referral.handler_id)
        handing.assign(held, by=people.receiver, handler=people.other, was=people.other.pk)
        assert Notification.objects.count() == 1


class TestOfAlarms:
    def test_each_person_named_is_told_once(self, people, household):
        ReferralFactory(sender=people.sender, receiver=people.receiver, household=household, sent_at=FRIDAY)
        Notification.objects.all().delete()
        raise_alarms(FRIDAY + 4 * DAY + HOUR)
        assert told() == {"alarm": {"서지훈"}}
        raise_alarms(FRIDAY + 4 * DAY + 2 * HOUR)
        assert Notification.objects.count() == 1
        raise_alarms(FRIDAY + 6 * DAY)
        assert told("alarm") == {"서지훈", "구민서", "다른주무관", "한팀장"}

    def test_who_was_passed_over_by_a_higher_rung_is_not_told(self, people, household):
        UserFactory(name="최센터장", agency=people.sender.agency, role="centre_head")
        ReferralFactory(sender=people.sender, receiver=people.receiver, household=household, sent_at=FRIDAY)
        Notification.objects.all().delete()
        raise_alarms(FRIDAY + 20 * DAY)
        assert set(Alarm.objects.filter(skipped=True).values_list("to_user__name", flat=True)) & told("alarm") == set()
        assert "최센터장" in told("alarm")

    def test_a_clock_of_hours_is_mailed_at_night_too(self, people, household):
        ReferralFactory(
            sender=people.sender, receiver=people.receiver, household=household, sent_at=FRIDAY, need="utilities"
        )
        Mail.objects.all().delete()
        saturday = FRIDAY + DAY + HOUR
        raise_alarms(saturday)
        assert told("alarm_hours") == {"서지훈"}
        assert Mail.objects.get().due_at == saturday

    def test_a_run_costs_the_same_for_two_and_for_twenty(self, people):
        def statements(count, sent_at):
            for _ in range(count):
                ReferralFactory(sender=people.sender, receiver=people.receiver, sent_at=sent_at)
            with CaptureQueriesContext(connection) as asked:
                assert raise_alarms(sent_at + 4 * DAY + HOUR) >= count
            return len(asked)

        assert statements(2, FRIDAY - 28 * DAY) == statements(20, FRIDAY)


def test_urgent_danger_is_told_to_those_who_look_at_it_again_and_not_to_who_claimed_it(at, people):
    second = UserFactory(name="최센터장", agency=people.sender.agency, role="centre_head")
    step(at("draft", sender=people.boss, ground="danger", note="생명이 위급합니다."), "send", people.boss)
    assert GroundReview.objects.count() == 1
    assert told("ground_review") == {second.name}


def test_a_transfer_is_told_to_whose_turn_it_is(people):
    now, to = timezone.now(), people.stranger.agency
    worker = UserFactory(name="새상담사", agency=to)
    household = HouseholdFactory(worker=people.sender)
    made = transfers.propose(household, to=to, by=people.sender, now=now)
    assert told() == {"transfer_proposed": {"먼상담사"}}
    made = transfers.accept(made, by=people.stranger, now=now + HOUR, worker=worker)
    assert told("transfer_answered") == {"서지훈"}
    assert told("transfer_named") == {"새상담사"}
    transfers.give_back(made, by=people.stranger, now=now + 2 * HOUR, reason="만나지 못하였습니다.")
    assert Notification.objects.filter(kind="transfer_answered").count() == 2
    assert all(row.label == made.number for row in Notification.objects.all())


def test_nobody_is_told_of_their_own_act(people):
    household = HouseholdFactory(worker=people.sender)
    made = transfers.propose(household, to=people.stranger.agency, by=people.sender, now=timezone.now())
    transfers.accept(made, by=people.stranger, now=timezone.now(), worker=people.stranger)
    assert told("transfer_named") == set()


def test_no_mail_and_no_notice_says_who_or_what_it_is_about(at, people, household):
    referral = at("draft", need="utilities", title="전기 끊김", request="함께 방문해 주십시오.")
    for verb, by in (
        ("send", people.sender),
        ("acknowledge", people.receiver),
        ("accept", people.receiver),
        ("begin", people.receiver),
        ("provide", people.receiver),
        ("return", people.sender),
        ("fail", people.receiver),
    ):
        referral = step(referral, verb, by)
    raise_alarms(timezone.now() + 30 * DAY)
    mails = list(Mail.objects.all())
    assert len({mail.key.split()[0] for mail in mails}) >= 4
    persons = members_of(household)
    secrets = [*NAMES, *(user.name for user in vars(people).values()), household.number]
    secrets += [person.case_number for person in persons] + ["1980", "5. 5."]
    secrets += [people.sender.agency.name_ko, people.receiver.agency.name_ko, referral.title, referral.request]
    secrets += ["하나센터", "탈북", "이탈주민", "북향민", "defector", "사례관리", "전기"]
    secrets += [str(role.label) for role in ROLES.values()]
    for mail in mails:
        assert referral.number in mail.subject
        for word in secrets:
            assert word not in mail.subject + mail.body, word
    for notice in Notification.objects.all():
        words = f"{notice.label} {notice.url_name} {notice.url_args} {notice.key}"
        assert not [word for word in secrets if word in words]


def test_nobody_of_a_third_agency_was_told_of_anything(at, people):
    referral = at("draft")
    for verb, by in (
        ("send", people.sender),
        ("accept", people.receiver),
        ("provide", people.receiver),
        ("return", people.sender),
        ("fail", people.receiver),
    ):
        referral = step(referral, verb, by)
    agencies = set(Notification.objects.values_list("user__agency", flat=True))
    assert agencies == {people.sender.agency_id, people.receiver.agency_id}
