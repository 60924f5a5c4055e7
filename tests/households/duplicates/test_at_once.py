"""Two at once: the persons are held, so that one link comes of it and no chain."""

from django.utils import timezone

from households.duplicates import actions
from households.models import PersonLink
from tests.factories import CentreFactory, UserFactory
from tests.factories.links import twins
from tests.harness.racing import at_once


def people():
    """A worker and two supervisors of one centre, committed."""
    worker = UserFactory(agency=CentreFactory(covers=["서울 관악구"]))
    return worker, *(UserFactory(agency=worker.agency, role="supervisor") for _each in range(2))


def test_two_who_link_the_same_records_the_other_way_round_make_one_link(committed_db):
    kim, boss, _other = people()
    one, two = twins(kim)
    now = timezone.now()
    made, refused = at_once(
        lambda: actions.propose(one, two, reason="같은 분", by=kim, now=now),
        lambda: actions.propose(two, one, reason="같은 분", by=boss, now=now),
    )
    assert (len(made), len(refused)) == (1, 1)
    assert "연결" in str(refused[0])
    assert PersonLink.objects.count() == 1


def test_of_two_who_confirm_and_decline_at_once_one_wins(committed_db):
    kim, boss, other = people()
    link = actions.propose(*twins(kim), reason="같은 분", by=kim, now=timezone.now())
    done, refused = at_once(
        lambda: actions.confirm(link, by=boss, now=timezone.now()),
        lambda: actions.decline(link, reason="다른 분", by=other, now=timezone.now()),
    )
    assert (len(done), len(refused)) == (1, 1)
    assert PersonLink.objects.get().status == done[0].status
