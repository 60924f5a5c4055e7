"""Two supervisors decide on one concern: one wins, the other is told."""

from uuid import uuid4

from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from referrals.concerns import actions
from tests.factories import UserFactory
from tests.factories.agencies import district
from tests.harness.racing import at_once


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
    done, lost = at_once(
        *(lambda by=by: actions.nothing(made, by=by, now=timezone.now(), reason="-") for by in (first, second))
    )
    assert (len(done), len(lost)) == (1, 1)
    assert Event.objects.about(made).filter(verb="concern: nothing further").count() == 1


def test_a_double_tap_at_once_takes_one_down(committed_db):
    place, now, key = district("서울 관악구"), timezone.now(), uuid4()
    user = UserFactory(agency=actions.centre_of(place, on=seoul_day(now)))
    words = {"way": "neighbour", "words": "-", "heard_place": "-", "seen_on": seoul_day(now), "district": place}
    made, _refused = at_once(*[lambda: actions.take_down(by=user, now=now, client_key=key, **words)] * 2)
    assert made[0] == made[1]
    assert Event.objects.filter(verb="concern taken down").count() == 1
