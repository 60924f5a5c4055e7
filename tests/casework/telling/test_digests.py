"""The weekly mail: Monday at nine, counts and a link; a missed Monday loses nothing and tells nothing twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext

from casework.clock import Holiday
from casework.telling import digests
from casework.telling.models import Digest, Mail, Notification, Preference
from tests.casework.telling.conftest import MONDAY
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def digest_mails():
    return Mail.objects.filter(key__startswith="digest").order_by("id")


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (MONDAY, MONDAY),
        (MONDAY - timedelta(seconds=1), MONDAY - WEEK),
        (MONDAY + 3 * DAY, MONDAY),
        (MONDAY + WEEK - timedelta(minutes=1), MONDAY),
    ],
)
def test_it_is_about_the_time_up_to_the_last_monday_at_nine(moment, monday):
    assert digests.last_monday(moment) == monday


def test_it_says_how_many_came_and_how_many_are_unread_and_nothing_else(worker, told, served):
    told(worker, now=MONDAY - DAY)
    read = told(worker, label="R-0000-0000-1", now=MONDAY - 2 * DAY)
    Notification.objects.filter(pk=read.pk).update(read_at=MONDAY - DAY)
    told(worker, label="R-0000-0000-2", now=MONDAY + timedelta(hours=1))
    assert digests.write_digests(MONDAY + timedelta(hours=2)) == 1
    mail = digest_mails().get()
    assert "2건" in mail.body
    assert "1건" in mail.body
    assert "https://work.example/notices/" in mail.body
    assert "R-" not in mail.subject + mail.body
    assert Digest.objects.get().count == 2


def test_twice_writes_one(worker, told):
    told(worker, now=MONDAY - DAY)
    assert digests.write_digests(MONDAY) == 1
    assert digests.write_digests(MONDAY) == 0
    assert digests.write_digests(MONDAY + 2 * DAY) == 0
    assert digest_mails().count() == 1


def test_missed_mondays_lose_nothing_and_tell_nothing_twice(worker, told):
    told(worker, now=MONDAY - DAY)
    digests.write_digests(MONDAY)
    told(worker, label="R-0000-0000-1", now=MONDAY + DAY)
    told(worker, label="R-0000-0000-2", now=MONDAY + WEEK + DAY)
    told(worker, label="R-0000-0000-3", now=MONDAY + 2 * WEEK + DAY)
    thursday = MONDAY + 2 * WEEK + 3 * DAY  # two Mondays passed without the machine
    assert digests.write_digests(thursday) == 1
    assert [row.count for row in Digest.objects.order_by("id")] == [1, 2]
    assert digests.write_digests(MONDAY + 3 * WEEK) == 1
    assert [row.count for row in Digest.objects.order_by("id")] == [1, 2, 1]
    ranges = [row.during for row in Digest.objects.order_by("id")]
    assert [one.lower for one in ranges[1:]] == [one.upper for one in ranges[:-1]]


def test_where_nothing_came_and_nothing_is_unread_there_is_no_mail(worker, other, told):
    told(other, now=MONDAY - DAY)
    Notification.objects.update(read_at=MONDAY - DAY)
    assert digests.write_digests(MONDAY) == 1
    assert [mail.user for mail in digest_mails()] == [other]
    assert Digest.objects.filter(user=worker).exists(), "noted all the same"


def test_who_wishes_none_gets_none(worker, told):
    Preference.objects.create(user=worker, digest=False)
    told(worker, now=MONDAY - DAY)
    assert digests.write_digests(MONDAY) == 0
    Preference.objects.update(digest=True)
    told(worker, label="R-0000-0000-1", now=MONDAY + DAY)
    assert digests.write_digests(MONDAY + WEEK) == 1
    assert Digest.objects.order_by("-id").first().count == 1, "of the last week, not of the time without"


def test_who_has_no_role_in_force_gets_none(told):
    ended = UserFactory(email="ended@centre.example", role__until=MONDAY - DAY)
    told(ended, now=MONDAY - DAY)
    assert digests.write_digests(MONDAY) == 0
    assert not Digest.objects.filter(user=ended).exists()


def test_the_ledger_is_looked_through_by_its_index_and_for_those_alone_who_miss_one(worker, other):
    digests.write_digests(MONDAY)
    Digest.objects.bulk_create(
        Digest(user=worker, during=DateTimeTZRange(MONDAY - (n + 1) * WEEK, MONDAY - n * WEEK), count=0)
        for n in range(2, 2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE telling_digest")
    rows = digests._without(MONDAY + WEEK)
    assert {user.told_until for user in rows} == {MONDAY}
    assert "digest_until" in rows.explain()
    digests.write_digests(MONDAY + WEEK)
    assert list(digests._without(MONDAY + WEEK)) == []


def test_a_holiday_monday_is_quiet(worker, told):
    Holiday.objects.create(day=MONDAY.date(), name_ko="임시공휴일")
    told(worker, now=MONDAY - DAY)
    digests.write_digests(MONDAY)
    assert digest_mails().get().due_at == MONDAY + DAY - timedelta(hours=1)


def test_the_ledger_refuses_a_range_twice(worker):
    digests.write_digests(MONDAY)
    row = Digest.objects.get(user=worker)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_it_costs_the_same_for_two_and_for_twenty(told):
    def statements(count, monday):
        for n in range(count):
            told(UserFactory(email=f"d{count}-{n}@centre.example"), now=monday - DAY)
        with CaptureQueriesContext(connection) as asked:
            digests.write_digests(monday)
        return len(asked)

    two = statements(2, MONDAY)
    assert statements(18, MONDAY + WEEK) <= two + 1  # one more for each different beginning
