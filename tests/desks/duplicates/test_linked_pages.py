"""What pages of a person, a household and a case show of a second record, and to whom."""

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from desks.demo.duplicates import SPELLED
from households.duplicates import actions
from households.models import Membership
from households.search.jamo import fold, one_wrong
from tests.factories import ShareFactory, UserFactory
from tests.factories.links import linked, twins
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(worker):
    return twins(worker)


def home(person):
    return Membership.objects.current().select_related("household").get(person=person).household


def page(client, user, name, key):
    client.force_login(user)
    return client.get(reverse(name, args=[key])).content.decode()


def test_the_page_of_the_kept_person_shows_the_second_record_and_its_referrals(client, worker, supervisor, pair, swept):
    kept, second = pair
    asked = ReferralFactory(household=home(second), sender=worker, stands="sent", need="work")
    link = linked(kept, second, by=worker, second=supervisor)
    swept()
    for name, key in (("desks:person", kept.case_number), ("desks:household", home(kept).number)):
        text = page(client, worker, name, key)
        assert "연결된 기록" in text
        assert "리영희" in text
        assert asked.number in text
        assert reverse("households:duplicate_link", args=[link.pk]) in text
        assert "병합" not in text
        assert set(AccessLog.objects.latest("id").subjects) == {kept.pk, second.pk}
    assert kept.case_number in page(client, worker, "desks:person", second.case_number)
    assert kept.case_number in page(client, worker, "desks:household", home(second).number)


def test_an_undone_link_leaves_the_pages_as_they_were(client, worker, supervisor, pair, swept):
    swept()
    addresses = [("desks:person", pair[0].case_number), ("desks:household", home(pair[0]).number)]
    client.force_login(worker)
    actions.undo(linked(*pair, by=worker, second=supervisor), reason="다른 분", by=worker, now=timezone.now())
    for name, key in addresses:
        assert "연결된 기록" not in page(client, worker, name, key)


def test_a_share_of_one_home_shows_nothing_of_the_other(client, worker, supervisor, stranger, pair, swept):
    kept, second = pair
    linked(kept, second, by=worker, second=supervisor)
    swept()
    ShareFactory(household=home(kept), to_user=stranger)
    text = page(client, stranger, "desks:household", home(kept).number)
    assert "이영희" in text
    assert "리영희" not in text
    assert second.case_number not in text
    assert "연결된 기록" not in text
    client.force_login(stranger)
    assert client.get(reverse("desks:household", args=[home(second).number])).status_code == 404


def test_a_colleague_who_keeps_one_file_learns_whom_to_ask(client, worker, supervisor, centre, swept):
    other = UserFactory(agency=centre, name="최담당")
    kept, second = twins(worker, other=other)
    linked(kept, second, by=supervisor, second=UserFactory(agency=centre, role="supervisor"))
    swept()
    text = page(client, worker, "desks:person", kept.case_number)
    assert "최담당" in text
    assert "리영희" not in text


def test_the_case_says_that_a_record_is_linked_or_waits(client, worker, supervisor, pair):
    address = ("desks:case", home(pair[0]).number)
    assert "연결된 기록" not in page(client, worker, *address)
    made = actions.propose(*pair, reason="같은 분", by=worker, now=timezone.now())
    waiting = page(client, worker, *address)
    assert "연결된 기록" in waiting
    assert reverse("households:duplicate_link", args=[made.pk]) in waiting


def test_a_household_without_a_link_asks_nothing_more(worker, supervisor, pair, swept, own_queries):
    swept()
    address = reverse("desks:household", args=[home(pair[0]).number])
    before = own_queries(worker, address)
    linked(*twins(worker, names=("문가영", "문가영")), by=worker, second=supervisor)
    assert len(own_queries(worker, address)) == len(before)


def test_the_pairs_of_the_demo_sound_alike():
    for pairs in SPELLED.values():
        for one, two in pairs:
            left, right = "".join(one), "".join(two)
            assert fold(left) == fold(right) or fold(right) in one_wrong(left)
