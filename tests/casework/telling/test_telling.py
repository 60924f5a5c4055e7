"""Somebody is told once of one event, in the product first, and by mail where they wish it."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.clock import SEOUL
from casework.telling.actions import Notice, tell, tell_each
from casework.telling.models import Mail, Notification, Preference
from casework.telling.preferring import set_preference
from casework.telling.quiet import after_quiet
from tests.casework.telling.conftest import NOON
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
URL = ("referrals:detail", "R-7QX4-1DTM-5")
LABEL = "R-7QX4-1DTM-5"
USUAL = {"begins": Preference().quiet_from, "ends": Preference().quiet_until, "days_off": True}


def test_each_person_is_told_once_of_one_event(worker, other):
    for _ in range(2):
        tell([worker, other], "arrived", label=LABEL, url=URL, now=NOON)
    assert Notification.objects.filter(user=worker).count() == 1
    assert Notification.objects.filter(user=other).count() == 1
    assert Mail.objects.count() == 2
    tell([worker], "arrived", label=LABEL, url=URL, now=NOON + timedelta(hours=1))
    assert Notification.objects.filter(user=worker).count() == 2, "another event of the same kind"


def test_nobody_is_told_of_their_own_act(worker, other):
    tell([worker, other], "arrived", label=LABEL, url=URL, now=NOON, by=worker)
    assert [row.user for row in Notification.objects.all()] == [other]


def test_what_is_taken_back_was_told_to_nobody(worker):
    with transaction.atomic():
        tell([worker], "arrived", label=LABEL, url=URL, now=NOON)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not Mail.objects.exists()


def test_a_mail_holds_a_number_and_a_link_in_the_reader_s_language(worker, told, served):
    told(worker)
    mail = Mail.objects.get()
    assert mail.subject == "업무 알림 R-7QX4-1DTM-5"
    assert "https://work.example/referrals/R-7QX4-1DTM-5/" in mail.body
    words = f"{mail.subject} {mail.body}"
    for word in ("탈북", "이탈", "북한", "하나", "사례관리", "casework", worker.name, worker.agency.name_ko):
        assert word not in words
    worker.language = "en"
    worker.save()
    told(worker, label="R-0000-0000-1")
    assert Mail.objects.get(label="R-0000-0000-1").subject == "Work notice R-0000-0000-1"


def test_who_has_no_address_no_role_or_left_gets_no_mail_and_is_told_all_the_same(told):
    told(UserFactory(email=""))
    told(UserFactory(email="ended@centre.example", role__until=NOON))
    told(UserFactory(email="never@centre.example", role=""))
    told(UserFactory(email="gone@centre.example", is_active=False))
    assert not Mail.objects.exists()
    assert Notification.objects.count() == 4


def test_each_kind_is_mailed_as_the_person_wishes(worker, told):
    told(worker, kind="answered")
    assert not Mail.objects.exists(), "the usual: what needs nobody at once is not mailed"
    wishes = {"quiet_from": USUAL["begins"], "quiet_until": USUAL["ends"], "days_off": True, "digest": True}
    set_preference(by=worker, mail=["answered"], **wishes)
    told(worker, kind="answered", label="R-0000-0000-1")
    told(worker, kind="arrived", label="R-0000-0000-2")
    assert [mail.label for mail in Mail.objects.all()] == ["R-0000-0000-1"]
    assert Notification.objects.filter(user=worker).count() == 3


def test_many_are_told_with_as_many_statements_as_two():
    def statements(count):
        people = [UserFactory(email=f"w{count}-{n}@centre.example") for n in range(count)]
        notices = [Notice(user.pk, "arrived", LABEL, URL, f"many {count}") for user in people]
        with CaptureQueriesContext(connection) as asked:
            tell_each(notices, now=NOON)
        return len(asked)

    assert statements(2) == statements(40)
    assert Mail.objects.count() == 42


def test_the_database_refuses_to_tell_twice(worker, told):
    notice = told(worker)
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (at(18, 12), at(18, 12)),
        (at(18, 8), at(18, 8)),
        (at(18, 7, 59), at(18, 8)),
        (at(18, 20), at(19, 8)),
        (at(18, 23, 30), at(19, 8)),
        (at(20, 19, 59), at(20, 19, 59)),  # a Friday
        (at(20, 20), at(23, 8)),
        (at(21, 12), at(23, 8)),
        (at(23, 2), at(23, 8)),
    ],
)
def test_in_quiet_hours_a_mail_waits_until_they_are_over(moment, sent):
    assert after_quiet(moment, holidays=frozenset(), **USUAL) == sent


def test_a_holiday_is_quiet_and_quiet_hours_can_be_one_s_own():
    holidays = frozenset({at(18, 0).date()})
    assert after_quiet(at(18, 12), holidays=holidays, **USUAL) == at(19, 8)
    own = {"begins": at(1, 12).time(), "ends": at(1, 13).time(), "days_off": False}
    assert after_quiet(at(21, 12, 30), holidays=frozenset(), **own) == at(21, 13)
    assert after_quiet(at(21, 20), holidays=frozenset(), **own) == at(21, 20)
    days_off = {**own, "days_off": True}
    assert after_quiet(at(21, 15), holidays=frozenset(), **days_off) == at(23, 0), "the day begins outside them"
    early = {"begins": at(1, 0).time(), "ends": at(1, 7).time(), "days_off": True}
    assert after_quiet(at(21, 15), holidays=frozenset(), **early) == at(23, 7)
    none = {"begins": at(1, 8).time(), "ends": at(1, 8).time(), "days_off": False}
    assert after_quiet(at(21, 3), holidays=frozenset(), **none) == at(21, 3)


def test_what_is_owed_within_hours_is_mailed_at_night_too(worker, mailed):
    night = at(21, 3)
    assert mailed(worker, kind="alarm", now=night).due_at == at(23, 8)
    assert mailed(worker, kind="alarm_hours", now=night).due_at == night
    assert mailed(worker, kind="arrived_urgent", now=night).due_at == night
