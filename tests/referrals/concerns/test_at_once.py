"""Two supervisors decide on one concern: one wins, the other is told."""

from threading import Barrier, Thread
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.workflow import NotNow
from referrals.concerns import actions
from tests.factories import UserFactory
from tests.factories.agencies import district


def test_of_two_supervisors_one_decides(committed_db):
    place = district("서울 관악구")
    now = timezone.now()
    agency = actions.centre_of(place, on=seoul_day(now))
    first, second = (UserFactory(agency=agency, role="supervisor") for _ in range(2))
    made = actions.take_down(
        by=first,
        now=now,
        way="neighbour",
        words="-",
        heard_place="-",
        seen_on=seoul_day(now),
        district=place,
    )
    start, lost = Barrier(2), []

    def decide(user):
        try:
            start.wait()
            actions.nothing(made, by=user, now=timezone.now(), reason="-")
        except NotNow:
            lost.append(user)
        finally:
            connection.close()

    threads = [Thread(target=decide, args=[user]) for user in (first, second)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(lost) == 1
    assert Event.objects.about(made).filter(verb="concern: nothing further").count() == 1


def test_a_double_tap_at_once_takes_one_down(committed_db):
    place, now, key = district("서울 관악구"), timezone.now(), uuid4()
    user = UserFactory(agency=actions.centre_of(place, on=seoul_day(now)))
    words = {"way": "neighbour", "words": "-", "heard_place": "-", "seen_on": seoul_day(now), "district": place}
    start, made = Barrier(2), []

    def tap():
        try:
            start.wait()
            made.append(actions.take_down(by=user, now=now, client_key=key, **words))
        finally:
            connection.close()

    threads = [Thread(target=tap) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert made[0] == made[1]
    assert Event.objects.filter(verb="concern taken down").count() == 1
